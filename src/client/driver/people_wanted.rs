//! People on demand, and telling that one types.

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api;
use crate::client::browser;
use crate::client::machines::people_wanted::PeopleWanted;
use crate::client::machines::receive_loop::ANSWER_MS;
use crate::model::{Contact, GroupId, UserId};

use super::{ConnectionState, Driver, within};

/// How long it is not asked again who of a group is there.
const LOOK_AT_MEMBERS_MS: u32 = 10_000;

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

    /// Asks every few seconds who of a group's members is there, until the component around goes: of
    /// strangers nobody tells.
    pub fn follow_members(self, group: GroupId) {
        let around = StoredValue::new(());
        on_cleanup(move || self.cache.take_near(Vec::new()));
        spawn_local(async move {
            while around.try_get_value().is_some() {
                if browser::is_visible() {
                    match within(ANSWER_MS, api::members_here(self.me(), group)).await {
                        Ok(near) if around.try_get_value().is_some() => self.cache.take_near(near),
                        Err(error) if self.stops_after(&error) => return,
                        Ok(_) | Err(_) => {}
                    }
                }
                TimeoutFuture::new(LOOK_AT_MEMBERS_MS).await;
            }
        });
    }

    /// Asks the server who these are.
    pub(super) fn ask_for_strangers(self, users: Vec<UserId>) {
        if !users.is_empty() {
            let asked = self.people_wanted.try_update_value(|wanted| wanted.want(users));
            self.ask_for(asked.flatten());
        }
    }

    fn ask_for(self, users: Option<Vec<UserId>>) {
        let Some(users) = users else { return };
        spawn_local(async move {
            let next = match within(ANSWER_MS, api::people_by_id(self.me(), users.clone())).await {
                Ok(people) => {
                    let found: Vec<UserId> = people.iter().map(|person| person.id).collect();
                    self.cache.meet(people);
                    self.people_wanted.try_update_value(|wanted| wanted.answered(&users, &found))
                }
                Err(error) if self.stops_after(&error) => return,
                Err(_) => {
                    let random = browser::random();
                    let ms = self.people_wanted.try_update_value(|wanted| wanted.failed(random));
                    TimeoutFuture::new(ms.unwrap_or_default()).await;
                    self.people_wanted.try_update_value(PeopleWanted::waited)
                }
            };
            self.ask_for(next.flatten());
        });
    }
}
