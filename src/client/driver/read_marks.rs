//! Sends read marks to the server.

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api;
use crate::client::browser;
use crate::client::machines::read_marks::ReadMarks;
use crate::client::machines::receive_loop::CALL_TIMEOUT_MS;
use crate::model::Contact;

use super::state::Driver;
use super::timeout::within;

impl Driver {
    /// Marks everything in a conversation up to `seq` as read; `count` is that message's count.
    pub fn seen(self, contact: Contact, seq: i64, count: i64) {
        let conversation = self.cache.conversation(contact);
        if conversation.marks_untracked().read_seq >= seq {
            return;
        }
        conversation.read(seq, count);
        self.send_read_marks_later(|marks| marks.seen(contact, seq));
    }

    /// Marks everything in a conversation as read.
    pub fn read_all(self, contact: Contact) {
        let marks = self.cache.conversation(contact).marks_untracked();
        self.seen(contact, marks.last_seq, marks.last_count);
    }

    /// Sends the collected read marks at once. Does not wait for the timer or for the answers.
    pub(super) fn send_read_marks_now(self) {
        spawn_local(self.send_read_marks());
    }

    fn send_read_marks_later(self, input: impl FnOnce(&mut ReadMarks) -> Option<u32>) {
        if let Some(ms) = self.read_marks.try_update_value(input).flatten() {
            spawn_local(async move {
                TimeoutFuture::new(ms).await;
                self.send_read_marks().await;
            });
        }
    }

    /// Sends the collected read marks to the server, and waits for its answers.
    pub(super) async fn send_read_marks(self) {
        if self.signing_out_here.try_get_value() != Some(false) {
            return;
        }
        let due = self.read_marks.try_update_value(ReadMarks::take_due).unwrap_or_default();
        for (contact, seq) in due {
            match within(CALL_TIMEOUT_MS, api::mark_read(self.me(), contact, seq)).await {
                Ok(()) => self.read_marks.update_value(ReadMarks::succeeded),
                Err(error) if self.stops_after(&error) => return,
                Err(error) if error.is_transient() => {
                    let random = browser::random();
                    self.send_read_marks_later(|marks| marks.failed(contact, seq, random));
                }
                // The contact no longer exists for this user, and neither does its read mark.
                Err(_) => {}
            }
        }
    }
}
