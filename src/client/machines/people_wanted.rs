//! People whom a message or a conversation names and whom this page does not know. Each is
//! requested once, many in one call; a failed call is repeated later.

use std::collections::HashSet;

use crate::model::UserId;
use crate::model::limits::PEOPLE_BY_ID_MAX;

use super::backoff::Backoff;

#[derive(Debug, Default)]
pub struct PeopleWanted {
    wanted: HashSet<UserId>,
    /// Ids that the server does not know.
    nonexistent: HashSet<UserId>,
    busy: bool,
    backoff: Backoff,
}

impl PeopleWanted {
    /// Adds people. Returns whom to request now, if no call is running.
    pub fn want(&mut self, users: Vec<UserId>) -> Option<Vec<UserId>> {
        self.wanted.extend(users.into_iter().filter(|user| !self.nonexistent.contains(user)));
        self.next()
    }

    /// The server knows `found` among the `requested`. Returns whom to request next.
    pub fn answered(&mut self, requested: &[UserId], found: &[UserId]) -> Option<Vec<UserId>> {
        for user in requested {
            self.wanted.remove(user);
            if !found.contains(user) {
                self.nonexistent.insert(*user);
            }
        }
        self.backoff.reset();
        self.busy = false;
        self.next()
    }

    /// The call failed. Returns the delay in milliseconds after which to call `wait_over`.
    /// `random` is from 0 to 1.
    pub fn failed(&mut self, random: f64) -> u32 {
        self.backoff.next_ms(random)
    }

    /// The delay is over. Returns whom to request.
    pub fn wait_over(&mut self) -> Option<Vec<UserId>> {
        self.busy = false;
        self.next()
    }

    fn next(&mut self) -> Option<Vec<UserId>> {
        if self.busy || self.wanted.is_empty() {
            return None;
        }
        self.busy = true;
        let mut next: Vec<UserId> = self.wanted.iter().copied().collect();
        next.sort_unstable();
        next.truncate(PEOPLE_BY_ID_MAX);
        Some(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(range: std::ops::Range<i64>) -> Vec<UserId> {
        range.map(UserId).collect()
    }

    #[test]
    fn one_call_at_a_time_requests_everybody_wanted_so_far() {
        let mut wanted = PeopleWanted::default();
        assert_eq!(wanted.want(ids(1..3)), Some(ids(1..3)));
        assert_eq!(wanted.want(ids(2..5)), None);
        assert_eq!(wanted.answered(&ids(1..3), &ids(1..3)), Some(ids(3..5)));
        assert_eq!(wanted.answered(&ids(3..5), &ids(3..5)), None);
        assert_eq!(wanted.want(vec![]), None);
    }

    #[test]
    fn a_long_list_is_split_into_several_calls() {
        let mut wanted = PeopleWanted::default();
        assert_eq!(wanted.want(ids(0..150)).map(|next| next.len()), Some(PEOPLE_BY_ID_MAX));
        let rest = wanted.answered(&ids(0..100), &ids(0..100));
        assert_eq!(rest, Some(ids(100..150)));
    }

    #[test]
    fn a_failed_call_is_repeated_after_a_delay_and_unknown_ids_are_not_requested_again() {
        let mut wanted = PeopleWanted::default();
        wanted.want(ids(1..3));
        assert_eq!(wanted.failed(1.0), 500);
        assert_eq!(wanted.want(ids(3..4)), None, "the delay is not over");
        assert_eq!(wanted.wait_over(), Some(ids(1..4)));
        assert_eq!(wanted.answered(&ids(1..4), &ids(1..3)), None);
        assert_eq!(wanted.want(ids(3..4)), None, "the server does not know this id");
    }
}
