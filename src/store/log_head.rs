//! The head of the event log: its epoch, its last id and its retention floor.

use sqlx::{AnyPool, Row};

use crate::model::EventId;

/// The state of the log.
#[derive(Debug, Clone)]
pub struct LogState {
    /// Names the log. A restored backup has another epoch than the log that went on after it.
    pub epoch: String,
    /// The last event id.
    pub head: EventId,
    /// The retention floor: events up to this id were removed.
    pub trimmed: EventId,
}

/// Returns a random name for a log.
pub(super) fn new_epoch() -> String {
    uuid::Uuid::new_v4().simple().to_string()[..8].to_string()
}

/// Reads the log's state. A new log gets its epoch here.
pub(super) async fn state(pool: &AnyPool) -> Result<LogState, sqlx::Error> {
    sqlx::query(
        "INSERT INTO log_head (one, id, trimmed, epoch) VALUES (1, 0, 0, $1) \
         ON CONFLICT DO NOTHING",
    )
    .bind(new_epoch())
    .execute(pool)
    .await?;
    let row = sqlx::query("SELECT id, trimmed, epoch FROM log_head").fetch_one(pool).await?;
    Ok(LogState {
        epoch: row.try_get("epoch")?,
        head: EventId(row.try_get("id")?),
        trimmed: EventId(row.try_get("trimmed")?),
    })
}
