//! Receiving over a WebSocket. To the receive loop it is like another tab that receives for this
//! one: the loop by_tab, takes what it is passed as far as that follows on its cursor, and asks by
//! itself when the WebSocket has ended. So there is one place that decides what is applied, and no
//! break can lose or double anything.

use std::pin::pin;

use futures_channel::mpsc::{UnboundedReceiver, unbounded};
use futures_util::StreamExt;
use futures_util::future::{Either, select};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::client::browser::{self, Socket};
use crate::client::machines::receive_loop::{HOLD_GRACE_MS, Wake};
use crate::client::machines::transport::{SOCKET_RETRY_MS, SocketEnd, Transport};
use crate::error::KithError;
use crate::model::{Batch, Opening};
use crate::wire;

use super::state::{Driver, LoopSignal, set_if_changed};

const PATH: &str = "/api/socket";

/// A silence that is noticed so late, in milliseconds, was not the line's: the device slept.
const SLEEP_THRESHOLD_MS: f64 = 5_000.0;

/// What may change how one receives.
enum Nudge {
    Wake(Wake),
    /// Whether the server answers, or whether this tab receives.
    ModeChanged,
}

/// What comes of waiting.
enum SocketEvent {
    Text(String),
    Nudge(Nudge),
    End(SocketEnd),
}

impl Driver {
    /// Receives over a WebSocket whenever there is a way for one, for as long as the page lives.
    pub fn use_socket(self) {
        if !self.cache.offers_websocket() {
            return;
        }
        let (sender, nudges) = unbounded();
        let woken = sender.clone();
        browser::on_wake(move |wake| drop(woken.unbounded_send(Nudge::Wake(wake))));
        Effect::watch(
            move || (self.server_answers.get(), self.by_socket.get()),
            move |_, _, _| drop(sender.unbounded_send(Nudge::ModeChanged)),
            false,
        );
        spawn_local(receive_forever(self, nudges));
    }
}

async fn receive_forever(driver: Driver, mut nudges: UnboundedReceiver<Nudge>) {
    let mut transport = Transport::default();
    loop {
        wait_for_chance(driver, &mut transport, &mut nudges).await;
        let Some(end) = receive(driver, &mut transport, &mut nudges).await else { return };
        transport.ended(end, browser::now_ms());
        set_if_changed(driver.by_socket, false);
        driver.wake_loop(Wake::Visible);
    }
}

/// Waits until the server has answered a request, and a WebSocket is worth a try.
async fn wait_for_chance(
    driver: Driver,
    transport: &mut Transport,
    nudges: &mut UnboundedReceiver<Nudge>,
) {
    loop {
        let wait_ms = match transport.wait_ms(browser::now_ms()) {
            0 if driver.server_answers.get_untracked() => return,
            0 => SOCKET_RETRY_MS,
            wait_ms => wait_ms,
        };
        let nudge = select(nudges.next(), TimeoutFuture::new(wait_ms)).await;
        if let Either::Left((Some(Nudge::Wake(Wake::Online)), _)) = nudge {
            transport.network_returned();
        }
    }
}

/// Opens one WebSocket and takes what comes, to its end; nothing when this page ends with it.
async fn receive(
    driver: Driver,
    transport: &mut Transport,
    nudges: &mut UnboundedReceiver<Nudge>,
) -> Option<SocketEnd> {
    let mut from = driver.cache.cursor();
    // It knows nothing of who is there: so the server answers at once, and shows that it can.
    let opening =
        Opening { for_user: driver.me(), cursor: Some(from.clone()), presence_version: None };
    let socket = serde_json::to_string(&opening).ok().and_then(|first| Socket::open(PATH, first));
    let Some(mut socket) = socket else { return Some(SocketEnd::NeverBegan) };
    let mut begun = false;
    let mut due_ms = browser::now_ms() + f64::from(HOLD_GRACE_MS);
    loop {
        let ended = |end| match end {
            SocketEnd::Broke | SocketEnd::Silent if !begun => Some(SocketEnd::NeverBegan),
            end => Some(end),
        };
        let text = match next_event(&mut socket, nudges, due_ms).await {
            SocketEvent::Text(text) => text,
            SocketEvent::End(end) => return ended(end),
            SocketEvent::Nudge(Nudge::Wake(Wake::Online)) => {
                transport.network_returned();
                return Some(SocketEnd::ClosedHere);
            }
            SocketEvent::Nudge(_) if begun && !driver.by_socket.get_untracked() => {
                return Some(SocketEnd::ClosedHere);
            }
            SocketEvent::Nudge(_) => continue,
        };
        let Ok(batch) = wire::read::<Batch>(text.as_bytes()) else {
            let error = wire::read(text.as_bytes()).unwrap_or(KithError::Unreadable);
            return if driver.stops_after(&error) { None } else { ended(SocketEnd::Broke) };
        };
        if begun {
            transport.received();
        } else if driver.receives() {
            begun = true;
            driver.by_socket.set(true);
            driver.wake_loop(Wake::Rest);
        } else {
            return Some(SocketEnd::ClosedHere);
        }
        due_ms = browser::now_ms() + f64::from(driver.cache.hold_ms() + HOLD_GRACE_MS);
        driver.after_batch(browser::now_ms(), from.clone(), &batch);
        let (next, resync) = (batch.cursor.clone(), batch.resync);
        driver.signal_loop(LoopSignal::Relayed { from, batch: Box::new(batch) });
        if resync {
            return Some(SocketEnd::ClosedHere);
        }
        from = next;
    }
}

/// Waits for the next thing that the server says, for a nudge, or for the time `due_ms`.
async fn next_event(
    socket: &mut Socket,
    nudges: &mut UnboundedReceiver<Nudge>,
    due_ms: f64,
) -> SocketEvent {
    let left_ms = due_ms - browser::now_ms();
    if left_ms <= 0.0 {
        return SocketEvent::End(if left_ms < -SLEEP_THRESHOLD_MS {
            SocketEnd::ClosedHere
        } else {
            SocketEnd::Silent
        });
    }
    let nudge = select(nudges.next(), TimeoutFuture::new(left_ms as u32 + 1));
    match select(pin!(socket.next()), nudge).await {
        Either::Left((Some(text), _)) => SocketEvent::Text(text),
        Either::Left((None, _)) => SocketEvent::End(SocketEnd::Broke),
        Either::Right((Either::Left((Some(nudge), _)), _)) => SocketEvent::Nudge(nudge),
        // The time is looked at again: a timer sleeps with the device.
        Either::Right(_) => SocketEvent::Nudge(Nudge::ModeChanged),
    }
}
