//! The receive loop against the real server: performs the machine's one next thing, and gives it
//! what came of it.

use std::pin::pin;

use futures_channel::mpsc::UnboundedReceiver;
use futures_util::future::{Either, select};
use futures_util::stream::{self, Stream, StreamExt};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api;
use crate::client::browser;
use crate::client::machines::receive_loop::{ANSWER_MS, GRACE_MS, Input, Next, ReceiveLoop, Wake};
use crate::client::machines::tabs::{TabMessage, Tabs};
use crate::error::KithError;
use crate::model::limits::TYPING_MS;
use crate::model::{Batch, Contact, Cursor, Event, Hold, Presence};

use super::state::{Driver, LoopSignal, turn};
use super::timeout::within;

/// Gets what a page can do without at first.
pub type Settle = fn(Driver);

/// For how long a sign-out in another tab may take before it counts as failed, in milliseconds.
const LEAVING_MS: f64 = 10_000.0;

pub(super) async fn receive_forever(
    driver: Driver,
    open: Memo<Option<Contact>>,
    calls: UnboundedReceiver<LoopSignal>,
    settle: Settle,
) {
    // Without the chain, the end of the stream would be a wake-up without end.
    let mut calls = calls.chain(stream::pending());
    let mut machine = ReceiveLoop::new(driver.cache.cursor(), driver.cache.hold_ms());
    let mut input = Input::Started;
    let mut settle = Some(settle);
    loop {
        let receives = driver.receives();
        turn(driver.rests, !receives);
        if !receives {
            turn(driver.by_socket, false);
        }
        machine.rest(!receives || driver.by_socket.get_untracked());
        let step = machine.step(input, browser::now_ms(), browser::random());
        driver.take(step.apply, step.presence);
        driver.cache.keep_cursor(machine.cursor());
        turn(driver.answered, receives && machine.is_answered());
        let wanted = driver.has_untold() || driver.tabs.with_value(Tabs::has_peers);
        if (wanted || machine.is_settled())
            && let Some(settle) = settle.take()
        {
            settle(driver);
        }
        driver.set_troubled(machine.is_troubled());
        turn(driver.unreadable, machine.is_outdated());
        input = match step.next {
            Next::Ask { cursor, hold_ms } => {
                ask(driver, &machine, cursor, hold_ms, &mut calls).await
            }
            Next::Wait { ms } => wait(driver, ms, &mut calls).await,
            Next::Rest => rest(&mut calls).await,
            Next::Resync => resync(driver, &machine, open, &mut calls).await,
            Next::Stop(stop) => return driver.stop(stop),
        };
    }
}

/// One request.
async fn ask(
    driver: Driver,
    machine: &ReceiveLoop,
    cursor: Cursor,
    hold_ms: Hold,
    calls: &mut (impl Stream<Item = LoopSignal> + Unpin),
) -> Input {
    let asked_ms = browser::now_ms();
    let presence_version = driver.cache.presence_version();
    let call = api::receive(driver.me(), Some(cursor.clone()), Some(hold_ms), presence_version);
    let ms = hold_ms.saturating_add(GRACE_MS);
    match unless_given_up(machine, within(ms, call), calls).await {
        Ok(Ok(batch)) => {
            driver.heard_from_server(asked_ms, cursor, &batch);
            Input::Answered(batch)
        }
        Ok(Err(error)) => Input::Failed(error),
        Err(wake) => Input::GivenUp(wake),
    }
}

async fn wait(
    driver: Driver,
    ms: u32,
    calls: &mut (impl Stream<Item = LoopSignal> + Unpin),
) -> Input {
    // Who waits with this tab knows that it lives.
    driver.say(TabMessage::Here);
    let mut over = pin!(TimeoutFuture::new(ms));
    loop {
        match select(over.as_mut(), calls.next()).await {
            Either::Left(_) => return Input::Waited(None),
            Either::Right((Some(LoopSignal::Wake(wake)), _)) => return Input::Waited(Some(wake)),
            Either::Right(_) => {}
        }
    }
}

async fn rest(calls: &mut (impl Stream<Item = LoopSignal> + Unpin)) -> Input {
    match calls.next().await {
        Some(LoopSignal::Passed { from, batch }) => Input::Passed { from, batch: *batch },
        Some(LoopSignal::Wake(wake)) => Input::Waited(Some(wake)),
        None => Input::Waited(None),
    }
}

async fn resync(
    driver: Driver,
    machine: &ReceiveLoop,
    open: Memo<Option<Contact>>,
    calls: &mut (impl Stream<Item = LoopSignal> + Unpin),
) -> Input {
    let open = open.get_untracked();
    match unless_given_up(machine, within(ANSWER_MS, api::load_page(open)), calls).await {
        Ok(Ok(snapshot)) if snapshot.me.person.id != driver.me() => {
            Input::Failed(KithError::WrongUser)
        }
        Ok(Ok(snapshot)) => {
            let (cursor, hold_ms) = (snapshot.cursor.clone(), snapshot.hold_ms);
            driver.cache.replace(snapshot);
            driver.ask_for_strangers(driver.cache.strangers());
            driver.unmute_in_time();
            if let Some(contact) = open {
                driver.open(contact);
            }
            Input::Resynced(cursor, hold_ms)
        }
        Ok(Err(error)) => Input::Failed(error),
        Err(wake) => Input::GivenUp(wake),
    }
}

/// Waits for an answer until a wake-up makes it worthless. Leaving the call drops it, and with it
/// the connection.
async fn unless_given_up<T>(
    machine: &ReceiveLoop,
    answer: impl Future<Output = T>,
    calls: &mut (impl Stream<Item = LoopSignal> + Unpin),
) -> Result<T, Wake> {
    let mut answer = pin!(answer);
    loop {
        match select(answer.as_mut(), calls.next()).await {
            Either::Left((answer, _)) => return Ok(answer),
            Either::Right((Some(LoopSignal::Wake(wake)), _))
                if machine.gives_up(wake, browser::now_ms()) =>
            {
                return Err(wake);
            }
            // This tab rests and only looks: what it is about to be told may be older than what
            // another tab has just passed on.
            Either::Right((Some(LoopSignal::Passed { .. }), _)) => return Err(Wake::Doubt),
            Either::Right(_) => {}
        }
    }
}

impl Driver {
    /// Applies what was received, by this tab or by another one.
    fn take(self, events: Vec<Event>, presence: Option<Presence>) {
        if let Some(presence) = presence
            && self.cache.take_presence(presence, browser::now_ms())
        {
            spawn_local(async move {
                TimeoutFuture::new(TYPING_MS).await;
                self.cache.expire_typing(browser::now_ms());
            });
        }
        let mut news = Vec::new();
        let mut strangers = Vec::new();
        for event in events {
            let applied = self.cache.apply(event);
            if let Some(client_id) = applied.settled {
                self.settled(&client_id);
            }
            if let Some(contact) = applied.contact {
                self.watch_for_hole(contact);
            }
            if let Some((contact, until)) = applied.muted_until {
                self.unmute_at(contact, until);
            }
            news.extend(applied.news);
            strangers.extend(applied.strangers);
        }
        self.ask_for_strangers(strangers);
        self.tell_of(news);
    }

    pub(super) fn set_troubled(self, troubled: bool) {
        if self.troubled.get_untracked() != troubled {
            self.troubled.set(troubled);
            self.reachability_changed();
            if !troubled {
                // No wake-up tells that a server is up again.
                self.wake_fetches();
            }
        }
    }

    /// Does what is due with every batch. At `at_ms`, one was still signed in.
    pub(super) fn heard_from_server(self, at_ms: f64, from: Cursor, batch: &Batch) {
        if self.leaving.get_value().is_some_and(|leaving_ms| at_ms > leaving_ms + LEAVING_MS) {
            self.stay();
        }
        self.pass_on(from, batch);
        self.compare_build(batch);
    }

    pub(super) fn compare_build(self, batch: &Batch) {
        if batch.build.as_ref().is_some_and(|build| !self.cache.is_build(build)) {
            self.outdated.set(true);
        }
    }
}
