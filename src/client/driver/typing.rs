//! Tells the server that one types.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api;
use crate::client::browser;
use crate::client::machines::receive_loop::ANSWER_MS;
use crate::model::Contact;

use super::state::{ConnectionState, Driver};
use super::timeout::within;

impl Driver {
    /// One has typed `text` to a contact: tells the server now and then, and waits for nothing.
    pub fn typing(self, contact: Contact, text: &str) {
        let may_hear = || self.link() == ConnectionState::Fine && self.cache.can_write(contact);
        if text.trim().is_empty() || !untrack(may_hear) {
            return;
        }
        let now_ms = browser::now_ms();
        if self.typing_told.try_update_value(|told| told.due(contact, now_ms)) == Some(true) {
            spawn_local(async move {
                let _ = within(ANSWER_MS, api::typing(self.me(), contact)).await;
            });
        }
    }
}
