//! What a password is checked against, and letting in whoever knows it.

use sqlx::Row;
use sqlx::any::AnyRow;

use crate::error::{KithError, Result};
use crate::model::{Timestamp, UserId};
use crate::store::transaction::{Change, Tx};
use crate::store::{Failure, Store, rows};

use super::sign_ins::NewSignIn;

/// What a password is checked against, and what else decides whether it opens anything.
#[derive(Debug, Clone)]
pub struct Credentials {
    pub user: UserId,
    /// In the PHC format.
    pub password_hash: String,
    disabled: bool,
    one_time_until: Option<Timestamp>,
}

const CREDENTIALS: &str = "id, password_hash, disabled, one_time_until FROM users";

/// Signs a device in. Refused as by [`Credentials::admit`], and with `WrongPassword` when the account
/// is gone or has another password by now.
#[derive(Debug)]
pub struct AddSignIn {
    /// What the password was checked against.
    pub checked: Credentials,
    pub sign_in: NewSignIn,
}

/// Replaces a one-time password and signs a device in. `WrongPassword` when it is none, or none any
/// more.
#[derive(Debug)]
pub struct ChoosePassword {
    /// What the one-time password was checked against.
    pub checked: Credentials,
    pub new_hash: String,
    pub sign_in: NewSignIn,
}

impl Credentials {
    fn read(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            user: rows::user(row, "id")?,
            password_hash: row.try_get("password_hash")?,
            disabled: row.try_get::<i64, _>("disabled")? != 0,
            one_time_until: rows::time_or_none(row, "one_time_until")?,
        })
    }

    /// Refuses whom the right password does not sign in: with `AccountDisabled`, with
    /// `NewPasswordNeeded` if it is a one-time password, and with `WrongPassword` once that is out
    /// of time.
    pub fn admit(&self, now: Timestamp) -> Result<()> {
        match self.one_time_until {
            Some(until) if until <= now => Err(KithError::WrongPassword),
            _ if self.disabled => Err(KithError::AccountDisabled),
            Some(_) => Err(KithError::NewPasswordNeeded),
            None => Ok(()),
        }
    }

    /// Refuses when this is no one-time password that may be replaced now.
    pub fn admit_to_choose(&self, now: Timestamp) -> Result<()> {
        match self.admit(now) {
            Err(KithError::NewPasswordNeeded) => Ok(()),
            Err(error) => Err(error),
            Ok(()) => Err(KithError::WrongPassword),
        }
    }

    /// Returns them as they are in this transaction.
    async fn again(&self, tx: &mut Tx) -> Result<Self, Failure> {
        let text =
            format!("SELECT {CREDENTIALS} WHERE id = $1 AND password_hash = $2 AND deleted = 0");
        let row = sqlx::query(&text)
            .bind(self.user.0)
            .bind(&self.password_hash)
            .fetch_optional(tx.read())
            .await?;
        Ok(Self::read(&row.ok_or(KithError::WrongPassword)?)?)
    }
}

impl Change for AddSignIn {
    type Answer = ();
    const EVENTS: i64 = 0;

    async fn apply(&self, tx: &mut Tx) -> Result<(), Failure> {
        self.checked.again(tx).await?.admit(tx.now)?;
        self.sign_in.store(tx, self.checked.user).await
    }
}

impl Change for ChoosePassword {
    type Answer = ();
    const EVENTS: i64 = 0;

    async fn apply(&self, tx: &mut Tx) -> Result<(), Failure> {
        self.checked.again(tx).await?.admit_to_choose(tx.now)?;
        set_password(tx, self.checked.user, &self.new_hash, None).await?;
        self.sign_in.store(tx, self.checked.user).await
    }
}

/// Sets a password; with `one_time_until`, one that must be replaced until then.
pub(in crate::store) async fn set_password(
    tx: &mut Tx,
    user: UserId,
    hash: &str,
    one_time_until: Option<Timestamp>,
) -> Result<(), Failure> {
    sqlx::query("UPDATE users SET password_hash = $1, one_time_until = $2 WHERE id = $3")
        .bind(hash)
        .bind(one_time_until.map(|until| until.0))
        .bind(user.0)
        .execute(tx.write())
        .await?;
    Ok(())
}

impl Store {
    /// Returns what the password of this username, given by its key, is checked against.
    pub async fn credentials(&self, key: &str) -> Result<Option<Credentials>> {
        let text = format!("SELECT {CREDENTIALS} WHERE username_key = $1 AND deleted = 0");
        self.one(&text, key, Credentials::read).await
    }

    /// Returns what the password of `user` is checked against.
    pub async fn credentials_of(&self, user: UserId) -> Result<Option<Credentials>> {
        let text = format!("SELECT {CREDENTIALS} WHERE id = $1 AND deleted = 0");
        Ok(self.all(&text, user, Credentials::read).await?.pop())
    }
}
