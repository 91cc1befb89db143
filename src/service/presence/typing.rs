//! The people who are typing, by their readers. A report of typing is valid for a short lease.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

use crate::model::UserId;
use crate::model::limits::TYPING_MS;

const TYPING_LEASE: Duration = Duration::from_millis(TYPING_MS as u64);

/// For each reader, the people typing to them and the end of their leases.
#[derive(Debug, Default)]
pub struct TypingTable(HashMap<UserId, HashMap<UserId, Instant>>);

impl TypingTable {
    /// Notes that `from` is typing to `to`.
    pub fn start(&mut self, from: UserId, to: UserId) {
        self.0.entry(to).or_default().insert(from, Instant::now() + TYPING_LEASE);
    }

    /// Renews the lease of `from`. Returns false without a valid one.
    pub fn renew(&mut self, from: UserId, to: UserId) -> bool {
        let now = Instant::now();
        match self.0.get_mut(&to).and_then(|typists| typists.get_mut(&from)) {
            Some(until) if *until > now => {
                *until = now + TYPING_LEASE;
                true
            }
            _ => false,
        }
    }

    /// Ends the typing of `from` to `to`. Returns whether there was any.
    pub fn stop(&mut self, from: UserId, to: UserId) -> bool {
        let Some(typists) = self.0.get_mut(&to) else { return false };
        let stopped = typists.remove(&from).is_some();
        if typists.is_empty() {
            self.0.remove(&to);
        }
        stopped
    }

    /// Removes `user` as reader and as typist. Returns the readers who saw them typing.
    pub fn remove(&mut self, user: UserId) -> Vec<UserId> {
        self.0.remove(&user);
        let readers: Vec<UserId> = self.0.keys().copied().collect();
        readers.into_iter().filter(|reader| self.stop(user, *reader)).collect()
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Returns the people typing to `reader`, sorted by id.
    pub fn typists(&self, reader: UserId) -> Vec<UserId> {
        let now = Instant::now();
        let typists = self.0.get(&reader).into_iter().flatten();
        let mut typists: Vec<UserId> =
            typists.filter(|(_, until)| **until > now).map(|(typist, _)| *typist).collect();
        typists.sort_unstable();
        typists
    }

    /// Drops expired leases. Returns the readers for whom that changes something.
    pub fn expire(&mut self) -> Vec<UserId> {
        let now = Instant::now();
        let mut changed = Vec::new();
        self.0.retain(|reader, typists| {
            let before = typists.len();
            typists.retain(|_, until| *until > now);
            if typists.len() < before {
                changed.push(*reader);
            }
            !typists.is_empty()
        });
        if !changed.is_empty() {
            self.0.shrink_to_fit();
        }
        changed
    }
}
