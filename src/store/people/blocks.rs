//! Blocking a user. The blocked person is not told.

use sqlx::Row;

use crate::error::{KithError, Result};
use crate::model::UserId;
use crate::store::Failure;
use crate::store::fact::Fact;
use crate::store::transaction::{Change, Tx};

use super::accounts::accounts_exist;
use super::friends::tell_of_request;

/// `user` blocks or unblocks `other`. Setting it to what it is changes nothing. `NotFound` when
/// `other` does not exist, and for oneself.
#[derive(Debug)]
pub struct SetBlocked {
    pub user: UserId,
    pub other: UserId,
    pub blocked: bool,
}

impl Change for SetBlocked {
    type Answer = ();
    const EVENTS: i64 = 2;

    async fn apply(&self, tx: &mut Tx) -> Result<(), Failure> {
        let (user, other) = (self.user, self.other);
        if user == other || !accounts_exist(tx, user, other).await? {
            return Err(KithError::NotFound.into());
        }
        let row = sqlx::query("SELECT COUNT(*) FROM block WHERE user_id = $1 AND blocked_id = $2")
            .bind(user.0)
            .bind(other.0)
            .fetch_one(tx.read())
            .await?;
        if (row.try_get::<i64, _>(0)? > 0) == self.blocked {
            return Ok(());
        }
        if self.blocked {
            let since = tx.now;
            sqlx::query("INSERT INTO block (user_id, blocked_id, since) VALUES ($1, $2, $3)")
                .bind(user.0)
                .bind(other.0)
                .bind(since.0)
                .execute(tx.write())
                .await?;
        } else {
            sqlx::query("DELETE FROM block WHERE user_id = $1 AND blocked_id = $2")
                .bind(user.0)
                .bind(other.0)
                .execute(tx.write())
                .await?;
        }
        tx.log_for_user(user, Fact::BlockSet { user: other, blocked: self.blocked }).await?;
        if self.blocked { Ok(()) } else { tell_of_request(tx, other, user).await }
    }
}
