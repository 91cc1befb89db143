//! The receive protocol: holding, waking, waking and batches.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use http::StatusCode;

use serde_json::{Value, json};

use crate::harness::{
    Database, LONG_MS, TestApp, client_id, eventually, messages, on_both_databases, seen_by, texts,
};
use kith::error::KithError;
use kith::model::limits::{BATCH_BYTES_MAX, BATCH_EVENTS_MAX, MESSAGE_MAX};
use kith::model::{Batch, ClientId, EventKind, SignInId};
use kith::service::Caller;

on_both_databases!(
    receive_without_a_cursor_answers_the_present_one_at_once,
    message_wakes_a_held_receive,
    empty_fields_are_left_out_of_the_json,
    waiting_events_are_answered_at_once,
    held_receive_ends_with_an_empty_batch,
    hold_is_limited_by_the_configuration,
    receive_with_hold_zero_is_not_held,
    every_receive_of_a_user_gets_all_events,
    concurrent_wake_ups_skip_no_event,
    batch_is_limited_in_events_and_sets_has_more,
    batch_is_limited_in_bytes_and_sets_has_more,
    events_beyond_the_mailbox_tail_are_read_from_the_log,
    events_after_a_page_load_are_read_from_memory,
    unknown_event_is_skipped_without_hiding_later_ones,
    receive_rejects_another_for_user,
    events_have_the_present_names,
);

async fn receive_without_a_cursor_answers_the_present_one_at_once(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    ann.send(bob.contact(), "before").await;
    // A hold would last the full 25 seconds.
    let batch: Batch = bob.ask("receive", json!({})).await.ok();
    assert_eq!((batch.events, batch.has_more, batch.resync), (vec![], false, false));
    assert_eq!(batch.build.as_deref(), Some("test"));
    let mut cursor = batch.cursor;
    assert_eq!(bob.catch_up(&mut cursor).await, []);
    ann.send(bob.contact(), "after").await;
    assert_eq!(texts(&bob.catch_up(&mut cursor).await), ["after"]);
}

async fn message_wakes_a_held_receive(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let cursor = bob.cursor().await;
    let held = app.hold(&bob, &cursor, LONG_MS).await;
    assert!(held.is_still_held().await, "there is nothing to answer yet");
    let sent = ann.send(bob.contact(), "wake up").await;
    let batch: Batch = held.answer().await.ok();
    assert_eq!(messages(&batch.events), [sent.seen_by(bob.id)]);
    assert!(!batch.has_more && !batch.resync && batch.build.is_none());
    assert_eq!(batch.cursor.id, batch.events[0].id);
    let held = app.hold(&bob, &batch.cursor, LONG_MS).await;
    assert!(held.is_still_held().await, "the new cursor has seen it");
}

async fn empty_fields_are_left_out_of_the_json(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let cursor = bob.cursor().await;
    let version = bob.presence().await.version;
    let keys = async |hold_ms: u32| {
        let asked = json!({"cursor": cursor, "hold_ms": hold_ms, "presence_version": version});
        let answer: serde_json::Map<String, Value> = bob.ask("receive", asked).await.ok();
        answer.into_iter().map(|(key, _)| key).collect::<Vec<_>>()
    };
    assert_eq!(keys(0).await, ["cursor"]);
    ann.send(bob.contact(), "one").await;
    assert_eq!(keys(0).await, ["cursor", "events"]);
}

async fn waiting_events_are_answered_at_once(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let cursor = bob.cursor().await;
    ann.send(bob.contact(), "one").await;
    ann.send(bob.contact(), "two").await;
    let batch: Batch = app.hold(&bob, &cursor, LONG_MS).await.answer().await.ok();
    assert_eq!(texts(&batch.events), ["one", "two"], "all that waits comes in one batch");
}

async fn hold_is_limited_by_the_configuration(database: Database) {
    let short = Duration::from_millis(300);
    let app = TestApp::with(database, |setup| setup.policy.hold = short).await;
    let (_, bob) = app.two_friends().await;
    assert_eq!(bob.page().await.hold_ms, 300, "the page is told");
    let cursor = bob.cursor().await;
    // Held for as long as the request asks, this would outlast `PATIENCE`.
    let batch: Batch = app.hold(&bob, &cursor, LONG_MS).await.answer().await.ok();
    assert_eq!(batch.events, []);
}

async fn held_receive_ends_with_an_empty_batch(database: Database) {
    let app = TestApp::start(database).await;
    let (_, bob) = app.two_friends().await;
    let cursor = bob.cursor().await;
    let began = Instant::now();
    let batch: Batch = app.hold(&bob, &cursor, 300).await.answer().await.ok();
    assert!(began.elapsed() >= Duration::from_millis(250), "{:?}", began.elapsed());
    assert_eq!((batch.events, batch.has_more, batch.resync), (vec![], false, false));
    assert_eq!(batch.cursor, cursor);
    assert_eq!(app.receivers(), 0);
}

async fn receive_with_hold_zero_is_not_held(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let cursor = bob.cursor().await;
    // Without the network: a hold would end after the default time.
    let began = Instant::now();
    assert_eq!(bob.receive(&cursor).await.events, []);
    assert!(began.elapsed() < Duration::from_secs(20));
    ann.send(bob.contact(), "hello").await;
    assert_eq!(texts(&bob.receive(&cursor).await.events), ["hello"]);
}

async fn every_receive_of_a_user_gets_all_events(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let other_ann = ann.other_device(&app).await;
    let other_bob = bob.other_device(&app).await;
    let mut held = Vec::new();
    // Two tabs of one device and another device, of the receiver and of the sender.
    for person in [&ann, &ann, &other_ann, &bob, &bob, &other_bob] {
        held.push(app.hold(person, &person.cursor().await, LONG_MS).await);
    }
    eventually("six are held at one mailbox for each user", async || {
        app.kith.listening() == (2, 6)
    })
    .await;
    let id = client_id();
    ann.try_send(bob.contact(), &id, "to everybody").await.ok::<Value>();
    for (at, held) in held.into_iter().enumerate() {
        let batch: Batch = held.answer().await.ok();
        let [message] = &messages(&batch.events)[..] else { panic!("{batch:?}") };
        // Only the sender's pages need the client id, to find their own bubble.
        let known_again = (at < 3).then_some(id.as_str());
        let client_id = message.client_id.as_ref().map(ClientId::as_str);
        assert_eq!((client_id, message.text.as_str()), (known_again, "to everybody"));
    }
}

async fn concurrent_wake_ups_skip_no_event(database: Database) {
    const COUNT: usize = 60;
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let mut cursor = bob.cursor().await;
    let held = app.hold(&bob, &cursor, LONG_MS).await;
    let sends = (0..COUNT).map(async |n| ann.send(bob.contact(), &n.to_string()).await);
    let mut sent = join_all(sends).await;
    sent.sort_by_key(|message| message.seq);
    let batch: Batch = held.answer().await.ok();
    cursor = batch.cursor;
    let mut heard = messages(&batch.events);
    heard.extend(messages(&bob.catch_up(&mut cursor).await));
    assert_eq!(heard, seen_by(&bob, &sent));
}

async fn batch_is_limited_in_events_and_sets_has_more(database: Database) {
    const EXTRA: usize = 20;
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let cursor = bob.cursor().await;
    let all = BATCH_EVENTS_MAX + EXTRA;
    join_all((0..all).map(|_| ann.send(bob.contact(), "again"))).await;
    // The mailbox's tail does not reach back that far: this comes from the log.
    let first = bob.receive(&cursor).await;
    assert_eq!((first.events.len(), first.has_more), (BATCH_EVENTS_MAX, true));
    assert_eq!(first.events.last().map(|event| event.id), Some(first.cursor.id));
    let second = bob.receive(&first.cursor).await;
    assert_eq!((second.events.len(), second.has_more), (EXTRA, false));
    let heard = [messages(&first.events), messages(&second.events)].concat();
    let seqs: Vec<i64> = heard.iter().map(|message| message.seq).collect();
    assert_eq!(seqs, (1..=all as i64).collect::<Vec<_>>(), "exactly once, in order");
}

async fn batch_is_limited_in_bytes_and_sets_has_more(database: Database) {
    const COUNT: usize = 40;
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let mut cursor = bob.cursor().await;
    let long = "字".repeat(MESSAGE_MAX);
    join_all((0..COUNT).map(|_| ann.send(bob.contact(), &long))).await;
    let mut seqs = Vec::new();
    let mut batches = 0;
    loop {
        let answer = bob.ask("receive", json!({ "cursor": cursor, "hold_ms": 0 })).await;
        let size = answer.body.len();
        let batch: Batch = answer.ok();
        assert!(!batch.events.is_empty() && batch.events.len() < COUNT);
        assert!(size <= BATCH_BYTES_MAX + 16 * 1024, "{size} bytes");
        seqs.extend(messages(&batch.events).iter().map(|message| message.seq));
        batches += 1;
        cursor = batch.cursor;
        if !batch.has_more {
            break;
        }
    }
    assert_eq!(seqs, (1..=COUNT as i64).collect::<Vec<_>>());
    assert_eq!(batches, (COUNT * long.len()).div_ceil(BATCH_BYTES_MAX));
}

async fn events_beyond_the_mailbox_tail_are_read_from_the_log(database: Database) {
    const COUNT: i64 = 300;
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let mut cursor = bob.cursor().await;
    assert_eq!(app.kith.listening().0, 2, "the mailbox is there, and its tail begins here");
    join_all((0..COUNT).map(async |n| ann.send(bob.contact(), &n.to_string()).await)).await;
    let heard = messages(&bob.catch_up(&mut cursor).await);
    let seqs: Vec<i64> = heard.iter().map(|message| message.seq).collect();
    assert_eq!(seqs, (1..=COUNT).collect::<Vec<_>>());
    ann.send(bob.contact(), "from the tail again").await;
    assert_eq!(texts(&bob.catch_up(&mut cursor).await), ["from the tail again"]);
}

async fn events_after_a_page_load_are_read_from_memory(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let app = app.restarted().await;
    let (ann, bob) = (ann.at(&app), bob.at(&app));
    let page = bob.page().await;
    ann.send(bob.contact(), "meanwhile").await;
    app.execute("ALTER TABLE event RENAME TO no_event").await;
    assert_eq!(texts(&bob.receive(&page.cursor).await.events), ["meanwhile"]);
}

async fn unknown_event_is_skipped_without_hiding_later_ones(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let mut cursor = bob.cursor().await;
    // More unknown events than a batch holds, then a known one.
    let head = app.number("SELECT id FROM log_head").await;
    let count = BATCH_EVENTS_MAX as i64 + 50;
    let rows: Vec<String> = (head + 1..=head + count)
        .map(|id| format!("({id}, 1, {}, '{{\"kind\":\"confetti\"}}', 0)", bob.id))
        .collect();
    app.execute(&format!(
        "INSERT INTO event (id, audience, audience_id, fact, at) VALUES {}",
        rows.join(", ")
    ))
    .await;
    app.execute(&format!("UPDATE log_head SET id = {}", head + count)).await;
    let app = app.restarted().await;
    let (ann, bob) = (ann.at(&app), bob.at(&app));
    ann.send(bob.contact(), "behind it").await;
    assert_eq!(texts(&bob.catch_up(&mut cursor).await), ["behind it"]);
}

async fn receive_rejects_another_for_user(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let body = json!({ "for_user": bob.id, "cursor": bob.cursor().await, "hold_ms": 0 });
    ann.send(bob.contact(), "for Bob").await;
    let answer = ann.browser.ask("receive", &body).await;
    assert_eq!((answer.status, answer.error()), (StatusCode::CONFLICT, KithError::WrongUser));
    let answer = app.anonymous().ask("receive", &body).await;
    assert_eq!(answer.error(), KithError::Unauthorised);
}

async fn events_have_the_present_names(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = (app.person("ann").await, app.person("bob").await);
    let cursor = bob.cursor().await;
    ann.request_friend(&bob, "").await.done();
    app.execute(&format!("UPDATE users SET display_name = 'Anna' WHERE id = {}", ann.id)).await;
    let app = app.restarted().await;
    let events = bob.at(&app).receive(&cursor).await.events;
    let names = events.iter().map(|event| match &event.kind {
        EventKind::FriendRequested { request } => request.from.display_name.as_str(),
        other => panic!("{other:?}"),
    });
    assert_eq!(names.collect::<Vec<_>>(), ["Anna"]);
}

/// The runtime's clock is paused here, so the service is called without a network in between.
#[tokio::test]
async fn hold_ends_after_the_shorter_of_request_and_configuration() {
    let app = TestApp::start(Database::Sqlite).await;
    let bob = app.person("bob").await;
    let cursor = bob.cursor().await;
    let caller = Caller { user: bob.id, sign_in: SignInId(1) };
    let version = Some(bob.presence().await.version);
    tokio::time::pause();
    for (asked, seconds) in [(None, 25), (Some(10_000), 10), (Some(u32::MAX), 25), (Some(0), 0)] {
        let began = tokio::time::Instant::now();
        let batch = app.kith.receive(caller, Some(cursor.clone()), asked, version.clone()).await;
        assert_eq!(batch.map(|batch| batch.events), Ok(vec![]));
        assert_eq!(began.elapsed().as_secs(), seconds, "{asked:?}");
    }
}
