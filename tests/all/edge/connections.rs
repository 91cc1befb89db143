//! Connections that keep the server waiting, and too many of them, over real sockets.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::time::{Instant, sleep, timeout};

use crate::harness::{Database, LONG_MS, PATIENCE, Socket, TestApp, eventually, texts};
use kith::model::Batch;
use kith::server::{Config, Limits, serve};

/// A timeout for a test that waits for its end, and one that no test waits for.
const SHORT: Duration = Duration::from_millis(300);
const LONG: Duration = Duration::from_secs(600);

const ASK: &[u8] = b"GET / HTTP/1.1\r\nHost: kith.test\r\n\r\n";

/// Limits of which none is reached by itself.
fn patient() -> Limits {
    Limits { head: LONG, idle: LONG, unread: LONG, ..Limits::of(&Config::default()) }
}

/// Serves one short answer under these limits.
async fn listen(limits: Limits) -> SocketAddr {
    listen_for(Router::new().route("/", get(|| async { "well" })), limits).await
}

async fn listen_for(router: Router, limits: Limits) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("the port");
    tokio::spawn(serve(listener, router, limits, std::future::pending()));
    address
}

async fn connect(address: SocketAddr) -> TcpStream {
    TcpStream::connect(address).await.expect("a connection")
}

/// Connects from another address of this machine.
async fn connect_from(from: [u8; 4], to: SocketAddr) -> TcpStream {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.bind(SocketAddr::from((from, 0))).expect("an address of this machine");
    socket.connect(to).await.expect("a connection")
}

/// Asks, and returns whether the answer came. The connection stays open.
async fn is_served(connection: &mut TcpStream) -> bool {
    connection.write_all(ASK).await.ok();
    let mut answer = Vec::new();
    while !answer.ends_with(b"well") {
        match timeout(PATIENCE, connection.read_buf(&mut answer)).await.expect("an answer") {
            Ok(0) | Err(_) => return false,
            Ok(_) => {}
        }
    }
    answer.starts_with(b"HTTP/1.1 200")
}

/// Reads until the server closes the connection, and returns what came before.
async fn until_closed(connection: &mut TcpStream) -> String {
    let mut all = Vec::new();
    let mut part = [0; 4096];
    loop {
        match timeout(PATIENCE, connection.read(&mut part)).await.expect("it is closed") {
            Ok(0) | Err(_) => return String::from_utf8_lossy(&all).into_owned(),
            Ok(read) => all.extend_from_slice(&part[..read]),
        }
    }
}

#[tokio::test]
async fn idle_connection_is_closed() {
    let address = listen(Limits { idle: SHORT, ..patient() }).await;
    let mut connection = connect(address).await;
    assert!(is_served(&mut connection).await);
    sleep(SHORT / 3).await;
    assert!(is_served(&mut connection).await, "each answer begins the time anew");
    let began = Instant::now();
    until_closed(&mut connection).await;
    assert!(began.elapsed() >= SHORT / 2, "{:?}", began.elapsed());
}

#[tokio::test]
async fn connection_that_says_nothing_is_closed() {
    let address = listen(Limits { head: SHORT, ..patient() }).await;
    assert_eq!(until_closed(&mut connect(address).await).await, "");
}

#[tokio::test]
async fn half_said_head_is_closed() {
    let address = listen(Limits { head: SHORT, ..patient() }).await;
    // As the first request of a connection, and as a later one.
    for answered in [0, 1] {
        let mut connection = connect(address).await;
        for _ in 0..answered {
            assert!(is_served(&mut connection).await);
        }
        let (mut reading, mut writing) = connection.into_split();
        let began = Instant::now();
        let slow = tokio::spawn(async move {
            let head = b"GET / HTTP/1.1\r\nHost: kith.test\r\nX-Fill: ".iter();
            for byte in head.chain(std::iter::repeat(&b'a')) {
                if writing.write_all(&[*byte]).await.is_err() {
                    break;
                }
                sleep(SHORT / 30).await;
            }
        });
        let mut rest = Vec::new();
        let read = timeout(PATIENCE, reading.read_to_end(&mut rest)).await;
        assert!(read.is_ok(), "bytes that trickle in do not keep it open");
        assert!(began.elapsed() >= SHORT / 2, "{:?}", began.elapsed());
        slow.abort();
    }
}

#[tokio::test]
async fn over_long_head_is_refused() {
    let limits = patient();
    let most = limits.head_bytes;
    let address = listen(limits).await;
    let begin = "GET / HTTP/1.1\r\nHost: kith.test\r\nX-Fill: ";
    for (length, end, status) in [(most / 2, "\r\n\r\n", "200"), (most, "", "431")] {
        let mut connection = connect(address).await;
        let head = format!("{begin}{}{end}", "a".repeat(length - begin.len()));
        connection.write_all(head.as_bytes()).await.expect("it is sent");
        let mut first = [0; 12];
        let read = timeout(PATIENCE, connection.read_exact(&mut first)).await;
        read.expect("in time").expect("an answer");
        assert_eq!(String::from_utf8_lossy(&first), format!("HTTP/1.1 {status}"), "{length}");
    }
}

#[tokio::test]
async fn client_that_reads_nothing_is_cut_off() {
    const SIZE: usize = 32 << 20;
    let answer = get(|| async { vec![b'x'; SIZE] });
    let limits = Limits { unread: SHORT, ..patient() };
    let address = listen_for(Router::new().route("/", answer), limits).await;
    let mut connection = connect(address).await;
    connection.write_all(ASK).await.expect("it is sent");
    // The system refuses what is written to a connection that the server has closed.
    let cut_off = timeout(PATIENCE, async {
        while connection.write_all(b"\r\n").await.is_ok() {
            sleep(SHORT / 10).await;
        }
    });
    assert!(cut_off.await.is_ok(), "it is still open");

    let mut reader = connect(address).await;
    reader.write_all(ASK).await.expect("it is sent");
    let mut all = vec![0; SIZE];
    let read = timeout(PATIENCE, reader.read_exact(&mut all)).await;
    read.expect("in time").expect("a client that reads gets all of it");
}

#[tokio::test]
async fn slow_body_is_ended() {
    let app = TestApp::with(Database::Sqlite, |setup| setup.body_timeout = SHORT).await;
    let mut connection = connect(app.address().await).await;
    let head = "POST /api/sign_in HTTP/1.1\r\nHost: kith.test\r\nContent-Length: 100\r\n\
                Content-Type: application/x-www-form-urlencoded\r\n\r\nusername=";
    connection.write_all(head.as_bytes()).await.expect("it is sent");
    let answer = until_closed(&mut connection).await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(answer.ends_with(r#"{"error":"try_again"}"#), "pages send it again: {answer}");
}

#[tokio::test]
async fn call_of_a_sign_in_that_ends_before_its_body_is_refused() {
    let app = TestApp::start(Database::Sqlite).await;
    let (ann, bob) = app.two_friends().await;
    let lost = bob.other_device(&app).await;
    let request = lost.browser.json("history", &json!({}));
    let cookie = request.headers()["cookie"].to_str().expect("a plain cookie").to_string();
    let body = json!({ "for_user": lost.id, "contact": ann.contact() }).to_string();
    let (begin, end) = body.split_at(body.len() / 2);
    let mut connection = connect(app.address().await).await;
    let head = format!(
        "POST /api/history HTTP/1.1\r\nHost: kith.test\r\nCookie: {cookie}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{begin}",
        body.len()
    );
    connection.write_all(head.as_bytes()).await.expect("it is sent");
    // Long enough for the server to have read the head.
    sleep(SHORT).await;
    lost.browser.call("sign_out", &[]).await.done();
    connection.write_all(end.as_bytes()).await.expect("it is sent");
    let answer = until_closed(&mut connection).await;
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
}

#[tokio::test]
async fn one_address_leaves_connections_to_others() {
    let address = listen(Limits { per_address: 3, ..patient() }).await;
    let mut open = Vec::new();
    for _ in 0..3 {
        let mut connection = connect(address).await;
        assert!(is_served(&mut connection).await);
        open.push(connection);
    }
    assert!(!is_served(&mut connect(address).await).await, "one too many");
    assert!(is_served(&mut connect_from([127, 0, 0, 2], address).await).await);
    open.pop();
    eventually("the address has a free connection", async || {
        is_served(&mut connect(address).await).await
    })
    .await;
}

#[tokio::test]
async fn trusted_proxy_may_have_any_number_of_connections() {
    let trusted = vec!["127.0.0.1/32".parse().expect("a network")].into();
    let address = listen(Limits { per_address: 1, trusted, ..patient() }).await;
    let mut open = Vec::new();
    for _ in 0..5 {
        let mut connection = connect(address).await;
        assert!(is_served(&mut connection).await);
        open.push(connection);
    }
}

#[tokio::test]
async fn connections_beyond_the_maximum_wait_for_a_free_one() {
    let address = listen(Limits { connections: 2, ..patient() }).await;
    let mut open = [connect(address).await, connect(address).await];
    for connection in &mut open {
        assert!(is_served(connection).await);
    }
    let waiting = tokio::spawn(async move { is_served(&mut connect(address).await).await });
    sleep(SHORT).await;
    assert!(!waiting.is_finished());
    drop(open);
    assert!(waiting.await.expect("no panic"), "it was served in the end");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn held_receives_and_websockets_outlive_the_idle_timeout() {
    let app = TestApp::with(Database::Sqlite, |setup| {
        setup.limits = Limits { idle: SHORT, head: SHORT * 3, unread: SHORT, ..patient() };
    })
    .await;
    let (ann, bob) = app.two_friends().await;
    let cursor = bob.cursor().await;
    let held = app.hold(&bob, &cursor, LONG_MS).await;
    let mut socket = Socket::of(&app, &bob, &cursor).await;
    sleep(SHORT * 4).await;
    assert!(!held.is_over());
    ann.send(bob.contact(), "after a while").await;
    assert_eq!(texts(&held.answer().await.ok::<Batch>().events), ["after a while"]);
    assert_eq!(texts(&socket.news().await.events), ["after a while"]);
}

/// A WebSocket is no request any more, but still a connection.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn websockets_count_as_connections() {
    let app = TestApp::with(Database::Sqlite, |setup| {
        setup.limits = Limits { per_address: 2, ..patient() };
    })
    .await;
    let bob = app.person("bob").await;
    let cursor = bob.cursor().await;
    let sockets = [Socket::of(&app, &bob, &cursor).await, Socket::of(&app, &bob, &cursor).await];
    let address = app.address().await;
    // Any answer would do: the router has no such page.
    let is_answered = async || {
        let mut connection = connect(address).await;
        connection.write_all(ASK).await.ok();
        let mut first = [0; 1];
        matches!(timeout(PATIENCE, connection.read(&mut first)).await, Ok(Ok(1)))
    };
    assert!(!is_answered().await);
    drop(sockets);
    eventually("a closed WebSocket leaves its place", is_answered).await;
}
