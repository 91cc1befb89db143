//! Credentials: checking a password, signing in with it, and replacing a one-time password.

use sqlx::Row;
use sqlx::any::AnyRow;

use crate::error::{KithError, Result};
use crate::model::{Timestamp, UserId};
use crate::store::transaction::{Change, Tx};
use crate::store::{Failure, Store, rows};

use super::sign_ins::NewSignIn;

/// The stored hash of a password, and what else decides whether its user may sign in.
#[derive(Debug, Clone)]
pub struct Credentials {
    pub user: UserId,
    pub username: String,
    /// In the PHC format.
    pub password_hash: String,
    disabled: bool,
    one_time_until: Option<Timestamp>,
}

const CREDENTIALS: &str = "id, username, password_hash, disabled, one_time_until FROM users";

/// Signs a device in. Refused as by [`Credentials::check_sign_in`], and with `WrongPassword` when
/// the account was deleted or has another password by now.
#[derive(Debug)]
pub struct AddSignIn {
    /// The credentials that the password was checked against.
    pub checked: Credentials,
    pub sign_in: NewSignIn,
}

/// Replaces a one-time password and signs a device in. `WrongPassword` when the password is not, or
/// no longer, a one-time password.
#[derive(Debug)]
pub struct ChoosePassword {
    /// The credentials that the one-time password was checked against.
    pub checked: Credentials,
    pub new_hash: String,
    pub sign_in: NewSignIn,
}

/// Replaces the hash of a password by a costlier hash of the same password. Changes nothing when
/// the account has another password by now.
#[derive(Debug)]
pub struct RenewHash {
    /// The credentials that the password was checked against.
    pub checked: Credentials,
    pub new_hash: String,
}

impl Credentials {
    fn read(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            user: rows::user(row, "id")?,
            username: row.try_get("username")?,
            password_hash: row.try_get("password_hash")?,
            disabled: row.try_get::<i64, _>("disabled")? != 0,
            one_time_until: rows::time_or_none(row, "one_time_until")?,
        })
    }

    /// Checks whether a user who gave the right password may sign in at `now`. Fails with
    /// `AccountDisabled`, with `NewPasswordNeeded` if the password is a one-time password, and with
    /// `WrongPassword` if that has expired.
    pub fn check_sign_in(&self, now: Timestamp) -> Result<()> {
        match self.one_time_until {
            Some(until) if until <= now => Err(KithError::WrongPassword),
            _ if self.disabled => Err(KithError::AccountDisabled),
            Some(_) => Err(KithError::NewPasswordNeeded),
            None => Ok(()),
        }
    }

    /// Checks that this is a one-time password that may be replaced at `now`.
    pub fn check_choose_password(&self, now: Timestamp) -> Result<()> {
        match self.check_sign_in(now) {
            Err(KithError::NewPasswordNeeded) => Ok(()),
            Err(error) => Err(error),
            Ok(()) => Err(KithError::WrongPassword),
        }
    }

    /// Reads the credentials again in this transaction. `WrongPassword` when the password was
    /// changed or the account deleted meanwhile.
    async fn reload(&self, tx: &mut Tx) -> Result<Self, Failure> {
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
        self.checked.reload(tx).await?.check_sign_in(tx.now)?;
        self.sign_in.store(tx, self.checked.user).await
    }
}

impl Change for ChoosePassword {
    type Answer = ();
    const EVENTS: i64 = 0;

    async fn apply(&self, tx: &mut Tx) -> Result<(), Failure> {
        self.checked.reload(tx).await?.check_choose_password(tx.now)?;
        set_password(tx, self.checked.user, &self.new_hash, None).await?;
        self.sign_in.store(tx, self.checked.user).await
    }
}

impl Change for RenewHash {
    type Answer = ();
    const EVENTS: i64 = 0;
    const KEEPS_SEND_CACHE: bool = true;

    async fn apply(&self, tx: &mut Tx) -> Result<(), Failure> {
        tx.erase();
        sqlx::query("UPDATE users SET password_hash = $1 WHERE id = $2 AND password_hash = $3")
            .bind(&self.new_hash)
            .bind(self.checked.user.0)
            .bind(&self.checked.password_hash)
            .execute(tx.write())
            .await?;
        Ok(())
    }
}

/// Sets a password. With `one_time_until` it is a one-time password that expires then.
pub(in crate::store) async fn set_password(
    tx: &mut Tx,
    user: UserId,
    hash: &str,
    one_time_until: Option<Timestamp>,
) -> Result<(), Failure> {
    tx.erase();
    sqlx::query("UPDATE users SET password_hash = $1, one_time_until = $2 WHERE id = $3")
        .bind(hash)
        .bind(one_time_until.map(|until| until.0))
        .bind(user.0)
        .execute(tx.write())
        .await?;
    Ok(())
}

impl Store {
    /// Returns the credentials of a username, given by its key.
    pub async fn credentials(&self, key: &str) -> Result<Option<Credentials>> {
        let text = format!("SELECT {CREDENTIALS} WHERE username_key = $1 AND deleted = 0");
        self.one(&text, key, Credentials::read).await
    }

    /// Returns the credentials of `user`.
    pub async fn credentials_of(&self, user: UserId) -> Result<Option<Credentials>> {
        let text = format!("SELECT {CREDENTIALS} WHERE id = $1 AND deleted = 0");
        Ok(self.all(&text, user, Credentials::read).await?.pop())
    }
}
