//! One error by meaning, for the server and the page alike; it crosses the wire as JSON.

use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

use crate::model::validation::Invalid;
use crate::wire::{JsonObject, JsonTree, Unreadable};

pub type Result<T, E = KithError> = std::result::Result<T, E>;

/// Why a call was refused or failed. Nothing of the inside (database text, paths) is in here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(tag = "error", content = "detail", rename_all = "snake_case")]
pub enum KithError {
    /// Nobody is signed in, or the sign-in has ended.
    #[error("not signed in")]
    Unauthorised,
    /// The page belongs to somebody else than the one who is signed in by now.
    #[error("signed in as somebody else")]
    WrongUser,
    #[error("wrong username or password")]
    WrongPassword,
    /// The account may not be used. Strangers are not told.
    #[error("the account is disabled")]
    AccountDisabled,
    /// The password was right, and is one that must be replaced first.
    #[error("a new password must be chosen")]
    NewPasswordNeeded,
    #[error("registration is closed")]
    RegistrationClosed,
    /// The first account needs the link that the server printed.
    #[error("the set-up link is needed")]
    SetupLinkNeeded,
    /// Not a friend, not a member, or no such contact: one sentence for all of them.
    #[error("no conversation with this contact")]
    NotAContact,
    #[error("not found")]
    NotFound,
    #[error("invalid: {0:?}")]
    Invalid(Invalid),
    /// Kith must not be left without an administrator.
    #[error("the last administrator")]
    LastAdministrator,
    /// A member, but one who may not do this.
    #[error("not allowed in this group")]
    NotAllowed,
    #[error("the group is full")]
    GroupFull,
    #[error("the name of the group is taken")]
    GroupNameTaken,
    #[error("the username is taken")]
    UsernameTaken,
    /// This client id already carries another message.
    #[error("the client id was used for another message")]
    ClientIdReused,
    #[error("too many friend requests are waiting")]
    TooManyRequestsWaiting,
    /// Come back in so many seconds.
    #[error("too many requests, try again in {0} s")]
    TooMany(u32),
    /// The request could not be understood.
    #[error("bad request: {0}")]
    BadRequest(String),
    /// It is not known whether it was done; the same call may be sent again.
    #[error("try again")]
    TryAgain,
    #[error("internal error")]
    Internal,
    /// The page could not reach the server. Never sent by it.
    #[error("the server cannot be reached")]
    Unreachable,
    /// The page could not read an answer: it came from something in between, or from a server
    /// that is newer than the page. Never sent by it.
    #[error("the answer cannot be read")]
    Unreadable,
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

    /// Whether the same call may succeed later without anybody changing anything.
    pub fn is_passing(&self) -> bool {
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

/// Written by hand, as for [`crate::model::Event`].
impl<'de> Deserialize<'de> for KithError {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::read(JsonObject::of(deserializer)?).map_err(D::Error::custom)
    }
}

impl KithError {
    fn read(mut fields: JsonObject) -> Result<Self, Unreadable> {
        let error: String = fields.take("error")?;
        Ok(match error.as_str() {
            "unauthorised" => Self::Unauthorised,
            "wrong_user" => Self::WrongUser,
            "wrong_password" => Self::WrongPassword,
            "account_disabled" => Self::AccountDisabled,
            "new_password_needed" => Self::NewPasswordNeeded,
            "registration_closed" => Self::RegistrationClosed,
            "setup_link_needed" => Self::SetupLinkNeeded,
            "not_a_contact" => Self::NotAContact,
            "not_found" => Self::NotFound,
            "invalid" => Self::Invalid(fields.take("detail")?),
            "last_administrator" => Self::LastAdministrator,
            "not_allowed" => Self::NotAllowed,
            "group_full" => Self::GroupFull,
            "group_name_taken" => Self::GroupNameTaken,
            "username_taken" => Self::UsernameTaken,
            "client_id_reused" => Self::ClientIdReused,
            "too_many_requests_waiting" => Self::TooManyRequestsWaiting,
            "too_many" => Self::TooMany(fields.take("detail")?),
            "bad_request" => Self::BadRequest(fields.take("detail")?),
            "try_again" => Self::TryAgain,
            "internal" => Self::Internal,
            "unreachable" => Self::Unreachable,
            "unreadable" => Self::Unreadable,
            _ => return Err(Unreadable::default()),
        })
    }
}

impl From<Invalid> for KithError {
    fn from(invalid: Invalid) -> Self {
        Self::Invalid(invalid)
    }
}

impl FromServerFnError for KithError {
    type Encoder = JsonTree;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Response(_) => Self::Unreachable,
            ServerFnErrorErr::Args(why) | ServerFnErrorErr::MissingArg(why) => {
                Self::BadRequest(why)
            }
            ServerFnErrorErr::Deserialization(why) if cfg!(feature = "ssr") => {
                Self::BadRequest(why)
            }
            ServerFnErrorErr::Deserialization(_) => Self::Unreadable,
            _ => Self::Internal,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_is_read_as_it_is_written() {
        for error in [
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
        ] {
            let json = serde_json::to_vec(&error).expect("JSON");
            assert_eq!(crate::wire::read::<KithError>(&json).expect("an error"), error);
        }
        assert!(crate::wire::read::<KithError>(br#"{"error":"out_of_tea"}"#).is_err());
    }
}
