//! Tells the server that one types.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api;
use crate::client::browser;
use crate::client::machines::receive_loop::CALL_TIMEOUT_MS;
use crate::model::Contact;

use super::state::{ConnectionState, Driver};
use super::timeout::within;

impl Driver {
    /// One has typed `text` to a contact: tells the server now and then, and waits for nothing.
    pub fn typing(self, contact: Contact, text: &str) {
        let is_of_use =
            || self.connection() == ConnectionState::Fine && self.cache.can_write(contact);
        if text.trim().is_empty() || !untrack(is_of_use) {
            return;
        }
        let now_ms = browser::now_ms();
        if self.typing_throttle.try_update_value(|throttle| throttle.should_send(contact, now_ms))
            == Some(true)
        {
            spawn_local(async move {
                let _ = within(CALL_TIMEOUT_MS, api::typing(self.me(), contact)).await;
            });
        }
    }
}
