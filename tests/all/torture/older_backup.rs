//! An older backup replaces the server's database while pages are open.

use std::time::Duration;

use rand::Rng;
use tokio::task::block_in_place;
use tokio::time::sleep;

use super::Trial;
use super::checks::Allowed;
use super::testbed::Testbed;
use crate::harness::Database;
use crate::harness::process::{ended, printed};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn restored_older_backup_shows_what_is_left_and_sends_what_waits() {
    let trial = Trial::new("restored");
    let mut choices = trial.choices(0);
    let testbed = Testbed::for_a_process(trial, Database::Sqlite).await;
    let mut server = testbed.start();
    testbed.load_pages().await;
    let times = if trial.is_long() { 5 } else { 1 };
    for time in 1..=times {
        let copy = testbed.folder().join(format!("copy-{time}.db"));
        let talk = testbed.talk();
        sleep(Duration::from_millis(choices.random_range(300..800))).await;
        // Messages acknowledged from here on may be missing in the copy.
        testbed.begin_phase(1);
        let mut backup = testbed.command();
        backup.arg("backup").arg("--keep-sign-ins").arg(&copy);
        let copied = block_in_place(|| ended(&mut backup));
        printed(&copied);
        sleep(Duration::from_millis(choices.random_range(300..800))).await;
        talk.end().await;
        testbed.settle().await;

        testbed.kill(server);
        // Messages written now wait in the outboxes.
        testbed.begin_phase(2);
        let talk = testbed.talk();
        restore(&testbed, &copy);
        sleep(Duration::from_millis(200)).await;
        server = testbed.start();
        sleep(Duration::from_millis(500)).await;
        talk.end().await;
        // Until then a page may show what the backup does not have.
        testbed.pages_have_resynced(time).await;
        let allowed = Allowed { resyncs: time, lost_phase: Some(1) };
        testbed.settle_and_check(allowed).await;
    }
    testbed.kill(server);
}

/// Restores a backup as docs/operations.md says.
fn restore(testbed: &Testbed, copy: &std::path::Path) {
    let at = |name: &str| testbed.data().join(name);
    for old in ["kith.db-wal", "kith.db-shm", "kith.db"] {
        std::fs::remove_file(at(old)).ok();
    }
    std::fs::copy(copy, at("kith.db")).expect("the copy is put in place");
}
