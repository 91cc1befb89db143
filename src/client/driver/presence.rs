//! Who of a group is there.

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api;
use crate::client::browser;
use crate::client::machines::receive_loop::CALL_TIMEOUT_MS;
use crate::model::GroupId;

use super::state::Driver;
use super::timeout::within;

/// How long it is not asked again who of a group is there.
const MEMBERS_POLL_MS: u32 = 10_000;

impl Driver {
    /// Asks every few seconds who of a group's members is there, until the component component goes: of
    /// strangers nobody tells.
    pub fn follow_members(self, group: GroupId) {
        let component = StoredValue::new(());
        on_cleanup(move || self.cache.set_members_online(Vec::new()));
        spawn_local(async move {
            while component.try_get_value().is_some() {
                if browser::is_visible() {
                    match within(CALL_TIMEOUT_MS, api::members_here(self.me(), group)).await {
                        Ok(online) if component.try_get_value().is_some() => {
                            self.cache.set_members_online(online)
                        }
                        Err(error) if self.stops_after(&error) => return,
                        Ok(_) | Err(_) => {}
                    }
                }
                TimeoutFuture::new(MEMBERS_POLL_MS).await;
            }
        });
    }
}
