//! Housekeeping while Kith runs: the log's retention, expired sign-ins, erased texts, and
//! unused memory.

use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use crate::error::Result;
use crate::store::{ForgetExpired, Trim};

use super::Kith;

/// Interval between two sweeps of memory, and of what was erased.
const SWEEP_INTERVAL: Duration = Duration::from_secs(10);

/// The database is tidied once in this many sweeps: every hour.
const SWEEPS_PER_TIDY: u32 = 360;

impl Kith {
    /// Runs until the process ends. A failure is logged and retried at the next interval.
    pub async fn run_housekeeping(self) {
        let mut ending = self.0.ending.subscribe();
        let mut ticks = interval(SWEEP_INTERVAL);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut sweeps = 0;
        loop {
            tokio::select! {
                _ = ticks.tick() => {}
                _ = ending.changed() => return,
            }
            if let Err(error) = self.sweep().await {
                tracing::warn!(%error, "the write-ahead log could not be emptied");
            }
            if sweeps % SWEEPS_PER_TIDY == 0
                && let Err(error) = self.tidy().await
            {
                tracing::warn!(%error, "the log could not be trimmed");
            }
            sweeps += 1;
        }
    }

    /// Drops unused memory. After a text was erased, also takes its bytes out of SQLite's files.
    pub async fn sweep(&self) -> Result<()> {
        self.0.mailboxes.sweep();
        self.0.throttle.sweep();
        self.0.typed_forms.sweep();
        self.0.sign_ins.sweep(self.now());
        self.store().forget_erased().await
    }

    /// Trims the log to its retention time and deletes expired sign-ins.
    pub async fn tidy(&self) -> Result<()> {
        let floor = self
            .store()
            .write(Trim { before: self.time_before_now(self.policy().retention) })
            .await?;
        self.0.mailboxes.trim(floor);
        self.store().write(ForgetExpired { before: self.expiry() }).await
    }
}
