//! The state of presence, and what leases, commits and typing change in it.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use tokio::time::Instant;

use crate::model::{Contacts, Conversation, Event, EventKind, SignInId, UserId};
use crate::store::{Audience, Relationship};

use super::acquaintances::{Acquaintances, RelationshipKind};
use super::typing::TypingTable;

/// Time for which a user stays online after their last receive. It covers the pause between two
/// receives on a slow network.
pub const LEASE: Duration = Duration::from_secs(30);

pub struct PresenceState {
    /// With `Contacts::Everyone` a conversation is a relationship; with `Contacts::Friends` it is
    /// not.
    contacts: Contacts,
    /// The users with a lease.
    listeners: HashMap<UserId, Listener>,
    pub typing: TypingTable,
    /// The users whose view has changed since the last tick.
    changed: HashSet<UserId>,
    /// The last version given out. It starts at random, so that versions from before a restart are
    /// unknown.
    version: u64,
    /// How often somebody lost the right to write to somebody: a right that was looked up before is
    /// not valid any more.
    pub revocations: u64,
}

pub struct Listener {
    /// By device.
    leases: HashMap<SignInId, Lease>,
    pub acquaintances: Acquaintances,
    /// Whether others see this user: only after the first load, which says who may.
    visible: bool,
    pub version: u64,
}

struct Lease {
    /// The receives that are held.
    receives: usize,
    /// The end of the last receive.
    ended: Instant,
}

impl Listener {
    fn new(version: u64) -> Self {
        Self {
            leases: HashMap::new(),
            acquaintances: Acquaintances::default(),
            visible: false,
            version,
        }
    }
}

impl Lease {
    fn new() -> Self {
        Self { receives: 0, ended: Instant::now() }
    }

    fn is_over(&self) -> bool {
        self.receives == 0 && self.ended.elapsed() >= LEASE
    }
}

impl PresenceState {
    pub fn new(contacts: Contacts) -> Self {
        Self {
            contacts,
            listeners: HashMap::new(),
            typing: TypingTable::default(),
            changed: HashSet::new(),
            version: rand::random(),
            revocations: 0,
        }
    }

    pub fn listener(&self, user: UserId) -> Option<&Listener> {
        self.listeners.get(&user)
    }

    /// Returns the listener whom others may see.
    pub fn visible(&self, user: UserId) -> Option<&Listener> {
        self.listener(user).filter(|listener| listener.visible)
    }

    pub fn begin_receive(&mut self, user: UserId, sign_in: SignInId) {
        if !self.listeners.contains_key(&user) {
            let version = self.next_version();
            self.listeners.insert(user, Listener::new(version));
        }
        if let Some(listener) = self.listeners.get_mut(&user) {
            let lease = listener.leases.entry(sign_in).or_insert_with(Lease::new);
            lease.receives += 1;
        }
    }

    pub fn end_receive(&mut self, user: UserId, sign_in: SignInId) {
        let listener = self.listeners.get_mut(&user);
        if let Some(lease) = listener.and_then(|listener| listener.leases.get_mut(&sign_in)) {
            lease.receives = lease.receives.saturating_sub(1);
            lease.ended = Instant::now();
        }
    }

    pub fn end_sign_in(&mut self, user: UserId, sign_in: SignInId) {
        if let Some(listener) = self.listeners.get_mut(&user) {
            listener.leases.remove(&sign_in);
        }
    }

    /// Returns false when the relationships must be read again.
    pub fn load_relationships(
        &mut self,
        user: UserId,
        generation: u64,
        relationships: HashMap<UserId, Relationship>,
    ) -> bool {
        // A user who has left in the meantime needs none.
        let Some(listener) = self.listeners.get_mut(&user) else { return true };
        if !listener.acquaintances.load(generation, relationships) {
            return false;
        }
        listener.visible = true;
        let shown_to: Vec<UserId> = listener.acquaintances.shown_to().collect();
        self.mark_changed(shown_to);
        true
    }

    fn next_version(&mut self) -> u64 {
        self.version = self.version.wrapping_add(1);
        self.version
    }

    /// Gives the view of `user` a new version.
    pub fn renew_version(&mut self, user: UserId) {
        let version = self.next_version();
        if let Some(listener) = self.listeners.get_mut(&user) {
            listener.version = version;
        }
    }

    /// Has the next tick renew the views of those of `users` who listen.
    fn mark_changed(&mut self, users: impl IntoIterator<Item = UserId>) {
        let listeners = &self.listeners;
        self.changed.extend(users.into_iter().filter(|user| listeners.contains_key(user)));
    }

    /// Another process wrote to the database: relationships and rights may have changed.
    pub fn invalidate(&mut self) {
        self.revocations += 1;
        self.typing.clear();
        for listener in self.listeners.values_mut() {
            listener.acquaintances.invalidate();
        }
        self.changed.extend(self.listeners.keys());
    }

    /// Applies an event. Adds to `wake_now` the users who must see the change before the next tick.
    pub fn apply(&mut self, event: &Event, audience: &Audience, wake_now: &mut Vec<UserId>) {
        // The events below that need it have an audience of one.
        let to = match audience {
            Audience::Users(users) => users.first().copied(),
            Audience::Everybody => None,
        };
        match (&event.kind, to) {
            (EventKind::Message { conversation: Conversation::Direct(low, high), message }, _)
                if message.system.is_none() =>
            {
                if self.contacts == Contacts::Everyone {
                    self.set_relationship(*low, RelationshipKind::Talked, *high, true);
                    self.set_relationship(*high, RelationshipKind::Talked, *low, true);
                }
                let reader = if message.sender == *low { *high } else { *low };
                // The message itself wakes its reader.
                if self.typing.stop(message.sender, reader) {
                    self.renew_version(reader);
                }
            }
            (EventKind::FriendAdded { friend }, Some(user)) => {
                self.set_relationship(user, RelationshipKind::Friend, friend.person.id, true);
            }
            (EventKind::FriendRemoved { user: friend }, Some(user)) => {
                self.set_relationship(user, RelationshipKind::Friend, *friend, false);
                wake_now.extend(self.revoke(user, *friend));
            }
            (EventKind::BlockSet { person, blocked }, Some(user)) => {
                self.set_relationship(user, RelationshipKind::Blocked, person.id, *blocked);
                if *blocked {
                    wake_now.extend(self.revoke(user, person.id));
                }
                // Only a person who sees the user online or offline is woken. For anybody else the
                // wake-up itself would give the block away.
                let visible = self.visible(user);
                if visible.is_some_and(|visible| visible.acquaintances.knows(person.id)) {
                    self.renew_version(person.id);
                    wake_now.push(person.id);
                }
            }
            (EventKind::PersonChanged { person }, _) if person.deleted => {
                self.remove_listener(person.id);
                self.revocations += 1;
                for reader in self.typing.remove(person.id) {
                    self.renew_version(reader);
                }
            }
            _ => {}
        }
    }

    fn set_relationship(
        &mut self,
        user: UserId,
        kind: RelationshipKind,
        other: UserId,
        exists: bool,
    ) {
        let listener = self.listeners.get_mut(&user);
        let changes =
            listener.is_some_and(|listener| listener.acquaintances.set(other, kind, exists));
        if changes && self.listeners.contains_key(&other) {
            self.changed.insert(user);
        }
    }

    /// Neither may write to the other any more, or the right must be looked up again. Returns those
    /// who saw the other typing.
    fn revoke(&mut self, one: UserId, other: UserId) -> Vec<UserId> {
        self.revocations += 1;
        let mut readers = Vec::new();
        for (from, to) in [(one, other), (other, one)] {
            if self.typing.stop(from, to) {
                self.renew_version(to);
                readers.push(to);
            }
        }
        readers
    }

    /// Ends expired leases and typing. Returns the users whose view has a new version.
    pub fn tick(&mut self) -> Vec<UserId> {
        self.expire_leases();
        let readers = self.typing.expire();
        self.mark_changed(readers);
        let changed: Vec<UserId> = std::mem::take(&mut self.changed).into_iter().collect();
        for user in &changed {
            self.renew_version(*user);
        }
        changed
    }

    fn expire_leases(&mut self) {
        let mut left = Vec::new();
        for (user, listener) in &mut self.listeners {
            listener.leases.retain(|_, lease| !lease.is_over());
            if listener.leases.is_empty() {
                left.push(*user);
            }
        }
        for user in &left {
            self.remove_listener(*user);
        }
        if !left.is_empty() {
            self.listeners.shrink_to_fit();
        }
    }

    /// The user goes offline.
    fn remove_listener(&mut self, user: UserId) {
        if let Some(listener) = self.listeners.remove(&user) {
            self.mark_changed(listener.acquaintances.shown_to());
        }
    }
}
