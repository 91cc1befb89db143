//! An acknowledged message is on the disk. Killing the process does not show that, because the
//! system keeps what it wrote. So the test traces system calls.

use std::process::Command;

use kith::model::Contact;

use super::Trial;
use super::testbed::Testbed;
use crate::harness::Database;

const TRACED: &str = "trace=pwrite64,fsync,fdatasync,write,writev,sendto,sendmsg";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn send_is_answered_only_after_fsync() {
    let trial = Trial::new("synced");
    let can = Command::new("strace").args(["-f", "-o", "/dev/null", "true"]).output();
    if !can.is_ok_and(|output| output.status.success()) {
        eprintln!("{trial}: SKIPPED, `strace` is missing or may not trace here");
        return;
    }
    let testbed = Testbed::for_a_process(trial, Database::Sqlite).await;
    let file = testbed.folder().join("trace").display().to_string();
    // strace runs as a grandchild, names the files, and prints whole database pages.
    let strace = ["strace", "-D", "-f", "-y", "-s", "8192", "-e", TRACED, "-o", &file];
    let server = testbed.start_as(testbed.command_under(&strace));
    testbed.load_pages().await;
    let (ann, bob) = (&testbed.clients[0], &testbed.clients[1]);
    // A receive would acknowledge her message before the answer of the send.
    ann.suspend().await;
    for n in 0..5 {
        ann.write(Contact::User(bob.me()), format!("the {n}th line"));
        testbed
            .eventually(
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

/// The line of the trace in which the text is written to the write-ahead log.
fn written(trace: &str, n: usize) -> Option<usize> {
    let text = format!("the {n}th line");
    let writes = |line: &str| line.contains("kith.db-wal>") && line.contains(&text);
    trace.lines().position(|line| line.contains("pwrite64(") && writes(line))
}

/// The line in which the first sync after that ends.
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

/// The line in which the answer is sent to the page.
fn answered(trace: &str, n: usize) -> Option<usize> {
    let id = format!("ann-{n}\\\"");
    let answers = |line: &str| line.contains("HTTP/1.1 200") && line.contains(&id);
    trace.lines().position(answers)
}
