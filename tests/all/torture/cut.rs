//! Between pages and server stands a proxy that cuts, delays and splits connections.

use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::time::sleep;

use super::Trial;
use super::checks::Allowed;
use super::crew::Crew;
use super::proxy::Proxy;
use crate::harness::Database;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_or_doubled_over_connections_that_break_all_the_time() {
    let trial = Trial::new("cut");
    let crew = Crew::gather_around_a_process(trial, Database::Sqlite).await;
    let server = crew.start();
    let proxy = Proxy::before(server.address, trial).await;
    crew.whereabouts.set(Some(proxy.address));
    crew.come().await;
    let talk = crew.talk();
    sleep(Duration::from_millis(300) * trial.rounds(6)).await;
    talk.end().await;
    crew.all_is_well(Allowed::default()).await;
    let cuts = proxy.cuts.load(Ordering::Relaxed);
    eprintln!("{trial}: {cuts} connections were cut");
    assert!(cuts > 20, "{trial}: only {cuts} connections were cut");
    crew.kill(server);
}
