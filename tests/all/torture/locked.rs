//! Somebody else holds the write lock of SQLite's database.

use std::time::Duration;

use sqlx::{AnyConnection, Connection, Executor};
use tokio::time::sleep;

use super::Trial;
use super::checks::Allowed;
use super::crew::Crew;
use crate::harness::Database;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_database_is_locked_sends_wait_and_reading_goes_on() {
    let trial = Trial::new("locked");
    let crew = Crew::gather_around_a_process(trial, Database::Sqlite).await;
    let server = crew.start();
    crew.come().await;
    let talk = crew.talk();
    sleep(Duration::from_millis(300)).await;

    let mut other = AnyConnection::connect(&crew.url()).await.expect("a connection");
    other.execute("PRAGMA busy_timeout = 10000; BEGIN IMMEDIATE").await.expect("the lock");
    sleep(Duration::from_millis(50)).await;
    let before = crew.acknowledged();
    // SQLite gives up after ten seconds, the writer when it has tried a second time, and the page
    // after twenty: whoever is first, it is no refusal.
    sleep(trial.lasts(Duration::from_millis(1_000), Duration::from_secs(25))).await;
    assert_eq!(crew.acknowledged(), before, "{trial}: nothing can have been written");
    for client in &crew.clients {
        let read = client.snapshot().await;
        assert!(read.is_ok(), "{trial}: reading goes on: {read:?}");
    }
    if trial.is_long() {
        let tried = crew.failures("try again") + crew.failures("the server cannot be reached");
        assert!(tried > 0, "{trial}: nobody had to try again");
    }
    other.execute("ROLLBACK").await.expect("the lock is given back");
    other.close().await.expect("the connection ends");

    crew.eventually("sends go on", async || {
        let sent = crew.acknowledged();
        if sent > before + 20 { vec![] } else { vec![format!("{sent} of {before}")] }
    })
    .await;
    talk.end().await;
    crew.all_is_well(Allowed::default()).await;
    crew.kill(server);
}
