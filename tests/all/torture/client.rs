//! One person with one page: the browser's outbox, receive loop and windows, the device's storage,
//! and notes of everything that the page received.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use rand::Rng;
use rand::rngs::StdRng;
use serde_json::json;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::harness::Person;
use kith::client::machines::loaded_messages::LoadedMessages;
use kith::client::machines::marks::Marks;
use kith::client::machines::outbox::{Outbox, read_stored};
use kith::client::machines::receive_loop::CALL_TIMEOUT_MS;
use kith::error::KithError;
use kith::model::{ClientId, Contact, Cursor, EventId, History, HoldMs, Message, Snapshot, UserId};

use super::connection::Connection;

pub struct Client {
    pub person: Person,
    pub connection: Connection,
    state: Mutex<State>,
}

/// All of it is under one lock, because a page has one thread.
pub struct State {
    pub page: Page,
    /// The browser's storage, which survives a reload: each waiting message.
    pub storage: BTreeMap<ClientId, String>,
    pub notes: Notes,
    /// The random numbers of back-offs; `Testbed::talk` has its own.
    chance: StdRng,
    began: Instant,
}

/// The state that a reload drops.
#[derive(Default)]
pub struct Page {
    pub outbox: Outbox,
    pub conversations: BTreeMap<Contact, Held>,
    pub presence_version: Option<String>,
    /// The receive loop's cursor, and how long it is held.
    pub cursor: Option<(Cursor, HoldMs)>,
    last_event: EventId,
    tasks: Vec<JoinHandle<()>>,
    /// The number of conversations whose older messages are being fetched.
    fetching: usize,
    /// Whether the person can write.
    pub is_loaded: bool,
}

/// A conversation as the page has it.
#[derive(Default)]
pub struct Held {
    pub loaded: LoadedMessages,
    pub marks: Marks,
    /// The last `seq` at the load of the page.
    snapshot_seq: i64,
    /// The `seq` of the last event.
    heard: Option<i64>,
    /// Whether older messages are being fetched.
    fetching: bool,
}

/// The notes for the checks at the end, over all pages of the person.
#[derive(Default)]
pub struct Notes {
    /// The messages in the order of writing.
    pub written: Vec<Written>,
    /// The conversation and `seq` of each acknowledged message, and the phase of its
    /// acknowledgement.
    pub acknowledged: BTreeMap<ClientId, (Contact, i64, u32)>,
    /// The errors of failed sends, with their numbers.
    pub failures: BTreeMap<String, usize>,
    /// The durations of accepted sends.
    pub sends: Vec<Duration>,
    pub phase: u32,
    pub resyncs: usize,
    pub reloads: usize,
    pub wrong: Vec<String>,
}

pub struct Written {
    pub client_id: ClientId,
    pub contact: Contact,
    pub text: String,
}

impl Client {
    pub fn new(person: Person, connection: Connection, chance: StdRng) -> Arc<Self> {
        let state = State {
            page: Page::default(),
            storage: BTreeMap::new(),
            notes: Notes::default(),
            chance,
            began: Instant::now(),
        };
        Arc::new(Self { person, connection, state: Mutex::new(state) })
    }

    pub fn me(&self) -> UserId {
        self.person.id
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no test panics with the lock")
    }

    /// Loads or reloads the page: running requests are dropped, and the new page continues with the
    /// device's storage.
    pub async fn load(self: &Arc<Self>) {
        self.state().page.is_loaded = false;
        self.suspend().await;
        let tab = {
            let mut state = self.state();
            state.notes.reloads += 1;
            let tab = format!("tab-{}", state.notes.reloads);
            state.page = Page { outbox: Outbox::new(tab.clone()), ..Page::default() };
            tab
        };
        let snapshot = loop {
            // A person reloads until the page is there.
            match self.snapshot().await {
                Ok(snapshot) => break snapshot,
                Err(error) => assert!(error.is_transient(), "{}: {error}", self.person.username),
            }
            sleep(Duration::from_millis(20)).await;
        };
        self.replace(snapshot);
        let kept = read_stored(self.state().storage.values().cloned());
        self.with_outbox(|outbox| {
            let mut actions = outbox.restore(kept);
            actions.extend(outbox.adopt(|other| other == tab));
            actions
        });
        self.state().page.is_loaded = true;
        self.resume();
    }

    /// Stops all tasks of the page and keeps its state, as a closed laptop does.
    pub async fn suspend(&self) {
        loop {
            let tasks = std::mem::take(&mut self.state().page.tasks);
            if tasks.is_empty() {
                return;
            }
            for task in tasks {
                task.abort();
                // A task that is ending may spawn another one.
                task.await.ok();
            }
        }
    }

    /// Receives from the cursor of the page on.
    pub fn resume(self: &Arc<Self>) {
        let (cursor, hold_ms) = self.state().page.cursor.clone().expect("a page that was loaded");
        self.spawn(Arc::clone(self).run_receive_loop(cursor, hold_ms));
    }

    pub async fn snapshot(&self) -> Result<Snapshot, KithError> {
        let request = self.person.browser.json("load_page", &json!({}));
        self.connection.call(CALL_TIMEOUT_MS, request).await
    }

    pub async fn history(
        &self,
        contact: Contact,
        before: Option<i64>,
    ) -> Result<History, KithError> {
        let body = json!({ "for_user": self.me(), "contact": contact, "before": before });
        self.connection.call(CALL_TIMEOUT_MS, self.person.browser.json("history", &body)).await
    }

    /// Replaces everything but the outbox by a snapshot.
    pub fn replace(self: &Arc<Self>, snapshot: Snapshot) {
        let mut state = self.state();
        let page = &mut state.page;
        page.cursor = Some((snapshot.cursor.clone(), snapshot.hold_ms));
        page.last_event = snapshot.cursor.id;
        page.conversations.clear();
        let mut wanted = Vec::new();
        for standing in snapshot.conversations {
            let conversation = Held {
                loaded: LoadedMessages::of_newest(
                    standing.last_message.clone(),
                    standing.own.cleared_seq,
                ),
                marks: Marks::from(&standing),
                snapshot_seq: standing.last_seq,
                ..Held::default()
            };
            page.conversations.insert(standing.contact, conversation);
            wanted.push(standing.contact);
        }
        drop(state);
        for contact in wanted {
            self.scroll_up(contact);
        }
    }

    /// Fetches older messages up to the beginning. The answer of a send may overtake the first
    /// messages of a conversation, which then come from here.
    pub fn scroll_up(self: &Arc<Self>, contact: Contact) {
        let mut state = self.state();
        let held = state.page.conversations.entry(contact).or_default();
        if held.loaded.has_older() && !held.fetching {
            held.fetching = true;
            state.page.fetching += 1;
            state.page.spawn(Arc::clone(self).fetch(contact));
        }
    }

    async fn fetch(self: Arc<Self>, contact: Contact) {
        loop {
            let before = {
                let page = &mut self.state().page;
                let held = page.conversations.entry(contact).or_default();
                if held.loaded.is_loaded() && !held.loaded.has_older() {
                    held.fetching = false;
                    page.fetching -= 1;
                    return;
                }
                let first = held.loaded.messages().first().map(|first| first.seq);
                first.filter(|_| held.loaded.is_loaded())
            };
            match self.history(contact, before).await {
                Ok(page) => self.conversation(contact, |held| held.loaded.add_page(page)),
                Err(error) if error.is_transient() => sleep(Duration::from_millis(20)).await,
                Err(error) => return self.wrong(format!("history of {contact}: {error}")),
            }
        }
    }

    /// Adds a message from an event or from the answer of a send.
    pub fn add(self: &Arc<Self>, contact: Contact, message: Message) {
        let by_me = message.sender == self.me();
        let client_id = message.client_id.clone().filter(|_| by_me && message.system.is_none());
        let mut state = self.state();
        if let Some(client_id) = client_id {
            let phase = state.notes.phase;
            let known = state.notes.acknowledged.get(&client_id).map(|known| (known.0, known.1));
            if known.is_none() {
                let acknowledged = (contact, message.seq, phase);
                state.notes.acknowledged.insert(client_id, acknowledged);
            } else if known != Some((contact, message.seq)) {
                let two = format!("{client_id:?} has {known:?} and seq {}", message.seq);
                state.notes.wrong.push(two);
            }
        }
        let conversation = state.page.conversations.entry(contact).or_default();
        conversation.marks.message(&message, by_me);
        conversation.loaded.add(Arc::new(message));
        drop(state);
        self.scroll_up(contact);
    }

    /// Notes the event of a message, which must come once and in order.
    pub fn hear(&self, id: EventId, contact: Contact, seq: i64) {
        let mut state = self.state();
        let State { page, notes, .. } = &mut *state;
        if id <= page.last_event {
            notes.wrong.push(format!("event {id} came after {}", page.last_event));
        }
        page.last_event = id;
        let conversation = page.conversations.entry(contact).or_default();
        let fits = match conversation.heard {
            Some(last) => seq == last + 1,
            // Messages sent during the load of the page may be received again.
            None => seq <= conversation.snapshot_seq + 1,
        };
        if !fits {
            let last = conversation.heard.unwrap_or(conversation.snapshot_seq);
            notes.wrong.push(format!("{contact}: heard {seq} after {last}"));
        }
        conversation.heard = Some(seq);
    }

    /// The `seq` up to which this page has received a conversation.
    pub fn knows(&self, contact: Contact) -> i64 {
        let state = self.state();
        let known = state.page.conversations.get(&contact);
        known.map_or(0, |known| known.heard.unwrap_or(known.snapshot_seq).max(known.snapshot_seq))
    }

    /// The number of messages that wait to be sent.
    pub fn waiting(&self) -> usize {
        self.state().storage.len()
    }

    /// Whether the page is loaded, the outbox is empty and no fetch is running.
    pub fn is_settled(&self) -> bool {
        let state = self.state();
        state.storage.is_empty() && state.page.fetching == 0 && state.page.is_loaded
    }

    pub fn conversation<T>(&self, contact: Contact, with: impl FnOnce(&mut Held) -> T) -> T {
        with(self.state().page.conversations.entry(contact).or_default())
    }

    pub fn wrong(&self, what: String) {
        self.state().notes.wrong.push(what);
    }

    /// A number from 0 to 1.
    pub fn random(&self) -> f64 {
        self.state().chance.random()
    }

    pub fn now_ms(&self) -> f64 {
        self.state().began.elapsed().as_secs_f64() * 1000.0
    }

    /// Runs a task until the page is reloaded.
    pub fn spawn(&self, what: impl Future<Output = ()> + Send + 'static) {
        self.state().page.spawn(what);
    }
}

impl Page {
    pub fn spawn(&mut self, what: impl Future<Output = ()> + Send + 'static) {
        self.tasks.retain(|task| !task.is_finished());
        self.tasks.push(tokio::spawn(what));
    }
}
