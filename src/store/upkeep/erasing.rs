//! Erased texts leave the files. `secure_delete` overwrites them in SQLite's pages, but older
//! copies of these pages stay in the write-ahead log until it is emptied.
//!
//! It is `ON` and not `FAST`, which would leave whole pages as they are: a long message has pages
//! of its own. That costs a write of each page that becomes free, mostly when the log is trimmed.

use std::sync::atomic::Ordering;

use sqlx::Row;

use crate::error::Result;
use crate::store::{Failure, Store, sql};

/// Time that emptying waits for readers, in milliseconds. Writes wait meanwhile, and a backup reads
/// for minutes.
const WAIT_MS: u32 = 200;

impl Store {
    /// Empties the write-ahead log if something was erased since the last time. While a reader
    /// needs the log, this is left to the next call. PostgreSQL needs nothing.
    pub async fn forget_erased(&self) -> Result<()> {
        if !self.erased.swap(false, Ordering::Relaxed) {
            return Ok(());
        }
        let emptied = self.empty_write_ahead_log().await;
        if !matches!(emptied, Ok(true)) {
            self.erased.store(true, Ordering::Relaxed);
        }
        emptied.map_err(Failure::Database)?;
        Ok(())
    }

    /// Returns whether the log is empty now.
    async fn empty_write_ahead_log(&self) -> Result<bool, sqlx::Error> {
        let mut connection = self.reads.acquire().await?;
        if !sql::is_sqlite(&connection) {
            return Ok(true);
        }
        // The other statements of this connection would not wait long enough any more.
        connection.close_on_drop();
        let wait = format!("PRAGMA busy_timeout = {WAIT_MS}");
        sqlx::query(&wait).execute(&mut *connection).await?;
        let empty = "PRAGMA wal_checkpoint(TRUNCATE)";
        let row = sqlx::query(empty).fetch_one(&mut *connection).await?;
        // The first column says whether a reader or a writer was in the way.
        Ok(row.try_get::<i64, _>(0)? == 0)
    }
}
