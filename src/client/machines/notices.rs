//! Decides which messages get a notification or a sound: those that no visible tab shows, within
//! the user's settings. One tab announces them.

use std::sync::Arc;

use crate::model::{Contact, Message};

use super::device_settings::DeviceSettings;

/// Minimum interval between two sounds, in milliseconds.
const SOUND_GAP_MS: f64 = 2_000.0;
/// Maximum length of a message in a notification, in characters.
const TEXT_MAX: usize = 100;

/// A message that arrived, and its conversation.
pub type NewMessage = (Contact, Arc<Message>);

#[derive(Debug, Default)]
pub struct Notices {
    /// Time of the last sound. `None`: there was none yet.
    sounded_ms: Option<f64>,
}

/// The notifications to show, and whether to play a sound.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Announcement {
    /// At most one message for each conversation: its newest.
    pub show: Vec<NewMessage>,
    pub sound: bool,
}

impl Notices {
    /// Takes messages of others that arrived together. `is_waiting` says whether a message is
    /// unread and no visible tab shows its conversation.
    pub fn announce(
        &mut self,
        messages: Vec<NewMessage>,
        settings: DeviceSettings,
        is_waiting: impl Fn(&NewMessage) -> bool,
        now_ms: f64,
    ) -> Announcement {
        let mut newest = Vec::<NewMessage>::new();
        for (contact, message) in messages.into_iter().filter(is_waiting) {
            match newest.iter_mut().find(|(known, _)| *known == contact) {
                Some((_, known)) => *known = message,
                None => newest.push((contact, message)),
            }
        }
        let too_soon = self.sounded_ms.is_some_and(|ms| (ms..ms + SOUND_GAP_MS).contains(&now_ms));
        let sound = settings.sound && !newest.is_empty() && !too_soon;
        if sound {
            self.sounded_ms = Some(now_ms);
        }
        let show = if settings.notifications { newest } else { vec![] };
        Announcement { show, sound }
    }
}

/// The beginning of a text, short enough for a notification.
pub fn beginning(text: &str) -> String {
    text.chars().take(TEXT_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::model::UserId;

    const BOB: Contact = Contact::User(UserId(2));
    const EVE: Contact = Contact::User(UserId(3));
    const ALL: DeviceSettings =
        DeviceSettings { notifications: true, sound: true, enter_makes_line: false };

    fn messages(contact: Contact, seq: i64) -> NewMessage {
        (contact, Arc::new(Message { sender: UserId(2), ..Message::example(seq) }))
    }

    #[test]
    fn only_the_newest_message_of_each_conversation_is_shown() {
        let came = vec![messages(BOB, 1), messages(EVE, 2), messages(BOB, 3)];
        let announcement = Notices::default().announce(came, ALL, |_| true, 0.0);
        assert_eq!(announcement.show, [messages(BOB, 3), messages(EVE, 2)]);
        assert!(announcement.sound);
    }

    #[test]
    fn messages_in_view_and_disabled_settings_announce_nothing() {
        let mut notices = Notices::default();
        let announcement =
            notices.announce(vec![messages(BOB, 1)], ALL, |(contact, _)| *contact != BOB, 0.0);
        assert_eq!(announcement, Announcement::default());
        let off = DeviceSettings::default();
        assert_eq!(
            notices.announce(vec![messages(BOB, 1)], off, |_| true, 0.0),
            Announcement::default()
        );
    }

    #[test]
    fn sounds_are_at_least_two_seconds_apart() {
        let mut notices = Notices::default();
        let mut sounds =
            |now_ms| notices.announce(vec![messages(BOB, 1)], ALL, |_| true, now_ms).sound;
        assert!(sounds(10.0));
        assert!(!sounds(2_009.0));
        assert!(sounds(2_010.0));
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        assert_eq!(beginning(&"字".repeat(200)).chars().count(), 100);
    }
}
