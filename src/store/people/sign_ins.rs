//! Sign-ins: the devices on which a user is signed in.

use sqlx::Row;

use crate::error::{KithError, Result};
use crate::model::{SignIn, SignInId, Timestamp, UserId};
use crate::store::transaction::{Change, Tx};
use crate::store::{Failure, Store, rows};

/// A device that signs in.
#[derive(Debug, Clone)]
pub struct NewSignIn {
    /// SHA-256 of the cookie's token.
    pub token_hash: String,
    pub device: String,
}

impl NewSignIn {
    pub(in crate::store) async fn store(&self, tx: &mut Tx, user: UserId) -> Result<(), Failure> {
        let id = tx.new_ids("sign_in", 1).await?;
        let now = tx.now;
        sqlx::query(
            "INSERT INTO sign_in (id, token_hash, user_id, device, since, last_seen) \
             VALUES ($1, $2, $3, $4, $5, $5)",
        )
        .bind(id)
        .bind(&self.token_hash)
        .bind(user.0)
        .bind(&self.device)
        .bind(now.0)
        .execute(tx.write())
        .await?;
        Ok(())
    }
}

/// Ends a sign-in of `user` and its held receives. `NotFound` when there is no such sign-in.
#[derive(Debug)]
pub struct RemoveSignIn {
    pub user: UserId,
    pub id: SignInId,
}

impl Change for RemoveSignIn {
    type Answer = ();
    const EVENTS: i64 = 0;

    async fn apply(&self, tx: &mut Tx) -> Result<(), Failure> {
        let (user, id) = (self.user, self.id);
        if end_sign_ins(tx, user, |sign_in| sign_in == id).await? == 0 {
            return Err(KithError::NotFound.into());
        }
        Ok(())
    }
}

/// Ends the sign-ins of `user` for which `condition` is true. Returns their number.
pub(in crate::store) async fn end_sign_ins(
    tx: &mut Tx,
    user: UserId,
    condition: impl Fn(SignInId) -> bool,
) -> Result<usize, Failure> {
    let text = "SELECT id FROM sign_in WHERE user_id = $1";
    let rows = sqlx::query(text).bind(user.0).fetch_all(tx.read()).await?;
    let ids: Result<Vec<i64>, _> = rows.iter().map(|row| row.try_get("id")).collect();
    let ids: Vec<SignInId> = ids?.into_iter().map(SignInId).filter(|id| condition(*id)).collect();
    for id in &ids {
        sqlx::query("DELETE FROM sign_in WHERE id = $1").bind(id.0).execute(tx.write()).await?;
        tx.end_sign_in(user, *id);
    }
    Ok(ids.len())
}

/// Sets when a device was last seen.
#[derive(Debug)]
pub struct TouchSignIn {
    pub id: SignInId,
}

impl Change for TouchSignIn {
    type Answer = ();
    const EVENTS: i64 = 0;
    const KEEPS_SEND_CACHE: bool = true;

    async fn apply(&self, tx: &mut Tx) -> Result<(), Failure> {
        let now = tx.now;
        sqlx::query("UPDATE sign_in SET last_seen = $1 WHERE id = $2")
            .bind(now.0)
            .bind(self.id.0)
            .execute(tx.write())
            .await?;
        Ok(())
    }
}

/// Removes sign-ins that were last seen before this time.
#[derive(Debug)]
pub struct ForgetExpired {
    pub before: Timestamp,
}

impl Change for ForgetExpired {
    type Answer = ();
    const EVENTS: i64 = 0;

    async fn apply(&self, tx: &mut Tx) -> Result<(), Failure> {
        sqlx::query("DELETE FROM sign_in WHERE last_seen < $1")
            .bind(self.before.0)
            .execute(tx.write())
            .await?;
        Ok(())
    }
}

/// A sign-in as found by its token.
#[derive(Debug, Clone, Copy)]
pub struct KnownSignIn {
    pub id: SignInId,
    pub user: UserId,
    pub last_seen: Timestamp,
}

impl Store {
    /// Returns the sign-in whose token has this hash.
    pub async fn sign_in_by_token(&self, token_hash: &str) -> Result<Option<KnownSignIn>> {
        let text = "SELECT id, user_id, last_seen FROM sign_in WHERE token_hash = $1";
        self.one(text, token_hash, |row| {
            Ok(KnownSignIn {
                id: SignInId(row.try_get("id")?),
                user: rows::user(row, "user_id")?,
                last_seen: rows::time(row, "last_seen")?,
            })
        })
        .await
    }

    /// Returns the sign-ins of `user`, the last seen first. `current` is the caller's.
    pub async fn sign_ins(&self, user: UserId, current: SignInId) -> Result<Vec<SignIn>> {
        let text = "SELECT id, device, since, last_seen FROM sign_in WHERE user_id = $1 \
             ORDER BY last_seen DESC, id DESC";
        self.all(text, user, |row| {
            let id = SignInId(row.try_get("id")?);
            Ok(SignIn {
                id,
                device: row.try_get("device")?,
                since: rows::time(row, "since")?,
                last_seen: rows::time(row, "last_seen")?,
                current: id == current,
            })
        })
        .await
    }
}
