//! The browser's lock that makes one tab the leader, which receives for all: what became of each
//! request for it, and when a silent leader loses it.

/// Interval of the leader check, in milliseconds; browsers stretch it in hidden tabs. A visible tab
/// pings a silent leader after one interval and takes over after the next.
pub const LEADER_CHECK_MS: u32 = 250;
/// Maximum number of takeovers that count. A visible tab waits up to 2⁵ intervals.
const TAKEOVERS_MAX: u32 = 5;

/// This tab's requests for the lock are numbered from 1; 0 stands for no request.
#[derive(Debug, Default)]
pub struct TabLock {
    last_request: u32,
    /// The request that waits for this tab's turn.
    queued_request: u32,
    /// The request by which this tab holds the lock.
    held_request: u32,
    /// The tab that last claimed to hold the lock. Empty: none is known.
    leader: String,
    /// Time of the leader's last message.
    last_heard_ms: f64,
    /// The leader was pinged since its last message.
    pinged: bool,
    /// How often this tab took over, less the times the leader has answered a ping since. Each
    /// doubles the patience, so that tabs on a busy machine do not steal the lock in turns.
    takeovers: u32,
}

/// Result of a leader check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeaderCheck {
    Nothing,
    PingLeader,
    StealLock,
}

/// Next step after a request for the lock was refused or the lock was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockLoss {
    /// The browser refuses the lock altogether.
    Unavailable,
    /// This tab holds the lock by another request, or is in the queue.
    StillQueued,
    QueueAgain,
}

impl TabLock {
    /// Whether this tab holds the lock.
    pub fn is_held(&self) -> bool {
        self.held_request != 0
    }

    /// Whether the holder of the lock is known.
    pub fn is_decided(&self) -> bool {
        self.is_held() || !self.leader.is_empty()
    }

    /// This tab requests the lock: it steals it, or waits for its turn. Returns the request's
    /// number.
    pub fn request(&mut self, steal: bool, now_ms: f64) -> u32 {
        self.last_request += 1;
        self.reset_silence(now_ms);
        if !steal {
            self.queued_request = self.last_request;
        }
        self.last_request
    }

    /// This tab got the lock.
    pub fn granted(&mut self, request: u32) {
        self.held_request = request;
        self.leader.clear();
        if self.queued_request == request {
            self.queued_request = 0;
        }
    }

    /// Another tab has stolen the lock that this request got, or the request was refused.
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

    /// The browser has dropped this tab's lock and its requests.
    pub fn reset(&mut self) {
        (self.queued_request, self.held_request) = (0, 0);
        self.leader.clear();
    }

    /// Another tab claims to hold the lock.
    pub fn led_by(&mut self, tab: String, now_ms: f64) {
        self.leader = tab;
        self.reset_silence(now_ms);
    }

    /// Another tab has sent a message.
    pub fn note_alive(&mut self, tab: &str, now_ms: f64) {
        if self.leader == tab {
            self.reset_silence(now_ms);
        }
    }

    /// Checks the leader. `visible` is this tab's state, and `hidden` says whether another tab is
    /// hidden. A leader that works is never silent for longer than `max_silence_ms`.
    ///
    /// A visible tab does not wait for a hidden leader: the browser may freeze that at any time.
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
        let patience_ms =
            if visible { f64::from(LEADER_CHECK_MS << self.takeovers) } else { max_silence_ms };
        let silent = now_ms - self.last_heard_ms > patience_ms;
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

    /// A lock for which this tab queued at 0 ms, held by the tab `a`.
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
    fn a_visible_tab_pings_a_silent_leader_and_then_steals_its_lock() {
        let mut lock = lock();
        lock.led_by("a".into(), 1_000.0);
        assert_eq!(visible(&mut lock, 1_250.0), LeaderCheck::Nothing);
        assert_eq!(
            visible(&mut lock, 9_000.0),
            LeaderCheck::PingLeader,
            "however late the check is"
        );
        lock.note_alive("a", 9_001.0);
        assert_eq!(visible(&mut lock, 9_250.0), LeaderCheck::Nothing);
        assert_eq!(visible(&mut lock, 9_500.0), LeaderCheck::PingLeader);
        lock.note_alive("z", 9_510.0);
        assert_eq!(
            visible(&mut lock, 9_750.0),
            LeaderCheck::StealLock,
            "a third tab does not speak for the leader"
        );
    }

    #[test]
    fn each_takeover_doubles_the_patience_until_the_leader_answers() {
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
    fn a_hidden_tab_waits_for_the_maximum_silence_of_a_leader() {
        let mut lock = lock();
        assert_eq!(hidden(&mut lock, MAX_SILENCE_MS), LeaderCheck::Nothing);
        assert_eq!(hidden(&mut lock, MAX_SILENCE_MS + 1.0), LeaderCheck::PingLeader);
        assert_eq!(hidden(&mut lock, MAX_SILENCE_MS + 1_000.0), LeaderCheck::StealLock);
    }
}
