//! Notifications and sounds.

use leptos::prelude::*;

use crate::client::browser;
use crate::client::machines::notices::{Announcement, News, beginning};
use crate::client::machines::tabs::Tabs;
use crate::model::Contact;
use crate::model::mention::{self, MentionPiece};

use super::state::{Driver, NoticeView};

impl Driver {
    /// Messages of others have come.
    pub(super) fn tell_of(self, news: Vec<News>) {
        if news.is_empty() || !self.tabs.with_value(Tabs::speaks) {
            return;
        }
        let waits = |(contact, message): &News| {
            let conversation = self.cache.conversation(*contact);
            let marks = conversation.marks_untracked();
            let muted = untrack(|| conversation.own()).muted_until.is_some();
            let in_view = self.tabs.with_value(|tabs| tabs.is_in_view(*contact));
            // A muted one rings when it speaks to one by name.
            message.seq > marks.read_seq && !in_view && (!muted || message.seq == marks.mention_seq)
        };
        let (settings, now_ms) = (self.settings.get_untracked(), browser::now_ms());
        let told = self
            .notices
            .try_update_value(|notices| notices.take(news, settings, waits, now_ms))
            .unwrap_or_default();
        if told.sound || !told.show.is_empty() {
            let mut here = None;
            self.teller.update_value(|teller| match teller {
                NoticeView::NotHere(untold) => untold.push(told),
                NoticeView::Here(tell) => here = Some((*tell, told)),
            });
            if let Some((tell, told)) = here {
                tell(self, told);
            }
        }
    }

    /// Whether something waits for what shows and sounds it.
    pub(super) fn has_untold(self) -> bool {
        self.teller.with_value(
            |teller| matches!(teller, NoticeView::NotHere(untold) if !untold.is_empty()),
        )
    }

    /// From now on shows and sounds what there is to tell.
    pub fn use_notices(self) {
        let before = self
            .teller
            .try_update_value(|teller| std::mem::replace(teller, NoticeView::Here(Self::show)));
        if let Some(NoticeView::NotHere(untold)) = before {
            untold.into_iter().for_each(|told| self.show(told));
        }
    }

    fn show(self, told: Announcement) {
        if told.sound {
            browser::play_tone();
        }
        for news in told.show {
            self.notify(&news);
        }
    }

    fn notify(self, (contact, message): &News) {
        let name = |contact| untrack(|| self.cache.name_of(contact));
        let contact = *contact;
        let title = name(contact).unwrap_or_else(|| "Kith".into());
        let mentioned = |piece: MentionPiece<'_>| match piece {
            MentionPiece::Person(user) => name(Contact::User(user)).unwrap_or_default(),
            MentionPiece::Everybody | MentionPiece::Words(_) => "*".into(),
        };
        let text = match contact {
            Contact::User(_) => beginning(&message.text),
            Contact::Group(_) => beginning(&mention::named(&message.text, mentioned)),
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
