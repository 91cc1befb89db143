//! Carries an operator's command out over a [`Kith`], and says in text what came of it: the same
//! whether this Kith serves, or was opened for the command alone.

use serde::{Deserialize, Serialize};

use super::admin::{AdminCommand, LinkCommand, RegistrationCommand};
use super::listing;
use crate::error::{KithError, Result};
use crate::model::UserId;
use crate::model::administration::{By, RegistrationMode};
use crate::model::validation::Invalid;
use crate::service::Kith;
use crate::service::accounts::NewAccount;
use crate::ui::i18n::{Locale, td_string};

const BY: By = By::Operator;

/// A command, and the password that it needs, which is no argument. Neither shown nor logged.
#[derive(Serialize, Deserialize)]
pub struct Request {
    pub command: AdminCommand,
    pub password: Option<String>,
}

/// Returns what to print, or why it was not done. `url` is where Kith is.
pub async fn carry_out(kith: &Kith, request: Request, url: &str) -> Result<String, String> {
    let Request { command, password } = request;
    let password = password.unwrap_or_default();
    let kith = Operated { kith, url };
    match command {
        AdminCommand::CreateUser { username, display_name, administrator, one_time } => {
            let account = NewAccount {
                display_name: display_name.unwrap_or_else(|| username.clone()),
                username: username.clone(),
                password,
            };
            kith.create_user(account, administrator, one_time).await.map_err(|e| why(e, &username))
        }
        AdminCommand::SetPassword { username, one_time } => {
            let user = kith.user(&username).await?;
            let set = kith.kith.set_password(BY, user, password, one_time).await;
            let until =
                if one_time { " They must choose another one within seven days." } else { "" };
            said(set, &username, || {
                format!("{username} has another password, and is signed out everywhere.{until}")
            })
        }
        AdminCommand::Disable { username } => {
            let user = kith.user(&username).await?;
            let done = kith.kith.set_disabled(BY, user, true).await;
            said(done, &username, || {
                format!("{username} is signed out everywhere and cannot sign in any more.")
            })
        }
        AdminCommand::Enable { username } => {
            let user = kith.user(&username).await?;
            let done = kith.kith.set_disabled(BY, user, false).await;
            said(done, &username, || format!("{username} may sign in."))
        }
        AdminCommand::MakeAdmin { username } => {
            let user = kith.user(&username).await?;
            let done = kith.kith.set_administrator(BY, user, true).await;
            said(done, &username, || format!("{username} is an administrator."))
        }
        AdminCommand::UnmakeAdmin { username } => {
            let user = kith.user(&username).await?;
            let done = kith.kith.set_administrator(BY, user, false).await;
            said(done, &username, || format!("{username} is not an administrator."))
        }
        AdminCommand::SignOut { username } => {
            let user = kith.user(&username).await?;
            let done = kith.kith.sign_out_user(BY, user).await;
            said(done, &username, || format!("{username} is signed out everywhere."))
        }
        AdminCommand::DeleteUser { username, for_good: _ } => {
            let user = kith.user(&username).await?;
            let done = kith.kith.delete_user(BY, user).await;
            said(done, &username, || format!("The account of {username} is deleted."))
        }
        AdminCommand::ListUsers { search, json } => {
            listing::users(kith.kith, search, json).await.map_err(|e| why(e, ""))
        }
        AdminCommand::Registration { mode } => {
            kith.registration(mode).await.map_err(|e| why(e, ""))
        }
        AdminCommand::RegistrationLink { link } => {
            kith.registration_link(link).await.map_err(|error| match error {
                KithError::NotFound => "there is no such link, or it holds no more".into(),
                error => why(error, ""),
            })
        }
    }
}

/// What came of something that was done to somebody.
fn said(done: Result<()>, username: &str, text: impl FnOnce() -> String) -> Result<String, String> {
    done.map(|()| text() + "\n").map_err(|error| why(error, username))
}

/// A Kith, and where it is.
struct Operated<'a> {
    kith: &'a Kith,
    url: &'a str,
}

impl Operated<'_> {
    async fn user(&self, username: &str) -> Result<UserId, String> {
        self.kith.user_named(BY, username).await.map_err(|error| why(error, username))
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
                Ok(listing::link(&made, self.url) + listing::what_links_do(mode))
            }
            LinkCommand::Revoke { link } => {
                let token = link.rsplit_once("invite=").map_or(link.as_str(), |(_, token)| token);
                self.kith.revoke_registration_link(BY, token).await?;
                Ok("The link is revoked.\n".into())
            }
        }
    }
}

/// Says to an operator why something about `username` was not done.
fn why(error: KithError, username: &str) -> String {
    match error {
        KithError::NotFound => format!("nobody here is called {username}"),
        KithError::UsernameTaken => format!("the username {username} is taken"),
        KithError::LastAdministrator => {
            format!("{username} is the last administrator: make another one first")
        }
        KithError::AccountDisabled => format!("{username} is disabled: enable them first"),
        KithError::Invalid(what) => refusal(what),
        KithError::TryAgain => "the database did not do it just now: the log says why".into(),
        error => error.to_string(),
    }
}

/// As the pages say it.
fn refusal(what: Invalid) -> String {
    let sentence = match what {
        Invalid::UsernameLength => td_string!(Locale::en, invalid_username_length),
        Invalid::UsernameCharacters => td_string!(Locale::en, invalid_username_characters),
        Invalid::DisplayNameLength => td_string!(Locale::en, invalid_display_name_length),
        Invalid::DisplayNameCharacters => td_string!(Locale::en, invalid_display_name_characters),
        Invalid::PasswordLength => td_string!(Locale::en, invalid_password_length),
        what => return KithError::Invalid(what).to_string(),
    };
    sentence.to_string()
}
