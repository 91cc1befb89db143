//! A cache of recently used sign-ins, so that a receive needs no query for its caller. Like a
//! mailbox, it can be thrown away at any moment.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::Caller;
use crate::model::{EventId, Timestamp};
use crate::store::Committed;

/// The callers by the hash of their token.
#[derive(Debug)]
pub struct SignInCache {
    state: Mutex<SignInTable>,
}

#[derive(Debug)]
struct SignInTable {
    /// By the token's hash.
    cached: HashMap<String, CachedSignIn>,
    /// The last event up to which this process knows all commits.
    head: EventId,
    /// How often sign-ins ended: a look-up that began before is not valid any more.
    revocations: u64,
}

#[derive(Debug)]
struct CachedSignIn {
    caller: Caller,
    from: Timestamp,
    /// By the server's clock. After this the database is asked again, which also stores the time of
    /// use.
    until: Timestamp,
}

impl CachedSignIn {
    /// Not valid before `from` either: the clock was set back.
    fn is_valid(&self, now: Timestamp) -> bool {
        self.from <= now && now < self.until
    }
}

/// A query that is under way.
#[derive(Debug, Clone, Copy)]
pub struct PendingLookup {
    revocations: u64,
    from: Timestamp,
}

impl SignInCache {
    pub fn new(head: EventId) -> Self {
        Self { state: Mutex::new(SignInTable { cached: HashMap::new(), head, revocations: 0 }) }
    }

    /// Returns the caller with this token, or a pending look-up for [`SignInCache::insert`].
    pub fn find(&self, token_hash: &str, now: Timestamp) -> Result<Caller, PendingLookup> {
        let state = self.lock();
        match state.cached.get(token_hash) {
            Some(cached) if cached.is_valid(now) => Ok(cached.caller),
            _ => Err(PendingLookup { revocations: state.revocations, from: now }),
        }
    }

    /// Caches the answer of the database until `until`, unless a sign-in has ended since `find`.
    pub fn insert(
        &self,
        lookup: PendingLookup,
        token_hash: String,
        caller: Caller,
        until: Timestamp,
    ) {
        let mut state = self.lock();
        if state.revocations == lookup.revocations {
            state.cached.insert(token_hash, CachedSignIn { caller, from: lookup.from, until });
        }
    }

    /// Takes note of a commit, and drops the sign-ins that it ended.
    pub fn committed(&self, committed: &Committed) {
        let mut state = self.lock();
        if committed.before > state.head {
            // Another process wrote in between and may have ended sign-ins.
            state.clear();
        }
        state.head = state.head.max(committed.head);
        if !committed.ended.is_empty() {
            state.revocations += 1;
            let ended = &committed.ended;
            state.cached.retain(|_, cached| {
                !ended.iter().any(|(_, sign_in)| *sign_in == cached.caller.sign_in)
            });
        }
    }

    /// Drops everything. After a failed commit its changes may be on the disk all the same, ended
    /// sign-ins among them.
    pub fn clear(&self) {
        self.lock().clear();
    }

    /// Drops expired entries.
    pub fn sweep(&self, now: Timestamp) {
        let mut state = self.lock();
        state.cached.retain(|_, cached| cached.is_valid(now));
        state.cached.shrink_to_fit();
    }

    fn lock(&self) -> MutexGuard<'_, SignInTable> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SignInTable {
    fn clear(&mut self) {
        self.revocations += 1;
        self.cached.clear();
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
        let (events, took) = (Vec::new(), Duration::ZERO);
        Committed { before, head, events, ended, erased: false, changes: 1, took }
    }

    fn cache_with(sign_in: i64) -> SignInCache {
        let sign_ins = SignInCache::new(EventId(5));
        let lookup = sign_ins.find("hash", NOW).expect_err("nothing is known yet");
        sign_ins.insert(lookup, "hash".into(), caller(sign_in), LATER);
        sign_ins
    }

    #[test]
    fn answers_of_the_database_are_cached_until_they_expire() {
        let sign_ins = cache_with(7);
        assert_eq!(sign_ins.find("hash", NOW).ok(), Some(caller(7)));
        assert!(sign_ins.find("hash", LATER).is_err());
        assert!(sign_ins.find("hash", Timestamp(999)).is_err(), "the clock went back");
        sign_ins.sweep(LATER);
        assert!(sign_ins.lock().cached.is_empty());
    }

    #[test]
    fn an_ended_sign_in_leaves_the_cache_at_once() {
        let sign_ins = cache_with(7);
        sign_ins.committed(&committed(5, &[8]));
        assert!(sign_ins.find("hash", NOW).is_ok());
        sign_ins.committed(&committed(5, &[7]));
        assert!(sign_ins.find("hash", NOW).is_err());
    }

    #[test]
    fn a_lookup_from_before_an_ended_sign_in_is_not_cached() {
        let sign_ins = SignInCache::new(EventId(5));
        let lookup = sign_ins.find("hash", NOW).expect_err("nothing is known yet");
        sign_ins.committed(&committed(5, &[7]));
        sign_ins.insert(lookup, "hash".into(), caller(7), LATER);
        assert!(sign_ins.find("hash", NOW).is_err());
    }

    #[test]
    fn a_foreign_commit_clears_the_cache() {
        let sign_ins = cache_with(7);
        sign_ins.committed(&committed(6, &[]));
        assert!(sign_ins.find("hash", NOW).is_err());
    }
}
