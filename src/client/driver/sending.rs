//! The outbox against the real server, and its copy on the device.

use std::pin::pin;

use futures_util::future::{Either, select};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api;
use crate::client::browser;
use crate::client::outbox::{Action, Item, Kept, Outbox};
use crate::error::KithError;
use crate::model::{ClientId, Contact, Timestamp};

use super::Driver;

/// A send that is not answered in this time is tried again, in milliseconds.
const SEND_MS: u32 = 20_000;
/// Where the outbox is kept: one entry of the device's storage for each user.
const KEPT: (&str, &str) = ("outbox", "all");
/// Where drafts are kept: one entry for each conversation.
const DRAFT: &str = "draft";

impl Driver {
    /// Puts a message (valid by `validation::message`) into the outbox, where it is drawn at once.
    pub fn send(self, contact: Contact, text: String) {
        let at = Timestamp(browser::now_ms() as i64);
        let item = Item { client_id: ClientId::random(), contact, text, at, refused: None };
        self.with_outbox(|outbox| outbox.queue(item));
    }

    /// Sends a refused message once more.
    pub fn retry(self, client_id: &ClientId) {
        self.with_outbox(|outbox| outbox.retry(client_id));
    }

    /// Gives a refused message up.
    pub fn discard(self, client_id: &ClientId) {
        self.with_outbox(|outbox| outbox.discard(client_id));
    }

    /// Keeps what stands in a composer over a reload.
    pub fn keep_draft(self, contact: Contact, text: &str) {
        if text.is_empty() {
            browser::forget_stored(DRAFT, self.me(), &contact.to_string());
        } else {
            browser::store(DRAFT, self.me(), &contact.to_string(), text);
        }
    }

    /// What stood in a composer before a reload.
    pub fn kept_draft(self, contact: Contact) -> String {
        browser::stored(DRAFT, self.me(), &contact.to_string()).unwrap_or_default()
    }

    pub(super) fn settled(self, client_id: &ClientId) {
        self.with_outbox(|outbox| outbox.settled(client_id));
    }

    pub(super) fn wake_outbox(self) {
        self.with_outbox(Outbox::woken);
    }

    pub(super) fn restore_outbox(self) {
        let items = self.kept().items();
        self.with_outbox(|outbox| outbox.restore(items));
    }

    /// Gives the outbox an input and does what it answers.
    fn with_outbox(self, input: impl FnOnce(&mut Outbox) -> Vec<Action>) {
        self.perform(self.outbox.try_update_value(input).unwrap_or_default());
    }

    fn perform(self, actions: Vec<Action>) {
        for action in actions {
            match action {
                Action::Send(item) => spawn_local(self.send_item(item)),
                Action::Wait { contact, ms } => spawn_local(async move {
                    TimeoutFuture::new(ms).await;
                    self.with_outbox(|outbox| outbox.waited(contact));
                }),
                Action::Keep(item) => self.rewrite_kept(|kept| kept.keep(item)),
                Action::Forget(client_id) => self.rewrite_kept(|kept| kept.forget(&client_id)),
                Action::Show(contact) => {
                    let items = self.outbox.with_value(|outbox| outbox.of(contact));
                    self.cache.conversation(contact).show_outbox(items);
                }
                Action::Stop(stop) => self.stop(stop),
            }
        }
    }

    async fn send_item(self, item: Item) {
        let Item { contact, client_id, text, .. } = item;
        let send = pin!(api::send_message(self.me(), contact, client_id.clone(), text));
        let answer = match select(send, TimeoutFuture::new(SEND_MS)).await {
            Either::Left((answer, _)) => answer,
            Either::Right(_) => Err(KithError::Unreachable),
        };
        // The message comes first, so that its bubble never vanishes in between.
        let answer = answer.map(|message| {
            self.cache.add(contact, message);
            self.watch_for_hole(contact);
        });
        let random = browser::random();
        self.with_outbox(|outbox| outbox.answered(contact, &client_id, answer, random));
    }

    fn kept(self) -> Kept {
        Kept::read(browser::stored(KEPT.0, self.me(), KEPT.1).as_deref())
    }

    /// Reads, changes and writes in one go, as other tabs write their own entries.
    fn rewrite_kept(self, change: impl FnOnce(&mut Kept)) {
        let mut kept = self.kept();
        change(&mut kept);
        match kept.write() {
            Some(json) => browser::store(KEPT.0, self.me(), KEPT.1, &json),
            None => browser::forget_stored(KEPT.0, self.me(), KEPT.1),
        }
    }
}
