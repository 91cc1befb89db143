//! The user's own copy of conversations: marked as unread, and muted for a time.

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api;
use crate::client::browser;
use crate::client::machines::receive_loop::CALL_TIMEOUT_MS;
use crate::model::{Contact, OwnCopy, Timestamp};

use super::state::Driver;
use super::timeout::within;

/// Maximum length of an unmute timer, in milliseconds. A timer holds at most 2³¹ milliseconds
/// (25 days), and a page is reloaded long before that.
const TIMER_MAX_MS: f64 = 20.0 * 86_400_000.0;

impl Driver {
    /// Removes the "marked as unread" flag of a conversation that is opened.
    pub(super) fn clear_unread_mark(self, contact: Contact) {
        let marks = self.cache.conversation(contact).marks_untracked();
        if marks.own.marked_unread {
            spawn_local(async move {
                let call = api::mark_read(self.me(), contact, marks.read_seq);
                if let Err(error) = within(CALL_TIMEOUT_MS, call).await {
                    self.stops_after(&error);
                }
            });
        }
    }

    /// Schedules the end of every mute.
    pub(super) fn schedule_unmutes(self) {
        for conversation in self.cache.all_conversations() {
            if let Some(until) = untrack(|| conversation.own()).muted_until {
                self.unmute_at(conversation.contact, until);
            }
        }
    }

    /// The server ends a mute without an event, so the page needs a timer of its own.
    pub(super) fn unmute_at(self, contact: Contact, until: Timestamp) {
        let ms = (until.0 as f64 - browser::now_ms()).max(0.0);
        if ms > TIMER_MAX_MS {
            return;
        }
        spawn_local(async move {
            TimeoutFuture::new(ms as u32).await;
            let conversation = self.cache.conversation(contact);
            let own = untrack(|| conversation.own());
            if own.muted_until == Some(until) {
                conversation.set_own(OwnCopy { muted_until: None, ..own });
            }
        });
    }
}
