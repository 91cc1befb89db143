//! The page's receiving half, which drives the receive loop as `client/driver/receive_loop.rs`
//! does.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tokio::time::sleep;

use kith::client::machines::receive_loop::{HOLD_GRACE_MS, Input, Next, ReceiveLoop};
use kith::error::KithError;
use kith::model::{Batch, Cursor, Event, EventKind, HoldMs, Snapshot};

use super::SPEED_UP;
use super::client::Client;

impl Client {
    pub async fn run_receive_loop(self: Arc<Self>, cursor: Cursor, hold_ms: HoldMs) {
        let mut machine = ReceiveLoop::new(cursor, hold_ms);
        let mut input = Input::Started;
        loop {
            let step = machine.step(input, self.now_ms(), self.random());
            self.take(step.apply);
            if let Some(presence) = step.presence {
                self.state().page.presence_version = Some(presence.version);
            }
            input = match step.next {
                Next::Request { cursor, hold_ms } => self.ask(cursor, hold_ms).await,
                Next::Wait { ms } => {
                    sleep(Duration::from_millis(ms.into()) / SPEED_UP).await;
                    Input::Waited(None)
                }
                Next::Resync => self.resync().await,
                end @ (Next::Rest | Next::Stop(_)) => {
                    return self.wrong(format!("the receive loop ended: {end:?}"));
                }
            };
        }
    }

    async fn ask(&self, cursor: Cursor, hold_ms: HoldMs) -> Input {
        let presence_version = {
            let page = &mut self.state().page;
            page.cursor = Some((cursor.clone(), hold_ms));
            page.presence_version.clone()
        };
        let body = json!({
            "for_user": self.me(),
            "cursor": cursor,
            "hold_ms": hold_ms,
            "presence_version": presence_version,
        });
        let request = self.person.browser.json("receive", &body);
        let answer: Result<Batch, KithError> =
            self.connection.call(hold_ms.saturating_add(HOLD_GRACE_MS), request).await;
        answer.map_or_else(Input::Failed, Input::Answered)
    }

    async fn resync(self: &Arc<Self>) -> Input {
        // As in the driver: the receive loop asks for the snapshot again after a failure.
        let answer: Result<Snapshot, KithError> = self.snapshot().await;
        match answer {
            Ok(snapshot) => {
                let (cursor, hold_ms) = (snapshot.cursor.clone(), snapshot.hold_ms);
                self.state().notes.resyncs += 1;
                self.state().page.presence_version = None;
                self.replace(snapshot);
                Input::Resynced(cursor, hold_ms)
            }
            Err(error) => Input::Failed(error),
        }
    }

    fn take(self: &Arc<Self>, events: Vec<Event>) {
        for event in events {
            let EventKind::Message { conversation, message } = event.kind else { continue };
            let contact = conversation.contact_of(self.me());
            self.hear(event.id, contact, message.seq);
            let settled = message.client_id.clone().filter(|_| message.sender == self.me());
            self.add(contact, message);
            if let Some(client_id) = settled {
                self.with_outbox(|outbox| outbox.confirm(&client_id));
            }
        }
    }
}
