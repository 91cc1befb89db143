//! A page that receives presence. It calls the service without a network, so that a test can stop
//! and move the clock.

use tokio::task::JoinHandle;

use crate::harness::TestApp;
use kith::model::{Batch, Cursor, Presence, SignInId, UserId};
use kith::service::{Caller, Kith};

/// The page of a person, which calls the service without a network.
pub struct Page {
    pub kith: Kith,
    pub caller: Caller,
    pub cursor: Cursor,
    pub version: String,
}

impl Page {
    /// Starts without a presence version, as a new page does.
    pub async fn of(app: &TestApp, user: UserId, sign_in: i64) -> (Self, Vec<UserId>) {
        let kith = app.kith.clone();
        let caller = Caller { user, sign_in: SignInId(sign_in) };
        let batch = kith.receive(caller, None, None, None).await.expect("a first batch");
        let presence = batch.presence.expect("who is there");
        (Self { kith, caller, cursor: batch.cursor, version: presence.version }, presence.online)
    }

    /// Sends a receive that is held.
    pub fn hold(&self) -> JoinHandle<Batch> {
        let (kith, caller) = (self.kith.clone(), self.caller);
        let (cursor, version) = (Some(self.cursor.clone()), Some(self.version.clone()));
        let held = async move { kith.receive(caller, cursor, None, version).await };
        tokio::spawn(async move { held.await.expect("a batch") })
    }

    /// Sends a receive that is not held, and returns its presence, if it has one.
    pub async fn news(&mut self) -> Option<Presence> {
        let (cursor, version) = (Some(self.cursor.clone()), Some(self.version.clone()));
        let batch = self.kith.receive(self.caller, cursor, Some(0), version).await;
        let batch = batch.expect("a batch");
        self.cursor = batch.cursor;
        if let Some(presence) = &batch.presence {
            self.version = presence.version.clone();
        }
        batch.presence
    }

    pub async fn online(&mut self) -> Option<Vec<UserId>> {
        self.news().await.map(|presence| presence.online)
    }

    pub async fn typing(&mut self) -> Option<Vec<UserId>> {
        let typing = self.news().await?.typing;
        Some(typing.iter().map(|typing| typing.user).collect())
    }
}

/// Runs every task as far as it can go now.
pub async fn run_tasks() {
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
}
