//! Health and readiness of Kith, for monitors and load balancers.

use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::time::timeout;

use super::Kith;
use crate::error::{KithError, Result};
use crate::store::Probe;

/// Timeout for the trivial statements of the probes.
const PROBE_TIMEOUT: Duration = Duration::from_secs(3);

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
    /// Checks that the database can be read and the writer runs. `TryAgain` when it does not run.
    pub async fn check(&self) -> Result<()> {
        if !self.store().is_writing() {
            return Err(KithError::TryAgain);
        }
        self.store().is_empty().await.map(|_| ())
    }

    /// Checks that Kith can read and write and is not ending. It writes only after a failed batch:
    /// without readiness no client would try, and Kith would never learn that the disk is back.
    pub async fn ready(&self) -> Result<(), NotReady> {
        if *self.0.ending.borrow() {
            return Err(NotReady::Ending);
        }
        if !self.store().is_writing() {
            return Err(NotReady::WriterEnded);
        }
        if !matches!(timeout(PROBE_TIMEOUT, self.store().is_empty()).await, Ok(Ok(_))) {
            return Err(NotReady::Unreadable);
        }
        if self.0.failing.load(Ordering::Relaxed)
            && !matches!(timeout(PROBE_TIMEOUT, self.store().write(Probe)).await, Ok(Ok(())))
        {
            return Err(NotReady::Unwritable);
        }
        Ok(())
    }

    /// Returns the bytes of the database; `None` without an answer in time.
    pub(super) async fn database_bytes(&self) -> Option<i64> {
        timeout(PROBE_TIMEOUT, self.store().database_bytes()).await.ok()?.ok()
    }
}
