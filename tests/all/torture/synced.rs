//! "Sent" means on the disk. A killed process does not show that, as the system keeps what it wrote:
//! so a send is traced down to the calls of the system.

use std::process::Command;

use kith::model::Contact;

use super::Trial;
use super::crew::Crew;
use crate::harness::Database;

const TRACED: &str = "trace=pwrite64,fsync,fdatasync,write,writev,sendto,sendmsg";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_send_is_answered_after_its_bytes_were_synced_to_the_disk() {
    let trial = Trial::new("synced");
    let can = Command::new("strace").args(["-f", "-o", "/dev/null", "true"]).output();
    if !can.is_ok_and(|output| output.status.success()) {
        eprintln!("{trial}: SKIPPED, `strace` is missing or may not trace here");
        return;
    }
    let crew = Crew::gather_around_a_process(trial, Database::Sqlite).await;
    let file = crew.folder().join("trace").display().to_string();
    // As a grandchild, with the files' names behind their numbers, and pages of the database in full.
    let strace = ["strace", "-D", "-f", "-y", "-s", "8192", "-e", TRACED, "-o", &file];
    let server = crew.start_as(crew.command_under(&strace));
    crew.come().await;
    let (ann, bob) = (&crew.clients[0], &crew.clients[1]);
    // Else a receive could tell her that her message is stored.
    ann.close_lid().await;
    for n in 0..5 {
        ann.write(Contact::User(bob.me()), format!("the {n}th line"));
        crew.eventually(
            "it is sent",
            async || {
                if ann.is_settled() { vec![] } else { vec![n.to_string()] }
            },
        )
        .await;
    }
    server.end();
    let trace = std::fs::read_to_string(&file).expect("a trace");
    for n in 0..5 {
        let order = [written(&trace, n), synced(&trace, n), answered(&trace, n)];
        let [Some(written), Some(synced), Some(answered)] = order else {
            panic!("{trial}: line {n} was written, synced, answered at {order:?}");
        };
        assert!(written < synced && synced < answered, "{trial}: line {n}: {order:?}");
    }
}

/// In which line of the trace the text goes to the write-ahead log.
fn written(trace: &str, n: usize) -> Option<usize> {
    let text = format!("the {n}th line");
    let writes = |line: &str| line.contains("kith.db-wal>") && line.contains(&text);
    trace.lines().position(|line| line.contains("pwrite64(") && writes(line))
}

/// In which line the first sync after that is over.
fn synced(trace: &str, n: usize) -> Option<usize> {
    let from = written(trace, n)?;
    let mut waiting = None;
    for (at, line) in trace.lines().enumerate().skip(from) {
        let sync = line.contains("fdatasync(") || line.contains("fsync(");
        let thread = line.split_whitespace().next();
        if sync && line.contains("kith.db-wal>") {
            if line.ends_with("= 0") {
                return Some(at);
            }
            waiting = waiting.or(thread);
        } else if line.contains("sync resumed") && line.ends_with("= 0") && thread == waiting {
            return Some(at);
        }
    }
    None
}

/// In which line the answer goes to the page.
fn answered(trace: &str, n: usize) -> Option<usize> {
    let id = format!("ann-{n}\\\"");
    let answers = |line: &str| line.contains("HTTP/1.1 200") && line.contains(&id);
    trace.lines().position(answers)
}
