//! Removing old events from the log.

use sqlx::Row;

use crate::error::Result;
use crate::model::{EventId, Timestamp};
use crate::store::Failure;
use crate::store::transaction::{Change, Tx};

/// Removes events older than `before`. Answers the new retention floor.
#[derive(Debug)]
pub struct Trim {
    pub before: Timestamp,
}

impl Change for Trim {
    type Answer = EventId;
    const EVENTS: i64 = 0;

    async fn apply(&self, tx: &mut Tx) -> Result<EventId, Failure> {
        // The clock may have gone back, so that times do not grow with ids. Everything from the
        // first young event on must stay, or the floor would hide it.
        let row = sqlx::query(
            "SELECT COALESCE((SELECT MIN(id) - 1 FROM event WHERE at >= $1), \
             (SELECT MAX(id) FROM event), 0) AS floor, \
             (SELECT trimmed FROM log_head) AS trimmed",
        )
        .bind(self.before.0)
        .fetch_one(tx.read())
        .await?;
        let trimmed: i64 = row.try_get("trimmed")?;
        let floor = row.try_get::<i64, _>("floor")?.max(trimmed);
        if floor > trimmed {
            // Events hold the notes of friend requests.
            tx.erase();
            sqlx::query("DELETE FROM event WHERE id <= $1").bind(floor).execute(tx.write()).await?;
            sqlx::query("UPDATE log_head SET trimmed = $1").bind(floor).execute(tx.write()).await?;
        }
        Ok(EventId(floor))
    }
}
