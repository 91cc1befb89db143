//! The data folder belongs to one process at a time: whoever holds its lock may write there.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, fchown};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::time::{Instant, sleep};

/// The file that is locked. It is empty, and stays.
const LOCK: &str = "kith.lock";

/// A command of the operator's holds the lock for a moment: a start waits that long for it.
const PATIENCE: Duration = Duration::from_secs(3);
const TRY_EVERY: Duration = Duration::from_millis(50);

/// The data folder, held until this is dropped or the process is gone, however it ends.
#[derive(Debug)]
pub struct Folder {
    _lock: File,
}

/// Why the folder is not ours. Shown to the operator.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    #[error("another Kith runs on the data folder {}", .0.display())]
    Held(PathBuf),
    #[error("{}: {}", .0.display(), .1)]
    File(PathBuf, io::Error),
}

impl Folder {
    /// Takes the folder, which is made, for nobody else to look into, if it is not there.
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

    /// Takes the folder as soon as a command that is at work there has ended.
    pub async fn take_soon(data: &Path) -> Result<Self, FolderError> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match Self::take(data) {
                Err(FolderError::Held(_)) if Instant::now() < deadline => sleep(TRY_EVERY).await,
                taken => return taken,
            }
        }
    }

    /// Whether a process holds the folder just now. Makes nothing.
    pub fn is_held(data: &Path) -> bool {
        let lock = File::open(data.join(LOCK));
        lock.is_ok_and(|lock| matches!(lock.try_lock_shared(), Err(TryLockError::WouldBlock)))
    }
}

/// Opens the lock's file. Whoever can read it could hold it: nobody else can.
fn open(data: &Path, path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).mode(0o600);
    match options.clone().create_new(true).open(path) {
        Ok(made) => {
            // Root makes it for whom the folder belongs to.
            let folder = std::fs::metadata(data)?;
            if folder.uid() != made.metadata()?.uid() {
                fchown(&made, Some(folder.uid()), Some(folder.gid()))?;
            }
            Ok(made)
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => options.open(path),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_has_one_holder_at_a_time() {
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
