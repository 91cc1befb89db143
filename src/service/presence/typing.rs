//! Who is writing to whom at this moment.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

use crate::model::UserId;
use crate::model::limits::TYPING_MS;

const LASTS: Duration = Duration::from_millis(TYPING_MS as u64);

/// For each reader, who writes to them and until when it counts.
#[derive(Debug, Default)]
pub struct Writing(HashMap<UserId, HashMap<UserId, Instant>>);

impl Writing {
    /// Notes that `from` writes to `to`.
    pub fn begin(&mut self, from: UserId, to: UserId) {
        self.0.entry(to).or_default().insert(from, Instant::now() + LASTS);
    }

    /// Notes that `from` goes on. Returns false when they do not write to `to`, or no more.
    pub fn go_on(&mut self, from: UserId, to: UserId) -> bool {
        let now = Instant::now();
        match self.0.get_mut(&to).and_then(|writers| writers.get_mut(&from)) {
            Some(until) if *until > now => {
                *until = now + LASTS;
                true
            }
            _ => false,
        }
    }

    /// Notes that `from` writes to `to` no more. Returns whether they did.
    pub fn stop(&mut self, from: UserId, to: UserId) -> bool {
        let Some(writers) = self.0.get_mut(&to) else { return false };
        let stopped = writers.remove(&from).is_some();
        if writers.is_empty() {
            self.0.remove(&to);
        }
        stopped
    }

    /// Forgets everything of `user`, and returns those who saw them write.
    pub fn forget(&mut self, user: UserId) -> Vec<UserId> {
        self.0.remove(&user);
        let readers: Vec<UserId> = self.0.keys().copied().collect();
        readers.into_iter().filter(|reader| self.stop(user, *reader)).collect()
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Returns who writes to `reader`, by their ids.
    pub fn to(&self, reader: UserId) -> Vec<UserId> {
        let now = Instant::now();
        let writers = self.0.get(&reader).into_iter().flatten();
        let mut writers: Vec<UserId> =
            writers.filter(|(_, until)| **until > now).map(|(writer, _)| *writer).collect();
        writers.sort_unstable();
        writers
    }

    /// Drops what is over, and returns those for whom that changes something.
    pub fn end(&mut self) -> Vec<UserId> {
        let now = Instant::now();
        let mut changed = Vec::new();
        self.0.retain(|reader, writers| {
            let before = writers.len();
            writers.retain(|_, until| *until > now);
            if writers.len() < before {
                changed.push(*reader);
            }
            !writers.is_empty()
        });
        if !changed.is_empty() {
            self.0.shrink_to_fit();
        }
        changed
    }
}
