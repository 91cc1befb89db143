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
use crate::client::receive_loop::{GRACE_MS, Input, Next, ReceiveLoop, Wake};
use crate::model::{Contact, Cursor, Event, Hold};

use super::Driver;

pub(super) async fn receive_forever(
    driver: Driver,
    open: Memo<Option<Contact>>,
    wakes: UnboundedReceiver<Wake>,
) {
    // Without the chain, the end of the stream would be a wake-up without end.
    let mut wakes = wakes.chain(stream::pending());
    let mut machine = ReceiveLoop::new(driver.cache.cursor());
    let mut input = Input::Started;
    loop {
        let step = machine.step(input, browser::now_ms(), browser::random());
        driver.apply(step.apply);
        driver.troubled.maybe_update(|known| {
            let troubled = machine.is_troubled();
            std::mem::replace(known, troubled) != troubled
        });
        input = match step.next {
            Next::Ask { cursor, hold_ms } => {
                ask(driver, &machine, cursor, hold_ms, &mut wakes).await
            }
            Next::Wait { ms } => wait(ms, &mut wakes).await,
            Next::Resync => resync(driver, open).await,
            Next::Stop(stop) => return driver.stop(stop),
        };
    }
}

/// One request. Leaving it drops it, and with it the connection.
async fn ask(
    driver: Driver,
    machine: &ReceiveLoop,
    cursor: Cursor,
    hold_ms: Hold,
    wakes: &mut (impl Stream<Item = Wake> + Unpin),
) -> Input {
    let answer = pin!(api::receive(driver.me(), Some(cursor), Some(hold_ms)));
    let mut request = select(answer, TimeoutFuture::new(hold_ms + GRACE_MS));
    loop {
        match select(request, wakes.next()).await {
            Either::Left((Either::Left((Ok(batch), _)), _)) => {
                if !driver.cache.is_build(&batch.build) {
                    driver.outdated.set(true);
                }
                return Input::Answered(batch);
            }
            Either::Left((Either::Left((Err(error), _)), _)) => return Input::Failed(error),
            Either::Left((Either::Right(_), _)) => return Input::GivenUp(None),
            Either::Right((wake, unfinished)) => match wake {
                Some(wake) if machine.gives_up(wake, browser::now_ms()) => {
                    return Input::GivenUp(Some(wake));
                }
                _ => request = unfinished,
            },
        }
    }
}

async fn wait(ms: u32, wakes: &mut (impl Stream<Item = Wake> + Unpin)) -> Input {
    match select(TimeoutFuture::new(ms), wakes.next()).await {
        Either::Left(_) => Input::Waited(None),
        Either::Right((wake, _)) => Input::Waited(wake),
    }
}

async fn resync(driver: Driver, open: Memo<Option<Contact>>) -> Input {
    let open = open.get_untracked();
    match api::load_page(open).await {
        Ok(snapshot) if snapshot.me.person.id != driver.me() => {
            Input::Failed(crate::error::KithError::WrongUser)
        }
        Ok(snapshot) => {
            let cursor = snapshot.cursor.clone();
            driver.cache.replace(snapshot);
            if let Some(contact) = open {
                driver.open(contact);
            }
            Input::Resynced(cursor)
        }
        Err(error) => Input::Failed(error),
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
