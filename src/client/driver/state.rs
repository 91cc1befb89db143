//! The driver's state: the machines, the signals that the pages follow, and the ways to the loop.

use futures_channel::mpsc::UnboundedSender;
use leptos::prelude::*;

use crate::client::cache::SessionCache;
use crate::client::machines::device_settings::DeviceSettings;
use crate::client::machines::notices::{Announcement, Notices};
use crate::client::machines::outbox::Outbox;
use crate::client::machines::people_wanted::PeopleWanted;
use crate::client::machines::read_marks::ReadMarks;
use crate::client::machines::receive_loop::Wake;
use crate::client::machines::recent::Recent;
use crate::client::machines::tabs::Tabs;
use crate::client::machines::typing::TypingThrottle;
use crate::model::{Batch, ClientId, Contact, Cursor, Snapshot, UserId};

/// How the line to the server is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ConnectionState {
    #[default]
    Fine,
    /// Requests fail, and are tried again by themselves.
    Reconnecting,
    /// The device has no network.
    Offline,
}

/// Shows and sounds what there is to tell.
pub(super) enum Notifier {
    /// It was not fetched yet: this waits for it.
    NotLoaded(Vec<Announcement>),
    Loaded(fn(Driver, Announcement)),
}

/// What the loop is told while it waits.
#[derive(Debug)]
pub(super) enum LoopSignal {
    Wake(Wake),
    Relayed { from: Cursor, batch: Box<Batch> },
}

#[derive(Clone, Copy)]
pub struct Driver {
    pub cache: SessionCache,
    pub(super) outbox: StoredValue<Outbox>,
    pub(super) read_marks: StoredValue<ReadMarks>,
    pub(super) people_wanted: StoredValue<PeopleWanted>,
    pub(super) typing_throttle: StoredValue<TypingThrottle>,
    pub(super) recent: StoredValue<Recent>,
    pub(super) notices: StoredValue<Notices>,
    pub(super) settings: RwSignal<DeviceSettings>,
    pub(super) tabs: StoredValue<Tabs>,
    /// What is sent into it, the other tabs hear.
    pub(super) channel: StoredValue<Option<UnboundedSender<String>>>,
    /// Ends the waits of the receive loop.
    pub(super) signals: StoredValue<Option<UnboundedSender<LoopSignal>>>,
    pub(super) notifier: StoredValue<Notifier>,
    /// Opens a conversation, as a click on it would.
    pub(super) go_to: StoredValue<Option<Callback<Contact>>>,
    /// This page is signing out: where the browser goes next is decided.
    pub(super) signing_out_here: StoredValue<bool>,
    /// Since when somebody is signing out in this browser, in this tab or another one: nothing is
    /// kept on the device any more.
    pub(super) storage_closed_ms: StoredValue<Option<f64>>,
    /// The server has server_answers the last request, and this tab receives by asking.
    pub(super) server_answers: RwSignal<bool>,
    /// What happens comes over a WebSocket: nothing is asked for.
    pub(super) by_socket: RwSignal<bool>,
    /// Another tab receives for this one.
    pub(super) by_tab: RwSignal<bool>,
    pub(super) troubled: RwSignal<bool>,
    pub(super) online: RwSignal<bool>,
    pub(super) visible: RwSignal<bool>,
    pub(super) outdated: RwSignal<bool>,
    pub(super) unreadable: RwSignal<bool>,
}

impl Driver {
    pub fn new(snapshot: Snapshot) -> Self {
        let tab = ClientId::random().as_str().to_string();
        Self {
            cache: SessionCache::new(snapshot),
            outbox: StoredValue::new(Outbox::new(tab.clone())),
            read_marks: StoredValue::default(),
            people_wanted: StoredValue::default(),
            typing_throttle: StoredValue::default(),
            recent: StoredValue::default(),
            notices: StoredValue::default(),
            settings: RwSignal::default(),
            tabs: StoredValue::new(Tabs::new(tab)),
            channel: StoredValue::default(),
            signals: StoredValue::default(),
            notifier: StoredValue::new(Notifier::NotLoaded(Vec::new())),
            go_to: StoredValue::default(),
            signing_out_here: StoredValue::new(false),
            storage_closed_ms: StoredValue::default(),
            server_answers: RwSignal::new(false),
            by_socket: RwSignal::new(false),
            by_tab: RwSignal::new(false),
            troubled: RwSignal::new(false),
            online: RwSignal::new(true),
            visible: RwSignal::new(false),
            outdated: RwSignal::new(false),
            unreadable: RwSignal::new(false),
        }
    }

    pub fn me(&self) -> UserId {
        self.cache.me()
    }

    pub fn connection(&self) -> ConnectionState {
        match (self.online.get(), self.troubled.get()) {
            (false, _) => ConnectionState::Offline,
            (true, true) => ConnectionState::Reconnecting,
            (true, false) => ConnectionState::Fine,
        }
    }

    /// Whether this page receives over a WebSocket just now.
    pub fn is_by_socket(&self) -> bool {
        self.by_socket.get()
    }

    /// Whether another tab receives for this one just now.
    pub fn is_by_tab(&self) -> bool {
        self.by_tab.get()
    }

    /// Whether the page can be seen.
    pub fn is_visible(&self) -> bool {
        self.visible.get()
    }

    /// Whether the server runs another build than this page, or one that it cannot understand.
    pub fn is_outdated(&self) -> bool {
        self.outdated.get() || self.unreadable.get()
    }

    pub(super) fn signal_loop(&self, signal: LoopSignal) {
        self.signals.with_value(|signals| {
            if let Some(signals) = signals {
                // The loop has ended if nobody listens.
                let _ = signals.unbounded_send(signal);
            }
        });
    }
}

/// Sets what others follow, and tells them only of a change.
pub(super) fn set_if_changed(signal: RwSignal<bool>, on: bool) {
    if signal.get_untracked() != on {
        signal.set(on);
    }
}
