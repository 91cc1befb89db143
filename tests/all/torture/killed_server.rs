//! The server is killed at random moments, also during its start, and started again.

use std::time::Duration;

use rand::Rng;
use tokio::task::block_in_place;
use tokio::time::sleep;

use super::Trial;
use super::checks::Allowed;
use super::testbed::Testbed;
use crate::harness::{Database, on_both_databases};

on_both_databases!(killed_server_neither_loses_nor_doubles_messages);

async fn killed_server_neither_loses_nor_doubles_messages(database: Database) {
    let trial = Trial::new("killed");
    let mut choices = trial.choices(0);
    let testbed = Testbed::for_a_process(trial, database).await;
    let mut server = testbed.start();
    testbed.load_pages().await;
    let talk = testbed.talk();
    for _ in 0..trial.rounds(4) {
        sleep(Duration::from_millis(choices.random_range(20..500))).await;
        testbed.kill(server);
        if choices.random_bool(0.3) {
            // Kill another one during its start.
            let ms = choices.random_range(0..150);
            block_in_place(|| kill_early(&testbed, Duration::from_millis(ms)));
        }
        // A client reloads its page while no server runs.
        let who = choices.random_range(0..testbed.clients.len() * 2);
        let reloads = async {
            if let Some(client) = testbed.clients.get(who) {
                client.load().await;
            }
        };
        let starts = async { testbed.start() };
        ((), server) = tokio::join!(reloads, starts);
    }
    talk.end().await;
    testbed.settle_and_check(Allowed::default()).await;
    testbed.kill(server);
}

fn kill_early(testbed: &Testbed, after: Duration) {
    let mut child = testbed.command().spawn().expect("kith starts");
    std::thread::sleep(after);
    child.kill().expect("it can be killed");
    child.wait().expect("it is gone");
}
