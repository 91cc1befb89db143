//! The receive protocol, line by line: what is held, what wakes it, what a cursor brings.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use http::StatusCode;

use serde_json::{Value, json};

use crate::harness::{
    Database, LONG_MS, MovedClock, TestApp, client_id, eventually, messages, on_both_databases,
    seen_by, texts,
};
use kith::error::KithError;
use kith::model::limits::{BATCH_BYTES_MAX, BATCH_EVENTS_MAX, MESSAGE_MAX};
use kith::model::{Batch, ClientId, Cursor, EventId, EventKind, SignInId};
use kith::service::Caller;

on_both_databases!(
    without_a_cursor_the_present_one_comes_at_once,
    a_held_receive_is_woken_by_a_message,
    what_says_nothing_is_left_out,
    what_waits_already_is_answered_at_once,
    a_quiet_receive_ends_with_an_empty_batch_and_is_a_success,
    no_receive_is_held_for_longer_than_the_operator_wants,
    a_short_poll_is_not_held,
    the_same_cursor_brings_the_same_events_again,
    a_quiet_cursor_moves_over_what_others_heard,
    every_receiver_of_a_user_gets_everything,
    many_wake_ups_at_once_skip_nothing,
    a_batch_is_bounded_in_events_and_says_that_there_is_more,
    a_batch_is_bounded_in_bytes_and_says_that_there_is_more,
    more_events_than_the_tail_keeps_are_read_from_the_log,
    what_happens_after_a_page_was_loaded_is_in_memory,
    an_event_of_a_newer_kith_is_skipped_and_hides_nothing_behind_it,
    a_cursor_from_before_the_floor_gets_a_resync,
    a_cursor_from_the_future_gets_a_resync,
    a_cursor_of_another_epoch_gets_a_resync,
    a_malformed_cursor_is_a_bad_request,
    nobody_receives_for_somebody_else,
    names_in_events_are_the_present_ones,
);

async fn without_a_cursor_the_present_one_comes_at_once(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    ann.send(bob.contact(), "before").await;
    // Would be held for the full 25 seconds if it were held.
    let batch: Batch = bob.ask("receive", json!({})).await.ok();
    assert_eq!((batch.events, batch.has_more, batch.resync), (vec![], false, false));
    assert_eq!(batch.build.as_deref(), Some("test"));
    let mut cursor = batch.cursor;
    assert_eq!(bob.catch_up(&mut cursor).await, []);
    ann.send(bob.contact(), "after").await;
    assert_eq!(texts(&bob.catch_up(&mut cursor).await), ["after"]);
}

async fn a_held_receive_is_woken_by_a_message(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let cursor = bob.cursor().await;
    let held = app.hold(&bob, &cursor, LONG_MS).await;
    assert!(held.stays().await, "there is nothing to answer yet");
    let sent = ann.send(bob.contact(), "wake up").await;
    let batch: Batch = held.answer().await.ok();
    assert_eq!(messages(&batch.events), [sent.seen_by(bob.id)]);
    assert!(!batch.has_more && !batch.resync && batch.build.is_none());
    assert_eq!(batch.cursor.id, batch.events[0].id);
    let held = app.hold(&bob, &batch.cursor, LONG_MS).await;
    assert!(held.stays().await, "the new cursor has seen it");
}

async fn what_says_nothing_is_left_out(database: Database) {
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

async fn what_waits_already_is_answered_at_once(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let cursor = bob.cursor().await;
    ann.send(bob.contact(), "one").await;
    ann.send(bob.contact(), "two").await;
    let batch: Batch = app.hold(&bob, &cursor, LONG_MS).await.answer().await.ok();
    assert_eq!(texts(&batch.events), ["one", "two"], "all that waits comes in one batch");
}

async fn no_receive_is_held_for_longer_than_the_operator_wants(database: Database) {
    let short = Duration::from_millis(300);
    let app = TestApp::with(database, |setup| setup.policy.hold = short).await;
    let (_, bob) = app.two_friends().await;
    assert_eq!(bob.page().await.hold_ms, 300, "the page is told");
    let cursor = bob.cursor().await;
    // Held for as long as it asks, this would outlast every patience.
    let batch: Batch = app.hold(&bob, &cursor, LONG_MS).await.answer().await.ok();
    assert_eq!(batch.events, []);
}

async fn a_quiet_receive_ends_with_an_empty_batch_and_is_a_success(database: Database) {
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

async fn a_short_poll_is_not_held(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let cursor = bob.cursor().await;
    // Not over the network: it would come back after the default hold if it were held.
    let began = Instant::now();
    assert_eq!(bob.receive(&cursor).await.events, []);
    assert!(began.elapsed() < Duration::from_secs(20));
    ann.send(bob.contact(), "hello").await;
    assert_eq!(texts(&bob.receive(&cursor).await.events), ["hello"]);
}

async fn the_same_cursor_brings_the_same_events_again(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let cursor = bob.cursor().await;
    for n in 0..3 {
        ann.send(bob.contact(), &n.to_string()).await;
    }
    let first = bob.receive(&cursor).await;
    assert_eq!(first.events.len(), 3);
    assert_eq!(bob.receive(&cursor).await, first, "reading takes nothing away");
    let middle = Cursor { id: first.events[0].id, ..cursor };
    assert_eq!(texts(&bob.receive(&middle).await.events), ["1", "2"]);
}

async fn a_quiet_cursor_moves_over_what_others_heard(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let cid = app.person("cid").await;
    let before = cid.cursor().await;
    ann.send(bob.contact(), "not for Cid").await;
    let batch = cid.receive(&before).await;
    assert_eq!(batch.events, []);
    assert!(batch.cursor.id > before.id, "what does not concern one is not looked at twice");
    assert_eq!(batch.cursor, bob.cursor().await);
    cid.befriend(&ann).await;
    let mut cursor = batch.cursor;
    let heard = cid.catch_up(&mut cursor).await;
    assert!(heard.iter().any(|event| matches!(event.kind, EventKind::FriendAdded { .. })));
}

async fn every_receiver_of_a_user_gets_everything(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let other_ann = ann.other_device(&app).await;
    let other_bob = bob.other_device(&app).await;
    let mut held = Vec::new();
    // Two tabs of one device, another device, and the same of the sender.
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
        // Only the sender's pages have a bubble to know again.
        let known_again = (at < 3).then_some(id.as_str());
        let client_id = message.client_id.as_ref().map(ClientId::as_str);
        assert_eq!((client_id, message.text.as_str()), (known_again, "to everybody"));
    }
}

async fn many_wake_ups_at_once_skip_nothing(database: Database) {
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

async fn a_batch_is_bounded_in_events_and_says_that_there_is_more(database: Database) {
    const EXTRA: usize = 20;
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let cursor = bob.cursor().await;
    let all = BATCH_EVENTS_MAX + EXTRA;
    join_all((0..all).map(|_| ann.send(bob.contact(), "again"))).await;
    // The tail does not reach back that far: this is the log.
    let first = bob.receive(&cursor).await;
    assert_eq!((first.events.len(), first.has_more), (BATCH_EVENTS_MAX, true));
    assert_eq!(first.events.last().map(|event| event.id), Some(first.cursor.id));
    let second = bob.receive(&first.cursor).await;
    assert_eq!((second.events.len(), second.has_more), (EXTRA, false));
    let heard = [messages(&first.events), messages(&second.events)].concat();
    let seqs: Vec<i64> = heard.iter().map(|message| message.seq).collect();
    assert_eq!(seqs, (1..=all as i64).collect::<Vec<_>>(), "exactly once, in order");
}

async fn a_batch_is_bounded_in_bytes_and_says_that_there_is_more(database: Database) {
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

async fn more_events_than_the_tail_keeps_are_read_from_the_log(database: Database) {
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

async fn what_happens_after_a_page_was_loaded_is_in_memory(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let app = app.restarted().await;
    let (ann, bob) = (ann.at(&app), bob.at(&app));
    let page = bob.page().await;
    ann.send(bob.contact(), "meanwhile").await;
    app.execute("ALTER TABLE event RENAME TO no_event").await;
    assert_eq!(texts(&bob.receive(&page.cursor).await.events), ["meanwhile"]);
}

async fn an_event_of_a_newer_kith_is_skipped_and_hides_nothing_behind_it(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let mut cursor = bob.cursor().await;
    // As many as a batch holds and more, then something that this Kith knows.
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

async fn a_cursor_from_before_the_floor_gets_a_resync(database: Database) {
    let clock = MovedClock::take();
    let app = TestApp::with(database, |setup| {
        setup.clock = clock.clock();
        setup.policy.retention = Duration::from_secs(3_600);
    })
    .await;
    let (ann, bob) = app.two_friends().await;
    let old = bob.cursor().await;
    ann.send(bob.contact(), "old").await;
    let floor = bob.cursor().await;
    clock.forward(Duration::from_secs(2 * 3_600));
    ann.send(bob.contact(), "new").await;
    app.kith.tidy().await.expect("the house is kept");
    let again = app.beside().await;
    for app in [app, again] {
        let bob = bob.at(&app);
        let batch = bob.receive(&old).await;
        assert_eq!((batch.resync, batch.has_more, batch.events.len()), (true, false, 0));
        assert_eq!(batch.cursor, bob.cursor().await, "from here it goes on after the snapshot");
        let kept = bob.receive(&floor).await;
        assert!(!kept.resync, "nothing after the floor is gone");
        assert_eq!(texts(&kept.events), ["new"]);
        assert_eq!(bob.history(ann.contact()).await.messages.len(), 2, "no message is lost");
    }
}

async fn a_cursor_from_the_future_gets_a_resync(database: Database) {
    let app = TestApp::start(database).await;
    let (_, bob) = app.two_friends().await;
    let now = bob.cursor().await;
    for ahead in [1, 1_000, i64::MAX - now.id.0] {
        let future = Cursor { id: EventId(now.id.0 + ahead), ..now.clone() };
        let batch: Batch = app.hold(&bob, &future, LONG_MS).await.answer().await.ok();
        assert!(batch.resync, "{future}");
        assert_eq!((batch.cursor, batch.events), (now.clone(), vec![]));
    }
}

async fn a_cursor_of_another_epoch_gets_a_resync(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let old = bob.cursor().await;
    let other = Cursor { epoch: "elsewhere".into(), ..old.clone() };
    assert!(bob.receive(&other).await.resync);
    // As a backup does to its copy.
    app.execute("UPDATE log_head SET epoch = 'restored'").await;
    let app = app.restarted().await;
    let (ann, bob) = (ann.at(&app), bob.at(&app));
    ann.send(bob.contact(), "in another log").await;
    let batch = bob.receive(&old).await;
    assert_eq!((batch.resync, batch.events), (true, vec![]));
    assert_eq!(batch.cursor.epoch, "restored");
    assert!(!bob.receive(&batch.cursor).await.resync);
}

async fn a_malformed_cursor_is_a_bad_request(database: Database) {
    let app = TestApp::start(database).await;
    let bob = app.person("bob").await;
    for cursor in [json!("12"), json!("a.b"), json!(""), json!("a.-1"), json!(12), json!({})] {
        let answer = bob.ask("receive", json!({ "cursor": cursor })).await;
        assert!(matches!(answer.error(), KithError::BadRequest(_)), "{cursor}: {answer:?}");
    }
    let answer = bob.ask("receive", json!({ "cursor": null, "hold_ms": -1 })).await;
    assert!(matches!(answer.error(), KithError::BadRequest(_)), "{answer:?}");
}

async fn nobody_receives_for_somebody_else(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let body = json!({ "for_user": bob.id, "cursor": bob.cursor().await, "hold_ms": 0 });
    ann.send(bob.contact(), "for Bob").await;
    let answer = ann.browser.ask("receive", &body).await;
    assert_eq!((answer.status, answer.error()), (StatusCode::CONFLICT, KithError::WrongUser));
    let answer = app.anonymous().ask("receive", &body).await;
    assert_eq!(answer.error(), KithError::Unauthorised);
}

async fn names_in_events_are_the_present_ones(database: Database) {
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

/// The service's own clock is paused here, so it is asked without a network in between.
#[tokio::test]
async fn a_hold_lasts_as_long_as_the_operator_says_or_shorter() {
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
