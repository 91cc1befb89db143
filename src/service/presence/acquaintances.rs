//! Whom somebody knows, read once when they begin to listen and kept in step with what is
//! committed from then on.

use std::collections::HashMap;

use crate::model::UserId;
use crate::store::Ties;

/// One of the [`Ties`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tie {
    Friend,
    Talked,
    Blocked,
}

/// One person's ties to others.
#[derive(Debug, Default)]
pub struct Acquaintances {
    ties: HashMap<UserId, Ties>,
    loaded: bool,
    /// What was committed before the ties were loaded: the load may or may not have seen it.
    meanwhile: HashMap<(UserId, Tie), bool>,
    /// Grows when what was read before no longer counts.
    generation: u64,
}

impl Acquaintances {
    /// Returns what [`Acquaintances::learn`] asks for, while the ties must be loaded.
    pub fn wanted(&self) -> Option<u64> {
        (!self.loaded).then_some(self.generation)
    }

    /// Takes the ties that were read after `generation` was asked for. Returns whether they
    /// count: else they must be read again.
    pub fn learn(&mut self, generation: u64, ties: HashMap<UserId, Ties>) -> bool {
        if generation != self.generation {
            return false;
        }
        if !self.loaded {
            self.ties = ties;
            self.loaded = true;
            for ((user, tie), is) in std::mem::take(&mut self.meanwhile) {
                self.put(user, tie, is);
            }
        }
        true
    }

    /// Says that others have written to the database: the ties must be loaded again. Until then
    /// they stay as they are.
    pub fn outdate(&mut self) {
        self.loaded = false;
        self.generation += 1;
        self.meanwhile.clear();
    }

    /// Sets a tie. Returns whether that changes anything.
    pub fn set(&mut self, user: UserId, tie: Tie, is: bool) -> bool {
        if !self.loaded {
            self.meanwhile.insert((user, tie), is);
        }
        self.put(user, tie, is)
    }

    fn put(&mut self, user: UserId, tie: Tie, is: bool) -> bool {
        let ties = self.ties.entry(user).or_default();
        let old = *ties;
        match tie {
            Tie::Friend => ties.friend = is,
            Tie::Talked => ties.talked = is,
            Tie::Blocked => ties.blocked = is,
        }
        let new = *ties;
        if new == Ties::default() {
            self.ties.remove(&user);
        }
        new != old
    }

    /// Everybody to whom this person has a tie of those that show them.
    pub fn known(&self) -> impl Iterator<Item = UserId> {
        self.ties.iter().filter(|(_, ties)| Self::is_known(ties)).map(|(user, _)| *user)
    }

    /// Whether `user` is one of [`Acquaintances::known`].
    pub fn knows(&self, user: UserId) -> bool {
        self.ties.get(&user).is_some_and(Self::is_known)
    }

    fn is_known(ties: &Ties) -> bool {
        ties.friend || ties.talked
    }

    /// Everybody who may know whether this person is there.
    pub fn shown_to(&self) -> impl Iterator<Item = UserId> {
        self.known().filter(|user| self.shows_to(*user))
    }

    pub fn blocks(&self, user: UserId) -> bool {
        self.ties.get(&user).is_some_and(|ties| ties.blocked)
    }

    /// Whether `user` may know that this person is there.
    pub fn shows_to(&self, user: UserId) -> bool {
        self.ties.get(&user).is_some_and(|ties| Self::is_known(ties) && !ties.blocked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOB: UserId = UserId(2);
    const CID: UserId = UserId(3);

    fn friend() -> Ties {
        Ties { friend: true, ..Ties::default() }
    }

    #[test]
    fn what_is_committed_while_the_ties_are_read_counts_more() {
        let mut circle = Acquaintances::default();
        let asked = circle.wanted().expect("nothing is loaded");
        circle.set(BOB, Tie::Friend, false);
        circle.set(CID, Tie::Talked, true);
        assert!(circle.learn(asked, HashMap::from([(BOB, friend())])));
        assert_eq!(circle.known().collect::<Vec<_>>(), [CID]);
        assert_eq!(circle.wanted(), None);
        assert!(circle.learn(asked, HashMap::from([(BOB, friend())])), "a second load is late");
        assert!(!circle.shows_to(BOB));
    }

    #[test]
    fn what_was_read_before_others_wrote_does_not_count() {
        let mut circle = Acquaintances::default();
        let asked = circle.wanted().expect("nothing is loaded");
        assert!(circle.learn(asked, HashMap::from([(BOB, friend())])));
        circle.outdate();
        assert!(!circle.learn(asked, HashMap::new()));
        assert!(circle.shows_to(BOB), "it stays until there is something newer");
        let asked = circle.wanted().expect("to be loaded again");
        assert!(circle.learn(asked, HashMap::new()));
        assert!(!circle.shows_to(BOB));
    }

    #[test]
    fn whom_one_blocks_is_known_and_shown_nothing() {
        let mut circle = Acquaintances::default();
        assert!(circle.set(BOB, Tie::Friend, true));
        assert!(circle.set(BOB, Tie::Blocked, true));
        assert!(!circle.set(BOB, Tie::Blocked, true));
        assert_eq!((circle.known().count(), circle.shown_to().count()), (1, 0));
        circle.set(BOB, Tie::Friend, false);
        circle.set(BOB, Tie::Blocked, false);
        assert!(circle.ties.is_empty(), "nothing is left of who is nothing");
    }
}
