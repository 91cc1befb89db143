//! The browser's lock that makes one tab the leader, which receives for all: what became of asking for
//! it, and when a silent leader's is taken.

/// Every so often a tab looks after the leader, in milliseconds, if the browser lets it. After so long
/// a silence a tab that can be seen asks whether the leader lives, and takes its place when it has
/// heard nothing by the next time.
pub const LEADER_CHECK_MS: u32 = 250;
/// A tab that can be seen waits for 2⁵ times as long at most.
const TAKEN_MOST: u32 = 5;

/// Each time it is asked for has a number from 1 on; 0 stands for none.
#[derive(Debug, Default)]
pub struct TabLock {
    asked: u32,
    /// The one that waits until it is this tab's turn.
    queued: u32,
    /// The one by which this tab has it.
    held: u32,
    /// The other tab that had it when something was last heard of that, and when that tab was last
    /// heard.
    leader: String,
    heard_ms: f64,
    /// Whether it was asked since.
    doubted: bool,
    /// How often this tab took the place of a silent one, less the times that one has answered since.
    /// Each makes it twice as patient, so that tabs on a busy machine do not take turns for nothing.
    taken: u32,
}

/// What is to be done about the one that has the lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeaderCheck {
    Nothing,
    /// Ask whether it lives.
    AskLeader,
    /// Take the lock from the leader.
    Take,
}

/// What follows when a lock was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lost {
    /// It is not to be had at all.
    NoLock,
    /// This tab has it by another number, or waits for its turn.
    Queued,
    QueueAgain,
}

impl TabLock {
    /// Whether this tab has it.
    pub fn is_held(&self) -> bool {
        self.held != 0
    }

    /// Whether it is known who has it.
    pub fn is_decided(&self) -> bool {
        self.is_held() || !self.leader.is_empty()
    }

    /// It is asked for, by force or for when it is this tab's turn. Returns the number of this time.
    pub fn ask(&mut self, by_force: bool, now_ms: f64) -> u32 {
        self.asked += 1;
        self.hear(now_ms);
        if !by_force {
            self.queued = self.asked;
        }
        self.asked
    }

    /// This tab has it.
    pub fn granted(&mut self, number: u32) {
        self.held = number;
        self.leader.clear();
        if self.queued == number {
            self.queued = 0;
        }
    }

    /// Another tab has taken what was granted by this number, or it was not granted.
    pub fn lost(&mut self, number: u32, now_ms: f64) -> Lost {
        if self.queued == number {
            return Lost::NoLock;
        }
        if self.held == number {
            self.held = 0;
            self.hear(now_ms);
        }
        if self.held == 0 && self.queued == 0 { Lost::QueueAgain } else { Lost::Queued }
    }

    /// Whatever this tab had or waited for is gone.
    pub fn begin_again(&mut self) {
        (self.queued, self.held) = (0, 0);
        self.leader.clear();
    }

    /// Another tab says that it has it.
    pub fn led_by(&mut self, tab: String, now_ms: f64) {
        self.leader = tab;
        self.hear(now_ms);
    }

    /// Another tab said something.
    pub fn heard(&mut self, tab: &str, now_ms: f64) {
        if self.leader == tab {
            self.hear(now_ms);
        }
    }

    /// What is to be done now by a tab that is `visible` or not, when `hidden` says of a tab whether
    /// it cannot be seen, and a leader is never silent for longer than `most_ms`. A tab that can be
    /// seen trusts no hidden one for long: the browser may freeze it.
    pub fn care(
        &mut self,
        visible: bool,
        hidden: impl Fn(&str) -> bool,
        now_ms: f64,
        most_ms: f64,
    ) -> LeaderCheck {
        if self.is_held() {
            return LeaderCheck::Nothing;
        }
        let patience = if visible { f64::from(LEADER_CHECK_MS << self.taken) } else { most_ms };
        let silent = now_ms - self.heard_ms > patience;
        if visible && hidden(&self.leader) {
            LeaderCheck::Take
        } else if silent && self.doubted {
            self.doubted = false;
            self.taken = (self.taken + 1).min(TAKEN_MOST);
            LeaderCheck::Take
        } else if silent {
            self.doubted = true;
            LeaderCheck::AskLeader
        } else {
            LeaderCheck::Nothing
        }
    }

    fn hear(&mut self, now_ms: f64) {
        if std::mem::take(&mut self.doubted) {
            self.taken = self.taken.saturating_sub(1);
        }
        self.heard_ms = now_ms;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOST_MS: f64 = 65_000.0;

    /// A lock that was queued for at the time 0, and is had by the tab `a`.
    fn lock() -> TabLock {
        let mut lock = TabLock::default();
        lock.ask(false, 0.0);
        lock.led_by("a".into(), 0.0);
        lock
    }

    fn visible(lock: &mut TabLock, now_ms: f64) -> LeaderCheck {
        lock.care(true, |_| false, now_ms, MOST_MS)
    }

    fn hidden(lock: &mut TabLock, now_ms: f64) -> LeaderCheck {
        lock.care(false, |_| true, now_ms, MOST_MS)
    }

    #[test]
    fn a_visible_tab_asks_a_silent_leader_and_takes_its_place() {
        let mut lock = lock();
        lock.led_by("a".into(), 1_000.0);
        assert_eq!(visible(&mut lock, 1_250.0), LeaderCheck::Nothing);
        assert_eq!(visible(&mut lock, 9_000.0), LeaderCheck::AskLeader, "however late it looks");
        lock.heard("a", 9_001.0);
        assert_eq!(visible(&mut lock, 9_250.0), LeaderCheck::Nothing);
        assert_eq!(visible(&mut lock, 9_500.0), LeaderCheck::AskLeader);
        lock.heard("z", 9_510.0);
        assert_eq!(
            visible(&mut lock, 9_750.0),
            LeaderCheck::Take,
            "another one does not speak for it"
        );
    }

    #[test]
    fn who_took_the_lock_in_vain_waits_longer_until_the_leader_answers() {
        let mut lock = lock();
        assert_eq!(visible(&mut lock, 300.0), LeaderCheck::AskLeader);
        assert_eq!(visible(&mut lock, 600.0), LeaderCheck::Take);
        lock.led_by("a".into(), 1_000.0);
        assert_eq!(visible(&mut lock, 1_500.0), LeaderCheck::Nothing);
        assert_eq!(visible(&mut lock, 1_501.0), LeaderCheck::AskLeader);
        lock.heard("a", 1_510.0);
        assert_eq!(visible(&mut lock, 1_761.0), LeaderCheck::AskLeader);
    }

    #[test]
    fn a_hidden_tab_waits_as_long_as_a_leader_may_be_silent() {
        let mut lock = lock();
        assert_eq!(hidden(&mut lock, MOST_MS), LeaderCheck::Nothing);
        assert_eq!(hidden(&mut lock, MOST_MS + 1.0), LeaderCheck::AskLeader);
        assert_eq!(hidden(&mut lock, MOST_MS + 1_000.0), LeaderCheck::Take);
    }
}
