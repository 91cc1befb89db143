//! A proxy between clients and server cuts, delays and splits connections.

use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::time::sleep;

use super::Trial;
use super::checks::Allowed;
use super::proxy::Proxy;
use super::testbed::Testbed;
use crate::harness::Database;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn broken_connections_neither_lose_nor_double_messages() {
    let trial = Trial::new("cut");
    let testbed = Testbed::for_a_process(trial, Database::Sqlite).await;
    let server = testbed.start();
    let proxy = Proxy::in_front_of(server.address, trial).await;
    testbed.address.set(Some(proxy.address));
    testbed.load_pages().await;
    let talk = testbed.talk();
    sleep(Duration::from_millis(300) * trial.rounds(6)).await;
    talk.end().await;
    testbed.settle_and_check(Allowed::default()).await;
    let cuts = proxy.cuts.load(Ordering::Relaxed);
    eprintln!("{trial}: {cuts} connections were cut");
    assert!(cuts > 20, "{trial}: only {cuts} connections were cut");
    testbed.kill(server);
}
