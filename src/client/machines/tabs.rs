//! The tabs of one browser in which the same user is signed in: which of them receive, which one
//! notifies the user, and what they broadcast to each other.
//!
//! A browser opens at most six connections to a host, and each receive takes one. So one tab
//! receives for all: the leader, which holds a lock of the Web Locks API and is visible as a rule.
//! Browsers offer that API only on https and on addresses of this machine (`localhost`,
//! `127.0.0.1`). Elsewhere each visible tab receives for itself. Hidden tabs rely on the visible
//! ones; without any, the hidden tab with the lowest id receives.
//!
//! A receiving tab relays each batch, which also shows that the tab is alive. Losing a broadcast
//! loses no data: each tab has its own cursor and can always ask the server.

use std::collections::HashMap;

use serde::{Deserialize, Deserializer, Serialize};

use crate::model::{Batch, ClientId, Contact, Cursor, Message, UserId};
use crate::wire::{Tree, read_by_field};

use super::outbox::OutboxItem;
use super::tab_lock::{LeaderCheck, LockLoss, TabLock};

/// Time within which every live tab has answered a ping, in milliseconds.
pub const TAB_REPLY_MS: u32 = 1_000;
/// Interval at which a tab without a lock checks that another one receives for it, in milliseconds.
pub const RECEIVER_CHECK_MS: u32 = 20_000;

/// A broadcast of one tab to the others. Tabs of other builds read it too: its JSON names stay.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TabEnvelope {
    pub user: UserId,
    pub tab: String,
    pub showing: Showing,
    #[serde(rename = "said", deserialize_with = "message_or_unknown")]
    pub message: TabMessage,
}

/// A tab of a newer build may send a message that this one does not know.
fn message_or_unknown<'de, D: Deserializer<'de>>(deserializer: D) -> Result<TabMessage, D::Error> {
    let tree = serde_json::Value::deserialize(deserializer)?;
    Ok(TabMessage::deserialize(Tree(tree)).unwrap_or_default())
}

/// The state of a tab on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Showing {
    pub visible: bool,
    /// The conversation that is open in it.
    pub open: Option<Contact>,
}

read_by_field!(Showing { visible, open });

/// Written as `"hello"` or `{"draft": …}`. An internal tag, `{"type": "draft", …}`, would make
/// serde generate a second deserializer for every type in here.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TabMessage {
    /// A ping: every other tab answers with `Here`, the leader with `Leading` or `Troubled`.
    Hello,
    /// The answer to a ping, news of what this tab shows, or a sign that this tab is alive.
    Here,
    /// This tab is being closed.
    #[serde(rename = "bye")]
    Closing,
    /// A ping of the leader alone, which answers with `Leading` or `Troubled`.
    #[serde(rename = "asking")]
    PingLeader,
    /// This tab receives, and other tabs may rely on it.
    Leading,
    /// Like `Leading`, but the server is out of reach.
    Troubled,
    /// This tab received `batch` for the cursor `from`.
    #[serde(rename = "passed")]
    Relayed {
        from: Cursor,
        batch: Box<Batch>,
    },
    /// A message is in this tab's outbox, or the server has refused it.
    Queued {
        item: OutboxItem,
    },
    /// A message has left this tab's outbox: the server has stored it.
    Sent {
        contact: Contact,
        message: Message,
    },
    /// A message has left this tab's outbox: the user has discarded it.
    Discarded {
        client_id: ClientId,
    },
    Draft {
        contact: Contact,
        text: String,
    },
    /// The settings of this browser have changed.
    Settings,
    /// The user has signed out in this tab.
    #[serde(rename = "leaving")]
    SigningOut,
    /// A message of a newer build.
    #[default]
    Unknown,
}

/// Another tab.
#[derive(Debug)]
struct Peer {
    showing: Showing,
    last_message_ms: f64,
}

#[derive(Debug)]
pub struct Tabs {
    /// This tab's id.
    id: String,
    /// The state of this tab on the screen.
    showing: Showing,
    peers: HashMap<String, Peer>,
    /// `None` if the browser has no locks, and before this tab has requested one.
    lock: Option<TabLock>,
    /// The browser has no locks. Known once this tab has requested one.
    lockless: bool,
    /// The page is closed, or the browser keeps it in its back/forward cache.
    closed: bool,
}

impl Tabs {
    pub fn new(id: String) -> Self {
        let showing = Showing::default();
        Self { id, showing, peers: HashMap::default(), lock: None, lockless: false, closed: false }
    }

    /// The id of this tab.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The state of this tab on the screen.
    pub fn showing(&self) -> Showing {
        self.showing
    }

    pub fn set_showing(&mut self, showing: Showing) {
        self.showing = showing;
    }

    /// A closed tab broadcasts nothing: the others would believe that it is back.
    pub fn set_closed(&mut self, closed: bool) {
        self.closed = closed;
    }

    pub fn is_closed(&self) -> bool {
        self.closed
    }

    /// Another tab has broadcast something.
    pub fn note_alive(&mut self, tab: String, showing: Showing, now_ms: f64) {
        if tab != self.id {
            if let Some(lock) = &mut self.lock {
                lock.note_alive(&tab, now_ms);
            }
            self.peers.insert(tab, Peer { showing, last_message_ms: now_ms });
        }
    }

    /// Another tab was closed.
    pub fn remove(&mut self, tab: &str) {
        self.peers.remove(tab);
    }

    /// The time for answers to the ping of `pinged_ms` is over: a tab that has been silent since
    /// then is closed or frozen.
    pub fn drop_silent(&mut self, pinged_ms: f64) {
        self.peers.retain(|_, peer| peer.last_message_ms >= pinged_ms);
    }

    /// This tab requests the leader's lock: it steals it, or waits for its turn. Returns the
    /// request's number.
    pub fn request_lock(&mut self, steal: bool, now_ms: f64) -> u32 {
        self.lock.get_or_insert_default().request(steal, now_ms)
    }

    /// This tab got the lock.
    pub fn granted(&mut self, request: u32) {
        if let Some(lock) = &mut self.lock {
            lock.granted(request);
        }
    }

    /// Another tab has stolen the lock that this request got, or the request was refused. Returns
    /// whether to queue again.
    pub fn lost(&mut self, request: u32, now_ms: f64) -> bool {
        match self.lock.as_mut().map(|lock| lock.lost(request, now_ms)) {
            Some(LockLoss::QueueAgain) => true,
            Some(LockLoss::StillQueued) | None => false,
            Some(LockLoss::Unavailable) => {
                self.set_lockless();
                false
            }
        }
    }

    /// The browser has no locks.
    pub fn set_lockless(&mut self) {
        (self.lock, self.lockless) = (None, true);
    }

    /// The browser restored this page; another tab has got its lock since.
    pub fn reset_lock(&mut self) {
        if let Some(lock) = &mut self.lock {
            lock.reset();
        }
    }

    /// Another tab claims to hold the lock.
    pub fn led_by(&mut self, tab: String, now_ms: f64) {
        if let Some(lock) = &mut self.lock {
            lock.led_by(tab, now_ms);
        }
    }

    /// Whether this tab receives for itself. Until the leader is known, the rule for browsers
    /// without locks applies.
    pub fn receives(&self) -> bool {
        let lock = self.lock.as_ref().filter(|lock| lock.is_decided());
        lock.map_or_else(
            || self.showing.visible || self.receivers().next().is_none(),
            TabLock::is_held,
        )
    }

    /// Whether this tab is the leader, or receives without locks. Only then may other tabs rely on
    /// it.
    pub fn leads(&self) -> bool {
        self.lock.as_ref().map_or(self.lockless && self.receives(), TabLock::is_held)
    }

    /// Without locks: whether all tabs that this one relies on have been silent for longer than
    /// `max_silence_ms`.
    pub fn has_lost_receivers(&self, now_ms: f64, max_silence_ms: f64) -> bool {
        !self.receives()
            && self.lock.is_none()
            && self.receivers().all(|peer| now_ms - peer.last_message_ms > max_silence_ms)
    }

    /// Checks the leader, which is never silent for longer than `max_silence_ms` while it works.
    pub fn check_leader(&mut self, now_ms: f64, max_silence_ms: f64) -> LeaderCheck {
        let hidden = |id: &str| self.peers.get(id).is_some_and(|peer| !peer.showing.visible);
        let lock = self.lock.as_mut();
        lock.map_or(LeaderCheck::Nothing, |lock| {
            lock.check_leader(self.showing.visible, hidden, now_ms, max_silence_ms)
        })
    }

    /// Whether there are other tabs.
    pub fn has_peers(&self) -> bool {
        !self.peers.is_empty()
    }

    /// Whether another tab relies on this one: any tab with a lock, hidden tabs without one. With
    /// a lock no other tab receives. Without one, visible tabs receive for themselves.
    pub fn has_listeners(&self) -> bool {
        self.peers.values().any(|peer| self.lock.is_some() || !peer.showing.visible)
    }

    /// Whether this is the tab that notifies the user: the visible tab with the lowest id or, if
    /// none is visible, the hidden tab with the lowest id.
    pub fn notifies(&self) -> bool {
        let rank = |showing: &Showing, id: &str| (!showing.visible, id.to_string());
        let own = rank(&self.showing, &self.id);
        self.peers.iter().all(|(id, peer)| own < rank(&peer.showing, id))
    }

    /// Whether a visible tab shows this conversation.
    pub fn is_in_view(&self, contact: Contact) -> bool {
        let mut all = self.peers.values().map(|peer| &peer.showing).chain([&self.showing]);
        all.any(|showing| showing.visible && showing.open == Some(contact))
    }

    pub fn is_alive(&self, tab: &str) -> bool {
        tab == self.id || self.peers.contains_key(tab)
    }

    /// Without locks: the other tabs that receive. These are the visible ones; without any, the
    /// hidden one with the lowest id, unless that is this tab.
    fn receivers(&self) -> impl Iterator<Item = &Peer> {
        let anybody_visible = self.peers.values().any(|peer| peer.showing.visible);
        let first = self.peers.keys().min();
        let first = first.filter(|id| **id < self.id && !anybody_visible);
        self.peers
            .iter()
            .filter(move |(id, peer)| peer.showing.visible || Some(*id) == first)
            .map(|(_, peer)| peer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::model::EventId;

    const HIDDEN: Showing = Showing { visible: false, open: None };
    const VISIBLE: Showing = Showing { visible: true, open: None };

    fn tabs(mine: Showing, others: &[(&str, Showing)]) -> Tabs {
        let mut tabs = Tabs::new("m".into());
        tabs.set_showing(mine);
        for (id, showing) in others {
            tabs.note_alive((*id).into(), *showing, 0.0);
        }
        tabs
    }

    #[test]
    fn a_visible_tab_receives_and_so_does_a_lone_hidden_one() {
        assert!(tabs(VISIBLE, &[("a", VISIBLE), ("z", HIDDEN)]).receives());
        assert!(tabs(HIDDEN, &[]).receives());
    }

    #[test]
    fn a_hidden_tab_receives_only_if_none_is_visible_and_its_id_is_the_lowest() {
        assert!(!tabs(HIDDEN, &[("z", VISIBLE)]).receives());
        assert!(!tabs(HIDDEN, &[("a", HIDDEN)]).receives());
        assert!(tabs(HIDDEN, &[("z", HIDDEN)]).receives());
    }

    #[test]
    fn exactly_one_of_ten_hidden_tabs_receives() {
        let names: Vec<String> = (0..10).map(|n| n.to_string()).collect();
        let receiving = names.iter().filter(|me| {
            let mut tabs = Tabs::new((*me).clone());
            for other in &names {
                tabs.note_alive(other.clone(), HIDDEN, 0.0);
            }
            tabs.receives()
        });
        assert_eq!(receiving.count(), 1);
    }

    #[test]
    fn a_closed_or_silent_receiver_is_replaced() {
        let mut tabs = tabs(HIDDEN, &[("a", HIDDEN), ("b", VISIBLE)]);
        tabs.remove("b");
        assert!(!tabs.receives());
        assert!(!tabs.has_lost_receivers(50.0, 50.0));
        assert!(tabs.has_lost_receivers(51.0, 50.0));
        tabs.note_alive("z".into(), HIDDEN, 52.0);
        tabs.drop_silent(51.0);
        assert!(tabs.receives() && !tabs.is_alive("a") && tabs.is_alive("z"));
        assert!(!tabs.has_lost_receivers(1e9, 50.0));
    }

    #[test]
    fn a_tab_that_answered_one_ping_is_not_dropped_before_it_can_answer_the_next() {
        let mut tabs = tabs(HIDDEN, &[("a", HIDDEN), ("b", HIDDEN)]);
        let (first_ms, second_ms) = (100.0, 900.0);
        tabs.note_alive("a".into(), HIDDEN, 110.0);
        tabs.drop_silent(first_ms);
        assert!(tabs.is_alive("a") && !tabs.is_alive("b"));
        tabs.drop_silent(second_ms);
        assert!(!tabs.is_alive("a"));
    }

    /// A tab that queued for the lock at 0 ms, and its request.
    fn queued(mine: Showing, others: &[(&str, Showing)]) -> (Tabs, u32) {
        let mut tabs = tabs(mine, others);
        let request = tabs.request_lock(false, 0.0);
        (tabs, request)
    }

    #[test]
    fn with_a_lock_only_its_holder_receives() {
        let (mut tabs, request) = queued(VISIBLE, &[]);
        tabs.led_by("a".into(), 1.0);
        assert!(!tabs.receives() && !tabs.leads());
        tabs.granted(request);
        assert!(tabs.receives() && tabs.leads() && !tabs.has_listeners());
        tabs.note_alive("z".into(), VISIBLE, 1.0);
        assert!(tabs.receives() && tabs.has_listeners());
        tabs.set_showing(HIDDEN);
        assert!(tabs.receives(), "until another tab steals the lock");
        assert_eq!(tabs.check_leader(1e9, 50.0), LeaderCheck::Nothing);
    }

    #[test]
    fn until_the_leader_is_known_the_rule_without_locks_applies() {
        let (tabs, _) = queued(VISIBLE, &[("a", VISIBLE)]);
        assert!(tabs.receives() && !tabs.leads(), "others may not rely on this tab");
        let unrequested = self::tabs(VISIBLE, &[("a", VISIBLE)]);
        assert!(unrequested.receives() && !unrequested.leads());
        let (tabs, _) = queued(HIDDEN, &[("a", VISIBLE)]);
        assert!(!tabs.receives());
    }

    #[test]
    fn a_tab_that_loses_the_lock_queues_exactly_once() {
        let (mut tabs, first) = queued(VISIBLE, &[("z", VISIBLE)]);
        tabs.led_by("z".into(), 0.0);
        let stolen = tabs.request_lock(true, 1.0);
        tabs.granted(stolen);
        tabs.led_by("z".into(), 2.0);
        assert!(!tabs.lost(stolen, 2.0) && !tabs.receives(), "the first request still waits");
        tabs.granted(first);
        assert!(tabs.receives());
        assert!(
            tabs.lost(first, 3.0) && tabs.receives() && !tabs.leads(),
            "the new leader is not known"
        );
        tabs.led_by("z".into(), 3.0);
        assert!(!tabs.receives());
        let again = tabs.request_lock(false, 3.0);
        assert!(!tabs.lost(stolen, 4.0), "the request is in the queue");
        tabs.granted(again);
        assert!(tabs.receives());
    }

    #[test]
    fn a_tab_that_steals_its_own_lock_keeps_it() {
        let (mut tabs, first) = queued(VISIBLE, &[]);
        tabs.granted(first);
        tabs.reset_lock();
        let stolen = tabs.request_lock(true, 1.0);
        tabs.granted(stolen);
        assert!(!tabs.lost(first, 2.0) && tabs.receives());
    }

    #[test]
    fn a_refused_lock_counts_as_a_browser_without_locks() {
        let (mut tabs, request) = queued(VISIBLE, &[("a", VISIBLE)]);
        tabs.led_by("a".into(), 0.0);
        assert!(!tabs.receives() && !tabs.leads());
        assert!(!tabs.lost(request, 1.0) && tabs.receives() && tabs.leads());
    }

    #[test]
    fn a_visible_tab_steals_the_lock_of_a_hidden_leader() {
        let (mut tabs, _) = queued(VISIBLE, &[("a", HIDDEN)]);
        assert_eq!(
            tabs.check_leader(1.0, 65_000.0),
            LeaderCheck::Nothing,
            "the leader is not known"
        );
        tabs.led_by("a".into(), 2.0);
        assert_eq!(tabs.check_leader(3.0, 65_000.0), LeaderCheck::StealLock);
        tabs.set_showing(HIDDEN);
        assert_eq!(tabs.check_leader(3.0, 65_000.0), LeaderCheck::Nothing);
    }

    #[test]
    fn exactly_one_tab_notifies() {
        assert!(tabs(HIDDEN, &[]).notifies());
        assert!(!tabs(HIDDEN, &[("z", VISIBLE)]).notifies());
        assert!(tabs(VISIBLE, &[("a", HIDDEN), ("z", VISIBLE)]).notifies());
        assert!(!tabs(VISIBLE, &[("a", VISIBLE)]).notifies());
    }

    #[test]
    fn a_conversation_is_in_view_only_where_it_is_open_and_visible() {
        let contact = Contact::User(UserId(2));
        let open = |visible| Showing { visible, open: Some(contact) };
        assert!(tabs(HIDDEN, &[("a", open(true))]).is_in_view(contact));
        assert!(tabs(open(true), &[]).is_in_view(contact));
        assert!(!tabs(open(false), &[("a", open(false)), ("b", VISIBLE)]).is_in_view(contact));
    }

    #[test]
    fn a_message_of_a_newer_tab_is_read_as_unknown() {
        let json = r#"{"user":1,"tab":"t","showing":{"visible":true,"open":null,"size":3},
                       "said":{"sing":{"song":"x"}}}"#;
        let envelope: TabEnvelope = serde_json::from_str(json).expect("a message of a newer tab");
        assert!(matches!(envelope.message, TabMessage::Unknown));
    }
    #[test]
    fn broadcasts_keep_the_json_names_that_tabs_of_older_builds_read() {
        let cursor = Cursor { epoch: "e".into(), id: EventId(1) };
        let batch = Batch {
            cursor: cursor.clone(),
            events: vec![],
            has_more: false,
            resync: false,
            build: None,
            presence: None,
        };
        let messages = [
            (TabMessage::Hello, "hello"),
            (TabMessage::Here, "here"),
            (TabMessage::Closing, "bye"),
            (TabMessage::PingLeader, "asking"),
            (TabMessage::Leading, "leading"),
            (TabMessage::Troubled, "troubled"),
            (TabMessage::Relayed { from: cursor, batch: Box::new(batch) }, "passed"),
            (TabMessage::Settings, "settings"),
            (TabMessage::SigningOut, "leaving"),
        ];
        for (message, name) in messages {
            let envelope =
                TabEnvelope { user: UserId(1), tab: "t".into(), showing: VISIBLE, message };
            let json = serde_json::to_value(&envelope).expect("JSON");
            let said = &json["said"];
            let written = said.as_str().or_else(|| {
                said.as_object().and_then(|fields| fields.keys().next().map(String::as_str))
            });
            assert_eq!(written, Some(name));
            let read: TabEnvelope = serde_json::from_value(json).expect("the same envelope");
            assert!(!matches!(read.message, TabMessage::Unknown), "{name} cannot be read");
        }
    }
}
