//! Runs the state machines against the real world: server functions, timers, storage. The pages
//! hold one `Driver` and ask it for everything about conversations: messages, marks, drafts. What
//! is asked for once and answered on the spot (forms, searches, settings) they call by themselves.

mod history;
mod notices;
mod outbox;
mod own_copy;
mod people_wanted;
mod read_marks;
mod receive_loop;
mod tab_lock;
mod tabs;
mod transport;

use std::pin::pin;

use futures_channel::mpsc::{UnboundedSender, unbounded};
use futures_util::future::{Either, select};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::error::KithError;
use crate::model::{ClientId, Contact, Snapshot, UserId};

use super::browser;
use super::cache::SessionCache;
use super::machines::device_settings::DeviceSettings;
use super::machines::notices::{Announcement, Notices};
use super::machines::outbox::Outbox;
use super::machines::people_wanted::PeopleWanted;
use super::machines::presence::TypingTold;
use super::machines::read_marks::ReadMarks;
use super::machines::receive_loop::{ANSWER_MS, Stop, Wake};
use super::machines::recent::Recent;
use super::machines::tabs::{TabMessage, Tabs};

use receive_loop::LoopSignal;

pub use tabs::announce_stranger;

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

/// Gets what a page can do without at first.
pub type Settle = fn(Driver);

/// Shows and sounds what there is to tell.
enum NoticeView {
    /// It was not fetched yet: this waits for it.
    NotHere(Vec<Announcement>),
    Here(fn(Driver, Announcement)),
}

#[derive(Clone, Copy)]
pub struct Driver {
    pub cache: SessionCache,
    outbox: StoredValue<Outbox>,
    read_marks: StoredValue<ReadMarks>,
    people_wanted: StoredValue<PeopleWanted>,
    typing_told: StoredValue<TypingTold>,
    recent: StoredValue<Recent>,
    notices: StoredValue<Notices>,
    settings: RwSignal<DeviceSettings>,
    tabs: StoredValue<Tabs>,
    /// What is sent into it, the other tabs hear.
    channel: StoredValue<Option<UnboundedSender<String>>>,
    /// Ends the waits of the receive loop.
    calls: StoredValue<Option<UnboundedSender<LoopSignal>>>,
    teller: StoredValue<NoticeView>,
    /// Opens a conversation, as a click on it would.
    go_to: StoredValue<Option<Callback<Contact>>>,
    /// This page is signing out: where the browser goes next is decided.
    leaves: StoredValue<bool>,
    /// Since when somebody is signing out in this browser, in this tab or another one: nothing is
    /// kept on the device any more.
    leaving: StoredValue<Option<f64>>,
    /// The server has answered the last request, and this tab receives by asking.
    answered: RwSignal<bool>,
    /// What happens comes over a WebSocket: nothing is asked for.
    by_socket: RwSignal<bool>,
    /// Another tab receives for this one.
    rests: RwSignal<bool>,
    troubled: RwSignal<bool>,
    online: RwSignal<bool>,
    visible: RwSignal<bool>,
    outdated: RwSignal<bool>,
    unreadable: RwSignal<bool>,
}

impl Driver {
    pub fn new(snapshot: Snapshot) -> Self {
        let tab = ClientId::random().as_str().to_string();
        Self {
            cache: SessionCache::new(snapshot),
            outbox: StoredValue::new(Outbox::new(tab.clone())),
            read_marks: StoredValue::default(),
            people_wanted: StoredValue::default(),
            typing_told: StoredValue::default(),
            recent: StoredValue::default(),
            notices: StoredValue::default(),
            settings: RwSignal::default(),
            tabs: StoredValue::new(Tabs::new(tab)),
            channel: StoredValue::default(),
            calls: StoredValue::default(),
            teller: StoredValue::new(NoticeView::NotHere(Vec::new())),
            go_to: StoredValue::default(),
            leaves: StoredValue::new(false),
            leaving: StoredValue::default(),
            answered: RwSignal::new(false),
            by_socket: RwSignal::new(false),
            rests: RwSignal::new(false),
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

    pub fn link(&self) -> ConnectionState {
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
        self.rests.get()
    }

    /// Whether the page can be seen.
    pub fn is_visible(&self) -> bool {
        self.visible.get()
    }

    /// Whether the server runs another build than this page, or one that it cannot understand.
    pub fn is_outdated(&self) -> bool {
        self.outdated.get() || self.unreadable.get()
    }

    /// Begins to receive and to send. Called once, in the browser; `open` is the conversation
    /// that the address names, and `go_to` opens another one. `settle` is called once the page has been
    /// here for a while, there is another tab, or there is something to tell.
    pub fn start(self, open: Memo<Option<Contact>>, go_to: Callback<Contact>, settle: Settle) {
        let (sender, calls) = unbounded();
        self.calls.set_value(Some(sender));
        self.go_to.set_value(Some(go_to));
        self.load_settings();
        self.visible.set(browser::is_visible());
        browser::on_visibility(move |visible| {
            self.visible.set(visible);
            if !visible {
                // There may be no later.
                self.tell_now();
            }
        });
        browser::on_network(move |online| {
            self.online.set(online);
            self.reachability_changed();
        });
        browser::on_wake(move |wake| self.wake(wake));
        self.restore_outbox();
        self.restore_drafts();
        self.join_tabs(open);
        self.ask_for_strangers(self.cache.strangers());
        self.unmute_in_time();
        spawn_local(receive_loop::receive_forever(self, open, calls, settle));
    }

    /// What has to happen when a call failed for a reason that ends this page. Returns whether
    /// it did.
    pub fn stops_after(&self, error: &KithError) -> bool {
        let stop = Stop::after(error);
        if let Some(stop) = stop {
            self.stop(stop);
        }
        stop.is_some()
    }

    /// Makes a call that ends this sign-in, and leaves the page once the server has agreed: what
    /// this device keeps for the user is wiped, here and in the other tabs. The end of the
    /// sign-in, which the receive loop may hear of before, is no reason to go anywhere else.
    pub async fn leave_after(
        self,
        call: impl Future<Output = Result<(), KithError>>,
    ) -> Result<(), KithError> {
        // What was read counts, on the other devices too; afterwards nobody may say so any more.
        self.tell().await;
        self.leaves.set_value(true);
        let answer = within(ANSWER_MS, call).await;
        if answer.is_ok() {
            self.say(TabMessage::Leaving);
            self.forget_everything();
            browser::leave_for_sign_in();
        } else {
            self.leaves.set_value(false);
            self.tell_now();
        }
        answer
    }

    /// Somebody signs out: whatever this page would write to the device later is not wanted.
    fn forget_everything(&self) {
        self.leaving.set_value(Some(browser::now_ms()));
        self.outbox.update_value(Outbox::stop);
        browser::forget_everything_of(self.me());
    }

    /// The sign-out came to nothing.
    fn stay(&self) {
        self.leaves.set_value(false);
        self.leaving.set_value(None);
        self.with_outbox(Outbox::resume);
    }

    /// Whether something may be kept on the device.
    fn keeps(&self) -> bool {
        self.leaving.with_value(Option::is_none)
    }

    fn stop(&self, stop: Stop) {
        if self.leaves.get_value() {
            return;
        }
        match stop {
            Stop::SignInEnded => browser::go_to_sign_in(),
            Stop::WrongUser => browser::reload(),
        }
    }

    fn wake(&self, wake: Wake) {
        self.call(LoopSignal::Wake(wake));
        self.wake_outbox();
        self.wake_fetches();
        if self.receives() && self.outbox.with_value(Outbox::has_foreign) {
            self.ask_tabs();
        }
    }

    fn call(&self, call: LoopSignal) {
        self.calls.with_value(|calls| {
            if let Some(calls) = calls {
                // The loop has ended if nobody listens.
                let _ = calls.unbounded_send(call);
            }
        });
    }

    fn reachability_changed(&self) {
        self.cache.set_reachable(self.online.get_untracked() && !self.troubled.get_untracked());
    }
}

/// Waits for a call for so many milliseconds. A connection may be dead without anybody saying
/// so; leaving the call drops it.
async fn within<T>(
    ms: u32,
    call: impl Future<Output = Result<T, KithError>>,
) -> Result<T, KithError> {
    match select(pin!(call), TimeoutFuture::new(ms)).await {
        Either::Left((answer, _)) => answer,
        Either::Right(_) => Err(KithError::Unreachable),
    }
}
