//! History: the newest page when a conversation is opened, older ones as one scrolls up, and
//! whatever is missing in between.

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api;
use crate::client::conversation_cache::Fetch;
use crate::client::merge::Window;
use crate::model::Contact;

use super::Driver;

/// For how long a hole may wait for the events that usually fill it, in milliseconds.
const HOLE_MS: u32 = 1_000;

impl Driver {
    /// Fetches the newest page if this conversation has not been opened before.
    pub fn open(self, contact: Contact) {
        let loaded = self.cache.conversation(contact).window().with_untracked(Window::is_loaded);
        if !loaded {
            self.fetch(contact, None);
        }
    }

    /// Fetches the page before the oldest message that is here.
    pub fn fetch_older(self, contact: Contact) {
        let window = self.cache.conversation(contact).window();
        let oldest = window.with_untracked(|window| {
            let oldest = window.messages().first().map(|message| message.seq);
            oldest.filter(|_| window.has_older() && window.is_loaded())
        });
        if oldest.is_some() {
            self.fetch(contact, oldest);
        }
    }

    /// Looks a moment later whether messages are missing, and fetches them.
    pub(super) fn watch_for_hole(self, contact: Contact) {
        let window = self.cache.conversation(contact).window();
        let has_hole =
            move || window.with_untracked(|window| window.hole().filter(|_| window.is_loaded()));
        if has_hole().is_some() {
            spawn_local(async move {
                TimeoutFuture::new(HOLE_MS).await;
                if let Some(hole) = has_hole() {
                    self.fetch(contact, Some(hole.end() + 1));
                }
            });
        }
    }

    fn fetch(self, contact: Contact, before: Option<i64>) {
        let conversation = self.cache.conversation(contact);
        if conversation.fetch_untracked() == Fetch::Running {
            return;
        }
        conversation.set_fetch(Fetch::Running);
        spawn_local(async move {
            match api::history(self.me(), contact, before).await {
                Ok(page) => {
                    conversation.join(page);
                    self.watch_for_hole(contact);
                }
                Err(error) if self.stops_after(&error) => {}
                Err(error) => conversation.set_fetch(Fetch::Failed(error)),
            }
        });
    }
}
