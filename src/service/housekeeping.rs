//! Housekeeping while Kith runs: the log's retention, expired sign-ins, and what nobody uses any
//! more.

use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use crate::error::Result;
use crate::store::{ForgetExpired, Trim};

use super::Kith;

/// How often memory is swept, and how many sweeps pass between two looks at the database.
const SWEEP_EVERY: Duration = Duration::from_secs(10);
const SWEEPS_PER_TRIM: u32 = 360;

impl Kith {
    /// Keeps house until the process ends. A failure is logged and tried again next time.
    pub async fn keep_house(self) {
        let mut ending = self.0.ending.subscribe();
        let mut ticks = interval(SWEEP_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut sweeps = 0;
        loop {
            tokio::select! {
                _ = ticks.tick() => {}
                _ = ending.changed() => return,
            }
            self.0.mailboxes.sweep();
            self.0.throttle.sweep();
            self.0.sign_ins.sweep(self.now());
            if sweeps % SWEEPS_PER_TRIM == 0
                && let Err(error) = self.tidy().await
            {
                tracing::warn!(%error, "the log could not be trimmed");
            }
            sweeps += 1;
        }
    }

    /// Trims the log to its retention time and forgets expired sign-ins.
    pub async fn tidy(&self) -> Result<()> {
        let floor = self.store().write(Trim { before: self.ago(self.policy().retention) }).await?;
        self.0.mailboxes.trim(floor);
        self.store().write(ForgetExpired { before: self.expiry() }).await
    }
}
