//! A client sends receives and reads no answer, while the others talk.

use std::time::Duration;

use kith::model::Cursor;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use super::Trial;
use super::checks::Allowed;
use super::client::Client;
use super::testbed::{Testbed, unsettled};
use crate::harness::{Database, LONG_MS, bare};

/// Number of connections that read nothing, and of receives that each of them sends.
const CONNECTIONS: usize = 8;
const RECEIVES: usize = 40;

/// Maximum growth of the server for them, in kB: an answer on each, and memory that the allocator
/// keeps.
const ROOM_KB: i64 = 48 * 1024;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn client_that_stops_reading_delays_nobody_and_catches_up() {
    let trial = Trial::new("stalled");
    let testbed = Testbed::for_a_process(trial, Database::Sqlite).await;
    let server = testbed.start();
    testbed.load_pages().await;
    let (stalled, others) = testbed.clients.split_last().expect("people");
    stalled.suspend().await;
    let (cursor, _) = stalled.state().page.cursor.clone().expect("a page that was loaded");
    let before_kb = resident_kb(server.id());

    let mut unread = Vec::new();
    for _ in 0..CONNECTIONS {
        let ask = stalled.person.receive_request(&cursor, LONG_MS, "");
        unread.push(bare(server.address, ask).await);
    }
    let talk = testbed.talk_among(others, Duration::from_millis(20));
    let lasts = trial.lasts(Duration::from_millis(1_000), Duration::from_secs(60));
    let rounds: u32 = 5;
    for _ in 0..rounds {
        sleep(lasts / rounds).await;
        // Each answer has everything since the cursor, up to the size of a batch.
        for connection in &mut unread {
            ask_more(connection, stalled, &cursor).await;
        }
    }
    talk.end().await;
    let said = testbed.acknowledged();
    testbed
        .eventually("the others' messages are settled while one reads nothing", async || {
            others.iter().filter(|client| !client.is_settled()).map(unsettled).collect()
        })
        .await;
    if let (Some(before), Some(after)) = (before_kb, resident_kb(server.id())) {
        eprintln!("{trial}: {said} messages; the server had {before} kB, then {after} kB");
        assert!(after < before + ROOM_KB, "{trial}: the server grew from {before} to {after} kB");
    }
    drop(unread);

    stalled.resume();
    testbed.settle_and_check(Allowed::default()).await;
    testbed.kill(server);
}

/// Sends more receives, as far as the server reads them.
async fn ask_more(connection: &mut TcpStream, stalled: &Client, cursor: &Cursor) {
    let body = serde_json::json!({ "for_user": stalled.me(), "cursor": cursor, "hold_ms": 0 });
    let cookie = stalled.person.browser.json("receive", &body).headers()["cookie"].clone();
    let body = body.to_string();
    let ask = format!(
        "POST /api/receive HTTP/1.1\r\nHost: kith.test\r\nContent-Type: application/json\r\n\
         Cookie: {}\r\nContent-Length: {}\r\n\r\n{body}",
        cookie.to_str().expect("a plain cookie"),
        body.len()
    );
    let asks = ask.repeat(RECEIVES / 5);
    // A server whose answers are not read may stop reading.
    timeout(Duration::from_millis(100), connection.write_all(asks.as_bytes())).await.ok();
}

/// The resident memory of a process; `None` where the system has no `/proc`.
fn resident_kb(process: u32) -> Option<i64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}
