//! Accounts: making one, and whose it is.

use sqlx::Row;

use crate::error::{KithError, Result};
use crate::model::limits::ONE_TIME_PASSWORD_MS;
use crate::model::validation::{name_key, username_key};
use crate::model::{Me, Timestamp, UserId};
use crate::store::administration::registration;
use crate::store::fact::Fact;
use crate::store::transaction::{Change, Tx};
use crate::store::{Failure, Store, rows};

use super::sign_ins::NewSignIn;

/// An account that is to be made.
#[derive(Debug)]
pub struct NewUser {
    /// Validated, like the display name.
    pub username: String,
    pub display_name: String,
    pub password_hash: String,
    /// Whether the password must be replaced.
    pub one_time: bool,
    /// Whether everybody hears of it.
    pub announced: bool,
}

/// Makes an account and its first sign-in. The first account is the administrator. Refused with
/// `SetupLinkNeeded`, `RegistrationClosed` or `UsernameTaken`.
#[derive(Debug)]
pub struct Register {
    pub user: NewUser,
    /// Whether others than the first may register, unless an administrator decided.
    pub open: bool,
    /// Whether the set-up link was used: only it makes the first account.
    pub set_up: bool,
    /// The token of a link with which one may register.
    pub invite: Option<String>,
    pub sign_in: NewSignIn,
}

impl Change for Register {
    type Answer = UserId;
    const EVENTS: i64 = 1;

    async fn apply(&self, tx: &mut Tx) -> Result<UserId, Failure> {
        let first = is_first(tx).await?;
        if !first {
            registration::admit(tx, self.open, self.invite.as_deref()).await?;
        } else if !self.set_up {
            return Err(KithError::SetupLinkNeeded.into());
        }
        let user = self.user.store(tx, first).await?;
        self.sign_in.store(tx, user).await?;
        Ok(user)
    }
}

impl NewUser {
    /// Makes it. `UsernameTaken` when somebody else is called so.
    pub(in crate::store) async fn store(
        &self,
        tx: &mut Tx,
        administrator: bool,
    ) -> Result<UserId, Failure> {
        check_username_is_free(tx, &self.username, None).await?;
        let user = UserId(tx.new_ids("user", 1).await?);
        let now = tx.now;
        sqlx::query(
            "INSERT INTO users (id, username, username_key, display_name, name_key, password_hash, \
             administrator, created, one_time_until) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(user.0)
        .bind(&self.username)
        .bind(username_key(&self.username))
        .bind(&self.display_name)
        .bind(name_key(&self.display_name))
        .bind(&self.password_hash)
        .bind(i64::from(administrator))
        .bind(now.0)
        .bind(one_time_until(now, self.one_time).map(|until| until.0))
        .execute(tx.write())
        .await?;
        if self.announced {
            tx.tell_everybody(Fact::PersonChanged { user }).await?;
        }
        Ok(user)
    }
}

/// Until when a password that is given now holds, if it is one that must be replaced.
pub(in crate::store) fn one_time_until(now: Timestamp, one_time: bool) -> Option<Timestamp> {
    one_time.then_some(Timestamp(now.0.saturating_add(ONE_TIME_PASSWORD_MS)))
}

/// Who looks after this Kith.
pub(in crate::store) const ADMINISTRATOR: &str =
    "administrator = 1 AND disabled = 0 AND deleted = 0";

/// Refuses with `LastAdministrator` when nobody but `user` looks after this Kith. Who has only a
/// one-time password may never come.
pub(in crate::store) async fn check_not_last_administrator(
    tx: &mut Tx,
    user: UserId,
) -> Result<(), Failure> {
    let text = format!(
        "SELECT (SELECT COUNT(*) FROM users WHERE id = $1 AND {ADMINISTRATOR}) AS one, \
         (SELECT COUNT(*) FROM users WHERE id <> $1 AND {ADMINISTRATOR} \
          AND one_time_until IS NULL) AS others"
    );
    let row = sqlx::query(&text).bind(user.0).fetch_one(tx.read()).await?;
    let last = row.try_get::<i64, _>("one")? > 0 && row.try_get::<i64, _>("others")? == 0;
    if last { Err(KithError::LastAdministrator.into()) } else { Ok(()) }
}

pub(in crate::store) async fn is_disabled(tx: &mut Tx, user: UserId) -> Result<bool, Failure> {
    let text = "SELECT COUNT(*) FROM users WHERE id = $1 AND disabled = 1";
    let row = sqlx::query(text).bind(user.0).fetch_one(tx.read()).await?;
    Ok(row.try_get::<i64, _>(0)? > 0)
}

/// Returns whether nobody ever had an account here.
pub(in crate::store) async fn is_first(tx: &mut Tx) -> Result<bool, Failure> {
    let row = sqlx::query("SELECT COUNT(*) FROM users").fetch_one(tx.read()).await?;
    Ok(row.try_get::<i64, _>(0)? == 0)
}

async fn check_username_is_free(
    tx: &mut Tx,
    username: &str,
    except: Option<UserId>,
) -> Result<(), Failure> {
    let row = sqlx::query("SELECT COUNT(*) FROM users WHERE username_key = $1 AND id <> $2")
        .bind(username_key(username))
        .bind(except.map_or(0, |user| user.0))
        .fetch_one(tx.read())
        .await?;
    match row.try_get::<i64, _>(0)? {
        0 => Ok(()),
        _ => Err(KithError::UsernameTaken.into()),
    }
}

/// Gives `user` another username. `UsernameTaken` when somebody else is called so.
pub(in crate::store) async fn set_username(
    tx: &mut Tx,
    user: UserId,
    username: &str,
) -> Result<(), Failure> {
    check_username_is_free(tx, username, Some(user)).await?;
    sqlx::query("UPDATE users SET username = $1, username_key = $2 WHERE id = $3")
        .bind(username)
        .bind(username_key(username))
        .bind(user.0)
        .execute(tx.write())
        .await?;
    Ok(())
}

impl Store {
    /// Returns whether nobody has an account yet.
    pub async fn is_empty(&self) -> Result<bool> {
        let row = sqlx::query("SELECT COUNT(*) FROM users")
            .fetch_one(&self.reads)
            .await
            .map_err(Failure::from)?;
        Ok(row.try_get::<i64, _>(0).map_err(Failure::from)? == 0)
    }

    /// Returns the account of `user`, or `Unauthorised` when it is gone.
    pub async fn me(&self, user: UserId) -> Result<Me> {
        let text = format!(
            "SELECT p.administrator, p.bio, {} FROM users p WHERE p.id = $1 AND p.deleted = 0",
            rows::PERSON
        );
        let found = self
            .all(&text, user, |row| {
                Ok(Me {
                    bio: row.try_get("bio")?,
                    person: rows::person(row)?,
                    administrator: row.try_get::<i64, _>("administrator")? != 0,
                })
            })
            .await?;
        found.into_iter().next().ok_or(KithError::Unauthorised)
    }
}
