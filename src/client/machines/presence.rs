//! Who is there and who is typing, as far as the page knows. Nothing here outlives the page.

use std::collections::HashSet;

use crate::model::limits::TYPING_MS;
use crate::model::{Contact, Presence, Typing, UserId};

/// The last state that the server told.
#[derive(Debug, Default)]
pub struct KnownPresence {
    version: Option<String>,
    online: HashSet<UserId>,
    /// Strangers who are there, of the group whose members are shown.
    members_online: Vec<UserId>,
    /// With the time at which each is over, by the caller's clock.
    typing: Vec<(Typing, f64)>,
}

impl KnownPresence {
    /// Takes the whole new state.
    pub fn replace(&mut self, presence: Presence, now_ms: f64) {
        let until_ms = now_ms + f64::from(TYPING_MS);
        self.version = Some(presence.version);
        self.online = presence.online.into_iter().collect();
        self.typing = presence.typing.into_iter().map(|typing| (typing, until_ms)).collect();
    }

    /// Which state this is, for the server to tell only of another one.
    pub fn version(&self) -> Option<String> {
        self.version.clone()
    }

    pub fn is_online(&self, user: UserId) -> bool {
        self.online.contains(&user) || self.members_online.contains(&user)
    }

    /// Takes which strangers are there. Returns whether that changes anything.
    pub fn set_members_online(&mut self, members_online: Vec<UserId>) -> bool {
        let before = std::mem::replace(&mut self.members_online, members_online);
        before != self.members_online
    }

    /// Who is typing in a conversation.
    pub fn typing_in(&self, contact: Contact) -> impl Iterator<Item = UserId> {
        let typing = self.typing.iter().map(|(typing, _)| typing);
        typing.filter(move |typing| typing.contact == contact).map(|typing| typing.user)
    }

    pub fn is_anybody_typing(&self) -> bool {
        !self.typing.is_empty()
    }

    /// What was being typed is here. Returns whether that changes anything.
    pub fn stopped_typing(&mut self, contact: Contact, user: UserId) -> bool {
        self.retain(|typing, _| *typing != Typing { contact, user })
    }

    /// Forgets those who have not typed for long. Returns whether there were any.
    pub fn expire(&mut self, now_ms: f64) -> bool {
        self.retain(|_, until_ms| until_ms > now_ms)
    }

    fn retain(&mut self, stays: impl Fn(&Typing, f64) -> bool) -> bool {
        let before = self.typing.len();
        self.typing.retain(|(typing, until_ms)| stays(typing, *until_ms));
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
    fn a_new_state_replaces_the_old_one() {
        let mut present = KnownPresence::default();
        assert_eq!(present.version(), None);
        present.replace(presence(&[ANN, BOB], &[]), 0.0);
        present.replace(presence(&[BOB], &[]), 1.0);
        assert!(present.is_online(BOB) && !present.is_online(ANN));
        assert_eq!(present.version().as_deref(), Some("v"));
    }

    #[test]
    fn strangers_are_there_until_it_is_said_who_is() {
        let mut present = KnownPresence::default();
        assert!(present.set_members_online(vec![BOB]));
        present.replace(presence(&[ANN], &[]), 0.0);
        assert!(present.is_online(ANN) && present.is_online(BOB));
        assert!(!present.set_members_online(vec![BOB]));
        assert!(present.set_members_online(Vec::new()) && !present.is_online(BOB));
    }

    #[test]
    fn typing_ends_by_itself_or_with_the_message() {
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
