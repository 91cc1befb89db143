//! Accounts: creating one, and what every change must know of one.

use sqlx::Row;

use crate::error::{KithError, Result};
use crate::model::limits::ONE_TIME_PASSWORD_LIFETIME_MS;
use crate::model::validation::username_key;
use crate::model::{Me, Timestamp, UserId};
use crate::store::fact::Fact;
use crate::store::transaction::Tx;
use crate::store::{Failure, Store, name_key, rows};

/// An account to be created.
#[derive(Debug)]
pub struct NewUser {
    /// Validated.
    pub username: String,
    /// Validated.
    pub display_name: String,
    pub password_hash: String,
    /// Whether the password must be replaced at the first sign-in.
    pub one_time: bool,
    /// Whether all users are told about the new account.
    pub announced: bool,
}

impl NewUser {
    /// Creates the account. `UsernameTaken` when another account has this username.
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
            tx.log_for_everybody(Fact::PersonChanged { user }).await?;
        }
        Ok(user)
    }
}

/// Returns when a password given now expires; `None` unless it is a one-time password.
pub(in crate::store) fn one_time_until(now: Timestamp, one_time: bool) -> Option<Timestamp> {
    one_time.then_some(Timestamp(now.0.saturating_add(ONE_TIME_PASSWORD_LIFETIME_MS)))
}

/// The condition that an account is a usable administrator's.
pub(in crate::store) const IS_ADMINISTRATOR: &str =
    "administrator = 1 AND disabled = 0 AND deleted = 0";

/// `LastAdministrator` when `user` is the only administrator. Accounts with a one-time password do
/// not count: their owners may never sign in.
pub(in crate::store) async fn check_not_last_administrator(
    tx: &mut Tx,
    user: UserId,
) -> Result<(), Failure> {
    let text = format!(
        "SELECT 1 FROM users WHERE id = $1 AND {IS_ADMINISTRATOR} AND NOT EXISTS \
         (SELECT 1 FROM users WHERE id <> $1 AND {IS_ADMINISTRATOR} AND one_time_until IS NULL)"
    );
    let last = sqlx::query(&text).bind(user.0).fetch_optional(tx.read()).await?;
    if last.is_some() { Err(KithError::LastAdministrator.into()) } else { Ok(()) }
}

pub(in crate::store) async fn is_disabled(tx: &mut Tx, user: UserId) -> Result<bool, Failure> {
    let text = "SELECT 1 FROM users WHERE id = $1 AND disabled = 1";
    Ok(sqlx::query(text).bind(user.0).fetch_optional(tx.read()).await?.is_some())
}

/// Returns whether both accounts exist and are not deleted. The two may be the same.
pub(in crate::store) async fn accounts_exist(
    tx: &mut Tx,
    one: UserId,
    other: UserId,
) -> Result<bool, Failure> {
    let text = "SELECT COUNT(*) FROM users WHERE id IN ($1, $2) AND deleted = 0";
    let wanted = if one == other { 1 } else { 2 };
    let row = sqlx::query(text).bind(one.0).bind(other.0).fetch_one(tx.read()).await?;
    Ok(row.try_get::<i64, _>(0)? == wanted)
}

/// A row if there ever was an account. To count all of them would read the whole table.
const ANY_ACCOUNT: &str = "SELECT 1 FROM users LIMIT 1";

/// Returns whether there was never an account here, not even a deleted one.
pub(in crate::store) async fn is_first_account(tx: &mut Tx) -> Result<bool, Failure> {
    Ok(sqlx::query(ANY_ACCOUNT).fetch_optional(tx.read()).await?.is_none())
}

async fn check_username_is_free(
    tx: &mut Tx,
    username: &str,
    except: Option<UserId>,
) -> Result<(), Failure> {
    let other = sqlx::query("SELECT 1 FROM users WHERE username_key = $1 AND id <> $2")
        .bind(username_key(username))
        .bind(except.map_or(0, |user| user.0))
        .fetch_optional(tx.read())
        .await?;
    if other.is_some() { Err(KithError::UsernameTaken.into()) } else { Ok(()) }
}

/// Changes a username. `UsernameTaken` when another account has it.
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
    /// Returns whether there was never an account here.
    pub async fn is_empty(&self) -> Result<bool> {
        let found = sqlx::query(ANY_ACCOUNT).fetch_optional(&self.reads).await;
        Ok(found.map_err(Failure::from)?.is_none())
    }

    /// Returns the account of `user`. `Unauthorised` when it was deleted.
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
