//! The relationships of one listening user, for presence: loaded once when they begin to listen,
//! then updated by every commit.

use std::collections::HashMap;

use crate::model::UserId;
use crate::store::Relationship;

/// One field of [`Relationship`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RelationshipKind {
    Friend,
    Talked,
    Blocked,
}

/// The relationships of a user to others.
#[derive(Debug, Default)]
pub struct Acquaintances {
    relationships: HashMap<UserId, Relationship>,
    loaded: bool,
    /// Changes committed while the load was under way: it may or may not have seen them.
    changed_meanwhile: HashMap<(UserId, RelationshipKind), bool>,
    /// Grows when a load that is under way becomes invalid.
    generation: u64,
}

impl Acquaintances {
    /// Returns the generation to load for [`Acquaintances::load`]; `None` when all is loaded.
    pub fn load_needed(&self) -> Option<u64> {
        (!self.loaded).then_some(self.generation)
    }

    /// Takes relationships that were read after `generation` was returned. Returns false when they
    /// are invalid and must be read again.
    pub fn load(&mut self, generation: u64, relationships: HashMap<UserId, Relationship>) -> bool {
        if generation != self.generation {
            return false;
        }
        if !self.loaded {
            self.relationships = relationships;
            self.loaded = true;
            for ((user, kind), exists) in std::mem::take(&mut self.changed_meanwhile) {
                self.apply(user, kind, exists);
            }
        }
        true
    }

    /// Another process wrote to the database: everything must be loaded again. Until then the old
    /// relationships count.
    pub fn invalidate(&mut self) {
        self.loaded = false;
        self.generation += 1;
        self.changed_meanwhile.clear();
    }

    /// Begins or ends a relationship. Returns whether that changes anything.
    pub fn set(&mut self, user: UserId, kind: RelationshipKind, exists: bool) -> bool {
        if !self.loaded {
            self.changed_meanwhile.insert((user, kind), exists);
        }
        self.apply(user, kind, exists)
    }

    fn apply(&mut self, user: UserId, kind: RelationshipKind, exists: bool) -> bool {
        let relationship = self.relationships.entry(user).or_default();
        let old = *relationship;
        match kind {
            RelationshipKind::Friend => relationship.friend = exists,
            RelationshipKind::Talked => relationship.talked = exists,
            RelationshipKind::Blocked => relationship.blocked = exists,
        }
        let new = *relationship;
        if new == Relationship::default() {
            self.relationships.remove(&user);
        }
        new != old
    }

    /// Returns the people whose presence this user may see, unless these block them.
    pub fn known(&self) -> impl Iterator<Item = UserId> {
        self.relationships
            .iter()
            .filter(|(_, relationship)| Self::is_known(relationship))
            .map(|(user, _)| *user)
    }

    /// Whether `user` is one of [`Acquaintances::known`].
    pub fn knows(&self, user: UserId) -> bool {
        self.relationships.get(&user).is_some_and(Self::is_known)
    }

    fn is_known(relationship: &Relationship) -> bool {
        relationship.friend || relationship.talked
    }

    /// Returns the people who may see the presence of this user.
    pub fn shown_to(&self) -> impl Iterator<Item = UserId> {
        self.known().filter(|user| self.shows_to(*user))
    }

    pub fn blocks(&self, user: UserId) -> bool {
        self.relationships.get(&user).is_some_and(|relationship| relationship.blocked)
    }

    /// Whether `user` may see the presence of this user.
    pub fn shows_to(&self, user: UserId) -> bool {
        self.knows(user) && !self.blocks(user)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOB: UserId = UserId(2);
    const CID: UserId = UserId(3);

    fn friend() -> Relationship {
        Relationship { friend: true, ..Relationship::default() }
    }

    #[test]
    fn changes_committed_during_a_load_override_it() {
        let mut acquaintances = Acquaintances::default();
        let generation = acquaintances.load_needed().expect("nothing is loaded");
        acquaintances.set(BOB, RelationshipKind::Friend, false);
        acquaintances.set(CID, RelationshipKind::Talked, true);
        assert!(acquaintances.load(generation, HashMap::from([(BOB, friend())])));
        assert_eq!(acquaintances.known().collect::<Vec<_>>(), [CID]);
        assert_eq!(acquaintances.load_needed(), None);
        assert!(
            acquaintances.load(generation, HashMap::from([(BOB, friend())])),
            "a second load is ignored"
        );
        assert!(!acquaintances.shows_to(BOB));
    }

    #[test]
    fn a_load_from_before_a_foreign_commit_is_refused() {
        let mut acquaintances = Acquaintances::default();
        let generation = acquaintances.load_needed().expect("nothing is loaded");
        assert!(acquaintances.load(generation, HashMap::from([(BOB, friend())])));
        acquaintances.invalidate();
        assert!(!acquaintances.load(generation, HashMap::new()));
        assert!(acquaintances.shows_to(BOB), "the old state stays until the next load");
        let generation = acquaintances.load_needed().expect("a new load is needed");
        assert!(acquaintances.load(generation, HashMap::new()));
        assert!(!acquaintances.shows_to(BOB));
    }

    #[test]
    fn blocked_people_stay_known_and_are_shown_nothing() {
        let mut acquaintances = Acquaintances::default();
        assert!(acquaintances.set(BOB, RelationshipKind::Friend, true));
        assert!(acquaintances.set(BOB, RelationshipKind::Blocked, true));
        assert!(!acquaintances.set(BOB, RelationshipKind::Blocked, true));
        assert_eq!((acquaintances.known().count(), acquaintances.shown_to().count()), (1, 0));
        acquaintances.set(BOB, RelationshipKind::Friend, false);
        acquaintances.set(BOB, RelationshipKind::Blocked, false);
        assert!(acquaintances.relationships.is_empty(), "an empty relationship is not kept");
    }
}
