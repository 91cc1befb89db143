//! Counting accounts, groups and messages, for the overview.

use std::collections::HashMap;

use sqlx::Row;

use crate::error::Result;
use crate::model::Timestamp;
use crate::model::limits::DAY_MS;
use crate::store::{Failure, Store};

/// Numbers of accounts and groups.
#[derive(Debug)]
pub struct Counts {
    pub people: i64,
    pub disabled: i64,
    /// Accounts with a device seen since a given time.
    pub active: i64,
    pub groups: i64,
}

/// Counts messages since a time, by day, without system lines. It reads the index alone.
const MESSAGES: &str = "SELECT x.sent / 86400000 AS day, COUNT(*) AS messages FROM message x \
     WHERE x.system IS NULL AND x.sent >= $1 GROUP BY x.sent / 86400000";

impl Store {
    pub async fn counts(&self, active_since: Timestamp) -> Result<Counts> {
        let text = "SELECT (SELECT COUNT(*) FROM users WHERE deleted = 0) AS people, \
             (SELECT COUNT(*) FROM users WHERE deleted = 0 AND disabled = 1) AS disabled, \
             (SELECT COUNT(DISTINCT user_id) FROM sign_in WHERE last_seen >= $1) AS active, \
             (SELECT COUNT(*) FROM chat_group WHERE disbanded = 0) AS groups";
        let query = sqlx::query(text).bind(active_since.0);
        let row = query.fetch_one(&self.reads).await.map_err(Failure::from)?;
        let count = |column| row.try_get::<i64, _>(column).map_err(Failure::from);
        Ok(Counts {
            people: count("people")?,
            disabled: count("disabled")?,
            active: count("active")?,
            groups: count("groups")?,
        })
    }

    /// Returns the number of messages on each of the last `days` days up to `now`, with the day's
    /// beginning.
    pub async fn messages_by_day(
        &self,
        now: Timestamp,
        days: i64,
    ) -> Result<Vec<(Timestamp, i64)>> {
        let today = now.0 / DAY_MS;
        let from = today - days + 1;
        let query = sqlx::query(MESSAGES).bind(from * DAY_MS);
        let found = query.fetch_all(&self.reads).await.map_err(Failure::from)?;
        let counted: Result<HashMap<i64, i64>, sqlx::Error> =
            found.iter().map(|row| Ok((row.try_get("day")?, row.try_get("messages")?))).collect();
        let counted = counted.map_err(Failure::from)?;
        let of = |day: i64| (Timestamp(day * DAY_MS), counted.get(&day).copied().unwrap_or(0));
        Ok((from..=today).map(of).collect())
    }
}

#[cfg(test)]
mod tests {
    use crate::model::Timestamp;
    use crate::store;

    #[tokio::test]
    async fn messages_are_counted_in_the_index_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let opened = store::open(None, folder.path(), || Timestamp(0)).await;
        let reads = opened.expect("a store").reads;
        let plan = store::sql::plan(&reads, super::MESSAGES).await;
        let index = "SEARCH x USING COVERING INDEX message_by_time (sent>?)";
        assert!(plan.iter().any(|step| step == index), "{plan:#?}");
    }
}
