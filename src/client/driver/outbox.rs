//! Runs the outbox: sends its messages, and keeps it and the drafts on the device.

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

/// Storage key of the outbox, with one entry for each message, named by its client id. One entry
/// for all would let tabs overwrite each other's messages. If two tabs send the same message, the
/// server drops the second one by its client id.
const OUTBOX: &str = "outbox";
/// Storage key of drafts, with one entry for each conversation.
const DRAFT: &str = "draft";

impl Driver {
    /// Puts a message into the outbox and shows it at once. The caller has checked the text with
    /// `validation::message`.
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

    /// Sends a refused message again.
    pub fn retry(self, client_id: &ClientId) {
        self.with_outbox(|outbox| outbox.retry(client_id));
    }

    /// Discards a refused message.
    pub fn discard(self, client_id: &ClientId) {
        self.with_outbox(|outbox| outbox.discard(client_id));
        self.broadcast(TabMessage::Discarded { client_id: client_id.clone() });
    }

    /// Stores the text of a composer for a reload, and broadcasts it to the other tabs.
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

    /// The stored text of a composer.
    pub fn kept_draft(self, contact: Contact) -> String {
        browser::stored(DRAFT, self.me(), &contact.to_string()).unwrap_or_default()
    }

    /// Reads all stored drafts. Other tabs may have changed them while the browser had suspended
    /// this one. A draft may belong to a contact with whom no conversation exists yet.
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

    /// The server has stored this message.
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

    /// Gives the outbox an input and performs the resulting actions.
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
        // Add the stored message first: without it, the bubble would vanish until the event came.
        let answer = answer.map(|message| {
            self.cache.add(contact, message.clone());
            self.broadcast(TabMessage::Sent { contact, message });
            self.watch_for_gap(contact);
        });
        let random = browser::random();
        self.with_outbox(|outbox| outbox.answered(contact, &client_id, answer, random));
    }
}
