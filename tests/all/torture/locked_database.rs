//! Another process holds the write lock of the SQLite database.

use std::time::Duration;

use sqlx::{AnyConnection, Connection, Executor};
use tokio::time::sleep;

use super::Trial;
use super::checks::Allowed;
use super::testbed::Testbed;
use crate::harness::Database;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn locked_database_delays_sends_and_not_reading() {
    let trial = Trial::new("locked");
    let testbed = Testbed::for_a_process(trial, Database::Sqlite).await;
    let server = testbed.start();
    testbed.load_pages().await;
    let talk = testbed.talk();
    sleep(Duration::from_millis(300)).await;

    let mut other = AnyConnection::connect(&testbed.url()).await.expect("a connection");
    other.execute("PRAGMA busy_timeout = 10000; BEGIN IMMEDIATE").await.expect("the lock");
    sleep(Duration::from_millis(50)).await;
    let before = testbed.acknowledged();
    // SQLite gives up after 10 s, the writer after a second try, and the page after 20 s. None of
    // these is a rejection.
    sleep(trial.lasts(Duration::from_millis(1_000), Duration::from_secs(25))).await;
    assert_eq!(testbed.acknowledged(), before, "{trial}: nothing can have been written");
    for client in &testbed.clients {
        let read = client.snapshot().await;
        assert!(read.is_ok(), "{trial}: reading goes on: {read:?}");
    }
    if trial.is_long() {
        let tried =
            testbed.failures("try again") + testbed.failures("the server cannot be reached");
        assert!(tried > 0, "{trial}: nobody had to try again");
    }
    other.execute("ROLLBACK").await.expect("the lock is given back");
    other.close().await.expect("the connection ends");

    testbed
        .eventually("sends go on", async || {
            let sent = testbed.acknowledged();
            if sent > before + 20 { vec![] } else { vec![format!("{sent} of {before}")] }
        })
        .await;
    talk.end().await;
    testbed.settle_and_check(Allowed::default()).await;
    testbed.kill(server);
}
