//! Executes an operator's command on a [`Kith`] and returns its output as text. The Kith may be
//! serving, or be opened for this command alone.

use super::command::{AdminCommand, LinkCommand, RegistrationCommand, Request};
use super::listing;
use crate::error::{KithError, Result};
use crate::model::UserId;
use crate::model::administration::{AdminActor, RegistrationMode};
use crate::model::validation::Invalid;
use crate::service::Kith;
use crate::service::accounts::NewAccount;
use crate::ui::i18n::{Locale, td_string};

const BY: AdminActor = AdminActor::Operator;

/// Returns the text to print, or the reason of the failure. `url` is the address of this Kith.
pub async fn execute(kith: &Kith, request: Request, url: &str) -> Result<String, String> {
    let Request { command, password } = request;
    let password = password.unwrap_or_default();
    let operator = Operator { kith, url };
    match command {
        AdminCommand::CreateUser { username, display_name, administrator, one_time } => {
            let account = NewAccount {
                display_name: display_name.unwrap_or_else(|| username.clone()),
                username: username.clone(),
                password,
            };
            let made = operator.create_user(account, administrator, one_time).await;
            made.map_err(|error| explain(error, &username))
        }
        AdminCommand::SetPassword { username, one_time } => {
            let user = operator.user(&username).await?;
            let set = kith.set_password(BY, user, password, one_time).await;
            let until =
                if one_time { " They must choose another one within seven days." } else { "" };
            report(set, &username, || {
                format!("{username} has another password, and is signed out everywhere.{until}")
            })
        }
        AdminCommand::Disable { username } => {
            let user = operator.user(&username).await?;
            let disabled = kith.set_disabled(BY, user, true).await;
            report(disabled, &username, || {
                format!("{username} is signed out everywhere and cannot sign in any more.")
            })
        }
        AdminCommand::Enable { username } => {
            let user = operator.user(&username).await?;
            let enabled = kith.set_disabled(BY, user, false).await;
            report(enabled, &username, || format!("{username} may sign in."))
        }
        AdminCommand::MakeAdmin { username } => {
            let user = operator.user(&username).await?;
            let made = kith.set_administrator(BY, user, true).await;
            report(made, &username, || format!("{username} is an administrator."))
        }
        AdminCommand::UnmakeAdmin { username } => {
            let user = operator.user(&username).await?;
            let unmade = kith.set_administrator(BY, user, false).await;
            report(unmade, &username, || format!("{username} is not an administrator."))
        }
        AdminCommand::SignOut { username } => {
            let user = operator.user(&username).await?;
            let signed_out = kith.sign_out_user(BY, user).await;
            report(signed_out, &username, || format!("{username} is signed out everywhere."))
        }
        AdminCommand::DeleteUser { username, for_good: _ } => {
            let user = operator.user(&username).await?;
            let deleted = kith.delete_user(BY, user).await;
            report(deleted, &username, || format!("The account of {username} is deleted."))
        }
        AdminCommand::ListUsers { search, json } => {
            listing::users(kith, search, json).await.map_err(|error| explain(error, ""))
        }
        AdminCommand::Registration { mode } => {
            operator.registration(mode).await.map_err(|error| explain(error, ""))
        }
        AdminCommand::RegistrationLink { link } => {
            operator.registration_link(link).await.map_err(|error| match error {
                KithError::NotFound => "there is no such link, or it is not valid any more".into(),
                error => explain(error, ""),
            })
        }
    }
}

/// Returns the output of a command about `username`.
fn report(
    result: Result<()>,
    username: &str,
    text: impl FnOnce() -> String,
) -> Result<String, String> {
    result.map(|()| text() + "\n").map_err(|error| explain(error, username))
}

/// A Kith, and its address for links.
struct Operator<'a> {
    kith: &'a Kith,
    url: &'a str,
}

impl Operator<'_> {
    async fn user(&self, username: &str) -> Result<UserId, String> {
        self.kith.user_named(BY, username).await.map_err(|error| explain(error, username))
    }

    async fn create_user(
        &self,
        account: NewAccount,
        administrator: bool,
        one_time: bool,
    ) -> Result<String> {
        let user = self.kith.create_user(BY, account, administrator, one_time).await?;
        let made = self.kith.account(BY, user).await?.account;
        let whose = if made.administrator { ", an administrator's" } else { "" };
        Ok(format!("made user {user}: {}{whose}\n", made.person.username))
    }

    async fn registration(&self, mode: RegistrationCommand) -> Result<String> {
        let mode = match mode {
            RegistrationCommand::Show => None,
            RegistrationCommand::Open => Some(RegistrationMode::Open),
            RegistrationCommand::Closed => Some(RegistrationMode::Closed),
            RegistrationCommand::ByLink => Some(RegistrationMode::ByLink),
        };
        if let Some(mode) = mode {
            self.kith.set_registration(BY, mode).await?;
        }
        Ok(listing::registration(&self.kith.registration_state(BY).await?, self.url))
    }

    async fn registration_link(&self, link: LinkCommand) -> Result<String> {
        match link {
            LinkCommand::Create { uses, days } => {
                let made = self.kith.create_registration_link(BY, uses, days).await?;
                let mode = self.kith.registration_state(BY).await?.mode;
                Ok(listing::link(&made, self.url) + listing::link_warning(mode))
            }
            LinkCommand::Revoke { link } => {
                let token = link.rsplit_once("invite=").map_or(link.as_str(), |(_, token)| token);
                self.kith.revoke_registration_link(BY, token).await?;
                Ok("The link is revoked.\n".into())
            }
        }
    }
}

/// Returns an error about `username` as a sentence for the operator.
fn explain(error: KithError, username: &str) -> String {
    match error {
        KithError::NotFound => format!("nobody here is called {username}"),
        KithError::UsernameTaken => format!("the username {username} is taken"),
        KithError::LastAdministrator => {
            format!("{username} is the last administrator: make another one first")
        }
        KithError::AccountDisabled => format!("{username} is disabled: enable them first"),
        KithError::Invalid(what) => explain_invalid(what),
        KithError::TryAgain => "the database could not do this now: the log says why".into(),
        error => error.to_string(),
    }
}

/// The same sentence as on the pages.
fn explain_invalid(what: Invalid) -> String {
    let sentence = match what {
        Invalid::UsernameLength => td_string!(Locale::en, invalid_username_length),
        Invalid::UsernameCharacters => td_string!(Locale::en, invalid_username_characters),
        Invalid::DisplayNameLength => td_string!(Locale::en, invalid_display_name_length),
        Invalid::DisplayNameCharacters => td_string!(Locale::en, invalid_display_name_characters),
        Invalid::PasswordLength => td_string!(Locale::en, invalid_password_length),
        Invalid::PasswordGuessable => td_string!(Locale::en, invalid_password_guessable),
        what => return KithError::Invalid(what).to_string(),
    };
    sentence.to_string()
}
