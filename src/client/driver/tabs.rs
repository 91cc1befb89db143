//! The other tabs of this browser: says what they need to know, and hears what they say.

use futures_channel::mpsc::UnboundedSender;
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::client::browser;
use crate::client::machines::receive_loop::{GRACE_MS, Wake};
use crate::client::machines::tabs::{
    LOOK_MS, Showing, TAB_REPLY_MS, TabEnvelope, TabMessage, Tabs,
};
use crate::model::{Batch, Contact, Cursor, UserId};
use crate::wire;

use super::state::{Driver, LoopSignal};

/// A tab that tries in vain says so at least this often, beyond its hold, in milliseconds.
const SILENT_MS: u32 = 30_000;

/// Said by a page that only strangers see: whoever is signed in elsewhere in this browser has
/// reason to ask whether they still are.
pub fn announce_stranger() {
    let sign = TabEnvelope {
        user: UserId(0),
        tab: String::new(),
        showing: Showing::default(),
        said: TabMessage::Hello,
    };
    send(&browser::join_channel(|_| ()), &sign);
}

fn send(channel: &UnboundedSender<String>, sign: &TabEnvelope) {
    if let Ok(json) = serde_json::to_string(sign) {
        // Nobody listens: the page is going.
        let _ = channel.unbounded_send(json);
    }
}

impl Driver {
    /// Joins the other tabs. `open` is the conversation that is open in this one.
    pub(super) fn join_tabs(self, open: Memo<Option<Contact>>) {
        let channel = browser::join_channel(move |text| {
            if let Ok(sign) = wire::read(text.as_bytes()) {
                self.heard(sign);
            }
        });
        self.channel.set_value(Some(channel));
        let show =
            move || Showing { visible: self.visible.get_untracked(), open: open.get_untracked() };
        self.with_tabs(|tabs| tabs.show(show()));
        self.ask_tabs();
        Effect::watch(
            move || (self.visible.get(), open.get()),
            move |_, _, _| {
                self.with_tabs(|tabs| tabs.show(show()));
                // Who is heard of later is told then.
                if self.tabs.with_value(Tabs::has_peers) {
                    self.say(TabMessage::Here);
                }
            },
            false,
        );
        browser::on_leaving(
            move || {
                self.say(TabMessage::Bye);
                self.tabs.update_value(|tabs| tabs.set_away(true));
            },
            move || {
                self.tabs.update_value(|tabs| tabs.set_away(false));
                // While the browser kept the page, nothing of it ran.
                self.with_tabs(Tabs::begin_again);
                self.ask_tabs();
                self.restore_outbox();
                self.restore_drafts();
                self.wake(Wake::Doubt);
            },
        );
        spawn_local(async move {
            loop {
                TimeoutFuture::new(LOOK_MS).await;
                let (now_ms, most_ms) = (browser::now_ms(), self.silence_ms());
                if self.tabs.with_value(|tabs| tabs.is_forsaken(now_ms, most_ms)) {
                    self.ask_tabs();
                }
            }
        });
    }

    /// A tab that receives is never silent for longer, in milliseconds.
    pub(super) fn silence_ms(self) -> f64 {
        f64::from(self.cache.hold_ms()) + f64::from(GRACE_MS + SILENT_MS)
    }

    /// Whether this tab receives for itself.
    pub(super) fn receives(self) -> bool {
        self.tabs.with_value(Tabs::receives)
    }

    pub(super) fn say(self, said: TabMessage) {
        if self.tabs.with_value(Tabs::is_away) {
            return;
        }
        let (tab, showing) = self.tabs.with_value(|tabs| (tabs.me().to_string(), tabs.mine()));
        let sign = TabEnvelope { user: self.me(), tab, showing, said };
        self.channel.with_value(|channel| {
            if let Some(channel) = channel {
                send(channel, &sign);
            }
        });
    }

    /// Tells tabs that do not receive what came.
    pub(super) fn pass_on(self, from: Cursor, batch: &Batch) {
        if self.tabs.with_value(Tabs::has_listeners) {
            self.say(TabMessage::Passed { from, batch: Box::new(batch.clone()) });
        }
    }

    /// Asks which tabs live, and takes over what others left behind.
    pub(super) fn ask_tabs(self) {
        self.with_tabs(|tabs| tabs.asked(browser::now_ms()));
        self.say(TabMessage::Hello);
        spawn_local(async move {
            TimeoutFuture::new(TAB_REPLY_MS).await;
            self.with_tabs(Tabs::forget_silent);
            self.adopt();
        });
    }

    fn adopt(self) {
        if self.receives() {
            let tabs = self.tabs;
            self.with_outbox(|outbox| {
                outbox.adopt(|tab| tabs.with_value(|tabs| tabs.is_alive(tab)))
            });
        }
    }

    /// Changes what is known of the tabs. Whether this one receives may follow from it.
    pub(super) fn with_tabs(self, change: impl FnOnce(&mut Tabs)) {
        let before = self.receives();
        self.tabs.update_value(change);
        match (before, self.receives()) {
            (true, false) => self.call(LoopSignal::Wake(Wake::Rest)),
            (false, true) => self.call(LoopSignal::Wake(Wake::Visible)),
            _ => {}
        }
    }

    fn heard(self, sign: TabEnvelope) {
        let TabEnvelope { user, tab, showing, said } = sign;
        if user != self.me() {
            if let TabMessage::Hello = said {
                self.call(LoopSignal::Wake(Wake::Doubt));
            }
            return;
        }
        if let TabMessage::Bye = said {
            self.with_tabs(|tabs| tabs.left(&tab));
            return self.adopt();
        }
        let alone = !self.tabs.with_value(Tabs::has_peers);
        let leads = matches!(said, TabMessage::Leading | TabMessage::Troubled);
        self.with_tabs(|tabs| {
            let now_ms = browser::now_ms();
            if leads {
                tabs.led_by(tab.clone(), now_ms);
            }
            tabs.heard(tab, showing, now_ms);
        });
        if alone {
            // Two tabs need more than one.
            self.call(LoopSignal::Wake(Wake::Doubt));
            if !matches!(said, TabMessage::Hello) {
                // It has heard of this one, but not lately what is looked at here.
                self.say(TabMessage::Here);
            }
        }
        match said {
            TabMessage::Hello | TabMessage::Asking if self.tabs.with_value(Tabs::leads) => {
                let troubled = self.troubled.get_untracked();
                self.say(if troubled { TabMessage::Troubled } else { TabMessage::Leading });
            }
            TabMessage::Hello => self.say(TabMessage::Here),
            TabMessage::Leading | TabMessage::Troubled if !self.receives() => {
                self.set_troubled(matches!(said, TabMessage::Troubled));
            }
            TabMessage::Passed { from, batch } => {
                if !self.receives() {
                    self.compare_build(&batch);
                    self.call(LoopSignal::Passed { from, batch });
                }
            }
            TabMessage::Queued { item } => self.with_outbox(|outbox| outbox.heard(item)),
            TabMessage::Sent { contact, message } => {
                let settled = self.cache.add(contact, message).settled;
                self.watch_for_hole(contact);
                if let Some(client_id) = settled {
                    self.settled(&client_id);
                }
            }
            TabMessage::Discarded { client_id } => {
                self.with_outbox(|outbox| outbox.gone(&client_id))
            }
            TabMessage::Draft { contact, text } => self.cache.conversation(contact).set_draft(text),
            TabMessage::Settings => self.load_settings(),
            TabMessage::Leaving => self.forget_everything(),
            TabMessage::Here
            | TabMessage::Bye
            | TabMessage::Asking
            | TabMessage::Leading
            | TabMessage::Troubled
            | TabMessage::Unknown => {}
        }
    }
}
