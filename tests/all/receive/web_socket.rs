//! Receiving over a WebSocket: the rules of the long poll, and the ends that only a lasting
//! connection has.

use std::time::Duration;

use http::{Method, StatusCode};

use serde_json::json;
use tokio::time::timeout;

use crate::harness::{
    Database, MovedClock, PATIENCE, Person, Socket, TestApp, eventually, on_both_databases, texts,
};
use kith::error::KithError;
use kith::model::{Batch, Cursor, EventId, SignIn};

on_both_databases!(
    socket_pushes_batches_from_the_cursor_on,
    reconnecting_with_the_last_cursor_misses_no_event,
    unknown_cursor_ends_the_socket_with_a_resync,
    ending_a_sign_in_ends_only_its_sockets,
    socket_ends_when_another_process_ends_the_sign_in,
    shutdown_ends_every_socket,
);

async fn socket_pushes_batches_from_the_cursor_on(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    ann.send(bob.contact(), "seen").await;
    let cursor = bob.cursor().await;
    ann.send(bob.contact(), "waits").await;
    let mut socket = Socket::of(&app, &bob, &cursor).await;
    assert_eq!(texts(&socket.news().await.events), ["waits"]);
    eventually("it counts as a receiver", async || app.receivers() == 1).await;
    for text in ["one", "two", "three"] {
        ann.send(bob.contact(), text).await;
        let batch = socket.news().await;
        assert_eq!(texts(&batch.events), [text]);
        assert_eq!(batch.cursor.id, batch.events[0].id);
        assert_eq!(bob.receive(&batch.cursor).await.events, [], "it is the cursor of a receive");
    }
    drop(socket);
    eventually("it counts no more", async || app.receivers() == 0).await;
}

async fn reconnecting_with_the_last_cursor_misses_no_event(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let cursor = bob.cursor().await;
    let mut socket = Socket::of(&app, &bob, &cursor).await;
    ann.send(bob.contact(), "arrives").await;
    let last = socket.news().await.cursor;
    // The server writes this message, and the page does not read it.
    ann.send(bob.contact(), "on its way").await;
    drop(socket);
    ann.send(bob.contact(), "while away").await;
    assert_eq!(texts(&bob.receive(&last).await.events), ["on its way", "while away"]);
    let mut again = Socket::of(&app, &bob, &last).await;
    assert_eq!(texts(&again.news().await.events), ["on its way", "while away"]);
    let mut all = Socket::of(&app, &bob, &cursor).await;
    assert_eq!(texts(&all.news().await.events), ["arrives", "on its way", "while away"]);
}

async fn unknown_cursor_ends_the_socket_with_a_resync(database: Database) {
    let app = TestApp::start(database).await;
    let bob = app.person("bob").await;
    let now = bob.cursor().await;
    for cursor in [
        Cursor { epoch: "other".into(), id: now.id },
        Cursor { id: EventId(now.id.0 + 100), ..now.clone() },
    ] {
        let mut socket = Socket::of(&app, &bob, &cursor).await;
        let batch = socket.batch().await;
        assert!(batch.resync);
        assert_eq!(batch.cursor, now);
        assert_eq!(socket.next().await, None, "the page begins anew");
    }
}

async fn ending_a_sign_in_ends_only_its_sockets(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let lost = bob.other_device(&app).await;
    let cursor = bob.cursor().await;
    let at_lost = Socket::of(&app, &lost, &cursor).await;
    let mut at_bob = Socket::of(&app, &bob, &cursor).await;
    eventually("both are held", async || app.receivers() == 2).await;
    let sign_ins: Vec<SignIn> = bob.ask("sign_ins", json!({})).await.ok();
    let other = sign_ins.iter().find(|sign_in| !sign_in.current).expect("the other device");
    bob.browser.call("revoke_sign_in", &[("id", &other.id.to_string())]).await.done();
    assert_eq!(at_lost.refused().await, KithError::Unauthorised);
    ann.send(bob.contact(), "not for the lost one").await;
    assert_eq!(texts(&at_bob.news().await.events), ["not for the lost one"]);
    assert_eq!(Socket::open(&app, &lost.browser).await.err(), Some(StatusCode::UNAUTHORIZED));
    bob.browser.call("sign_out", &[]).await.done();
    assert_eq!(at_bob.refused().await, KithError::Unauthorised);
}

async fn socket_ends_when_another_process_ends_the_sign_in(database: Database) {
    let clock = MovedClock::take();
    let app = TestApp::with(database, |setup| {
        setup.policy.hold = Duration::from_millis(300);
        setup.clock = clock.clock();
    })
    .await;
    let bob = app.person("bob").await;
    let mut socket = Socket::of(&app, &bob, &bob.cursor().await).await;
    socket.batch().await;
    app.execute("DELETE FROM sign_in").await;
    // The server checks the sign-in as often as it writes the device's last visit.
    clock.forward(Duration::from_secs(10 * 60));
    assert_eq!(socket.refused().await, KithError::Unauthorised);
}

async fn shutdown_ends_every_socket(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let cursor = bob.cursor().await;
    let mut sockets = Vec::new();
    for person in [&ann, &bob, &bob] {
        sockets.push(Socket::of(&app, person, &cursor).await);
    }
    eventually("all are held", async || app.receivers() == 3).await;
    app.kith.end();
    for mut socket in sockets {
        // Batches with presence may come first.
        while let Some(said) = socket.next().await {
            let batch: Batch = serde_json::from_value(said).expect("a batch");
            assert_eq!((batch.events, batch.resync, &batch.cursor), (vec![], false, &cursor));
        }
    }
    timeout(PATIENCE, app.kith.ended()).await.expect("nothing is held any more");
    let mut late = Socket::of(&app, &bob, &cursor).await;
    assert_eq!(late.batch().await.events, [], "who comes now is not held either");
    assert_eq!(late.next().await, None);
}

#[tokio::test]
async fn socket_requires_a_sign_in_and_the_own_user_id() {
    let app = TestApp::start(Database::Sqlite).await;
    let (ann, bob) = app.two_friends().await;
    let stranger = Socket::open(&app, &app.anonymous()).await;
    assert_eq!(stranger.err(), Some(StatusCode::UNAUTHORIZED));
    let made_up = app.anonymous().with("cookie", "kith_sign_in=abc");
    assert_eq!(Socket::open(&app, &made_up).await.err(), Some(StatusCode::UNAUTHORIZED));

    let mut socket = Socket::open(&app, &ann.browser).await.expect("a WebSocket");
    socket.begin(&bob, &bob.cursor().await, "").await;
    assert_eq!(socket.refused().await, KithError::WrongUser);
    assert_eq!(app.receivers(), 0);
}

#[tokio::test]
async fn socket_rejects_pages_of_other_sites() {
    let app = TestApp::with(Database::Sqlite, |setup| {
        setup.public_url = Some("https://chat.example.org".into());
    })
    .await;
    let ann = app.person("ann").await;
    for (name, value, status) in [
        ("origin", "https://evil.example", Some(StatusCode::FORBIDDEN)),
        ("origin", "http://kith.test.evil.example", Some(StatusCode::FORBIDDEN)),
        ("origin", "null", Some(StatusCode::FORBIDDEN)),
        ("sec-fetch-site", "cross-site", Some(StatusCode::FORBIDDEN)),
        ("sec-fetch-site", "same-site", Some(StatusCode::FORBIDDEN)),
        ("sec-fetch-site", "same-origin", None),
        ("origin", "http://kith.test", None),
        ("origin", "https://chat.example.org", None),
    ] {
        let opened = Socket::open(&app, &ann.browser.with(name, value)).await;
        assert_eq!(opened.err(), status, "{name}: {value}");
    }
}

#[tokio::test]
async fn plain_requests_to_the_socket_get_a_clear_error() {
    let app = TestApp::start(Database::Sqlite).await;
    let ann = app.person("ann").await;
    for (method, signed_in, status) in [
        (Method::GET, false, StatusCode::UNAUTHORIZED),
        (Method::GET, true, StatusCode::BAD_REQUEST),
        (Method::POST, true, StatusCode::METHOD_NOT_ALLOWED),
    ] {
        let browser = if signed_in { ann.browser.clone() } else { app.anonymous() };
        let request = browser.request(method.clone(), "/api/socket", "", axum::body::Body::empty());
        assert_eq!(browser.send(request).await.status, status, "{method}");
    }
}

#[tokio::test]
async fn socket_rejects_a_wrong_or_second_first_message() {
    let app = TestApp::start(Database::Sqlite).await;
    let ann = app.person("ann").await;
    let right = json!({ "for_user": ann.id, "cursor": ann.cursor().await });
    for wrong in [
        json!("hello"),
        json!({ "cursor": right["cursor"] }),
        json!({ "for_user": ann.id, "cursor": "12" }),
    ] {
        let mut socket = Socket::open(&app, &ann.browser).await.expect("a WebSocket");
        socket.say(&wrong).await;
        assert!(matches!(socket.refused().await, KithError::BadRequest(_)), "{wrong}");
    }
    let mut socket = Socket::open(&app, &ann.browser).await.expect("a WebSocket");
    socket.say(&right).await;
    socket.say(&right).await;
    assert!(matches!(socket.refused().await, KithError::BadRequest(_)));

    let mut socket = Socket::open(&app, &ann.browser).await.expect("a WebSocket");
    let long = "1".repeat(8 * 1024);
    socket.say(&json!({ "for_user": ann.id, "presence_version": long })).await;
    assert_eq!(socket.next().await, None, "nobody reads as much");
}

#[tokio::test]
async fn quiet_socket_sends_an_empty_batch_at_each_hold() {
    let clock = MovedClock::take();
    let app = TestApp::with(Database::Sqlite, |setup| {
        setup.policy.hold = Duration::from_millis(200);
        setup.clock = clock.clock();
    })
    .await;
    let (ann, bob) = app.two_friends().await;
    let cursor = bob.cursor().await;
    let mut socket = Socket::of(&app, &bob, &cursor).await;
    let seen = format!("SELECT last_seen FROM sign_in WHERE user_id = {}", bob.id);
    let before = app.number(&seen).await;
    clock.forward(Duration::from_secs(10 * 60));
    for _ in 0..3 {
        let batch = socket.batch().await;
        assert_eq!((batch.events, batch.has_more, batch.resync), (vec![], false, false));
        assert_eq!(batch.cursor, cursor);
    }
    assert!(ann.presence().await.online.contains(&bob.id), "as with a receive");
    eventually("the sign-in was seen", async || app.number(&seen).await > before).await;
}

#[tokio::test]
async fn socket_ends_when_pings_are_not_answered() {
    let short = Duration::from_millis(200);
    let app = TestApp::with(Database::Sqlite, |setup| setup.policy.hold = short).await;
    let bob = app.person("bob").await;
    // The WebSocket library sends its pong when it reads, and this client does not read.
    let _silent = Socket::of(&app, &bob, &bob.cursor().await).await;
    eventually("it is held", async || app.receivers() == 1).await;
    eventually("it is given up", async || app.receivers() == 0).await;
}

#[tokio::test]
async fn socket_ends_when_the_page_does_not_read() {
    let app = TestApp::start(Database::Sqlite).await;
    let (ann, bob) = app.two_friends().await;
    let cursor = bob.cursor().await;
    for _ in 0..300 {
        ann.send(bob.contact(), &"字".repeat(4_000)).await;
    }
    let _unread = Socket::narrow(&app, &bob, &cursor).await;
    eventually("it is held", async || app.receivers() == 1).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(app.receivers(), 1, "what it was sent waits to be read");
    app.forward(Duration::from_secs(20)).await;
    eventually("it is given up", async || app.receivers() == 0).await;
}

#[tokio::test]
async fn socket_can_be_turned_off_by_configuration() {
    let app = TestApp::with(Database::Sqlite, |setup| setup.policy.websocket = false).await;
    let ann = app.person("ann").await;
    assert!(!ann.page().await.websocket, "the page does not try");
    assert_eq!(Socket::open(&app, &ann.browser).await.err(), Some(StatusCode::NOT_FOUND));
    let app = TestApp::start(Database::Sqlite).await;
    let ann: Person = app.person("ann").await;
    assert!(ann.page().await.websocket);
}
