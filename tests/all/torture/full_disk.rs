//! A full disk: a system limit on the process keeps its files from growing, which fails writes in
//! the same way.

use std::process::Command;
use std::time::Duration;

use tokio::time::sleep;

use super::Trial;
use super::checks::Allowed;
use super::testbed::Testbed;
use crate::harness::Database;

/// Maximum size of any file while the disk is full, in bytes. The write-ahead log reaches it soon,
/// and cannot be reset, because a checkpoint would need room in the database.
const ROOM: u64 = 300 * 1024;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn full_disk_delays_sends_and_loses_no_message() {
    let trial = Trial::new("full");
    if !limit(std::process::id(), None) {
        eprintln!("{trial}: SKIPPED, this system has no `prlimit`");
        return;
    }
    let testbed = Testbed::for_a_process(trial, Database::Sqlite).await;
    // SIGXFSZ would end the process; ignored, the write fails as on a full disk.
    let server =
        testbed.start_as(testbed.command_under(&["sh", "-c", "trap '' XFSZ; exec \"$0\""]));
    testbed.load_pages().await;
    let talk = testbed.talk();
    for round in 1..=trial.rounds(2).min(10) as usize {
        let refused = testbed.failures("try again");
        assert!(limit(server.id(), Some(ROOM)), "{trial}: no limit was set");
        testbed
            .eventually("sends are told to try again", async || {
                let told = testbed.failures("try again");
                if told > refused + 5 {
                    vec![]
                } else {
                    vec![format!("round {round}: {told}, {}", testbed.logged())]
                }
            })
            .await;
        sleep(trial.lasts(Duration::from_millis(300), Duration::from_secs(5))).await;
        for client in &testbed.clients {
            let read = client.snapshot().await;
            assert!(read.is_ok(), "{trial}: reading goes on: {read:?}\n{}", testbed.logged());
        }
        let stuck = testbed.acknowledged();
        assert!(limit(server.id(), None), "{trial}: the limit was not lifted");
        testbed
            .eventually("sends go on once there is room", async || {
                let sent = testbed.acknowledged();
                if sent > stuck + 20 {
                    vec![]
                } else {
                    vec![format!("{sent} of {stuck}, {}", testbed.logged())]
                }
            })
            .await;
    }
    talk.end().await;
    testbed.settle_and_check(Allowed::default()).await;
    testbed.kill(server);
}

/// Limits the size of a process's files; `None` lifts the limit. Returns whether that worked.
fn limit(process: u32, bytes: Option<u64>) -> bool {
    let most = bytes.map_or("unlimited".to_string(), |bytes| bytes.to_string());
    let mut command = Command::new("prlimit");
    // Only the soft limit, which may be raised again.
    command.arg(format!("--pid={process}")).arg(format!("--fsize={most}:"));
    command.status().is_ok_and(|status| status.success())
}
