//! People whom a message or a conversation names and whom nobody has introduced: asked for once,
//! many in one call, and again later if the call failed.

use std::collections::HashSet;

use crate::model::UserId;
use crate::model::limits::PEOPLE_BY_ID_MAX;

use super::backoff::Backoff;

#[derive(Debug, Default)]
pub struct PeopleWanted {
    wanted: HashSet<UserId>,
    /// The server knows nobody by these ids.
    nonexistent: HashSet<UserId>,
    busy: bool,
    backoff: Backoff,
}

impl PeopleWanted {
    /// These are not known. Returns whom to ask for now, if anybody.
    pub fn want(&mut self, users: Vec<UserId>) -> Option<Vec<UserId>> {
        self.wanted.extend(users.into_iter().filter(|user| !self.nonexistent.contains(user)));
        self.next()
    }

    /// The server told of those who were `found` among the `asked`. Returns whom to ask for next.
    pub fn answered(&mut self, asked: &[UserId], found: &[UserId]) -> Option<Vec<UserId>> {
        for user in asked {
            self.wanted.remove(user);
            if !found.contains(user) {
                self.nonexistent.insert(*user);
            }
        }
        self.backoff.reset();
        self.busy = false;
        self.next()
    }

    /// The call failed. Returns after how many milliseconds to call `wait_over`. `random` is from 0
    /// to 1.
    pub fn failed(&mut self, random: f64) -> u32 {
        self.backoff.next_ms(random)
    }

    /// The wait is over: returns whom to ask for.
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
    fn one_call_at_a_time_asks_for_everybody_who_came_up() {
        let mut wanted = PeopleWanted::default();
        assert_eq!(wanted.want(ids(1..3)), Some(ids(1..3)));
        assert_eq!(wanted.want(ids(2..5)), None);
        assert_eq!(wanted.answered(&ids(1..3), &ids(1..3)), Some(ids(3..5)));
        assert_eq!(wanted.answered(&ids(3..5), &ids(3..5)), None);
        assert_eq!(wanted.want(vec![]), None);
    }

    #[test]
    fn a_long_list_goes_in_parts() {
        let mut wanted = PeopleWanted::default();
        assert_eq!(wanted.want(ids(0..150)).map(|asked| asked.len()), Some(PEOPLE_BY_ID_MAX));
        let rest = wanted.answered(&ids(0..100), &ids(0..100));
        assert_eq!(rest, Some(ids(100..150)));
    }

    #[test]
    fn a_failure_is_waited_out_and_nobody_is_asked_for_twice() {
        let mut wanted = PeopleWanted::default();
        wanted.want(ids(1..3));
        assert_eq!(wanted.failed(1.0), 500);
        assert_eq!(wanted.want(ids(3..4)), None, "the wait is not over");
        assert_eq!(wanted.wait_over(), Some(ids(1..4)));
        assert_eq!(wanted.answered(&ids(1..4), &ids(1..3)), None);
        assert_eq!(wanted.want(ids(3..4)), None, "there is no such person");
    }
}
