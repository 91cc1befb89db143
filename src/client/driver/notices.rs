//! Notifies the user of new messages, by notifications and sounds.

use leptos::prelude::*;

use crate::client::browser;
use crate::client::machines::notices::{Announcement, NewMessage, beginning};
use crate::client::machines::tabs::Tabs;
use crate::model::Contact;
use crate::model::mention::{self, MentionPiece};

use super::state::{Driver, Notifier};

impl Driver {
    /// Notifies the user of new messages of others, if this tab is the one that notifies.
    pub(super) fn notify_of(self, messages: Vec<NewMessage>) {
        if messages.is_empty() || !self.tabs.with_value(Tabs::notifies) {
            return;
        }
        let is_waiting = |(contact, message): &NewMessage| {
            let conversation = self.cache.conversation(*contact);
            let marks = conversation.marks_untracked();
            let muted = untrack(|| conversation.own()).muted_until.is_some();
            let in_view = self.tabs.with_value(|tabs| tabs.is_in_view(*contact));
            // A muted conversation notifies only of messages that mention the user.
            message.seq > marks.read_seq && !in_view && (!muted || message.seq == marks.mention_seq)
        };
        let (settings, now_ms) = (self.settings.get_untracked(), browser::now_ms());
        let announcement = self
            .notices
            .try_update_value(|notices| notices.announce(messages, settings, is_waiting, now_ms))
            .unwrap_or_default();
        if announcement.sound || !announcement.show.is_empty() {
            let mut loaded = None;
            self.notifier.update_value(|notifier| match notifier {
                Notifier::NotLoaded(pending) => pending.push(announcement),
                Notifier::Loaded(show) => loaded = Some((*show, announcement)),
            });
            if let Some((show, announcement)) = loaded {
                show(self, announcement);
            }
        }
    }

    /// Whether announcements are queued until the second WASM file is loaded.
    pub(super) fn has_pending_notices(self) -> bool {
        self.notifier.with_value(
            |notifier| matches!(notifier, Notifier::NotLoaded(pending) if !pending.is_empty()),
        )
    }

    /// Called when the second WASM file is loaded: shows the queued announcements, and from then on
    /// each new one at once.
    pub fn use_notices(self) {
        let before = self
            .notifier
            .try_update_value(|notifier| std::mem::replace(notifier, Notifier::Loaded(Self::show)));
        if let Some(Notifier::NotLoaded(pending)) = before {
            pending.into_iter().for_each(|announcement| self.show(announcement));
        }
    }

    fn show(self, announcement: Announcement) {
        if announcement.sound {
            browser::play_tone();
        }
        for message in announcement.show {
            self.notify(&message);
        }
    }

    fn notify(self, (contact, message): &NewMessage) {
        let name = |contact| untrack(|| self.cache.name_of(contact));
        let contact = *contact;
        let title = name(contact).unwrap_or_else(|| "Kith".into());
        let mentioned = |piece: MentionPiece<'_>| match piece {
            MentionPiece::Person(user) => name(Contact::User(user)).unwrap_or_default(),
            MentionPiece::Everybody | MentionPiece::Words(_) => "*".into(),
        };
        let text = match contact {
            Contact::User(_) => beginning(&message.text),
            Contact::Group(_) => beginning(&mention::with_names(&message.text, mentioned)),
        };
        let body = match (contact, name(Contact::User(message.sender))) {
            (Contact::Group(_), Some(sender)) => format!("{sender}: {text}"),
            _ => text,
        };
        let clicked = move || {
            if let Some(go_to) = self.go_to.get_value() {
                go_to.run(contact);
            }
        };
        browser::notify(&title, &body, &format!("kith-{contact}"), clicked);
    }
}
