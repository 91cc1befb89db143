//! Whether Kith can do its work at this moment, for monitors and for whoever leads people to it.

use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::time::timeout;

use super::Kith;
use crate::error::{KithError, Result};
use crate::store::Probe;

/// A database that takes longer than this for next to nothing is as good as none.
const PATIENCE: Duration = Duration::from_secs(3);

/// Why Kith is not ready. Shown to the operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotReady {
    #[error("Kith is ending")]
    Ending,
    #[error("the task that writes has ended: only a restart brings it back")]
    WriterEnded,
    #[error("the database cannot be read")]
    Unreadable,
    #[error("the database cannot be written")]
    Unwritable,
}

impl Kith {
    /// Whether the database can be read and the writer is at work: fails with `TryAgain` when not.
    pub async fn check(&self) -> Result<()> {
        if !self.store().is_writing() {
            return Err(KithError::TryAgain);
        }
        self.store().is_empty().await.map(|_| ())
    }

    /// Whether Kith can read and write and means to go on. Writes only when the writer's last batch
    /// failed, to see whether it would again: nobody else may be left who tries.
    pub async fn ready(&self) -> Result<(), NotReady> {
        if *self.0.ending.borrow() {
            return Err(NotReady::Ending);
        }
        if !self.store().is_writing() {
            return Err(NotReady::WriterEnded);
        }
        if !matches!(timeout(PATIENCE, self.store().is_empty()).await, Ok(Ok(_))) {
            return Err(NotReady::Unreadable);
        }
        if self.0.failing.load(Ordering::Relaxed)
            && !matches!(timeout(PATIENCE, self.store().write(Probe)).await, Ok(Ok(())))
        {
            return Err(NotReady::Unwritable);
        }
        Ok(())
    }

    /// Returns how many bytes the database takes, if it says so in time.
    pub(super) async fn database_bytes(&self) -> Option<i64> {
        timeout(PATIENCE, self.store().bytes()).await.ok()?.ok()
    }
}
