//! Receives over a WebSocket.
//!
//! To the receive loop a WebSocket is like another tab that receives for this one. The loop rests,
//! applies relayed batches that follow on its cursor, and sends a request itself when the WebSocket
//! has ended. So one part alone decides what is applied, and a broken connection can neither lose
//! nor double anything.

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
use crate::model::{Batch, SOCKET_PATH, SocketOpening};
use crate::wire;

use super::state::{Driver, LoopMessage, set_if_changed};

/// Minimum delay of a timer that shows that the device slept, in milliseconds. The silence is then
/// not the connection's fault.
const SLEEP_THRESHOLD_MS: f64 = 5_000.0;

/// A reason to look again at how this tab receives.
enum Nudge {
    Wake(Wake),
    /// The server began or ceased to answer, or this tab to receive.
    ModeChanged,
}

enum SocketEvent {
    Text(String),
    Nudge(Nudge),
    End(SocketEnd),
}

impl Driver {
    /// Receives over a WebSocket whenever one can be had, as long as the page lives.
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
        spawn_local(run_socket(self, nudges));
    }
}

async fn run_socket(driver: Driver, mut nudges: UnboundedReceiver<Nudge>) {
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

/// Opens a WebSocket and receives from it until it ends. Returns `None` if this page ends with it.
async fn receive(
    driver: Driver,
    transport: &mut Transport,
    nudges: &mut UnboundedReceiver<Nudge>,
) -> Option<SocketEnd> {
    let mut from = driver.cache.cursor();
    // Without a presence version the server has to answer at once, which proves that it can.
    let opening =
        SocketOpening { for_user: driver.me(), cursor: Some(from.clone()), presence_version: None };
    let socket =
        serde_json::to_string(&opening).ok().and_then(|first| Socket::open(SOCKET_PATH, first));
    let Some(mut socket) = socket else { return Some(SocketEnd::NeverBegan) };
    let mut begun = false;
    let mut deadline_ms = browser::now_ms() + f64::from(HOLD_GRACE_MS);
    loop {
        let ended = |end| match end {
            SocketEnd::Broke | SocketEnd::Silent if !begun => Some(SocketEnd::NeverBegan),
            end => Some(end),
        };
        let text = match next_event(&mut socket, nudges, deadline_ms).await {
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
        deadline_ms = browser::now_ms() + f64::from(driver.cache.hold_ms() + HOLD_GRACE_MS);
        driver.after_batch(browser::now_ms(), from.clone(), &batch);
        let (next, resync) = (batch.cursor.clone(), batch.resync);
        driver.tell_loop(LoopMessage::Relayed { from, batch: Box::new(batch) });
        if resync {
            return Some(SocketEnd::ClosedHere);
        }
        from = next;
    }
}

/// Waits for the next text of the server, for a nudge, or until `deadline_ms`.
async fn next_event(
    socket: &mut Socket,
    nudges: &mut UnboundedReceiver<Nudge>,
    deadline_ms: f64,
) -> SocketEvent {
    let left_ms = deadline_ms - browser::now_ms();
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
        // Compare the clock again: a timer stops while the device sleeps.
        Either::Right(_) => SocketEvent::Nudge(Nudge::ModeChanged),
    }
}
