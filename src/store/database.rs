//! Connecting to SQLite or PostgreSQL, and the pragmas that make SQLite safe.

use std::path::Path;
use std::str::FromStr;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::{AnyConnection, AnyPool, Executor, Row};

use super::{OpenError, migrations};

/// Number of connections for reading. With a write-ahead log, SQLite reads beside its one writer.
const READERS: u32 = 4;

/// Set on every SQLite connection. `FULL` syncs the write-ahead log at each commit: a message
/// counts as sent only when it is on disk.
const PRAGMAS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
     PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 10000; PRAGMA temp_store = MEMORY";

/// Returns the pools for reading and for writing, after running the missing migrations.
pub async fn connect(url: Option<&str>, data: &Path) -> Result<(AnyPool, AnyPool), OpenError> {
    sqlx::any::install_default_drivers();
    let url = match url {
        Some(url) => url.to_string(),
        None => {
            tokio::fs::create_dir_all(data).await?;
            url_in(data, "rwc").await?
        }
    };
    let options = AnyConnectOptions::from_str(&url)?;
    let sqlite = url.starts_with("sqlite:");
    let pool = |size| {
        AnyPoolOptions::new().max_connections(size).after_connect(move |connection, _| {
            Box::pin(async move {
                if sqlite {
                    connection.execute(PRAGMAS).await?;
                }
                Ok(())
            })
        })
    };

    let writes = pool(1).test_before_acquire(false).connect_with(options.clone()).await?;
    let mut connection = writes.acquire().await?;
    if sqlite {
        require(&mut connection, "synchronous", "2").await?;
        require(&mut connection, "journal_mode", "wal").await?;
        require(&mut connection, "foreign_keys", "1").await?;
    }
    Migrator::new(migrations::Embedded).await?.run(&mut *connection).await.map_err(|error| {
        match error {
            MigrateError::VersionMissing(version) => OpenError::Newer(version),
            error => OpenError::Migration(error),
        }
    })?;
    super::people::directory::fill_name_keys(&mut connection).await?;
    drop(connection);
    let reads = pool(READERS).connect_with(options).await?;
    Ok((reads, writes))
}

/// Returns the URL of the database in an existing data folder, with an absolute path: a URL would
/// resolve `..` by itself. `mode` is SQLite's: `rwc` creates a missing file.
pub async fn url_in(data: &Path, mode: &str) -> Result<String, OpenError> {
    Ok(url_of(&tokio::fs::canonicalize(data).await?.join("kith.db"), mode))
}

pub fn url_of(file: &Path, mode: &str) -> String {
    // These characters have a meaning in a URL: a `?`, for example, would end the path.
    let path = file.display().to_string();
    let path = path.replace('%', "%25").replace('?', "%3F").replace('#', "%23");
    format!("sqlite://{path}?mode={mode}")
}

/// Refuses to start when SQLite has ignored a pragma.
async fn require(
    connection: &mut AnyConnection,
    pragma: &'static str,
    wanted: &'static str,
) -> Result<(), OpenError> {
    let row = sqlx::query(&format!("PRAGMA {pragma}")).fetch_one(connection).await?;
    let found = row
        .try_get::<String, _>(0)
        .or_else(|_| row.try_get::<i64, _>(0).map(|number| number.to_string()))?;
    if found == wanted { Ok(()) } else { Err(OpenError::Unsafe { pragma, found, wanted }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn pragma(connection: &mut AnyConnection, name: &str) -> String {
        let row = sqlx::query(&format!("PRAGMA {name}")).fetch_one(connection).await;
        let row = row.expect("a pragma");
        let number = row.try_get::<i64, _>(0).map(|number| number.to_string());
        number.or_else(|_| row.try_get(0)).expect("a value")
    }

    #[tokio::test]
    async fn a_replaced_writer_connection_still_syncs_every_commit() {
        let folder = tempfile::tempdir().expect("a folder");
        let (_reads, writes) = connect(None, folder.path()).await.expect("a database");
        for _ in 0..3 {
            let mut writer = writes.acquire().await.expect("the writer's connection");
            assert_eq!(pragma(&mut writer, "synchronous").await, "2", "FULL");
            assert_eq!(pragma(&mut writer, "journal_mode").await, "wal");
            writer.close().await.expect("it ends");
        }
    }
}
