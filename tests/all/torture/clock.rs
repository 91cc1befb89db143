//! The server's clock is set back, and forward again, while people talk.

use std::time::Duration;

use tokio::time::sleep;

use super::Trial;
use super::checks::Allowed;
use super::crew::Crew;
use crate::harness::{Database, MovedClock};

const HOUR: Duration = Duration::from_secs(60 * 60);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_is_set_back_an_hour_changes_neither_order_nor_delivery() {
    let trial = Trial::new("clock");
    let clock = MovedClock::take();
    let (crew, app) = Crew::gather(trial, Database::Sqlite, clock.clock()).await;
    crew.whereabouts.set(Some(app.address().await));
    crew.come().await;
    let talk = crew.talk();
    for _ in 0..trial.rounds(1) {
        sleep(Duration::from_millis(400)).await;
        clock.back(HOUR);
        sleep(Duration::from_millis(400)).await;
        clock.forward(HOUR);
    }
    sleep(Duration::from_millis(400)).await;
    talk.end().await;
    crew.all_is_well(Allowed::default()).await;
    let stored = super::stored::Stored::read(&crew.url()).await;
    assert!(stored.went_back(), "{trial}: the clock was not set back");
}
