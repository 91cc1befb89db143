//! Joins the other tabs of this browser: broadcasts to them, and acts on their broadcasts.

use futures_channel::mpsc::UnboundedSender;
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::client::browser;
use crate::client::machines::receive_loop::{HOLD_GRACE_MS, Wake};
use crate::client::machines::tabs::{
    RECEIVER_CHECK_MS, Showing, TAB_REPLY_MS, TabEnvelope, TabMessage, Tabs,
};
use crate::model::{Batch, Contact, Cursor, UserId};
use crate::wire;

use super::state::{Driver, LoopMessage};

/// Maximum silence of a receiving tab whose requests fail, beyond its hold, in milliseconds.
const RETRY_SILENCE_MAX_MS: u32 = 30_000;

/// Broadcast by a page without a sign-in. Tabs with a signed-in user then check whether their
/// sign-in is still valid.
pub fn announce_signed_out() {
    let envelope = TabEnvelope {
        user: UserId(0),
        tab: String::new(),
        showing: Showing::default(),
        message: TabMessage::Hello,
    };
    post(&browser::join_channel(|_| ()), &envelope);
}

fn post(channel: &UnboundedSender<String>, envelope: &TabEnvelope) {
    if let Ok(json) = serde_json::to_string(envelope) {
        // An error means that the channel is closed because the page is.
        let _ = channel.unbounded_send(json);
    }
}

impl Driver {
    /// Joins the other tabs. `open` is the conversation that is open in this tab.
    pub(super) fn join_tabs(self, open: Memo<Option<Contact>>) {
        let channel = browser::join_channel(move |text| {
            if let Ok(envelope) = wire::read(text.as_bytes()) {
                self.on_message(envelope);
            }
        });
        self.channel.set_value(Some(channel));
        self.broadcast_showing(open);
        self.ping_tabs();
        browser::on_leaving(
            move || {
                self.broadcast(TabMessage::Closing);
                self.tabs.update_value(|tabs| tabs.set_closed(true));
            },
            move || self.restored(),
        );
        spawn_local(async move {
            loop {
                TimeoutFuture::new(RECEIVER_CHECK_MS).await;
                let (now_ms, max_silence_ms) = (browser::now_ms(), self.max_silence_ms());
                if self.tabs.with_value(|tabs| tabs.has_lost_receivers(now_ms, max_silence_ms)) {
                    self.ping_tabs();
                }
            }
        });
    }

    /// Broadcasts whether this tab is visible and which conversation is open in it.
    fn broadcast_showing(self, open: Memo<Option<Contact>>) {
        let showing =
            move || Showing { visible: self.visible.get_untracked(), open: open.get_untracked() };
        self.with_tabs(|tabs| tabs.set_showing(showing()));
        Effect::watch(
            move || (self.visible.get(), open.get()),
            move |_, _, _| {
                self.with_tabs(|tabs| tabs.set_showing(showing()));
                // Without peers there is no need: a later tab gets it in the answer to its ping.
                if self.tabs.with_value(Tabs::has_peers) {
                    self.broadcast(TabMessage::Here);
                }
            },
            false,
        );
    }

    /// The browser restored this page from its back/forward cache. Nothing ran in between, so this
    /// tab missed every broadcast.
    fn restored(self) {
        self.tabs.update_value(|tabs| tabs.set_closed(false));
        self.with_tabs(Tabs::reset_lock);
        self.ping_tabs();
        self.restore_outbox();
        self.restore_drafts();
        self.wake_all(Wake::Check);
    }

    /// Maximum silence of a tab that receives, in milliseconds.
    pub(super) fn max_silence_ms(self) -> f64 {
        f64::from(self.cache.hold_ms()) + f64::from(HOLD_GRACE_MS + RETRY_SILENCE_MAX_MS)
    }

    /// Whether this tab receives for itself.
    pub(super) fn receives(self) -> bool {
        self.tabs.with_value(Tabs::receives)
    }

    pub(super) fn broadcast(self, message: TabMessage) {
        if self.tabs.with_value(Tabs::is_closed) {
            return;
        }
        let (tab, showing) = self.tabs.with_value(|tabs| (tabs.id().to_string(), tabs.showing()));
        let envelope = TabEnvelope { user: self.me(), tab, showing, message };
        self.channel.with_value(|channel| {
            if let Some(channel) = channel {
                post(channel, &envelope);
            }
        });
    }

    /// Broadcasts a batch to the tabs that do not receive for themselves.
    pub(super) fn relay(self, from: Cursor, batch: &Batch) {
        if self.tabs.with_value(Tabs::has_listeners) {
            self.broadcast(TabMessage::Relayed { from, batch: Box::new(batch.clone()) });
        }
    }

    /// Pings all tabs, drops those that do not answer, and adopts their unsent messages.
    pub(super) fn ping_tabs(self) {
        let pinged_ms = browser::now_ms();
        self.broadcast(TabMessage::Hello);
        spawn_local(async move {
            TimeoutFuture::new(TAB_REPLY_MS).await;
            self.with_tabs(|tabs| tabs.drop_silent(pinged_ms));
            self.adopt_unsent();
        });
    }

    /// Sends the messages that closed tabs left unsent, if this tab receives.
    fn adopt_unsent(self) {
        if self.receives() {
            let tabs = self.tabs;
            self.with_outbox(|outbox| {
                outbox.adopt(|tab| tabs.with_value(|tabs| tabs.is_alive(tab)))
            });
        }
    }

    /// Changes the state of the tabs. If that changes whether this tab receives, wakes the receive
    /// loop.
    pub(super) fn with_tabs(self, change: impl FnOnce(&mut Tabs)) {
        let before = self.receives();
        self.tabs.update_value(change);
        match (before, self.receives()) {
            (true, false) => self.wake_loop(Wake::Rest),
            (false, true) => self.wake_loop(Wake::Visible),
            _ => {}
        }
    }

    /// Handles a broadcast of another tab.
    fn on_message(self, envelope: TabEnvelope) {
        let TabEnvelope { user, tab, showing, message } = envelope;
        if user != self.me() {
            if let TabMessage::Hello = message {
                // Another user, or nobody, is signed in there: is this sign-in still valid?
                self.wake_loop(Wake::Check);
            }
            return;
        }
        if let TabMessage::Closing = message {
            self.with_tabs(|tabs| tabs.remove(&tab));
            return self.adopt_unsent();
        }
        let was_alone = !self.tabs.with_value(Tabs::has_peers);
        let leads = matches!(message, TabMessage::Leading | TabMessage::Troubled);
        self.with_tabs(|tabs| {
            let now_ms = browser::now_ms();
            if leads {
                tabs.led_by(tab.clone(), now_ms);
            }
            tabs.note_alive(tab, showing, now_ms);
        });
        if was_alone {
            // A second tab appeared: wake the loop so that it loads the second WASM file.
            self.wake_loop(Wake::Check);
            if !matches!(message, TabMessage::Hello) {
                // The other tab knows this one, but its copy of our `Showing` may be stale.
                self.broadcast(TabMessage::Here);
            }
        }
        self.act_on(message);
    }

    /// Acts on a broadcast of another tab of this user.
    fn act_on(self, message: TabMessage) {
        match message {
            TabMessage::Hello | TabMessage::PingLeader if self.tabs.with_value(Tabs::leads) => {
                let troubled = self.troubled.get_untracked();
                self.broadcast(if troubled { TabMessage::Troubled } else { TabMessage::Leading });
            }
            TabMessage::Hello => self.broadcast(TabMessage::Here),
            TabMessage::Leading | TabMessage::Troubled if !self.receives() => {
                self.set_troubled(matches!(message, TabMessage::Troubled));
            }
            TabMessage::Relayed { from, batch } => {
                if !self.receives() {
                    self.compare_build(&batch);
                    self.tell_loop(LoopMessage::Relayed { from, batch });
                }
            }
            TabMessage::Queued { item } => self.with_outbox(|outbox| outbox.note_foreign(item)),
            TabMessage::Sent { contact, message } => {
                let confirmed = self.cache.add(contact, message).confirmed;
                self.watch_for_gap(contact);
                if let Some(client_id) = confirmed {
                    self.confirm_sent(&client_id);
                }
            }
            TabMessage::Discarded { client_id } => {
                self.with_outbox(|outbox| outbox.discarded_elsewhere(&client_id));
            }
            TabMessage::Draft { contact, text } => self.cache.conversation(contact).set_draft(text),
            TabMessage::Settings => self.load_settings(),
            TabMessage::SigningOut => self.close_storage(),
            TabMessage::Here
            | TabMessage::Closing
            | TabMessage::PingLeader
            | TabMessage::Leading
            | TabMessage::Troubled
            | TabMessage::Unknown => {}
        }
    }
}
