//! Accounts: making one, and what a sign-in is checked against.

use sqlx::Row;
use sqlx::any::AnyRow;

use super::fact::Fact;
use super::sign_ins::NewSignIn;
use super::transaction::{Change, Tx};
use super::{Failure, Store, rows};
use crate::error::{KithError, Result};
use crate::model::validation::{name_key, username_key};
use crate::model::{Me, UserId};

/// What a password is checked against.
#[derive(Debug, Clone)]
pub struct Credentials {
    pub user: UserId,
    /// In the PHC format.
    pub password_hash: String,
}

const CREDENTIALS: &str = "id, password_hash FROM users";

impl Credentials {
    fn read(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self { user: rows::user(row, "id")?, password_hash: row.try_get("password_hash")? })
    }
}

/// Makes an account and, for a browser, its first sign-in. The first account is the
/// administrator. Refused with `SetupLinkNeeded`, `RegistrationClosed` or `UsernameTaken`.
#[derive(Debug)]
pub struct Register {
    /// Validated, like the display name.
    pub username: String,
    pub display_name: String,
    pub password_hash: String,
    /// Whether others than the first may register.
    pub open: bool,
    /// Whether the set-up link was used: only it makes the first account.
    pub set_up: bool,
    pub administrator: bool,
    /// Whether everybody hears of it.
    pub announced: bool,
    pub sign_in: Option<NewSignIn>,
}

impl Change for Register {
    type Answer = UserId;
    const EVENTS: i64 = 1;

    async fn apply(&self, tx: &mut Tx) -> Result<UserId, Failure> {
        let key = username_key(&self.username);
        let row = sqlx::query(
            "SELECT (SELECT COUNT(*) FROM users) AS people, \
             (SELECT COUNT(*) FROM users WHERE username_key = $1) AS taken",
        )
        .bind(&key)
        .fetch_one(tx.read())
        .await?;
        let first = row.try_get::<i64, _>("people")? == 0;
        if first && !self.set_up {
            return Err(KithError::SetupLinkNeeded.into());
        }
        if !first && !self.open {
            return Err(KithError::RegistrationClosed.into());
        }
        if row.try_get::<i64, _>("taken")? > 0 {
            return Err(KithError::UsernameTaken.into());
        }
        let id = tx.new_ids("user", 1).await?;
        let now = tx.now;
        sqlx::query(
            "INSERT INTO users (id, username, username_key, display_name, name_key, password_hash, \
             administrator, created) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(id)
        .bind(&self.username)
        .bind(&key)
        .bind(&self.display_name)
        .bind(name_key(&self.display_name))
        .bind(&self.password_hash)
        .bind(i64::from(first || self.administrator))
        .bind(now.0)
        .execute(tx.write())
        .await?;
        if let Some(sign_in) = &self.sign_in {
            sign_in.store(tx, UserId(id)).await?;
        }
        if self.announced {
            tx.tell_everybody(Fact::PersonChanged { user: UserId(id) }).await?;
        }
        Ok(UserId(id))
    }
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
