//! Tells the server that this user is typing.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api;
use crate::client::browser;
use crate::client::machines::receive_loop::CALL_TIMEOUT_MS;
use crate::model::Contact;

use super::state::{ConnectionState, Driver};
use super::timeout::within;

impl Driver {
    /// The user typed: `text` is in the composer now. Tells the server now and then, and ignores
    /// its answer.
    pub fn typing(self, contact: Contact, text: &str) {
        let can_reach =
            || self.connection() == ConnectionState::Fine && self.cache.can_write(contact);
        if text.trim().is_empty() || !untrack(can_reach) {
            return;
        }
        let now_ms = browser::now_ms();
        let due =
            self.typing_throttle.try_update_value(|typing| typing.should_send(contact, now_ms));
        if due == Some(true) {
            spawn_local(async move {
                let _ = within(CALL_TIMEOUT_MS, api::typing(self.me(), contact)).await;
            });
        }
    }
}
