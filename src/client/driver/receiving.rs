//! The receive loop against the real server: performs the machine's one next thing, and gives it
//! what came of it.

use std::pin::pin;

use futures_channel::mpsc::UnboundedReceiver;
use futures_util::future::{Either, select};
use futures_util::stream::{self, Stream, StreamExt};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;

use crate::api;
use crate::client::browser;
use crate::client::receive_loop::{ANSWER_MS, GRACE_MS, Input, Next, ReceiveLoop, Wake};
use crate::error::KithError;
use crate::model::{Contact, Cursor, Event, Hold};

use super::{Driver, within};

pub(super) async fn receive_forever(
    driver: Driver,
    open: Memo<Option<Contact>>,
    wakes: UnboundedReceiver<Wake>,
) {
    // Without the chain, the end of the stream would be a wake-up without end.
    let mut wakes = wakes.chain(stream::pending());
    let mut machine = ReceiveLoop::new(driver.cache.cursor(), driver.cache.hold_ms());
    let mut input = Input::Started;
    loop {
        let step = machine.step(input, browser::now_ms(), browser::random());
        driver.apply(step.apply);
        let troubled = machine.is_troubled();
        if driver.troubled.get_untracked() != troubled {
            driver.troubled.set(troubled);
            if !troubled {
                // No wake-up tells that a server is up again.
                driver.wake_fetches();
            }
        }
        input = match step.next {
            Next::Ask { cursor, hold_ms } => {
                ask(driver, &machine, cursor, hold_ms, &mut wakes).await
            }
            Next::Wait { ms } => wait(ms, &mut wakes).await,
            Next::Resync => resync(driver, &machine, open, &mut wakes).await,
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
    wakes: &mut (impl Stream<Item = Wake> + Unpin),
) -> Input {
    let call = api::receive(driver.me(), Some(cursor), Some(hold_ms), None);
    let ms = hold_ms.saturating_add(GRACE_MS);
    match unless_given_up(machine, within(ms, call), wakes).await {
        Ok(Ok(batch)) => {
            if !driver.cache.is_build(&batch.build) {
                driver.outdated.set(true);
            }
            Input::Answered(batch)
        }
        Ok(Err(error)) => Input::Failed(error),
        Err(wake) => Input::GivenUp(wake),
    }
}

async fn wait(ms: u32, wakes: &mut (impl Stream<Item = Wake> + Unpin)) -> Input {
    match select(TimeoutFuture::new(ms), wakes.next()).await {
        Either::Left(_) => Input::Waited(None),
        Either::Right((wake, _)) => Input::Waited(wake),
    }
}

async fn resync(
    driver: Driver,
    machine: &ReceiveLoop,
    open: Memo<Option<Contact>>,
    wakes: &mut (impl Stream<Item = Wake> + Unpin),
) -> Input {
    let open = open.get_untracked();
    match unless_given_up(machine, within(ANSWER_MS, api::load_page(open)), wakes).await {
        Ok(Ok(snapshot)) if snapshot.me.person.id != driver.me() => {
            Input::Failed(KithError::WrongUser)
        }
        Ok(Ok(snapshot)) => {
            let (cursor, hold_ms) = (snapshot.cursor.clone(), snapshot.hold_ms);
            driver.cache.replace(snapshot);
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
    wakes: &mut (impl Stream<Item = Wake> + Unpin),
) -> Result<T, Wake> {
    let mut answer = pin!(answer);
    loop {
        match select(answer.as_mut(), wakes.next()).await {
            Either::Left((answer, _)) => return Ok(answer),
            Either::Right((Some(wake), _)) if machine.gives_up(wake, browser::now_ms()) => {
                return Err(wake);
            }
            Either::Right(_) => {}
        }
    }
}

impl Driver {
    fn apply(self, events: Vec<Event>) {
        for event in events {
            let applied = self.cache.apply(event);
            if let Some(client_id) = applied.settled {
                self.settled(&client_id);
            }
            if let Some(contact) = applied.contact {
                self.watch_for_hole(contact);
            }
        }
    }
}
