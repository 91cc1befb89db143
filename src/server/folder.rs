//! The data folder: its lock, which lets only one process write there, and who else may open it.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::store;

/// The locked file. It is empty and is never removed.
const LOCK: &str = "kith.lock";

/// Timeout of a start for the lock: an operator's command holds it for a moment.
const LOCK_TIMEOUT: Duration = Duration::from_secs(3);
const RETRY_INTERVAL: Duration = Duration::from_millis(50);

/// The lock on the data folder, until this is dropped or the process ends in any way.
#[derive(Debug)]
pub struct Folder {
    _lock: File,
}

/// Why the folder could not be locked. Shown to the operator.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    #[error("another Kith runs on the data folder {}", .0.display())]
    Held(PathBuf),
    #[error("{}: {}", .0.display(), .1)]
    File(PathBuf, io::Error),
}

impl Folder {
    /// Locks the folder. Makes it first if it does not exist, readable by this user alone.
    pub fn take(data: &Path) -> Result<Self, FolderError> {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(data)
            .map_err(|error| FolderError::File(data.to_path_buf(), error))?;
        let path = data.join(LOCK);
        let wrong = |error| FolderError::File(path.clone(), error);
        let lock = open(data, &path).map_err(wrong)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(FolderError::Held(data.to_path_buf())),
            Err(TryLockError::Error(error)) => Err(wrong(error)),
        }
    }

    /// Locks the folder for a server, waiting for a command that holds it. Warns of a folder that
    /// others may open.
    pub async fn take_soon(data: &Path) -> Result<Self, FolderError> {
        let deadline = Instant::now() + LOCK_TIMEOUT;
        loop {
            match Self::take(data) {
                Err(FolderError::Held(_)) if Instant::now() < deadline => {
                    sleep(RETRY_INTERVAL).await;
                }
                Ok(taken) => {
                    warn_if_open(data);
                    return Ok(taken);
                }
                refused => return refused,
            }
        }
    }

    /// Whether a process holds the lock now. Creates neither folder nor file.
    pub fn is_held(data: &Path) -> bool {
        let lock = File::open(data.join(LOCK));
        lock.is_ok_and(|lock| matches!(lock.try_lock_shared(), Err(TryLockError::WouldBlock)))
    }
}

/// Opens the lock's file. Only its owner may read it, because every reader could hold the lock.
fn open(data: &Path, path: &Path) -> io::Result<File> {
    match store::create_private_in(data, LOCK) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            OpenOptions::new().read(true).write(true).open(path)
        }
        made => made,
    }
}

/// Returns the data folder, and the files of its database, that others than their owner may open.
pub fn open_to_others(data: &Path) -> Vec<PathBuf> {
    let paths = std::iter::once(data.to_path_buf()).chain(store::files_in(data));
    paths.filter(|path| store::is_open_to_others(path)).collect()
}

/// The database makes its own files private when it is opened.
fn warn_if_open(data: &Path) {
    if store::is_open_to_others(data) {
        let folder = data.display();
        tracing::warn!(%folder, "other users of this machine may open the data folder: chmod 700");
    }
}

/// Says that a data folder holds no Kith to work on.
pub fn no_kith_in(data: &Path) -> String {
    format!(
        "there is no Kith in the data folder {}: \
         name another one with KITH_DATA=FOLDER or --config FILE",
        data.display()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_lock_on_a_folder_at_a_time() {
        let data = tempfile::tempdir().expect("a folder");
        let inner = data.path().join("not/there/yet");
        assert!(!Folder::is_held(&inner));
        let first = Folder::take(&inner).expect("nobody holds it");
        assert!(Folder::is_held(&inner));
        assert!(matches!(Folder::take(&inner), Err(FolderError::Held(_))));
        drop(first);
        assert!(!Folder::is_held(&inner));
        Folder::take(&inner).expect("it was given back");
    }
}
