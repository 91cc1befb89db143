//! Presence: who is online and who is typing. It lives in memory alone, as a lease that receives
//! renew. Each user sees the people they know; their view travels as a whole, with a version.

mod acquaintances;
mod state;
mod typing;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};

use crate::model::{self, Contact, Contacts, SignInId, Typing, UserId};
use crate::store::{Committed, Relationship};

use super::Caller;
use super::mailbox::Mailboxes;

use state::PresenceState;

pub use state::LEASE;

/// Minimum interval between two reports of who came and went. After a restart everybody comes, and
/// one report covers them all.
pub const TICK: Duration = Duration::from_secs(1);

/// The presence of all users who listen.
pub struct PresenceTracker {
    mailboxes: Arc<Mailboxes>,
    state: Mutex<PresenceState>,
}

/// Keeps a user online during a receive. Dropping this ends the receive and starts the lease.
pub struct PresenceLease {
    presence: Arc<PresenceTracker>,
    caller: Caller,
}

impl PresenceTracker {
    pub fn new(mailboxes: Arc<Mailboxes>, contacts: Contacts) -> Self {
        Self { mailboxes, state: Mutex::new(PresenceState::new(contacts)) }
    }

    /// Reports at each tick who came and went, until the process ends.
    pub async fn run(self: Arc<Self>, mut ending: watch::Receiver<bool>) {
        let mut ticks = interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = ticks.tick() => self.tick(),
                _ = ending.changed() => return,
            }
        }
    }

    /// Notes that a receive of the caller begins.
    pub fn join(self: &Arc<Self>, caller: Caller) -> PresenceLease {
        self.lock().begin_receive(caller.user, caller.sign_in);
        PresenceLease { presence: Arc::clone(self), caller }
    }

    /// Returns the generation for [`PresenceTracker::set_relationships`]; `None` when the
    /// relationships of `user` are loaded.
    pub fn relationships_needed(&self, user: UserId) -> Option<u64> {
        self.lock().listener(user).and_then(|listener| listener.acquaintances.load_needed())
    }

    /// Takes the relationships of `user`, who then becomes visible. Returns false when they were
    /// read too early and must be read again.
    pub fn set_relationships(
        &self,
        user: UserId,
        generation: u64,
        relationships: HashMap<UserId, Relationship>,
    ) -> bool {
        self.lock().load_relationships(user, generation, relationships)
    }

    /// Returns what `user` sees, unless `known_version` names it.
    pub fn view_of(&self, user: UserId, known_version: Option<&str>) -> Option<model::Presence> {
        let state = self.lock();
        let listener = state.listener(user)?;
        let version = format!("{:x}", listener.version);
        if known_version == Some(version.as_str()) {
            return None;
        }
        let mut online: Vec<UserId> = listener
            .acquaintances
            .known()
            .filter(|other| {
                state.visible(*other).is_some_and(|other| other.acquaintances.shows_to(user))
            })
            .collect();
        online.sort_unstable();
        let typists = state.typing.typists(user).into_iter();
        let typing = typists.map(|user| Typing { contact: Contact::User(user), user }).collect();
        Some(model::Presence { version, online, typing })
    }

    /// Returns those of `others` who are online, except the people in the view of `user` and those
    /// who block them.
    pub fn online_strangers(&self, user: UserId, others: &[UserId]) -> Vec<UserId> {
        let state = self.lock();
        let known = state.listener(user).map(|listener| &listener.acquaintances);
        let is_stranger =
            |other: &UserId| *other != user && !known.is_some_and(|known| known.knows(*other));
        let is_shown = |other: &UserId| {
            state.visible(*other).is_some_and(|other| !other.acquaintances.blocks(user))
        };
        others.iter().copied().filter(is_stranger).filter(is_shown).collect()
    }

    /// Takes note of a commit. This comes before the mailboxes: a receive that they wake must find
    /// the new presence here.
    pub fn committed(&self, committed: &Committed) {
        let foreign = committed.before > self.mailboxes.head();
        let mut state = self.lock();
        if foreign {
            state.invalidate();
        }
        for (user, sign_in) in &committed.ended {
            state.end_sign_in(*user, *sign_in);
        }
        let mut wake_now = Vec::new();
        for addressed in &committed.events {
            state.apply(&addressed.event, &addressed.audience, &mut wake_now);
        }
        drop(state);
        self.mailboxes.wake(&wake_now);
    }

    /// Ends the lease of a sign-in at once: who has signed out is offline.
    pub fn end_sign_in(&self, user: UserId, sign_in: SignInId) {
        self.lock().end_sign_in(user, sign_in);
    }

    /// Renews the typing of `from` to `to`. Returns false when none is known or its lease is over.
    pub fn renew_typing(&self, from: UserId, to: UserId) -> bool {
        self.lock().typing.renew(from, to)
    }

    /// Returns how often a right to write was revoked. Read this before looking up the right.
    pub fn revocations(&self) -> u64 {
        self.lock().revocations
    }

    /// Notes that `from`, who may write to `to`, is typing. Does nothing when a right was revoked
    /// after `revocations` was read: the page will report the typing again.
    pub fn start_typing(&self, from: UserId, to: UserId, revocations: u64) {
        let mut state = self.lock();
        if state.revocations != revocations {
            return;
        }
        state.typing.start(from, to);
        state.renew_version(to);
        drop(state);
        self.mailboxes.wake(&[to]);
    }

    /// Ends expired leases and typing, and wakes everybody whose view has changed.
    pub fn tick(&self) {
        let changed = self.lock().tick();
        self.mailboxes.wake(&changed);
    }

    fn lock(&self) -> MutexGuard<'_, PresenceState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for PresenceLease {
    fn drop(&mut self) {
        self.presence.lock().end_receive(self.caller.user, self.caller.sign_in);
    }
}
