//! Which messages are worth a notification or a sound: those that nobody is looking at, said by
//! one tab of the browser, and not more of them than one wants to hear.

use std::sync::Arc;

use crate::model::{Contact, Message};

use super::device_settings::DeviceSettings;
use super::small_map::SmallMap;

/// Sounds are at least so far apart, in milliseconds.
const SOUND_GAP_MS: f64 = 2_000.0;
/// So many characters of a message are shown.
const TEXT_MAX: usize = 100;

/// A message that came, and the conversation it came in.
pub type NewMessage = (Contact, Arc<Message>);

#[derive(Debug, Default)]
pub struct Notices {
    sounded_ms: Option<f64>,
}

/// What is to be done.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Announcement {
    /// At most one for each conversation: its newest message.
    pub show: Vec<NewMessage>,
    pub sound: bool,
}

impl Notices {
    /// Takes messages of others that came together. `is_waiting` says whether a message still is_waiting to
    /// be read and is not just being looked at in any tab.
    pub fn announce(
        &mut self,
        messages: Vec<NewMessage>,
        settings: DeviceSettings,
        is_waiting: impl Fn(&NewMessage) -> bool,
        now_ms: f64,
    ) -> Announcement {
        let mut newest = SmallMap::<Contact, Arc<Message>>::default();
        for (contact, message) in messages.into_iter().filter(is_waiting) {
            newest.insert(contact, message);
        }
        let quiet = self.sounded_ms.is_some_and(|ms| (ms..ms + SOUND_GAP_MS).contains(&now_ms));
        let newest = newest.take();
        let sound = settings.sound && !newest.is_empty() && !quiet;
        if sound {
            self.sounded_ms = Some(now_ms);
        }
        let show = if settings.notifications { newest } else { vec![] };
        Announcement { show, sound }
    }
}

/// The beginning of a text.
pub fn beginning(text: &str) -> String {
    text.chars().take(TEXT_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::model::{ClientId, Timestamp, UserId};

    const BOB: Contact = Contact::User(UserId(2));
    const EVE: Contact = Contact::User(UserId(3));
    const ALL: DeviceSettings =
        DeviceSettings { notifications: true, sound: true, enter_makes_line: false };

    fn messages(contact: Contact, seq: i64) -> NewMessage {
        let client_id = ClientId::try_from(format!("c-{seq}")).ok();
        let (count, sent) = (seq, Timestamp(seq));
        let text = "hello".into();
        (
            contact,
            Arc::new(Message {
                seq,
                count,
                sender: UserId(2),
                client_id,
                text,
                reply: None,
                system: None,
                sent,
            }),
        )
    }

    #[test]
    fn the_newest_of_each_conversation_is_shown() {
        let came = vec![messages(BOB, 1), messages(EVE, 2), messages(BOB, 3)];
        let announcement = Notices::default().announce(came, ALL, |_| true, 0.0);
        assert_eq!(announcement.show, [messages(BOB, 3), messages(EVE, 2)]);
        assert!(announcement.sound);
    }

    #[test]
    fn what_is_looked_at_or_not_wanted_makes_no_noise() {
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
    fn sounds_keep_their_distance() {
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
