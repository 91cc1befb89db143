//! Who is there just now, and who is writing: a lease that receives renew, never stored. It
//! travels as a whole with a version, and only to those who know each other.

mod acquaintances;
mod typing;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval};

use crate::model::{
    self, Contact, Contacts, Conversation, Event, EventKind, SignInId, Typing, UserId,
};
use crate::store::{Audience, Committed, Ties};

use super::Caller;
use super::mailbox::Mailboxes;

use acquaintances::{Acquaintances, Tie};
use typing::Writing;

/// For so long somebody whose last receive has ended is still there: the time between two
/// receives of a page, with a bad line in mind.
pub const LEASE: Duration = Duration::from_secs(30);

/// Who comes and goes is told at most this often, all at once: after a restart everybody comes.
pub const TICK: Duration = Duration::from_secs(1);

/// What is known of those who listen, and who is writing to whom.
pub struct PresenceTracker {
    mailboxes: Arc<Mailboxes>,
    state: Mutex<PresenceState>,
}

struct PresenceState {
    /// Whether a conversation is a tie, as among friends it is not.
    contacts: Contacts,
    /// Those who listen or did a moment ago.
    here: HashMap<UserId, Listener>,
    writing: Writing,
    /// Those for whom something has changed since the last tick.
    changed: HashSet<UserId>,
    /// The last version given. It begins anywhere, so that one from before a restart is unknown.
    version: u64,
    /// How often somebody lost the right to write to somebody: what was looked up before counts
    /// no more.
    partings: u64,
}

struct Listener {
    /// Of each device.
    leases: HashMap<SignInId, Lease>,
    circle: Acquaintances,
    /// Whether others see them: from when it is known who may.
    seen: bool,
    version: u64,
}

struct Lease {
    receives: usize,
    /// When the last one ended.
    ended: Instant,
}

/// A receive that is held, or about to be; its end is dropping this.
pub struct PresenceLease {
    presence: Arc<PresenceTracker>,
    caller: Caller,
}

impl PresenceTracker {
    pub fn new(mailboxes: Arc<Mailboxes>, contacts: Contacts) -> Self {
        let state = PresenceState {
            contacts,
            here: HashMap::new(),
            writing: Writing::default(),
            changed: HashSet::new(),
            version: rand::random(),
            partings: 0,
        };
        Self { mailboxes, state: Mutex::new(state) }
    }

    /// Tells who came and went, until the process ends.
    pub async fn keep(self: Arc<Self>, mut ending: watch::Receiver<bool>) {
        let mut ticks = interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = ticks.tick() => self.tick(),
                _ = ending.changed() => return,
            }
        }
    }

    /// Notes that a receive of the caller's begins.
    pub fn join(self: &Arc<Self>, caller: Caller) -> PresenceLease {
        let mut state = self.lock();
        if !state.here.contains_key(&caller.user) {
            let version = state.next_version();
            state.here.insert(caller.user, Listener::new(version));
        }
        if let Some(listener) = state.here.get_mut(&caller.user) {
            let lease = listener.leases.entry(caller.sign_in).or_insert_with(Lease::new);
            lease.receives += 1;
        }
        PresenceLease { presence: Arc::clone(self), caller }
    }

    /// Returns what [`PresenceTracker::acquaint`] asks for, while it must be read whom `user` knows.
    pub fn unacquainted(&self, user: UserId) -> Option<u64> {
        self.lock().here.get(&user).and_then(|listener| listener.circle.wanted())
    }

    /// Takes whom `user` knows, which shows them to those. Returns false when it must be read
    /// again.
    pub fn acquaint(&self, user: UserId, asked: u64, ties: HashMap<UserId, Ties>) -> bool {
        let mut state = self.lock();
        // Who has left meanwhile needs no acquaintances.
        let Some(listener) = state.here.get_mut(&user) else { return true };
        if !listener.circle.learn(asked, ties) {
            return false;
        }
        listener.seen = true;
        let shown: Vec<UserId> = listener.circle.shown_to().collect();
        state.mark(shown);
        true
    }

    /// Returns who is there for `user`, unless `known` names the present state.
    pub fn news(&self, user: UserId, known: Option<&str>) -> Option<model::Presence> {
        let state = self.lock();
        let listener = state.here.get(&user)?;
        let version = format!("{:x}", listener.version);
        if known == Some(version.as_str()) {
            return None;
        }
        let mut online: Vec<UserId> = listener
            .circle
            .known()
            .filter(|other| {
                let other = state.here.get(other);
                other.is_some_and(|other| other.seen && other.circle.shows_to(user))
            })
            .collect();
        online.sort_unstable();
        let writers = state.writing.to(user).into_iter();
        let typing = writers.map(|user| Typing { contact: Contact::User(user), user }).collect();
        Some(model::Presence { version, online, typing })
    }

    /// Returns who of `others` is there, besides those of whom `user` is told anyway and those who
    /// block them.
    pub fn strangers_here(&self, user: UserId, others: &[UserId]) -> Vec<UserId> {
        let state = self.lock();
        let known = state.here.get(&user).map(|listener| &listener.circle);
        let is_stranger =
            |other: &UserId| *other != user && !known.is_some_and(|circle| circle.knows(*other));
        let is_shown = |other: &UserId| {
            let other = state.here.get(other);
            other.is_some_and(|other| other.seen && !other.circle.blocks(user))
        };
        others.iter().copied().filter(is_stranger).filter(is_shown).collect()
    }

    /// Takes note of what was committed, before the mailboxes do: who is woken by it finds it here.
    pub fn committed(&self, committed: &Committed) {
        let foreign = committed.before > self.mailboxes.head();
        let mut state = self.lock();
        if foreign {
            state.outdate();
        }
        for (user, sign_in) in &committed.ended {
            state.end_sign_in(*user, *sign_in);
        }
        let mut now = Vec::new();
        for heard in &committed.events {
            state.note(&heard.event, &heard.by, &mut now);
        }
        drop(state);
        self.mailboxes.wake(&now);
    }

    /// Ends what a sign-in has of a lease: who has signed out is not there a while longer.
    pub fn end_sign_in(&self, user: UserId, sign_in: SignInId) {
        self.lock().end_sign_in(user, sign_in);
    }

    /// Renews what `from` writes to `to`. Returns false when nothing of it is known, or no more.
    pub fn still_typing(&self, from: UserId, to: UserId) -> bool {
        self.lock().writing.go_on(from, to)
    }

    /// Returns how often people have parted; asked before it is looked up who may write.
    pub fn partings(&self) -> u64 {
        self.lock().partings
    }

    /// Notes that `from`, who may, writes to `to`. Nothing when people have parted meanwhile: the
    /// page says it again.
    pub fn begin_typing(&self, from: UserId, to: UserId, partings: u64) {
        let mut state = self.lock();
        if state.partings != partings {
            return;
        }
        state.writing.begin(from, to);
        state.renew(to);
        drop(state);
        self.mailboxes.wake(&[to]);
    }

    /// Ends leases and typing that are over, and tells everybody what has changed for them.
    pub fn tick(&self) {
        let mut state = self.lock();
        state.end_leases();
        let done = state.writing.end();
        state.mark(done);
        let changed: Vec<UserId> = std::mem::take(&mut state.changed).into_iter().collect();
        for user in &changed {
            state.renew(*user);
        }
        drop(state);
        self.mailboxes.wake(&changed);
    }

    fn lock(&self) -> MutexGuard<'_, PresenceState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for PresenceLease {
    fn drop(&mut self) {
        let Caller { user, sign_in } = self.caller;
        let mut state = self.presence.lock();
        let lease = state.here.get_mut(&user).and_then(|here| here.leases.get_mut(&sign_in));
        if let Some(lease) = lease {
            lease.receives = lease.receives.saturating_sub(1);
            lease.ended = Instant::now();
        }
    }
}

impl Listener {
    fn new(version: u64) -> Self {
        Self { leases: HashMap::new(), circle: Acquaintances::default(), seen: false, version }
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
    fn next_version(&mut self) -> u64 {
        self.version = self.version.wrapping_add(1);
        self.version
    }

    /// Gives what `user` sees a new version.
    fn renew(&mut self, user: UserId) {
        let version = self.next_version();
        if let Some(listener) = self.here.get_mut(&user) {
            listener.version = version;
        }
    }

    /// Has the next tick tell those of these who listen.
    fn mark(&mut self, users: impl IntoIterator<Item = UserId>) {
        let here = &self.here;
        self.changed.extend(users.into_iter().filter(|user| here.contains_key(user)));
    }

    /// Somebody else wrote: what is known of ties and of who may write is old.
    fn outdate(&mut self) {
        self.partings += 1;
        self.writing.clear();
        for listener in self.here.values_mut() {
            listener.circle.outdate();
        }
        self.changed.extend(self.here.keys());
    }

    /// Takes note of an event; puts those into `now` who must see the change at once.
    fn note(&mut self, event: &Event, by: &Audience, now: &mut Vec<UserId>) {
        let hearer = match by {
            Audience::Users(users) => users.first().copied(),
            Audience::Everybody => None,
        };
        match (&event.kind, hearer) {
            (EventKind::Message { conversation: Conversation::Direct(low, high), message }, _)
                if message.system.is_none() =>
            {
                if self.contacts == Contacts::Everyone {
                    self.tie(*low, Tie::Talked, *high, true);
                    self.tie(*high, Tie::Talked, *low, true);
                }
                let to = if message.sender == *low { *high } else { *low };
                // The message itself wakes its reader.
                if self.writing.stop(message.sender, to) {
                    self.renew(to);
                }
            }
            (EventKind::FriendAdded { friend }, Some(user)) => {
                self.tie(user, Tie::Friend, friend.person.id, true);
            }
            (EventKind::FriendRemoved { user: friend }, Some(user)) => {
                self.tie(user, Tie::Friend, *friend, false);
                now.extend(self.part(user, *friend));
            }
            (EventKind::BlockSet { person, blocked }, Some(user)) => {
                self.tie(user, Tie::Blocked, person.id, *blocked);
                if *blocked {
                    now.extend(self.part(user, person.id));
                }
                // Who sees nothing of it is not woken either: that would tell them.
                let there = self.here.get(&user);
                if there.is_some_and(|there| there.seen && there.circle.knows(person.id)) {
                    self.renew(person.id);
                    now.push(person.id);
                }
            }
            (EventKind::PersonChanged { person }, _) if person.deleted => {
                self.leave(person.id);
                self.partings += 1;
                for reader in self.writing.forget(person.id) {
                    self.renew(reader);
                }
            }
            _ => {}
        }
    }

    fn end_sign_in(&mut self, user: UserId, sign_in: SignInId) {
        if let Some(listener) = self.here.get_mut(&user) {
            listener.leases.remove(&sign_in);
        }
    }

    fn tie(&mut self, user: UserId, tie: Tie, other: UserId, is: bool) {
        let changes =
            self.here.get_mut(&user).is_some_and(|listener| listener.circle.set(other, tie, is));
        if changes && self.here.contains_key(&other) {
            self.changed.insert(user);
        }
    }

    /// Neither may write to the other any more, or has to be looked up again. Returns who saw
    /// the other write.
    fn part(&mut self, one: UserId, other: UserId) -> Vec<UserId> {
        self.partings += 1;
        let mut saw = Vec::new();
        for (from, to) in [(one, other), (other, one)] {
            if self.writing.stop(from, to) {
                self.renew(to);
                saw.push(to);
            }
        }
        saw
    }

    fn end_leases(&mut self) {
        let mut left = Vec::new();
        for (user, listener) in &mut self.here {
            listener.leases.retain(|_, lease| !lease.is_over());
            if listener.leases.is_empty() {
                left.push(*user);
            }
        }
        for user in &left {
            self.leave(*user);
        }
        if !left.is_empty() {
            self.here.shrink_to_fit();
        }
    }

    /// Somebody is not there any more.
    fn leave(&mut self, user: UserId) {
        if let Some(listener) = self.here.remove(&user) {
            self.mark(listener.circle.shown_to());
        }
    }
}
