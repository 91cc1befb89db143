//! Connecting to SQLite or PostgreSQL, the pragmas that make SQLite safe, and migrations.

use std::future::Future;
use std::path::Path;
use std::pin::Pin;
use std::str::FromStr;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::error::BoxDynError;
use sqlx::migrate::{MigrateError, Migration, MigrationSource, MigrationType, Migrator};
use sqlx::{AnyConnection, AnyPool, Executor, Row};

use super::OpenError;

/// Connections for reading. SQLite reads beside its one writer (WAL).
const READERS: u32 = 4;

/// Set on every SQLite connection. `FULL` syncs the write-ahead log at each commit: a message
/// is "sent" only when it is on disk.
const PRAGMAS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
     PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 10000; PRAGMA temp_store = MEMORY";

/// The numbered files of `migrations/`, in their order.
const MIGRATIONS: [(i64, &str, &str); 8] = [
    (1, "people", include_str!("../../migrations/0001_people.sql")),
    (2, "conversations", include_str!("../../migrations/0002_conversations.sql")),
    (3, "log", include_str!("../../migrations/0003_log.sql")),
    (4, "profiles", include_str!("../../migrations/0004_profiles.sql")),
    (5, "groups", include_str!("../../migrations/0005_groups.sql")),
    (6, "own copies", include_str!("../../migrations/0006_own_copies.sql")),
    (7, "administration", include_str!("../../migrations/0007_administration.sql")),
    (8, "joining", include_str!("../../migrations/0008_joining.sql")),
];

/// The numbers of all changes that this Kith makes to the tables.
pub fn versions() -> impl Iterator<Item = i64> {
    MIGRATIONS.iter().map(|(version, ..)| *version)
}

/// Returns the pools for reading and for writing, with the tables up to date.
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
    Migrator::new(Embedded).await?.run(&mut *connection).await.map_err(|error| match error {
        MigrateError::VersionMissing(version) => OpenError::Newer(version),
        error => OpenError::Migration(error),
    })?;
    super::people::directory::fill_name_keys(&mut connection).await?;
    drop(connection);
    let reads = pool(READERS).connect_with(options).await?;
    Ok((reads, writes))
}

/// Returns the URL of the database in a data folder that is there. `mode` is SQLite's: `rwc` also
/// makes the file.
pub async fn url_in(data: &Path, mode: &str) -> Result<String, OpenError> {
    Ok(url_of(&tokio::fs::canonicalize(data).await?.join("kith.db"), mode))
}

pub fn url_of(file: &Path, mode: &str) -> String {
    // A URL would resolve `..` by itself and end at a `?`.
    let path = file.display().to_string();
    let path = path.replace('%', "%25").replace('?', "%3F").replace('#', "%23");
    format!("sqlite://{path}?mode={mode}")
}

/// Refuses to start on a database that does not keep what it was told to keep.
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

/// The migrations inside the binary.
#[derive(Debug)]
struct Embedded;

impl MigrationSource<'static> for Embedded {
    fn resolve(
        self,
    ) -> Pin<Box<dyn Future<Output = Result<Vec<Migration>, BoxDynError>> + Send + 'static>> {
        let migrations = MIGRATIONS.map(|(version, name, sql)| {
            Migration::new(version, name.into(), MigrationType::Simple, sql.into(), false)
        });
        Box::pin(std::future::ready(Ok(migrations.to_vec())))
    }
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
    async fn the_writer_syncs_every_commit_also_over_a_connection_that_replaced_a_broken_one() {
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
