//! One's own copy of conversations: how one may_store them, and what becomes of single messages.

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api;
use crate::client::browser;
use crate::client::machines::receive_loop::CALL_TIMEOUT_MS;
use crate::model::{Contact, OwnCopy, Timestamp};

use super::state::Driver;
use super::timeout::within;

/// A page is loaded anew long before a timer for more milliseconds than this would end.
const TIMER_MAX_MS: f64 = 20.0 * 86_400_000.0;

impl Driver {
    /// A conversation that one has marked as unread is opened: the mark has done its work.
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

    /// Ends every mute when its time is over.
    pub(super) fn unmute_in_time(self) {
        for conversation in self.cache.all_conversations() {
            if let Some(until) = untrack(|| conversation.own()).muted_until {
                self.unmute_at(conversation.contact, until);
            }
        }
    }

    /// The server ends a mute by itself, and tells nobody.
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
