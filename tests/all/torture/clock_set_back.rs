//! The server's clock is set back and forward again while clients talk.

use std::time::Duration;

use tokio::time::sleep;

use super::Trial;
use super::checks::Allowed;
use super::testbed::Testbed;
use crate::harness::{Database, MovedClock};

const HOUR: Duration = Duration::from_secs(60 * 60);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clock_set_back_an_hour_changes_neither_order_nor_delivery() {
    let trial = Trial::new("clock");
    let clock = MovedClock::take();
    let (testbed, app) = Testbed::new(trial, Database::Sqlite, clock.clock()).await;
    testbed.address.set(Some(app.address().await));
    testbed.load_pages().await;
    let talk = testbed.talk();
    for _ in 0..trial.rounds(1) {
        sleep(Duration::from_millis(400)).await;
        clock.back(HOUR);
        sleep(Duration::from_millis(400)).await;
        clock.forward(HOUR);
    }
    sleep(Duration::from_millis(400)).await;
    talk.end().await;
    testbed.settle_and_check(Allowed::default()).await;
    let stored = super::stored::Stored::read(&testbed.url()).await;
    assert!(stored.has_older_after_newer(), "{trial}: the clock was not set back");
}
