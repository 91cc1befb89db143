//! Runs the receive loop: takes the step that the machine names, and gives the machine the result.

use std::collections::VecDeque;
use std::pin::pin;

use futures_channel::mpsc::UnboundedReceiver;
use futures_util::future::{Either, select};
use futures_util::stream::{self, Chain, Pending, StreamExt};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api;
use crate::client::browser;
use crate::client::machines::receive_loop::{
    CALL_TIMEOUT_MS, HOLD_GRACE_MS, Input, Next, ReceiveLoop, Wake,
};
use crate::client::machines::tabs::{TabMessage, Tabs};
use crate::error::KithError;
use crate::model::limits::TYPING_MS;
use crate::model::{Batch, Contact, Cursor, Event, HoldMs, Presence};

use super::state::{Driver, LoopMessage, set_if_changed};
use super::timeout::within;

/// Fetches the second WASM file and starts what it has: notifications, the tab lock and the
/// WebSocket.
pub type LoadSecondFile = fn(Driver);

/// Maximum duration of a sign-out in another tab, in milliseconds. A later answer to this sign-in
/// means that the sign-out failed.
const SIGN_OUT_MAX_MS: f64 = 10_000.0;

pub(super) async fn receive_forever(
    driver: Driver,
    open: Memo<Option<Contact>>,
    inbox: UnboundedReceiver<LoopMessage>,
    load_second_file: LoadSecondFile,
) {
    let mut inbox = Inbox::new(inbox);
    let mut machine = ReceiveLoop::new(driver.cache.cursor(), driver.cache.hold_ms());
    let mut input = Input::Started;
    let mut load_second_file = Some(load_second_file);
    loop {
        let receives = driver.receives();
        set_if_changed(driver.by_tab, !receives);
        if !receives {
            set_if_changed(driver.by_socket, false);
        }
        let is_resting = !receives || driver.by_socket.get_untracked();
        machine.set_resting(is_resting);
        if !is_resting {
            inbox.relayed.clear();
        }
        let step = machine.step(input, browser::now_ms(), browser::random());
        driver.apply(step.apply, step.presence);
        driver.cache.set_cursor(machine.cursor());
        set_if_changed(driver.server_answers, receives && machine.is_answered());
        let needed = driver.has_pending_notices() || driver.tabs.with_value(Tabs::has_peers);
        if (needed || machine.has_been_held())
            && let Some(load_second_file) = load_second_file.take()
        {
            load_second_file(driver);
        }
        driver.set_troubled(machine.is_troubled());
        set_if_changed(driver.unreadable, machine.is_outdated());
        input = match step.next {
            Next::Request { cursor, hold_ms } => {
                request(driver, &machine, cursor, hold_ms, &mut inbox).await
            }
            Next::Wait { ms } => wait(driver, ms, &mut inbox).await,
            Next::Rest => rest(&mut inbox).await,
            Next::Resync => resync(driver, &machine, open, &mut inbox).await,
            Next::Stop(stop) => return driver.stop(stop),
        };
    }
}

/// The messages to the loop.
struct Inbox {
    messages: Chain<UnboundedReceiver<LoopMessage>, Pending<LoopMessage>>,
    /// Batches that were relayed during a request, for the next rest. The answer may be older than
    /// they are. A request that they aborted would never end while they come quickly.
    relayed: VecDeque<LoopMessage>,
}

impl Inbox {
    fn new(messages: UnboundedReceiver<LoopMessage>) -> Self {
        // A stream that has ended is always ready, and the loop would spin.
        Self { messages: messages.chain(stream::pending()), relayed: VecDeque::new() }
    }
}

async fn request(
    driver: Driver,
    machine: &ReceiveLoop,
    cursor: Cursor,
    hold_ms: HoldMs,
    inbox: &mut Inbox,
) -> Input {
    let requested_ms = browser::now_ms();
    let presence_version = driver.cache.presence_version();
    let call = api::receive(driver.me(), Some(cursor.clone()), Some(hold_ms), presence_version);
    let ms = hold_ms.saturating_add(HOLD_GRACE_MS);
    match unless_aborted(machine, within(ms, call), inbox).await {
        Ok(Ok(batch)) => {
            driver.after_batch(requested_ms, cursor, &batch);
            Input::Answered(batch)
        }
        Ok(Err(error)) => Input::Failed(error),
        Err(wake) => Input::Aborted(wake),
    }
}

async fn wait(driver: Driver, ms: u32, inbox: &mut Inbox) -> Input {
    // Tell resting tabs that this one is alive: while it waits, it relays nothing.
    driver.broadcast(TabMessage::Here);
    let mut over = pin!(TimeoutFuture::new(ms));
    loop {
        match select(over.as_mut(), inbox.messages.next()).await {
            Either::Left(_) => return Input::Waited(None),
            Either::Right((Some(LoopMessage::Wake(wake)), _)) => return Input::Waited(Some(wake)),
            Either::Right(_) => {}
        }
    }
}

async fn rest(inbox: &mut Inbox) -> Input {
    let message = match inbox.relayed.pop_front() {
        Some(relayed) => Some(relayed),
        None => inbox.messages.next().await,
    };
    match message {
        Some(LoopMessage::Relayed { from, batch }) => Input::Relayed { from, batch: *batch },
        Some(LoopMessage::Wake(wake)) => Input::Waited(Some(wake)),
        None => Input::Waited(None),
    }
}

async fn resync(
    driver: Driver,
    machine: &ReceiveLoop,
    open: Memo<Option<Contact>>,
    inbox: &mut Inbox,
) -> Input {
    let open = open.get_untracked();
    match unless_aborted(machine, within(CALL_TIMEOUT_MS, api::load_page(open)), inbox).await {
        Ok(Ok(snapshot)) if snapshot.me.person.id != driver.me() => {
            Input::Failed(KithError::WrongUser)
        }
        Ok(Ok(snapshot)) => {
            let (cursor, hold_ms) = (snapshot.cursor.clone(), snapshot.hold_ms);
            driver.cache.replace(snapshot);
            driver.look_up_people(driver.cache.unknown_people());
            driver.schedule_unmutes();
            if let Some(contact) = open {
                driver.open(contact);
            }
            Input::Resynced(cursor, hold_ms)
        }
        Ok(Err(error)) => Input::Failed(error),
        Err(wake) => Input::Aborted(wake),
    }
}

/// Waits for an answer until a wake-up makes it worthless. Dropping the call then closes its
/// connection.
async fn unless_aborted<T>(
    machine: &ReceiveLoop,
    answer: impl Future<Output = T>,
    inbox: &mut Inbox,
) -> Result<T, Wake> {
    let mut answer = pin!(answer);
    loop {
        match select(answer.as_mut(), inbox.messages.next()).await {
            Either::Left((answer, _)) => return Ok(answer),
            Either::Right((Some(LoopMessage::Wake(wake)), _))
                if machine.should_abort(wake, browser::now_ms()) =>
            {
                return Err(wake);
            }
            Either::Right((Some(relayed @ LoopMessage::Relayed { .. }), _)) => {
                inbox.relayed.push_back(relayed);
            }
            Either::Right(_) => {}
        }
    }
}

impl Driver {
    /// Applies what this tab received, or what was relayed to it.
    fn apply(self, events: Vec<Event>, presence: Option<Presence>) {
        if let Some(presence) = presence
            && self.cache.set_presence(presence, browser::now_ms())
        {
            spawn_local(async move {
                TimeoutFuture::new(TYPING_MS).await;
                self.cache.expire_typing(browser::now_ms());
            });
        }
        let mut messages = Vec::new();
        let mut unknown = Vec::new();
        for event in events {
            let applied = self.cache.apply(event);
            if let Some(client_id) = applied.confirmed {
                self.confirm_sent(&client_id);
            }
            if let Some(contact) = applied.added_to {
                self.watch_for_gap(contact);
            }
            if let Some((contact, until)) = applied.muted_until {
                self.unmute_at(contact, until);
            }
            messages.extend(applied.new_message);
            unknown.extend(applied.unknown_people);
        }
        self.look_up_people(unknown);
        self.notify_of(messages);
    }

    pub(super) fn set_troubled(self, troubled: bool) {
        if self.troubled.get_untracked() != troubled {
            self.troubled.set(troubled);
            self.reachability_changed();
            if !troubled {
                // The browser has no event for a server that is up again.
                self.wake_fetches();
            }
        }
    }

    /// Handles a batch of the server, whichever the transport. The sign-in was still
    /// valid at `at_ms`.
    pub(super) fn after_batch(self, at_ms: f64, from: Cursor, batch: &Batch) {
        let closed_ms = self.storage_closed_ms.get_value();
        if closed_ms.is_some_and(|closed_ms| at_ms > closed_ms + SIGN_OUT_MAX_MS) {
            self.resume_after_sign_out();
        }
        self.relay(from, batch);
        self.compare_build(batch);
    }

    /// Notes whether the server runs another build than this page.
    pub(super) fn compare_build(self, batch: &Batch) {
        if batch.build.as_ref().is_some_and(|build| !self.cache.is_build(build)) {
            self.outdated.set(true);
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_channel::{mpsc, oneshot};
    use futures_util::FutureExt;

    use super::*;

    use crate::model::EventId;

    fn cursor(id: i64) -> Cursor {
        Cursor { epoch: "e".into(), id: EventId(id) }
    }

    fn relayed(from: i64, to: i64) -> LoopMessage {
        let batch = Batch {
            cursor: cursor(to),
            events: vec![],
            has_more: false,
            resync: false,
            build: None,
            presence: None,
        };
        LoopMessage::Relayed { from: cursor(from), batch: Box::new(batch) }
    }

    #[test]
    fn batches_relayed_during_a_request_do_not_end_it_and_are_not_lost() {
        let machine = ReceiveLoop::new(cursor(1), 25_000);
        let (sender, messages) = mpsc::unbounded();
        let mut inbox = Inbox::new(messages);
        let (answer, answered) = oneshot::channel();
        {
            let mut request = pin!(unless_aborted(&machine, answered, &mut inbox));
            for id in 1..=3 {
                sender.unbounded_send(relayed(id, id + 1)).expect("the loop listens");
                assert!(request.as_mut().now_or_never().is_none());
            }
            answer.send("the answer").expect("the request waits");
            let result = request.now_or_never().expect("an answer");
            assert_eq!(result.map_err(|_| "aborted"), Ok(Ok("the answer")));
        }
        for id in 1..=3 {
            let input = rest(&mut inbox).now_or_never();
            let Some(Input::Relayed { from, batch }) = input else { panic!("no batch") };
            assert_eq!((from, batch.cursor), (cursor(id), cursor(id + 1)));
        }
    }
}
