//! The server's database is replaced by an older backup while pages are open.

use std::time::Duration;

use rand::Rng;
use tokio::task::block_in_place;
use tokio::time::sleep;

use super::Trial;
use super::checks::Allowed;
use super::crew::Crew;
use crate::harness::Database;
use crate::harness::process::{ended, printed};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_an_older_backup_every_page_shows_what_is_left_and_sends_what_waits() {
    let trial = Trial::new("restored");
    let mut choices = trial.choices(0);
    let crew = Crew::gather_around_a_process(trial, Database::Sqlite).await;
    let mut server = crew.start();
    crew.come().await;
    let times = if trial.is_long() { 5 } else { 1 };
    for time in 1..=times {
        let copy = crew.folder().join(format!("copy-{time}.db"));
        let talk = crew.talk();
        sleep(Duration::from_millis(choices.random_range(300..800))).await;
        // What is said to be sent from here on may not be in the copy.
        crew.begin_era(1);
        let copied = block_in_place(|| ended(crew.command().arg("backup").arg(&copy)));
        printed(&copied);
        sleep(Duration::from_millis(choices.random_range(300..800))).await;
        talk.end().await;
        crew.settle().await;

        crew.kill(server);
        // What is written now waits in the outboxes.
        crew.begin_era(2);
        let talk = crew.talk();
        restore(&crew, &copy);
        sleep(Duration::from_millis(200)).await;
        server = crew.start();
        sleep(Duration::from_millis(500)).await;
        talk.end().await;
        let allowed = Allowed { resyncs: time, lost_era: Some(1) };
        crew.all_is_well(allowed).await;
    }
    crew.kill(server);
}

/// As docs/operations.md says.
fn restore(crew: &Crew, copy: &std::path::Path) {
    let at = |name: &str| crew.data().join(name);
    for old in ["kith.db-wal", "kith.db-shm", "kith.db"] {
        std::fs::remove_file(at(old)).ok();
    }
    std::fs::copy(copy, at("kith.db")).expect("the copy is put in place");
}
