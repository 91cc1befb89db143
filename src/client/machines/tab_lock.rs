//! The browser's lock that makes one tab the leader, which receives for all: what became of asking for
//! it, and when a silent leader's is taken.

/// Every so often a tab looks after the leader, in milliseconds, if the browser lets it. After so long
/// a silence a tab that can be seen asks whether the leader lives, and takes its place when it has
/// heard nothing by the next time.
pub const LEADER_CHECK_MS: u32 = 250;
/// A tab that can be seen waits for 2⁵ times as long at most.
const TAKEOVERS_MAX: u32 = 5;

/// Each time it is asked for has a request from 1 on; 0 stands for none.
#[derive(Debug, Default)]
pub struct TabLock {
    last_request: u32,
    /// The one that waits until it is this tab's turn.
    queued_request: u32,
    /// The one by which this tab has it.
    held_request: u32,
    /// The other tab that had it when something was last heard of that, and when that tab was last
    /// heard.
    leader: String,
    last_heard_ms: f64,
    /// Whether it was asked since.
    pinged: bool,
    /// How often this tab took the place of a silent one, less the times that one has answered since.
    /// Each makes it twice as patient, so that tabs on a busy machine do not take turns for nothing.
    takeovers: u32,
}

/// What is to be done about the one that has the lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeaderCheck {
    Nothing,
    /// Ask whether it lives.
    PingLeader,
    /// Take the lock from the leader.
    StealLock,
}

/// What follows when a lock was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockLoss {
    /// It is not to be had at all.
    Unavailable,
    /// This tab has it by another request, or waits for its turn.
    StillQueued,
    QueueAgain,
}

impl TabLock {
    /// Whether this tab has it.
    pub fn is_held(&self) -> bool {
        self.held_request != 0
    }

    /// Whether it is known who has it.
    pub fn is_decided(&self) -> bool {
        self.is_held() || !self.leader.is_empty()
    }

    /// It is asked for, by force or for when it is this tab's turn. Returns the request of this time.
    pub fn request(&mut self, steal: bool, now_ms: f64) -> u32 {
        self.last_request += 1;
        self.reset_silence(now_ms);
        if !steal {
            self.queued_request = self.last_request;
        }
        self.last_request
    }

    /// This tab has it.
    pub fn granted(&mut self, request: u32) {
        self.held_request = request;
        self.leader.clear();
        if self.queued_request == request {
            self.queued_request = 0;
        }
    }

    /// Another tab has taken what was granted by this request, or it was not granted.
    pub fn lost(&mut self, request: u32, now_ms: f64) -> LockLoss {
        if self.queued_request == request {
            return LockLoss::Unavailable;
        }
        if self.held_request == request {
            self.held_request = 0;
            self.reset_silence(now_ms);
        }
        if self.held_request == 0 && self.queued_request == 0 {
            LockLoss::QueueAgain
        } else {
            LockLoss::StillQueued
        }
    }

    /// Whatever this tab had or waited for is gone.
    pub fn reset(&mut self) {
        (self.queued_request, self.held_request) = (0, 0);
        self.leader.clear();
    }

    /// Another tab says that it has it.
    pub fn led_by(&mut self, tab: String, now_ms: f64) {
        self.leader = tab;
        self.reset_silence(now_ms);
    }

    /// Another tab said something.
    pub fn note_alive(&mut self, tab: &str, now_ms: f64) {
        if self.leader == tab {
            self.reset_silence(now_ms);
        }
    }

    /// What is to be done now by a tab that is `visible` or not, when `hidden` says of a tab whether
    /// it cannot be seen, and a leader is never silent for longer than `max_silence_ms`. A tab that can be
    /// seen trusts no hidden one for long: the browser may freeze it.
    pub fn check_leader(
        &mut self,
        visible: bool,
        hidden: impl Fn(&str) -> bool,
        now_ms: f64,
        max_silence_ms: f64,
    ) -> LeaderCheck {
        if self.is_held() {
            return LeaderCheck::Nothing;
        }
        let patience =
            if visible { f64::from(LEADER_CHECK_MS << self.takeovers) } else { max_silence_ms };
        let silent = now_ms - self.last_heard_ms > patience;
        if visible && hidden(&self.leader) {
            LeaderCheck::StealLock
        } else if silent && self.pinged {
            self.pinged = false;
            self.takeovers = (self.takeovers + 1).min(TAKEOVERS_MAX);
            LeaderCheck::StealLock
        } else if silent {
            self.pinged = true;
            LeaderCheck::PingLeader
        } else {
            LeaderCheck::Nothing
        }
    }

    fn reset_silence(&mut self, now_ms: f64) {
        if std::mem::take(&mut self.pinged) {
            self.takeovers = self.takeovers.saturating_sub(1);
        }
        self.last_heard_ms = now_ms;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAX_SILENCE_MS: f64 = 65_000.0;

    /// A lock that was queued for at the time 0, and is had by the tab `a`.
    fn lock() -> TabLock {
        let mut lock = TabLock::default();
        lock.request(false, 0.0);
        lock.led_by("a".into(), 0.0);
        lock
    }

    fn visible(lock: &mut TabLock, now_ms: f64) -> LeaderCheck {
        lock.check_leader(true, |_| false, now_ms, MAX_SILENCE_MS)
    }

    fn hidden(lock: &mut TabLock, now_ms: f64) -> LeaderCheck {
        lock.check_leader(false, |_| true, now_ms, MAX_SILENCE_MS)
    }

    #[test]
    fn a_visible_tab_asks_a_silent_leader_and_takes_its_place() {
        let mut lock = lock();
        lock.led_by("a".into(), 1_000.0);
        assert_eq!(visible(&mut lock, 1_250.0), LeaderCheck::Nothing);
        assert_eq!(visible(&mut lock, 9_000.0), LeaderCheck::PingLeader, "however late it looks");
        lock.note_alive("a", 9_001.0);
        assert_eq!(visible(&mut lock, 9_250.0), LeaderCheck::Nothing);
        assert_eq!(visible(&mut lock, 9_500.0), LeaderCheck::PingLeader);
        lock.note_alive("z", 9_510.0);
        assert_eq!(
            visible(&mut lock, 9_750.0),
            LeaderCheck::StealLock,
            "another one does not speak for it"
        );
    }

    #[test]
    fn who_took_the_lock_in_vain_waits_longer_until_the_leader_answers() {
        let mut lock = lock();
        assert_eq!(visible(&mut lock, 300.0), LeaderCheck::PingLeader);
        assert_eq!(visible(&mut lock, 600.0), LeaderCheck::StealLock);
        lock.led_by("a".into(), 1_000.0);
        assert_eq!(visible(&mut lock, 1_500.0), LeaderCheck::Nothing);
        assert_eq!(visible(&mut lock, 1_501.0), LeaderCheck::PingLeader);
        lock.note_alive("a", 1_510.0);
        assert_eq!(visible(&mut lock, 1_761.0), LeaderCheck::PingLeader);
    }

    #[test]
    fn a_hidden_tab_waits_as_long_as_a_leader_may_be_silent() {
        let mut lock = lock();
        assert_eq!(hidden(&mut lock, MAX_SILENCE_MS), LeaderCheck::Nothing);
        assert_eq!(hidden(&mut lock, MAX_SILENCE_MS + 1.0), LeaderCheck::PingLeader);
        assert_eq!(hidden(&mut lock, MAX_SILENCE_MS + 1_000.0), LeaderCheck::StealLock);
    }
}
