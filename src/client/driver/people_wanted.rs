//! Fetches people whom messages and conversations name and whom this page does not know.

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api;
use crate::client::browser;
use crate::client::machines::people_wanted::PeopleWanted;
use crate::client::machines::receive_loop::CALL_TIMEOUT_MS;
use crate::model::UserId;

use super::state::Driver;
use super::timeout::within;

impl Driver {
    /// Fetches the names of these people from the server.
    pub(super) fn look_up_people(self, users: Vec<UserId>) {
        if !users.is_empty() {
            let wanted = self.people_wanted.try_update_value(|wanted| wanted.want(users));
            self.fetch_people(wanted.flatten());
        }
    }

    fn fetch_people(self, users: Option<Vec<UserId>>) {
        let Some(users) = users else { return };
        spawn_local(async move {
            let call = api::people_by_id(self.me(), users.clone());
            let next = match within(CALL_TIMEOUT_MS, call).await {
                Ok(people) => {
                    let found: Vec<UserId> = people.iter().map(|person| person.id).collect();
                    self.cache.add_people(people);
                    self.people_wanted.try_update_value(|wanted| wanted.answered(&users, &found))
                }
                Err(error) if self.stops_after(&error) => return,
                Err(_) => {
                    let random = browser::random();
                    let ms = self.people_wanted.try_update_value(|wanted| wanted.failed(random));
                    TimeoutFuture::new(ms.unwrap_or_default()).await;
                    self.people_wanted.try_update_value(PeopleWanted::wait_over)
                }
            };
            self.fetch_people(next.flatten());
        });
    }
}
