//! The sign-ins that were asked for a moment ago, so that a receive need not ask the database who
//! is there. Like a mailbox, it can be thrown away at any moment.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::Caller;
use crate::model::{EventId, Timestamp};
use crate::store::Committed;

/// Who holds which token.
#[derive(Debug)]
pub struct SignIns {
    state: Mutex<SignInTable>,
}

#[derive(Debug)]
struct SignInTable {
    /// By the token's hash.
    known: HashMap<String, CachedSignIn>,
    /// Up to where this process knows what was committed.
    head: EventId,
    /// How often sign-ins ended: what was looked up before counts no more.
    endings: u64,
}

#[derive(Debug)]
struct CachedSignIn {
    caller: Caller,
    /// By the server's clock. Then the database is asked again, if only to note there that the
    /// device was seen.
    from: Timestamp,
    until: Timestamp,
}

impl CachedSignIn {
    /// A clock that went back makes it unknown.
    fn holds(&self, now: Timestamp) -> bool {
        self.from <= now && now < self.until
    }
}

/// A look-up that is under way.
#[derive(Debug, Clone, Copy)]
pub struct PendingLookup {
    endings: u64,
    from: Timestamp,
}

impl SignIns {
    pub fn new(head: EventId) -> Self {
        Self { state: Mutex::new(SignInTable { known: HashMap::new(), head, endings: 0 }) }
    }

    /// Returns who holds the token with this hash, or leave to note what the database says.
    pub fn find(&self, token_hash: &str, now: Timestamp) -> Result<Caller, PendingLookup> {
        let state = self.lock();
        match state.known.get(token_hash) {
            Some(known) if known.holds(now) => Ok(known.caller),
            _ => Err(PendingLookup { endings: state.endings, from: now }),
        }
    }

    /// Keeps what the database said until then, unless sign-ins have ended since it was `asked`.
    pub fn note(&self, asked: PendingLookup, token_hash: String, caller: Caller, until: Timestamp) {
        let mut state = self.lock();
        if state.endings == asked.endings {
            state.known.insert(token_hash, CachedSignIn { caller, from: asked.from, until });
        }
    }

    /// Takes note of what was committed: sign-ins that have ended count no more.
    pub fn committed(&self, committed: &Committed) {
        let mut state = self.lock();
        if committed.before > state.head {
            // Somebody else wrote meanwhile: perhaps they ended some.
            state.forget();
        }
        state.head = state.head.max(committed.head);
        if !committed.ended.is_empty() {
            state.endings += 1;
            let ended = &committed.ended;
            state.known.retain(|_, known| {
                !ended.iter().any(|(_, sign_in)| *sign_in == known.caller.sign_in)
            });
        }
    }

    /// Drops everything: a commit failed, and perhaps it reached the disk and ended some.
    pub fn forget(&self) {
        self.lock().forget();
    }

    /// Drops what is not asked for any more.
    pub fn sweep(&self, now: Timestamp) {
        let mut state = self.lock();
        state.known.retain(|_, known| known.holds(now));
        state.known.shrink_to_fit();
    }

    fn lock(&self) -> MutexGuard<'_, SignInTable> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SignInTable {
    fn forget(&mut self) {
        self.endings += 1;
        self.known.clear();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::model::{SignInId, UserId};

    const NOW: Timestamp = Timestamp(1_000);
    const LATER: Timestamp = Timestamp(2_000);

    fn caller(sign_in: i64) -> Caller {
        Caller { user: UserId(1), sign_in: SignInId(sign_in) }
    }

    fn committed(before: i64, ended: &[i64]) -> Committed {
        let ended = ended.iter().map(|id| (UserId(1), SignInId(*id))).collect();
        let (before, head) = (EventId(before), EventId(before));
        Committed { before, head, events: Vec::new(), ended, changes: 1, took: Duration::ZERO }
    }

    fn knowing(sign_in: i64) -> SignIns {
        let sign_ins = SignIns::new(EventId(5));
        let asked = sign_ins.find("hash", NOW).expect_err("nothing is known yet");
        sign_ins.note(asked, "hash".into(), caller(sign_in), LATER);
        sign_ins
    }

    #[test]
    fn what_the_database_said_is_known_for_a_while() {
        let sign_ins = knowing(7);
        assert_eq!(sign_ins.find("hash", NOW).ok(), Some(caller(7)));
        assert!(sign_ins.find("hash", LATER).is_err());
        assert!(sign_ins.find("hash", Timestamp(999)).is_err(), "the clock went back");
        sign_ins.sweep(LATER);
        assert!(sign_ins.lock().known.is_empty());
    }

    #[test]
    fn the_end_of_a_sign_in_is_known_at_once() {
        let sign_ins = knowing(7);
        sign_ins.committed(&committed(5, &[8]));
        assert!(sign_ins.find("hash", NOW).is_ok());
        sign_ins.committed(&committed(5, &[7]));
        assert!(sign_ins.find("hash", NOW).is_err());
    }

    #[test]
    fn a_look_up_that_an_end_overtook_is_not_kept() {
        let sign_ins = SignIns::new(EventId(5));
        let asked = sign_ins.find("hash", NOW).expect_err("nothing is known yet");
        sign_ins.committed(&committed(5, &[7]));
        sign_ins.note(asked, "hash".into(), caller(7), LATER);
        assert!(sign_ins.find("hash", NOW).is_err());
    }

    #[test]
    fn what_somebody_else_wrote_may_have_ended_any() {
        let sign_ins = knowing(7);
        sign_ins.committed(&committed(6, &[]));
        assert!(sign_ins.find("hash", NOW).is_err());
    }
}
