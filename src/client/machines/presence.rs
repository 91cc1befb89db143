//! The people who are online or typing, as far as this page knows. The device stores none of it.

use std::collections::HashSet;

use crate::model::limits::TYPING_MS;
use crate::model::{Contact, Presence, Typing, UserId};

/// The last presence that the server sent.
#[derive(Debug, Default)]
pub struct KnownPresence {
    version: Option<String>,
    online: HashSet<UserId>,
    /// Members who are online, of the group whose members are on screen. `online` lacks strangers.
    members_online: Vec<UserId>,
    /// Each with the time at which it ends, by the caller's clock.
    typing: Vec<(Typing, f64)>,
}

impl KnownPresence {
    /// Replaces everything but `members_online`.
    pub fn replace(&mut self, presence: Presence, now_ms: f64) {
        let until_ms = now_ms + f64::from(TYPING_MS);
        self.version = Some(presence.version);
        self.online = presence.online.into_iter().collect();
        self.typing = presence.typing.into_iter().map(|typing| (typing, until_ms)).collect();
    }

    /// The version of this presence. With it the server sends only a newer one.
    pub fn version(&self) -> Option<String> {
        self.version.clone()
    }

    pub fn is_online(&self, user: UserId) -> bool {
        self.online.contains(&user) || self.members_online.contains(&user)
    }

    /// Sets which members of a group are online. Returns whether that has changed.
    pub fn set_members_online(&mut self, members_online: Vec<UserId>) -> bool {
        let before = std::mem::replace(&mut self.members_online, members_online);
        before != self.members_online
    }

    /// The people who are typing in a conversation.
    pub fn typing_in(&self, contact: Contact) -> impl Iterator<Item = UserId> {
        let typing = self.typing.iter().map(|(typing, _)| typing);
        typing.filter(move |typing| typing.contact == contact).map(|typing| typing.user)
    }

    pub fn is_anybody_typing(&self) -> bool {
        !self.typing.is_empty()
    }

    /// The message that was being typed has arrived. Returns whether that changes anything.
    pub fn stopped_typing(&mut self, contact: Contact, user: UserId) -> bool {
        self.retain(|typing, _| *typing != Typing { contact, user })
    }

    /// Drops typing that has ended by `now_ms`. Returns whether there was any.
    pub fn expire(&mut self, now_ms: f64) -> bool {
        self.retain(|_, until_ms| until_ms > now_ms)
    }

    fn retain(&mut self, keep: impl Fn(&Typing, f64) -> bool) -> bool {
        let before = self.typing.len();
        self.typing.retain(|(typing, until_ms)| keep(typing, *until_ms));
        self.typing.len() < before
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANN: UserId = UserId(1);
    const BOB: UserId = UserId(2);
    const WITH_BOB: Contact = Contact::User(BOB);

    fn presence(online: &[UserId], typing: &[UserId]) -> Presence {
        let typing = typing.iter().map(|user| Typing { contact: WITH_BOB, user: *user });
        Presence { version: "v".into(), online: online.to_vec(), typing: typing.collect() }
    }

    #[test]
    fn a_new_presence_replaces_the_old_one() {
        let mut present = KnownPresence::default();
        assert_eq!(present.version(), None);
        present.replace(presence(&[ANN, BOB], &[]), 0.0);
        present.replace(presence(&[BOB], &[]), 1.0);
        assert!(present.is_online(BOB) && !present.is_online(ANN));
        assert_eq!(present.version().as_deref(), Some("v"));
    }

    #[test]
    fn members_stay_online_until_the_next_poll_of_the_members() {
        let mut present = KnownPresence::default();
        assert!(present.set_members_online(vec![BOB]));
        present.replace(presence(&[ANN], &[]), 0.0);
        assert!(present.is_online(ANN) && present.is_online(BOB));
        assert!(!present.set_members_online(vec![BOB]));
        assert!(present.set_members_online(Vec::new()) && !present.is_online(BOB));
    }

    #[test]
    fn typing_ends_after_six_seconds_or_with_the_message() {
        let mut present = KnownPresence::default();
        present.replace(presence(&[], &[BOB]), 0.0);
        assert_eq!(present.typing_in(WITH_BOB).collect::<Vec<_>>(), [BOB]);
        assert!(!present.expire(5_999.0));
        assert!(present.expire(6_000.0));
        assert!(!present.is_anybody_typing());

        present.replace(presence(&[], &[BOB]), 0.0);
        assert!(!present.stopped_typing(WITH_BOB, ANN));
        assert!(present.stopped_typing(WITH_BOB, BOB));
        assert_eq!(present.typing_in(WITH_BOB).count(), 0);
    }
}
