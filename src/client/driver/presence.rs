//! Which members of a group are online, while the group's members are on screen.

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api;
use crate::client::browser;
use crate::client::machines::receive_loop::CALL_TIMEOUT_MS;
use crate::model::GroupId;

use super::state::Driver;
use super::timeout::within;

/// Interval between two requests for the members who are online, in milliseconds.
const MEMBERS_POLL_MS: u32 = 10_000;

impl Driver {
    /// Polls which members of a group are online, until the calling component is removed.
    ///
    /// The receive loop does not report strangers, so they have to be polled.
    pub fn follow_members(self, group: GroupId) {
        let component = StoredValue::new(());
        on_cleanup(move || self.cache.set_members_online(Vec::new()));
        spawn_local(async move {
            while component.try_get_value().is_some() {
                if browser::is_visible() {
                    match within(CALL_TIMEOUT_MS, api::members_here(self.me(), group)).await {
                        Ok(online) if component.try_get_value().is_some() => {
                            self.cache.set_members_online(online);
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
