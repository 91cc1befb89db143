//! Connecting to SQLite or PostgreSQL, and the pragmas that make SQLite safe.

use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AnyConnection, AnyPool, Executor, Row};

use super::private_file::{create_private_in, make_private};
use super::{OpenError, migrations};

/// The name of the SQLite database in the data folder.
const FILE: &str = "kith.db";

/// Number of connections for reading. With a write-ahead log, SQLite reads beside its one writer.
const READERS: u32 = 4;

/// Set on every SQLite connection. `FULL` syncs the write-ahead log at each commit: a message
/// counts as sent only when it is on disk.
const PRAGMAS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
     PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 10000; PRAGMA temp_store = MEMORY; \
     PRAGMA secure_delete = ON";

/// Returns the pools for reading and for writing, after running the missing migrations.
pub async fn connect(url: Option<&str>, data: &Path) -> Result<(AnyPool, AnyPool), OpenError> {
    sqlx::any::install_default_drivers();
    let url = match url {
        Some(url) => url.to_string(),
        None => {
            tokio::fs::DirBuilder::new().recursive(true).mode(0o700).create(data).await?;
            url_in(data, "rwc").await?
        }
    };
    let options = AnyConnectOptions::from_str(&url)?;
    let sqlite = url.starts_with("sqlite:");
    if sqlite {
        keep_private(&url)?;
    }
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
    super::name_key::fill_name_keys(&mut connection).await?;
    drop(connection);
    let reads = pool(READERS).connect_with(options).await?;
    Ok((reads, writes))
}

/// Returns the URL of the database in an existing data folder, with an absolute path: a URL would
/// resolve `..` by itself. `mode` is SQLite's: `rwc` creates a missing file.
pub async fn url_in(data: &Path, mode: &str) -> Result<String, OpenError> {
    Ok(url_of(&tokio::fs::canonicalize(data).await?.join(FILE), mode))
}

pub fn url_of(file: &Path, mode: &str) -> String {
    // These characters have a meaning in a URL: a `?`, for example, would end the path.
    let path = file.display().to_string();
    let path = path.replace('%', "%25").replace('?', "%3F").replace('#', "%23");
    format!("sqlite://{path}?mode={mode}")
}

/// The endings of the files that SQLite keeps beside its database.
const COMPANIONS: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Returns the files of the SQLite database in a data folder, whether they exist or not.
pub fn files_in(data: &Path) -> Vec<PathBuf> {
    files_of(&data.join(FILE))
}

fn files_of(database: &Path) -> Vec<PathBuf> {
    let beside = COMPANIONS.map(|ending| {
        let mut name = OsString::from(database);
        name.push(ending);
        PathBuf::from(name)
    });
    std::iter::once(database.to_path_buf()).chain(beside).collect()
}

/// Makes the database's files private, and creates a missing database so. SQLite would create it
/// with the rights that the umask leaves. What it creates beside the database gets the same rights.
fn keep_private(url: &str) -> Result<(), OpenError> {
    let options = SqliteConnectOptions::from_str(url)?;
    let file = options.get_filename();
    if url.contains("mode=rwc")
        && let (Some(folder), Some(name)) = (file.parent(), file.file_name())
    {
        // The parent of a bare name is empty, which names no folder.
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        match create_private_in(folder, name) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error.into()),
            _ => {}
        }
    }
    for file in files_of(file) {
        // Another user's file works all the same.
        if let Err(error) = make_private(&file) {
            let file = file.display();
            tracing::warn!(%file, %error, "others may open this file, which cannot be changed");
        }
    }
    Ok(())
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
