//! The tabs of one browser in which the same person is signed in: which of them receive, which
//! one notifies up, and what they say to each other.
//!
//! A browser opens six connections to a host, and each receive holds one. So one tab receives for
//! all: the one that has the browser's lock, as a rule one that can be seen. Where the browser has no
//! locks (on plain http), each tab that can be seen receives for itself; hidden tabs leave it to
//! those, and to the one with the lowest id if there are none.
//!
//! Whatever a receiving tab gets it passes on, which also shows that it lives. None of it is needed
//! to lose nothing: each tab has its own cursor and can always ask.

use serde::{Deserialize, Deserializer, Serialize};

use crate::model::{Batch, ClientId, Contact, Cursor, Message, UserId};
use crate::wire::{Tree, read_by_field};

use super::outbox::OutboxItem;
use super::small_map::SmallMap;
use super::tab_lock::{LeaderCheck, LockLoss, TabLock};

/// So long after a question every tab that lives has answered, in milliseconds.
pub const TAB_REPLY_MS: u32 = 1_000;
/// Every so often a tab without a lock looks whether somebody receives for it, in milliseconds.
pub const RECEIVER_CHECK_MS: u32 = 20_000;

/// What one tab says to the others.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TabEnvelope {
    pub user: UserId,
    pub tab: String,
    pub showing: Showing,
    #[serde(rename = "said", deserialize_with = "message_or_unknown")]
    pub message: TabMessage,
}

/// What a tab of another build says may be of a kind that is not known here.
fn message_or_unknown<'de, D: Deserializer<'de>>(deserializer: D) -> Result<TabMessage, D::Error> {
    let tree = serde_json::Value::deserialize(deserializer)?;
    Ok(TabMessage::deserialize(Tree(tree)).unwrap_or_default())
}

/// What can be seen of a tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Showing {
    pub visible: bool,
    /// The conversation that is open in it.
    pub open: Option<Contact>,
}

read_by_field!(Showing { visible, open });

/// Written as `"hello"` or `{"draft": …}`: a tag among the fields would cost the WASM a second
/// reader of everything in here.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TabMessage {
    /// I am here; who else is?
    Hello,
    Here,
    #[serde(rename = "bye")]
    Closing,
    /// Does the one that receives live?
    #[serde(rename = "asking")]
    PingLeader,
    /// I am here, and others may leave it to me to receive.
    Leading,
    /// The same, but the server is out of reach.
    Troubled,
    /// What I received for the cursor `from`.
    #[serde(rename = "passed")]
    Relayed {
        from: Cursor,
        batch: Box<Batch>,
    },
    /// A message is in my outbox, or has stepped aside in it.
    Queued {
        item: OutboxItem,
    },
    /// A message has left my outbox: it is stored.
    Sent {
        contact: Contact,
        message: Message,
    },
    /// A message has left my outbox: it was given up.
    Discarded {
        client_id: ClientId,
    },
    Draft {
        contact: Contact,
        text: String,
    },
    /// This device's settings were changed.
    Settings,
    /// I am signing out.
    #[serde(rename = "leaving")]
    SigningOut,
    /// What a tab of another build says.
    #[default]
    Unknown,
}

#[derive(Debug)]
struct Peer {
    showing: Showing,
    last_message_ms: f64,
}

#[derive(Debug)]
pub struct Tabs {
    id: String,
    showing: Showing,
    peers: SmallMap<String, Peer>,
    /// Nothing where there are no locks, and before this tab has asked for it.
    lock: Option<TabLock>,
    /// This tab has asked for it, and there are none.
    lockless: bool,
    pinged_ms: f64,
    /// The page goes, or is kept by the browser: it has taken its leave.
    closed: bool,
}

impl Tabs {
    pub fn new(id: String) -> Self {
        let showing = Showing::default();
        Self {
            id,
            showing,
            peers: SmallMap::default(),
            lock: None,
            lockless: false,
            pinged_ms: 0.0,
            closed: false,
        }
    }

    pub fn id(&self) -> &str {
        &self.id
    }

    /// What can be seen of this tab.
    pub fn showing(&self) -> Showing {
        self.showing
    }

    pub fn set_showing(&mut self, showing: Showing) {
        self.showing = showing;
    }

    /// Says nothing more while `closed`: who says anything after its leave is taken to be back.
    pub fn set_closed(&mut self, closed: bool) {
        self.closed = closed;
    }

    pub fn is_closed(&self) -> bool {
        self.closed
    }

    /// Another tab said something.
    pub fn note_alive(&mut self, tab: String, showing: Showing, now_ms: f64) {
        if tab != self.id {
            if let Some(lock) = &mut self.lock {
                lock.note_alive(&tab, now_ms);
            }
            self.peers.insert(tab, Peer { showing, last_message_ms: now_ms });
        }
    }

    pub fn remove(&mut self, tab: &str) {
        self.peers.retain(|known, _| known != tab);
    }

    /// Every tab is asked whether it lives.
    pub fn pinged(&mut self, now_ms: f64) {
        self.pinged_ms = now_ms;
    }

    /// The time for answers is over: who said nothing is gone, or frozen.
    pub fn drop_silent(&mut self) {
        let pinged_ms = self.pinged_ms;
        self.peers.retain(|_, peer| peer.last_message_ms >= pinged_ms);
    }

    /// The browser has locks, and this tab asks for that of the leader, by force or for when it is
    /// its turn. Returns the request of this time.
    pub fn request_lock(&mut self, steal: bool, now_ms: f64) -> u32 {
        self.lock.get_or_insert_default().request(steal, now_ms)
    }

    /// This tab has the lock.
    pub fn granted(&mut self, request: u32) {
        if let Some(lock) = &mut self.lock {
            lock.granted(request);
        }
    }

    /// Another tab has taken what was granted by this request, or it was not to be had at all. Says
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

    /// There are no locks here.
    pub fn set_lockless(&mut self) {
        (self.lock, self.lockless) = (None, true);
    }

    /// The browser had kept the page and brings it back: what it had is another's by now.
    pub fn reset_lock(&mut self) {
        if let Some(lock) = &mut self.lock {
            lock.reset();
        }
    }

    /// Another tab says that it has the lock.
    pub fn led_by(&mut self, tab: String, now_ms: f64) {
        if let Some(lock) = &mut self.lock {
            lock.led_by(tab, now_ms);
        }
    }

    /// Whether this tab receives for itself. Until it is known who has the lock, the rule is that of a
    /// browser without.
    pub fn receives(&self) -> bool {
        let lock = self.lock.as_ref().filter(|lock| lock.is_decided());
        lock.map_or_else(
            || self.showing.visible || self.receivers().next().is_none(),
            TabLock::is_held,
        )
    }

    /// Whether other tabs may leave it to this one to receive.
    pub fn leads(&self) -> bool {
        self.lock.as_ref().map_or(self.lockless && self.receives(), TabLock::is_held)
    }

    /// Whether those who should receive for this tab, where there are no locks, have been silent for
    /// so long.
    pub fn has_lost_receivers(&self, now_ms: f64, max_silence_ms: f64) -> bool {
        !self.receives()
            && self.lock.is_none()
            && self.receivers().all(|peer| now_ms - peer.last_message_ms > max_silence_ms)
    }

    /// What is to be done now, when a tab that receives is never silent for longer than `max_silence_ms`.
    pub fn check_leader(&mut self, now_ms: f64, max_silence_ms: f64) -> LeaderCheck {
        let hidden = |id: &str| self.peers.iter().any(|(k, p)| k == id && !p.showing.visible);
        let lock = self.lock.as_mut();
        lock.map_or(LeaderCheck::Nothing, |lock| {
            lock.check_leader(self.showing.visible, hidden, now_ms, max_silence_ms)
        })
    }

    /// Whether there are other tabs.
    pub fn has_peers(&self) -> bool {
        self.peers.iter().next().is_some()
    }

    /// Whether there is a tab to pass things on to.
    pub fn has_listeners(&self) -> bool {
        self.peers.iter().any(|(_, peer)| self.lock.is_some() || !peer.showing.visible)
    }

    /// Whether this is the one tab of the browser that tells of news: the first of those that can
    /// be seen, else of all.
    pub fn notifies(&self) -> bool {
        let rank = |showing: &Showing, id: &str| (!showing.visible, id.to_string());
        let mine = rank(&self.showing, &self.id);
        self.peers.iter().all(|(id, peer)| mine < rank(&peer.showing, id))
    }

    /// Whether somebody looks at this conversation in any tab.
    pub fn is_in_view(&self, contact: Contact) -> bool {
        let mut all = self.peers.iter().map(|(_, peer)| &peer.showing).chain([&self.showing]);
        all.any(|showing| showing.visible && showing.open == Some(contact))
    }

    pub fn is_alive(&self, tab: &str) -> bool {
        tab == self.id || self.peers.iter().any(|(known, _)| known == tab)
    }

    /// The other tabs that receive, where there are no locks: those that can be seen, else the first
    /// hidden one, if that is not this one.
    fn receivers(&self) -> impl Iterator<Item = &Peer> {
        let anybody_visible = self.peers.iter().any(|(_, peer)| peer.showing.visible);
        let first = self.peers.iter().map(|(id, _)| id).min();
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
    fn a_visible_tab_receives_and_so_does_one_that_is_alone() {
        assert!(tabs(VISIBLE, &[("a", VISIBLE), ("z", HIDDEN)]).receives());
        assert!(tabs(HIDDEN, &[]).receives());
    }

    #[test]
    fn hidden_tabs_leave_it_to_a_visible_one_or_to_the_first_of_them() {
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
    fn a_tab_that_leaves_or_dies_is_replaced() {
        let mut tabs = tabs(HIDDEN, &[("a", HIDDEN), ("b", VISIBLE)]);
        tabs.remove("b");
        assert!(!tabs.receives());
        assert!(!tabs.has_lost_receivers(50.0, 50.0));
        assert!(tabs.has_lost_receivers(51.0, 50.0));
        tabs.pinged(51.0);
        tabs.note_alive("z".into(), HIDDEN, 52.0);
        tabs.drop_silent();
        assert!(tabs.receives() && !tabs.is_alive("a") && tabs.is_alive("z"));
        assert!(!tabs.has_lost_receivers(1e9, 50.0));
    }

    /// A tab that has queued for the lock, at the time 0.
    fn queued(mine: Showing, others: &[(&str, Showing)]) -> (Tabs, u32) {
        let mut tabs = tabs(mine, others);
        let request = tabs.request_lock(false, 0.0);
        (tabs, request)
    }

    #[test]
    fn with_a_lock_who_has_it_receives_and_nobody_else() {
        let (mut tabs, request) = queued(VISIBLE, &[]);
        tabs.led_by("a".into(), 1.0);
        assert!(!tabs.receives() && !tabs.leads());
        tabs.granted(request);
        assert!(tabs.receives() && tabs.leads() && !tabs.has_listeners());
        tabs.note_alive("z".into(), VISIBLE, 1.0);
        assert!(tabs.receives() && tabs.has_listeners());
        tabs.set_showing(HIDDEN);
        assert!(tabs.receives(), "until somebody takes it");
        assert_eq!(tabs.check_leader(1e9, 50.0), LeaderCheck::Nothing);
    }

    #[test]
    fn until_it_is_known_who_has_the_lock_the_rule_is_that_without_locks() {
        let (tabs, _) = queued(VISIBLE, &[("a", VISIBLE)]);
        assert!(tabs.receives() && !tabs.leads(), "nobody may leave it to this one");
        let unasked = self::tabs(VISIBLE, &[("a", VISIBLE)]);
        assert!(unasked.receives() && !unasked.leads());
        let (tabs, _) = queued(HIDDEN, &[("a", VISIBLE)]);
        assert!(!tabs.receives());
    }

    #[test]
    fn who_loses_the_lock_queues_once_and_only_once() {
        let (mut tabs, first) = queued(VISIBLE, &[("z", VISIBLE)]);
        tabs.led_by("z".into(), 0.0);
        let taken = tabs.request_lock(true, 1.0);
        tabs.granted(taken);
        tabs.led_by("z".into(), 2.0);
        assert!(!tabs.lost(taken, 2.0) && !tabs.receives(), "the first one still waits");
        tabs.granted(first);
        assert!(tabs.receives());
        assert!(tabs.lost(first, 3.0) && tabs.receives() && !tabs.leads(), "by whom is not known");
        tabs.led_by("z".into(), 3.0);
        assert!(!tabs.receives());
        let again = tabs.request_lock(false, 3.0);
        assert!(!tabs.lost(taken, 4.0), "it waits");
        tabs.granted(again);
        assert!(tabs.receives());
    }

    #[test]
    fn what_is_taken_from_oneself_is_not_lost() {
        let (mut tabs, first) = queued(VISIBLE, &[]);
        tabs.granted(first);
        tabs.reset_lock();
        let taken = tabs.request_lock(true, 1.0);
        tabs.granted(taken);
        assert!(!tabs.lost(first, 2.0) && tabs.receives());
    }

    #[test]
    fn a_lock_that_is_not_to_be_had_is_none() {
        let (mut tabs, request) = queued(VISIBLE, &[("a", VISIBLE)]);
        tabs.led_by("a".into(), 0.0);
        assert!(!tabs.receives() && !tabs.leads());
        assert!(!tabs.lost(request, 1.0) && tabs.receives() && tabs.leads());
    }

    #[test]
    fn a_visible_tab_does_not_leave_it_to_a_hidden_one() {
        let (mut tabs, _) = queued(VISIBLE, &[("a", HIDDEN)]);
        assert_eq!(
            tabs.check_leader(1.0, 65_000.0),
            LeaderCheck::Nothing,
            "who leads is not known"
        );
        tabs.led_by("a".into(), 2.0);
        assert_eq!(tabs.check_leader(3.0, 65_000.0), LeaderCheck::StealLock);
        tabs.set_showing(HIDDEN);
        assert_eq!(tabs.check_leader(3.0, 65_000.0), LeaderCheck::Nothing);
    }

    #[test]
    fn one_tab_speaks_for_all() {
        assert!(tabs(HIDDEN, &[]).notifies());
        assert!(!tabs(HIDDEN, &[("z", VISIBLE)]).notifies());
        assert!(tabs(VISIBLE, &[("a", HIDDEN), ("z", VISIBLE)]).notifies());
        assert!(!tabs(VISIBLE, &[("a", VISIBLE)]).notifies());
    }

    #[test]
    fn a_conversation_is_in_view_where_it_is_open_and_visible() {
        let contact = Contact::User(UserId(2));
        let open = |visible| Showing { visible, open: Some(contact) };
        assert!(tabs(HIDDEN, &[("a", open(true))]).is_in_view(contact));
        assert!(tabs(open(true), &[]).is_in_view(contact));
        assert!(!tabs(open(false), &[("a", open(false)), ("b", VISIBLE)]).is_in_view(contact));
    }

    #[test]
    fn what_a_newer_tab_says_can_be_skipped() {
        let json = r#"{"user":1,"tab":"t","showing":{"visible":true,"open":null,"size":3},
                       "said":{"sing":{"song":"x"}}}"#;
        let envelope: TabEnvelope = serde_json::from_str(json).expect("a sign of a newer tab");
        assert!(matches!(envelope.message, TabMessage::Unknown));
    }
}
