//! Changes that users make to their own account: profile and password.

use sqlx::Row;

use crate::error::{KithError, Result};
use crate::model::{SignInId, UserId};
use crate::store::transaction::{Change, Tx};
use crate::store::{Failure, name_key};

use super::credentials::set_password;
use super::{announcing, sign_ins};

/// Sets the profile of `user`. Those who know them are told of a new name.
#[derive(Debug)]
pub struct SetProfile {
    pub user: UserId,
    /// Validated.
    pub display_name: String,
    /// Validated.
    pub bio: String,
}

/// A user whose password was right a moment ago.
#[derive(Debug, Clone)]
pub struct PasswordProof {
    pub user: UserId,
    pub sign_in: SignInId,
    /// The hash that the password was checked against.
    pub password_hash: String,
}

/// Sets the password and ends all other sign-ins. `WrongPassword` when the password was changed
/// meanwhile.
#[derive(Debug)]
pub struct ChangePassword {
    pub by: PasswordProof,
    pub new_hash: String,
}

impl Change for SetProfile {
    type Answer = ();
    /// A new name reserves its own events.
    const EVENTS: i64 = 0;

    async fn apply(&self, tx: &mut Tx) -> Result<(), Failure> {
        set_profile(tx, self.user, &self.display_name, &self.bio, false).await.map(|_| ())
    }
}

/// Sets the profile of `user`. Those who know them are told if the display name is new, or if the
/// username was `renamed` just now. Returns whether anything has changed.
pub(in crate::store) async fn set_profile(
    tx: &mut Tx,
    user: UserId,
    display_name: &str,
    bio: &str,
    renamed: bool,
) -> Result<bool, Failure> {
    let row = sqlx::query("SELECT display_name, bio FROM users WHERE id = $1 AND deleted = 0")
        .bind(user.0)
        .fetch_optional(tx.read())
        .await?
        .ok_or(KithError::Unauthorised)?;
    let renamed = renamed || row.try_get::<String, _>("display_name")? != display_name;
    if !renamed && row.try_get::<String, _>("bio")? == bio {
        return Ok(false);
    }
    tx.erase();
    sqlx::query("UPDATE users SET display_name = $1, name_key = $2, bio = $3 WHERE id = $4")
        .bind(display_name)
        .bind(name_key(display_name))
        .bind(bio)
        .bind(user.0)
        .execute(tx.write())
        .await?;
    if renamed {
        announcing::tell_of_new_name(tx, user).await?;
    }
    Ok(true)
}

impl PasswordProof {
    /// `Unauthorised` when the sign-in has ended, `WrongPassword` when the password was changed
    /// since it was checked.
    pub(in crate::store) async fn check(&self, tx: &mut Tx) -> Result<(), Failure> {
        let row = sqlx::query(
            "SELECT u.password_hash FROM sign_in s JOIN users u ON u.id = s.user_id \
             WHERE s.id = $1 AND s.user_id = $2",
        )
        .bind(self.sign_in.0)
        .bind(self.user.0)
        .fetch_optional(tx.read())
        .await?
        .ok_or(KithError::Unauthorised)?;
        if row.try_get::<String, _>("password_hash")? != self.password_hash {
            return Err(KithError::WrongPassword.into());
        }
        Ok(())
    }
}

impl Change for ChangePassword {
    type Answer = ();
    const EVENTS: i64 = 0;

    async fn apply(&self, tx: &mut Tx) -> Result<(), Failure> {
        self.by.check(tx).await?;
        set_password(tx, self.by.user, &self.new_hash, None).await?;
        let current = self.by.sign_in;
        sign_ins::end_sign_ins(tx, self.by.user, |id| id != current).await?;
        Ok(())
    }
}
