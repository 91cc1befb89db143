//! Runs the state machines against the real world: server functions, timers, storage. The pages
//! hold one `Driver` and ask it for everything about conversations: messages, marks, drafts. What
//! is asked for once and answered on the spot (forms, searches, settings) they call by themselves.

mod paging;
mod reading;
mod receiving;
mod sending;

use std::pin::pin;

use futures_channel::mpsc::{UnboundedSender, unbounded};
use futures_util::future::{Either, select};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::error::KithError;
use crate::model::{Contact, Snapshot, UserId};

use super::browser;
use super::outbox::Outbox;
use super::read_marks::ReadMarks;
use super::receive_loop::{Stop, Wake};
use super::session_cache::SessionCache;

/// How the line to the server is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Link {
    #[default]
    Fine,
    /// Requests fail, and are tried again by themselves.
    Reconnecting,
    /// The device has no network.
    Offline,
}

#[derive(Clone, Copy)]
pub struct Driver {
    pub cache: SessionCache,
    outbox: StoredValue<Outbox>,
    read_marks: StoredValue<ReadMarks>,
    /// Ends the waits of the receive loop.
    wakes: StoredValue<Option<UnboundedSender<Wake>>>,
    leaving: StoredValue<bool>,
    troubled: RwSignal<bool>,
    online: RwSignal<bool>,
    visible: RwSignal<bool>,
    outdated: RwSignal<bool>,
}

impl Driver {
    pub fn new(snapshot: Snapshot) -> Self {
        Self {
            cache: SessionCache::new(snapshot),
            outbox: StoredValue::default(),
            read_marks: StoredValue::default(),
            wakes: StoredValue::default(),
            leaving: StoredValue::new(false),
            troubled: RwSignal::new(false),
            online: RwSignal::new(true),
            visible: RwSignal::new(false),
            outdated: RwSignal::new(false),
        }
    }

    pub fn me(&self) -> UserId {
        self.cache.me()
    }

    pub fn link(&self) -> Link {
        match (self.online.get(), self.troubled.get()) {
            (false, _) => Link::Offline,
            (true, true) => Link::Reconnecting,
            (true, false) => Link::Fine,
        }
    }

    /// Whether the page can be seen.
    pub fn is_visible(&self) -> bool {
        self.visible.get()
    }

    /// Whether the server runs another build than this page.
    pub fn is_outdated(&self) -> bool {
        self.outdated.get()
    }

    /// Begins to receive and to send. Called once, in the browser; `open` is the conversation
    /// that the address names, whenever a new snapshot is due.
    pub fn start(self, open: Memo<Option<Contact>>) {
        let (sender, wakes) = unbounded();
        self.wakes.set_value(Some(sender));
        self.visible.set(browser::is_visible());
        browser::on_visibility(move |visible| self.visible.set(visible));
        browser::on_network(move |online| self.online.set(online));
        browser::on_wake(move |wake| self.wake(wake));
        spawn_local(receiving::receive_forever(self, open, wakes));
        self.restore_outbox();
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

    /// Called while signing out: wipes what this device keeps for the user. The end of the
    /// sign-in, which the receive loop hears of a moment before the browser has left, is no
    /// reason to go anywhere else.
    pub fn leave(&self) {
        self.leaving.set_value(true);
        browser::forget_everything_of(self.me());
    }

    fn stop(&self, stop: Stop) {
        if self.leaving.get_value() {
            return;
        }
        match stop {
            Stop::SignInEnded => browser::go_to_sign_in(),
            Stop::WrongUser => browser::reload(),
        }
    }

    fn wake(&self, wake: Wake) {
        self.wakes.with_value(|sender| {
            if let Some(sender) = sender {
                // The loop has ended if nobody listens.
                let _ = sender.unbounded_send(wake);
            }
        });
        self.wake_outbox();
        self.wake_fetches();
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
