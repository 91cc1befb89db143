//! Backup: a copy of the whole database while Kith runs.

use std::path::{Path, PathBuf};

use sqlx::{AnyConnection, Connection};

use crate::store::private_file::create_private;
use crate::store::{OpenError, database};

/// Why the backup failed. Shown to the operator.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("only an SQLite database is copied so: use pg_dump for PostgreSQL")]
    NotSqlite,
    #[error("{} is there already: a copy never goes over another file", .0.display())]
    Exists(PathBuf),
    #[error("{}: {}", .0.display(), .1)]
    File(PathBuf, std::io::Error),
    #[error("there is no database to copy: {0}")]
    Source(#[from] OpenError),
    #[error("the database could not be copied: {0}")]
    Copy(#[from] sqlx::Error),
}

/// Copies the database at `url`, or `kith.db` in the `data` folder, to a new file `to`, as of one
/// moment. The copy's log gets a new epoch: after a restore, pages have cursors from the time after
/// the copy, which must not be taken for positions in the restored log. Unless `keep_sign_ins`, the
/// copy has no sign-ins: a restore would revive those that were ended since.
pub async fn backup(
    url: Option<&str>,
    data: &Path,
    to: &Path,
    keep_sign_ins: bool,
) -> Result<(), BackupError> {
    if url.is_some_and(|url| !url.starts_with("sqlite:")) {
        return Err(BackupError::NotSqlite);
    }
    if to.exists() {
        return Err(BackupError::Exists(to.to_path_buf()));
    }
    sqlx::any::install_default_drivers();
    let url = match url {
        Some(url) => url.to_string(),
        None => database::url_in(data, "rw").await?,
    };
    let mut source = AnyConnection::connect(&url).await?;

    // Written under another name until it is complete. Private to the user who runs Kith: it holds
    // all messages.
    let mut name = to.as_os_str().to_os_string();
    name.push(".part");
    let part = PathBuf::from(name);
    let wrong = |error| BackupError::File(part.clone(), error);
    let file = create_private(&part).map_err(wrong)?;
    let copied = copy(&mut source, &part, keep_sign_ins).await;
    let kept = copied
        .and_then(|()| file.sync_all().and_then(|()| std::fs::rename(&part, to)).map_err(wrong));
    if kept.is_err() {
        // The first error is reported, not one of cleaning up.
        std::fs::remove_file(&part).ok();
    }
    kept
}

async fn copy(
    source: &mut AnyConnection,
    to: &Path,
    keep_sign_ins: bool,
) -> Result<(), BackupError> {
    sqlx::query("VACUUM INTO $1").bind(to.display().to_string()).execute(source).await?;
    let mut copy = AnyConnection::connect(&database::url_of(to, "rw")).await?;
    let epoch = crate::store::log_head::new_epoch();
    sqlx::query("UPDATE log_head SET epoch = $1").bind(&epoch).execute(&mut copy).await?;
    if !keep_sign_ins {
        sqlx::query("DELETE FROM sign_in").execute(&mut copy).await?;
    }
    copy.close().await?;
    Ok(())
}
