//! The one error type of the server and the page, by meaning. It crosses the wire as JSON.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

use crate::model::validation::Invalid;
use crate::wire::{JsonObject, Unreadable, tagged_enum};

pub type Result<T, E = KithError> = std::result::Result<T, E>;

tagged_enum! {
    /// Why a call was refused or failed. It holds nothing internal, like database text or paths.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
    #[serde(tag = "error", content = "detail")]
    pub enum KithError {
        /// No valid sign-in came with the call.
        #[error("not signed in")]
        "unauthorised" => Unauthorised,
        /// The page belongs to another user than the one who is signed in by now.
        #[error("signed in as somebody else")]
        "wrong_user" => WrongUser,
        #[error("wrong username or password")]
        "wrong_password" => WrongPassword,
        /// The account is disabled. Only a caller who knows its password is told.
        #[error("the account is disabled")]
        "account_disabled" => AccountDisabled,
        /// The password is right, but it is a one-time password that must be replaced first.
        #[error("a new password must be chosen")]
        "new_password_needed" => NewPasswordNeeded,
        #[error("registration is closed")]
        "registration_closed" => RegistrationClosed,
        /// The first account needs the link that the server printed.
        #[error("the set-up link is needed")]
        "setup_link_needed" => SetupLinkNeeded,
        /// Not a friend, not a member, or no such contact: the same answer for all of them.
        #[error("no conversation with this contact")]
        "not_a_contact" => NotAContact,
        #[error("not found")]
        "not_found" => NotFound,
        #[error("invalid: {0:?}")]
        "invalid" => Invalid(detail: Invalid),
        /// Kith must keep an administrator.
        #[error("the last administrator")]
        "last_administrator" => LastAdministrator,
        /// An administrator acts on their own account, in a way for which the settings ask for the
        /// password.
        #[error("one's own account is changed in the settings")]
        "own_account" => OwnAccount,
        /// The caller is a member, but their role does not allow this.
        #[error("not allowed in this group")]
        "not_allowed" => NotAllowed,
        #[error("the group is full")]
        "group_full" => GroupFull,
        #[error("the name of the group is taken")]
        "group_name_taken" => GroupNameTaken,
        #[error("the username is taken")]
        "username_taken" => UsernameTaken,
        /// Another message has this client id already.
        #[error("the client id was used for another message")]
        "client_id_reused" => ClientIdReused,
        #[error("too many friend requests are waiting")]
        "too_many_requests_waiting" => TooManyRequestsWaiting,
        /// Throttled. The content is the time to wait in seconds.
        #[error("too many requests, try again in {0} s")]
        "too_many" => TooMany(detail: u32),
        /// The request could not be understood.
        #[error("bad request: {0}")]
        "bad_request" => BadRequest(detail: String),
        /// It is unknown whether the change was made. The same call may be sent again.
        #[error("try again")]
        "try_again" => TryAgain,
        #[error("internal error")]
        "internal" => Internal,
        /// The page could not reach the server. Never sent by the server.
        #[error("the server cannot be reached")]
        "unreachable" => Unreachable,
        /// The page could not read an answer: it came from a proxy, or from a newer server. Never
        /// sent by the server.
        #[error("the answer cannot be read")]
        "unreadable" => Unreadable,
    }
}

impl KithError {
    /// The HTTP status that goes with the meaning.
    pub fn status(&self) -> u16 {
        match self {
            Self::Unauthorised | Self::WrongPassword => 401,
            Self::AccountDisabled
            | Self::NewPasswordNeeded
            | Self::RegistrationClosed
            | Self::SetupLinkNeeded
            | Self::NotAContact
            | Self::OwnAccount
            | Self::NotAllowed => 403,
            Self::NotFound => 404,
            Self::WrongUser
            | Self::LastAdministrator
            | Self::UsernameTaken
            | Self::GroupFull
            | Self::GroupNameTaken
            | Self::ClientIdReused => 409,
            Self::Invalid(_) => 422,
            Self::TooMany(_) | Self::TooManyRequestsWaiting => 429,
            Self::BadRequest(_) => 400,
            Self::TryAgain | Self::Unreachable | Self::Unreadable => 503,
            Self::Internal => 500,
        }
    }

    /// Whether the same call may succeed later by itself.
    pub fn is_transient(&self) -> bool {
        matches!(
            self,
            Self::TryAgain
                | Self::Internal
                | Self::Unreachable
                | Self::Unreadable
                | Self::TooMany(_)
        )
    }
}

impl<'de> Deserialize<'de> for KithError {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::read(JsonObject::of(deserializer)?).map_err(D::Error::custom)
    }
}

impl KithError {
    fn read(mut fields: JsonObject) -> Result<Self, Unreadable> {
        let name: String = fields.take("error")?;
        Self::read_variant(&name, &mut fields)?.ok_or_else(Unreadable::default)
    }
}

impl From<Invalid> for KithError {
    fn from(invalid: Invalid) -> Self {
        Self::Invalid(invalid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_is_read_as_it_is_written() {
        let errors = [
            KithError::Unauthorised,
            KithError::WrongUser,
            KithError::WrongPassword,
            KithError::AccountDisabled,
            KithError::NewPasswordNeeded,
            KithError::RegistrationClosed,
            KithError::SetupLinkNeeded,
            KithError::NotAContact,
            KithError::NotFound,
            KithError::Invalid(Invalid::BioTooLong),
            KithError::LastAdministrator,
            KithError::OwnAccount,
            KithError::NotAllowed,
            KithError::GroupFull,
            KithError::GroupNameTaken,
            KithError::UsernameTaken,
            KithError::ClientIdReused,
            KithError::TooManyRequestsWaiting,
            KithError::TooMany(7),
            KithError::BadRequest("why".into()),
            KithError::TryAgain,
            KithError::Internal,
            KithError::Unreachable,
            KithError::Unreadable,
        ];
        let mut names = Vec::new();
        for error in errors {
            let json = serde_json::to_vec(&error).expect("JSON");
            assert_eq!(crate::wire::read::<KithError>(&json).expect("an error"), error);
            let tree: serde_json::Value = serde_json::from_slice(&json).expect("a tree");
            names.push(tree["error"].as_str().expect("a name").to_string());
        }
        assert_eq!(names, KithError::NAMES, "each variant needs an example above, in order");
        assert!(crate::wire::read::<KithError>(br#"{"error":"out_of_tea"}"#).is_err());
    }
}
