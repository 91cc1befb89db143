//! Fetches history: the newest page when a conversation is opened, older pages as the user scrolls
//! up, and messages that are missing in between.

use std::ops::RangeInclusive;

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api;
use crate::client::cache::conversation::Fetch;
use crate::client::machines::receive_loop::CALL_TIMEOUT_MS;
use crate::model::Contact;

use super::state::Driver;
use super::timeout::within;

/// Time for events to fill a gap before it is fetched from history, in milliseconds.
const GAP_WAIT_MS: u32 = 1_000;

impl Driver {
    /// A conversation is opened: fetches its newest page, unless that is loaded already.
    pub fn open(self, contact: Contact) {
        if let Some(old) = self.recent.try_update_value(|recent| recent.opened(contact)).flatten() {
            self.cache.conversation(old).unload();
        }
        self.fetch_newest(contact);
        self.clear_unread_mark(contact);
    }

    /// A conversation is no longer on screen.
    pub fn close(self, contact: Contact) {
        self.cache.conversation(contact).close();
    }

    fn fetch_newest(self, contact: Contact) {
        if !self.cache.conversation(contact).is_loaded_untracked() {
            self.fetch(contact, None);
        }
    }

    /// Fetches the page before the oldest loaded message.
    pub fn fetch_older(self, contact: Contact) {
        let loaded = self.cache.conversation(contact).loaded();
        let oldest = loaded.with_untracked(|loaded| {
            let oldest = loaded.messages().first().map(|message| message.seq);
            oldest.filter(|_| loaded.has_older() && loaded.is_loaded())
        });
        if oldest.is_some() {
            self.fetch(contact, oldest);
        }
    }

    /// If messages are missing, gives events a moment to bring them, and then fetches them.
    pub(super) fn watch_for_gap(self, contact: Contact) {
        if self.gap(contact).is_some() {
            spawn_local(async move {
                TimeoutFuture::new(GAP_WAIT_MS).await;
                self.fill_gap(contact);
            });
        }
    }

    /// Retries a fetch that failed: the newest page, a gap or an older page, whichever is missing.
    pub fn fetch_again(self, contact: Contact) {
        let conversation = self.cache.conversation(contact);
        if matches!(conversation.fetch_untracked(), Fetch::Failed(_)) {
            conversation.set_fetch(Fetch::Idle);
            self.fetch_newest(contact);
            self.fill_gap(contact);
            self.fetch_older(contact);
        }
    }

    /// Retries fetches that failed with a transient error. The user need not press a button then.
    pub(super) fn wake_fetches(self) {
        for conversation in self.cache.all_conversations() {
            if matches!(conversation.fetch_untracked(), Fetch::Failed(e) if e.is_transient()) {
                self.fetch_again(conversation.contact);
            }
        }
    }

    fn gap(self, contact: Contact) -> Option<RangeInclusive<i64>> {
        let loaded = self.cache.conversation(contact).loaded();
        loaded.with_untracked(|loaded| loaded.gap().filter(|_| loaded.is_loaded()))
    }

    fn fill_gap(self, contact: Contact) {
        if let Some(gap) = self.gap(contact) {
            self.fetch(contact, Some(gap.end() + 1));
        }
    }

    fn fetch(self, contact: Contact, before: Option<i64>) {
        let conversation = self.cache.conversation(contact);
        if conversation.fetch_untracked() == Fetch::Running {
            return;
        }
        conversation.set_fetch(Fetch::Running);
        spawn_local(async move {
            match within(CALL_TIMEOUT_MS, api::history(self.me(), contact, before)).await {
                Ok(page) => {
                    conversation.add_page(page);
                    self.look_up_people(self.cache.unknown_people_in(conversation));
                    self.watch_for_gap(contact);
                }
                Err(error) if self.stops_after(&error) => {}
                Err(error) => conversation.set_fetch(Fetch::Failed(error)),
            }
        });
    }
}
