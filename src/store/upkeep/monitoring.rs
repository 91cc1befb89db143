//! Monitoring: whether the database takes a write, and how large it is.

use sqlx::Row;

use crate::error::Result;
use crate::store::transaction::{Change, Tx};
use crate::store::{Failure, Store};

/// Changes nothing but the log's head: it takes an event id and leaves it unused. That is on disk
/// when the answer comes.
pub struct Probe;

impl Change for Probe {
    type Answer = ();
    const EVENTS: i64 = 1;

    async fn apply(&self, _: &mut Tx) -> Result<(), Failure> {
        Ok(())
    }
}

impl Store {
    /// Returns the size of the database in bytes, without SQLite's write-ahead log.
    pub async fn database_bytes(&self) -> Result<i64> {
        let read = async {
            let mut connection = self.reads.acquire().await?;
            let size = match connection.backend_name() {
                "SQLite" => {
                    "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
                }
                _ => "SELECT pg_database_size(current_database())",
            };
            sqlx::query(size).fetch_one(&mut *connection).await?.try_get(0)
        };
        Ok(read.await.map_err(Failure::Database)?)
    }
}
