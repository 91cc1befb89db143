//! The driver's state: the machines, the signals that the pages follow, and the channels to the
//! receive loop and to the other tabs.

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

/// State of the connection to the server, as the status bar shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ConnectionState {
    #[default]
    Fine,
    /// Requests fail and are retried automatically.
    Reconnecting,
    /// The device has no network.
    Offline,
}

/// Shows notifications and plays sounds.
pub(super) enum Notifier {
    /// The second WASM file, which shows them, is not loaded yet: they are queued.
    NotLoaded(Vec<Announcement>),
    Loaded(fn(Driver, Announcement)),
}

/// A message to the receive loop, which reads it while it waits.
#[derive(Debug)]
pub(super) enum LoopMessage {
    Wake(Wake),
    /// A WebSocket or another tab received `batch` for the cursor `from`.
    Relayed {
        from: Cursor,
        batch: Box<Batch>,
    },
}

/// Handle to everything that the client runs; a copy costs nothing.
///
/// Its methods are in the other files of this folder, by subject: `send` in `outbox`, `open` in
/// `history`, `seen` in `read_marks`.
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
    /// Broadcasts to the other tabs. `None` until this tab has joined them.
    pub(super) channel: StoredValue<Option<UnboundedSender<String>>>,
    /// Sends messages to the receive loop. `None` until the loop has started.
    pub(super) to_loop: StoredValue<Option<UnboundedSender<LoopMessage>>>,
    pub(super) notifier: StoredValue<Notifier>,
    /// Opens a conversation, as a click on it in the list would.
    pub(super) go_to: StoredValue<Option<Callback<Contact>>>,
    /// This tab is signing out. `sign_out_after` decides where the browser goes; an error of
    /// another call must not send it anywhere else.
    pub(super) signing_out_here: StoredValue<bool>,
    /// Time at which a sign-out closed this device's storage, in this tab or in another one. From
    /// then on nothing is written to it. `None`: the storage is open.
    pub(super) storage_closed_ms: StoredValue<Option<f64>>,
    /// The server answered the last request, and this tab receives for itself.
    pub(super) server_answers: RwSignal<bool>,
    /// Batches come over a WebSocket; the receive loop rests.
    pub(super) by_socket: RwSignal<bool>,
    /// Another tab receives for this one; the receive loop rests.
    pub(super) by_tab: RwSignal<bool>,
    /// Requests of the receiving tab keep failing.
    pub(super) troubled: RwSignal<bool>,
    /// The device has a network.
    pub(super) online: RwSignal<bool>,
    pub(super) visible: RwSignal<bool>,
    /// The server runs another build than this page.
    pub(super) outdated: RwSignal<bool>,
    /// The server's answers cannot be read by this page.
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
            to_loop: StoredValue::default(),
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

    /// Whether the user can see this page.
    pub fn is_visible(&self) -> bool {
        self.visible.get()
    }

    /// Whether the server runs another build than this page, or sends answers that this page
    /// cannot read.
    pub fn is_outdated(&self) -> bool {
        self.outdated.get() || self.unreadable.get()
    }

    pub(super) fn tell_loop(&self, message: LoopMessage) {
        self.to_loop.with_value(|to_loop| {
            if let Some(to_loop) = to_loop {
                // An error means that the loop has ended, and nobody needs the message.
                let _ = to_loop.unbounded_send(message);
            }
        });
    }

    pub(super) fn wake_loop(&self, wake: Wake) {
        self.tell_loop(LoopMessage::Wake(wake));
    }
}

/// Sets a signal, and notifies its followers only of a change.
pub(super) fn set_if_changed(signal: RwSignal<bool>, on: bool) {
    if signal.get_untracked() != on {
        signal.set(on);
    }
}
