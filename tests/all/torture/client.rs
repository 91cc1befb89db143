//! One person at one page: Kith's outbox, receive loop and windows, the device's storage, and notes
//! of everything that the person was told.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use rand::Rng;
use rand::rngs::StdRng;
use serde_json::json;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::harness::Person;
use kith::client::machines::marks::Marks;
use kith::client::machines::outbox::{Outbox, read_stored};
use kith::client::machines::receive_loop::CALL_TIMEOUT_MS;
use kith::client::machines::window::Window;
use kith::error::KithError;
use kith::model::{ClientId, Contact, Cursor, EventId, History, Hold, Message, Snapshot, UserId};

use super::line::Line;

pub struct Client {
    pub person: Person,
    pub line: Line,
    state: Mutex<State>,
}

/// What is done with it is done under one lock, as a page has one thread.
pub struct State {
    pub page: Page,
    /// What the browser keeps over a reload: the outbox, one message each.
    pub storage: BTreeMap<ClientId, String>,
    pub notes: Notes,
    /// The chance of back-offs. What the person does is another's.
    chance: StdRng,
    began: Instant,
}

/// What is gone with a reload.
#[derive(Default)]
pub struct Page {
    pub outbox: Outbox,
    pub conversations: BTreeMap<Contact, Held>,
    pub presence_version: Option<String>,
    /// Where the receive loop asks from, and for how long it is held.
    pub cursor: Option<(Cursor, Hold)>,
    last_event: EventId,
    tasks: Vec<JoinHandle<()>>,
    /// Conversations of which something older is being fetched.
    fetching: usize,
    /// The person can write.
    pub is_loaded: bool,
}

/// What a page holds of a conversation.
#[derive(Default)]
pub struct Held {
    pub window: Window,
    pub marks: Marks,
    /// How far it went when the page was loaded.
    snapshot_seq: i64,
    /// The last place of which an event told.
    heard: Option<i64>,
    /// What is older is being fetched.
    fetching: bool,
}

/// What the test wants to know in the end, over all pages of the person.
#[derive(Default)]
pub struct Notes {
    /// In the order in which they were written.
    pub written: Vec<Written>,
    /// Where a message lies that was shown as sent, and since which era that is known.
    pub acknowledged: BTreeMap<ClientId, (Contact, i64, u32)>,
    /// What sends were answered with otherwise, and how often.
    pub failures: BTreeMap<String, usize>,
    /// How long sends took that were answered well.
    pub sends: Vec<Duration>,
    pub era: u32,
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
    pub fn new(person: Person, line: Line, chance: StdRng) -> Arc<Self> {
        let state = State {
            page: Page::default(),
            storage: BTreeMap::new(),
            notes: Notes::default(),
            chance,
            began: Instant::now(),
        };
        Arc::new(Self { person, line, state: Mutex::new(state) })
    }

    pub fn me(&self) -> UserId {
        self.person.id
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nobody panics with the lock")
    }

    /// Loads the page, for the first time or anew: what was under way is dropped, and what the device
    /// keeps is taken up by the new page.
    pub async fn load(self: &Arc<Self>) {
        self.state().page.is_loaded = false;
        self.close_lid().await;
        let tab = {
            let mut state = self.state();
            state.notes.reloads += 1;
            let tab = format!("tab-{}", state.notes.reloads);
            state.page = Page { outbox: Outbox::new(tab.clone()), ..Page::default() };
            tab
        };
        let snapshot = loop {
            // As somebody does who presses the button until the page is there.
            match self.snapshot().await {
                Ok(snapshot) => break snapshot,
                Err(error) => assert!(error.is_passing(), "{}: {error}", self.person.username),
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
        self.open_lid();
    }

    /// Nothing of the page runs any more, and all of it is still there.
    pub async fn close_lid(&self) {
        loop {
            let tasks = std::mem::take(&mut self.state().page.tasks);
            if tasks.is_empty() {
                return;
            }
            for task in tasks {
                task.abort();
                // What was in the middle of something may begin one more.
                task.await.ok();
            }
        }
    }

    /// Receives from where the page was.
    pub fn open_lid(self: &Arc<Self>) {
        let (cursor, hold_ms) = self.state().page.cursor.clone().expect("a page that was loaded");
        self.spawn(Arc::clone(self).receive_forever(cursor, hold_ms));
    }

    pub async fn snapshot(&self) -> Result<Snapshot, KithError> {
        let request = self.person.browser.json("load_page", &json!({}));
        self.line.call(CALL_TIMEOUT_MS, request).await
    }

    pub async fn history(
        &self,
        contact: Contact,
        before: Option<i64>,
    ) -> Result<History, KithError> {
        let body = json!({ "for_user": self.me(), "contact": contact, "before": before });
        self.line.call(CALL_TIMEOUT_MS, self.person.browser.json("history", &body)).await
    }

    /// Begins from a snapshot; the outbox stays.
    pub fn replace(self: &Arc<Self>, snapshot: Snapshot) {
        let mut state = self.state();
        let page = &mut state.page;
        page.cursor = Some((snapshot.cursor.clone(), snapshot.hold_ms));
        page.last_event = snapshot.cursor.id;
        page.conversations.clear();
        let mut wanted = Vec::new();
        for standing in snapshot.conversations {
            let conversation = Held {
                window: Window::of_newest(standing.last_message.clone(), standing.own.cleared_seq),
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

    /// Fetches what is older than what is here, up to the beginning. Answers of sends may overtake
    /// the first messages of a conversation: what lies before the first one here is left to this.
    pub fn scroll_up(self: &Arc<Self>, contact: Contact) {
        let mut state = self.state();
        let held = state.page.conversations.entry(contact).or_default();
        if held.window.has_older() && !held.fetching {
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
                if held.window.is_loaded() && !held.window.has_older() {
                    held.fetching = false;
                    page.fetching -= 1;
                    return;
                }
                let first = held.window.messages().first().map(|first| first.seq);
                first.filter(|_| held.window.is_loaded())
            };
            match self.history(contact, before).await {
                Ok(page) => self.conversation(contact, |held| held.window.add_page(page)),
                Err(error) if error.is_passing() => sleep(Duration::from_millis(20)).await,
                Err(error) => return self.wrong(format!("history of {contact}: {error}")),
            }
        }
    }

    /// Puts a message in its place, by which way ever it came.
    pub fn add(self: &Arc<Self>, contact: Contact, message: Message) {
        let by_me = message.sender == self.me();
        let client_id = message.client_id.clone().filter(|_| by_me && message.system.is_none());
        let mut state = self.state();
        if let Some(client_id) = client_id {
            let era = state.notes.era;
            let known = state.notes.acknowledged.get(&client_id).map(|known| (known.0, known.1));
            if known.is_none() {
                let place = (contact, message.seq, era);
                state.notes.acknowledged.insert(client_id, place);
            } else if known != Some((contact, message.seq)) {
                let two = format!("{client_id:?} lies at {known:?} and at {}", message.seq);
                state.notes.wrong.push(two);
            }
        }
        let conversation = state.page.conversations.entry(contact).or_default();
        conversation.marks.message(&message, by_me);
        conversation.window.add(Arc::new(message));
        drop(state);
        self.scroll_up(contact);
    }

    /// An event tells of a message: each once, and in order.
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
            // What was said while the page was being loaded may be heard again.
            None => seq <= conversation.snapshot_seq + 1,
        };
        if !fits {
            let last = conversation.heard.unwrap_or(conversation.snapshot_seq);
            notes.wrong.push(format!("{contact}: heard {seq} after {last}"));
        }
        conversation.heard = Some(seq);
    }

    /// How far this page has heard of a conversation.
    pub fn knows(&self, contact: Contact) -> i64 {
        let state = self.state();
        let known = state.page.conversations.get(&contact);
        known.map_or(0, |known| known.heard.unwrap_or(known.snapshot_seq).max(known.snapshot_seq))
    }

    /// How many messages wait to be sent.
    pub fn waiting(&self) -> usize {
        self.state().storage.len()
    }

    /// Whether nothing is under way: the outbox is empty, here and on the device.
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

    /// From 0 to 1.
    pub fn random(&self) -> f64 {
        self.state().chance.random()
    }

    pub fn now_ms(&self) -> f64 {
        self.state().began.elapsed().as_secs_f64() * 1000.0
    }

    /// Runs something for as long as the page is there.
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
