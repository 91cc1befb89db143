//! Somebody asks and asks, and reads no answer; the others talk as if nothing was.

use std::time::Duration;

use kith::model::Cursor;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use super::Trial;
use super::checks::Allowed;
use super::client::Client;
use super::crew::{Crew, standing};
use crate::harness::{Database, LONG_MS, bare};

/// Connections that read nothing, and how many receives each of them asks for.
const CONNECTIONS: usize = 8;
const ASKED: usize = 40;

/// What the server may need for them, in kB: an answer under way on each of them, and what the
/// system does not take back.
const ROOM_KB: i64 = 48 * 1024;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_reads_nothing_slows_nobody_down_and_catches_up() {
    let trial = Trial::new("deaf");
    let crew = Crew::gather_around_a_process(trial, Database::Sqlite).await;
    let server = crew.start();
    crew.come().await;
    let (deaf, others) = crew.clients.split_last().expect("people");
    deaf.close_lid().await;
    let (cursor, _) = deaf.state().page.cursor.clone().expect("a page that was loaded");
    let before_kb = resident_kb(server.id());

    let mut unread = Vec::new();
    for _ in 0..CONNECTIONS {
        let ask = deaf.person.receive_request(&cursor, LONG_MS, "");
        unread.push(bare(server.address, ask).await);
    }
    let talk = crew.talk_among(others, Duration::from_millis(20));
    let lasts = trial.lasts(Duration::from_millis(1_000), Duration::from_secs(60));
    let rounds: u32 = 5;
    for _ in 0..rounds {
        sleep(lasts / rounds).await;
        // Each of these answers brings everything since the cursor, as much as one batch may hold.
        for connection in &mut unread {
            ask_on(connection, deaf, &cursor).await;
        }
    }
    talk.end().await;
    let said = crew.acknowledged();
    crew.eventually("the others' messages are settled while one reads nothing", async || {
        others.iter().filter(|client| !client.is_settled()).map(standing).collect()
    })
    .await;
    if let (Some(before), Some(after)) = (before_kb, resident_kb(server.id())) {
        eprintln!("{trial}: {said} messages; the server had {before} kB, then {after} kB");
        assert!(after < before + ROOM_KB, "{trial}: the server grew from {before} to {after} kB");
    }
    drop(unread);

    deaf.open_lid();
    crew.all_is_well(Allowed::default()).await;
    crew.kill(server);
}

/// Asks for more receives, as far as the server takes them, and reads nothing.
async fn ask_on(connection: &mut TcpStream, deaf: &Client, cursor: &Cursor) {
    let body = serde_json::json!({ "for_user": deaf.me(), "cursor": cursor, "hold_ms": 0 });
    let cookie = deaf.person.browser.json("receive", &body).headers()["cookie"].clone();
    let body = body.to_string();
    let ask = format!(
        "POST /api/receive HTTP/1.1\r\nHost: kith.test\r\nContent-Type: application/json\r\n\
         Cookie: {}\r\nContent-Length: {}\r\n\r\n{body}",
        cookie.to_str().expect("a plain cookie"),
        body.len()
    );
    let asks = ask.repeat(ASKED / 5);
    // A server that waits for its answers to be read need not take more.
    timeout(Duration::from_millis(100), connection.write_all(asks.as_bytes())).await.ok();
}

/// What a process has in memory, where the system says so.
fn resident_kb(process: u32) -> Option<i64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}
