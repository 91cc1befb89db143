//! The outbox against the real server, and its copy on the device.

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api;
use crate::client::browser;
use crate::client::machines::outbox::{Action, Outbox, OutboxItem, read_stored};
use crate::client::machines::receive_loop::CALL_TIMEOUT_MS;
use crate::client::machines::tabs::TabMessage;
use crate::model::{ClientId, Contact, Quote, Timestamp};

use super::state::Driver;
use super::timeout::within;

/// Where the outbox is kept: one entry for each message, by its client id, so that no tab writes
/// over what another one may_store. Should two tabs send the same one, the server knows it by its
/// client id.
const OUTBOX: &str = "outbox";
/// Where drafts are kept: one entry for each conversation.
const DRAFT: &str = "draft";

impl Driver {
    /// Puts a message (valid by `validation::message`) into the outbox, where it is drawn at once.
    pub fn send(self, contact: Contact, text: String, reply: Option<Quote>) {
        let at = Timestamp(browser::now_ms() as i64);
        let item = OutboxItem {
            client_id: ClientId::random(),
            contact,
            text,
            reply,
            at,
            refused: None,
            tab: String::new(),
        };
        self.with_outbox(|outbox| outbox.queue(item));
        self.cache.conversation(contact).sent_here.update(|count| *count += 1);
    }

    /// Sends a refused message once more.
    pub fn retry(self, client_id: &ClientId) {
        self.with_outbox(|outbox| outbox.retry(client_id));
    }

    /// Gives a refused message up.
    pub fn discard(self, client_id: &ClientId) {
        self.with_outbox(|outbox| outbox.discard(client_id));
        self.broadcast(TabMessage::Discarded { client_id: client_id.clone() });
    }

    /// Keeps what stands in a composer: over a reload, and for the other tabs.
    pub fn keep_draft(self, contact: Contact, text: &str) {
        if !self.may_store() {
            return;
        }
        self.broadcast(TabMessage::Draft { contact, text: text.to_string() });
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

    /// Looks for drafts of before, also such that other tabs have changed while this one did not
    /// run. One to somebody with whom nothing was said yet is among them.
    pub(super) fn restore_drafts(self) {
        let kept = browser::stored_all(DRAFT, self.me()).into_iter();
        let drafts: Vec<(Contact, String)> =
            kept.filter_map(|(name, text)| Some((name.parse().ok()?, text))).collect();
        for conversation in self.cache.all_conversations() {
            if !drafts.iter().any(|(contact, _)| *contact == conversation.contact) {
                conversation.set_draft(String::new());
            }
        }
        for (contact, text) in drafts {
            if untrack(|| self.cache.is_known(contact)) {
                self.cache.conversation(contact).set_draft(text);
            }
        }
    }

    pub(super) fn confirm_sent(self, client_id: &ClientId) {
        self.with_outbox(|outbox| outbox.confirm(client_id));
    }

    pub(super) fn wake_outbox(self) {
        self.with_outbox(Outbox::wake);
    }

    pub(super) fn restore_outbox(self) {
        let kept = browser::stored_all(OUTBOX, self.me()).into_iter();
        let items = read_stored(kept.map(|(_, json)| json));
        self.with_outbox(|outbox| outbox.restore(items));
    }

    /// Gives the outbox an input and does what it answers.
    pub(super) fn with_outbox(self, input: impl FnOnce(&mut Outbox) -> Vec<Action>) {
        self.perform(self.outbox.try_update_value(input).unwrap_or_default());
    }

    fn perform(self, actions: Vec<Action>) {
        for action in actions {
            match action {
                Action::Send(item) => spawn_local(self.send_item(item)),
                Action::Wait { contact, ms } => spawn_local(async move {
                    TimeoutFuture::new(ms).await;
                    self.with_outbox(|outbox| outbox.wait_over(contact));
                }),
                Action::Store(item) => {
                    if let Ok(json) = serde_json::to_string(&item)
                        && self.may_store()
                    {
                        browser::store(OUTBOX, self.me(), item.client_id.as_str(), &json);
                        self.broadcast(TabMessage::Queued { item });
                    }
                }
                Action::Erase(client_id) => {
                    browser::forget_stored(OUTBOX, self.me(), client_id.as_str());
                }
                Action::Show(contact) => {
                    let items = self.outbox.with_value(|outbox| outbox.items_to(contact));
                    self.cache.conversation(contact).show_outbox(items);
                }
                Action::Stop(stop) => self.stop(stop),
            }
        }
    }

    async fn send_item(self, item: OutboxItem) {
        let OutboxItem { contact, client_id, text, reply, .. } = item;
        let reply_to = reply.map(|quote| quote.seq);
        let send = api::send_message(self.me(), contact, client_id.clone(), text, reply_to);
        let answer = within(CALL_TIMEOUT_MS, send).await;
        // The message comes first, so that its bubble never vanishes in between.
        let answer = answer.map(|message| {
            self.cache.add(contact, message.clone());
            self.broadcast(TabMessage::Sent { contact, message });
            self.watch_for_gap(contact);
        });
        let random = browser::random();
        self.with_outbox(|outbox| outbox.answered(contact, &client_id, answer, random));
    }
}
