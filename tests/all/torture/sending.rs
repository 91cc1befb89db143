//! The page's sending half, which performs the outbox's actions as `client/driver/outbox.rs` does.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::time::sleep;

use kith::client::machines::outbox::{Action, Outbox, OutboxItem};
use kith::client::machines::receive_loop::CALL_TIMEOUT_MS;
use kith::error::KithError;
use kith::model::{ClientId, Contact, Message};
use kith::server::system_clock;

use super::SPEED_UP;
use super::client::{Client, State, Written};

impl Client {
    /// Sends a message, if the page is loaded.
    pub fn write(self: &Arc<Self>, contact: Contact, text: String) {
        let mut state = self.state();
        if !state.page.is_loaded {
            return;
        }
        let id = format!("{}-{}", self.person.username, state.notes.written.len());
        let client_id = ClientId::try_from(id).expect("short and plain");
        let written = Written { client_id: client_id.clone(), contact, text: text.clone() };
        state.notes.written.push(written);
        let item = OutboxItem {
            client_id,
            contact,
            text,
            reply: None,
            at: system_clock(),
            refused: None,
            tab: String::new(),
        };
        let actions = state.page.outbox.queue(item);
        self.perform(&mut state, actions);
    }

    /// Gives the outbox an input and performs its actions.
    pub fn with_outbox(self: &Arc<Self>, input: impl FnOnce(&mut Outbox) -> Vec<Action>) {
        let mut state = self.state();
        let actions = input(&mut state.page.outbox);
        self.perform(&mut state, actions);
    }

    fn perform(self: &Arc<Self>, state: &mut State, actions: Vec<Action>) {
        for action in actions {
            match action {
                Action::Send(item) => state.page.spawn(Arc::clone(self).send_item(item)),
                Action::Wait { contact, ms } => {
                    state.page.spawn(Arc::clone(self).wait(contact, ms));
                }
                Action::Store(item) => {
                    let json = serde_json::to_string(&item).expect("JSON");
                    state.storage.insert(item.client_id, json);
                }
                Action::Erase(client_id) => {
                    state.storage.remove(&client_id);
                }
                Action::Show(_) => {}
                Action::Stop(stop) => {
                    state.notes.wrong.push(format!("the outbox stopped: {stop:?}"));
                }
            }
        }
    }

    async fn wait(self: Arc<Self>, contact: Contact, ms: u32) {
        sleep(Duration::from_millis(ms.into()) / SPEED_UP).await;
        self.with_outbox(|outbox| outbox.wait_over(contact));
    }

    async fn send_item(self: Arc<Self>, item: OutboxItem) {
        let OutboxItem { contact, client_id, text, .. } = item;
        let (me, to) = (self.me().to_string(), contact.to_string());
        let fields = [
            ("for_user", me.as_str()),
            ("contact", to.as_str()),
            ("client_id", client_id.as_str()),
            ("text", text.as_str()),
        ];
        let asked = Instant::now();
        let send = self.person.browser.form("send_message", &fields);
        let answer: Result<Message, KithError> = self.connection.call(CALL_TIMEOUT_MS, send).await;
        match &answer {
            Ok(message) if message.text == text => self.state().notes.sends.push(asked.elapsed()),
            Ok(message) => self.wrong(format!("{client_id:?} was stored as {:?}", message.text)),
            Err(error) => {
                *self.state().notes.failures.entry(error.to_string()).or_default() += 1;
            }
        }
        let answer = answer.map(|message| self.add(contact, message));
        let random = self.random();
        self.with_outbox(|outbox| outbox.answered(contact, &client_id, answer, random));
    }
}
