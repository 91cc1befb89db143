//! The disk is full: the files of the server may not grow, by a limit of the system on the process.
//! To SQLite it is a disk without room.

use std::process::Command;
use std::time::Duration;

use tokio::time::sleep;

use super::Trial;
use super::checks::Allowed;
use super::crew::Crew;
use crate::harness::Database;

/// What any file may have while the disk is full, in bytes. SQLite's log of changes is at that soon,
/// and does not begin anew, as that takes room in the database.
const ROOM: u64 = 300 * 1024;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_full_disk_sends_wait_and_nothing_is_lost() {
    let trial = Trial::new("full");
    if !limit(std::process::id(), None) {
        eprintln!("{trial}: SKIPPED, this system has no `prlimit`");
        return;
    }
    let crew = Crew::gather_around_a_process(trial, Database::Sqlite).await;
    // Without the signal that ends a process by default, the write fails as on a full disk.
    let server = crew.start_as(crew.command_under(&["sh", "-c", "trap '' XFSZ; exec \"$0\""]));
    crew.come().await;
    let talk = crew.talk();
    for round in 1..=trial.rounds(2).min(10) as usize {
        let refused = crew.failures("try again");
        assert!(limit(server.id(), Some(ROOM)), "{trial}: no limit was set");
        crew.eventually("sends are told to try again", async || {
            let told = crew.failures("try again");
            if told > refused + 5 {
                vec![]
            } else {
                vec![format!("round {round}: {told}, {}", crew.logged())]
            }
        })
        .await;
        sleep(trial.lasts(Duration::from_millis(300), Duration::from_secs(5))).await;
        for client in &crew.clients {
            let read = client.snapshot().await;
            assert!(read.is_ok(), "{trial}: reading goes on: {read:?}\n{}", crew.logged());
        }
        let stuck = crew.acknowledged();
        assert!(limit(server.id(), None), "{trial}: the limit was not lifted");
        crew.eventually("sends go on once there is room", async || {
            let sent = crew.acknowledged();
            if sent > stuck + 20 {
                vec![]
            } else {
                vec![format!("{sent} of {stuck}, {}", crew.logged())]
            }
        })
        .await;
    }
    talk.end().await;
    crew.all_is_well(Allowed::default()).await;
    crew.kill(server);
}

/// Lets the files of a process grow to so many bytes, or as they like. Returns whether it could.
fn limit(process: u32, bytes: Option<u64>) -> bool {
    let most = bytes.map_or("unlimited".to_string(), |bytes| bytes.to_string());
    let mut command = Command::new("prlimit");
    // The soft limit alone, which may be raised again.
    command.arg(format!("--pid={process}")).arg(format!("--fsize={most}:"));
    command.status().is_ok_and(|status| status.success())
}
