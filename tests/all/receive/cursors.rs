//! What a receive answers to a cursor that is repeated, old, of another log, or malformed.

use std::time::Duration;

use serde_json::json;

use crate::harness::{Database, LONG_MS, MovedClock, TestApp, on_both_databases, texts};
use kith::error::KithError;
use kith::model::{Batch, Cursor, EventId, EventKind};

on_both_databases!(
    repeated_cursor_returns_the_same_events,
    empty_batch_moves_the_cursor_past_events_of_others,
    cursor_below_the_retention_floor_gets_a_resync,
    cursor_from_the_future_gets_a_resync,
    cursor_of_another_epoch_gets_a_resync,
    malformed_cursor_is_a_bad_request,
);

async fn repeated_cursor_returns_the_same_events(database: Database) {
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

async fn empty_batch_moves_the_cursor_past_events_of_others(database: Database) {
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

async fn cursor_below_the_retention_floor_gets_a_resync(database: Database) {
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

async fn cursor_from_the_future_gets_a_resync(database: Database) {
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

async fn cursor_of_another_epoch_gets_a_resync(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let old = bob.cursor().await;
    let other = Cursor { epoch: "elsewhere".into(), ..old.clone() };
    assert!(bob.receive(&other).await.resync);
    // `kith backup` does the same to its copy.
    app.execute("UPDATE log_head SET epoch = 'restored'").await;
    let app = app.restarted().await;
    let (ann, bob) = (ann.at(&app), bob.at(&app));
    ann.send(bob.contact(), "in another log").await;
    let batch = bob.receive(&old).await;
    assert_eq!((batch.resync, batch.events), (true, vec![]));
    assert_eq!(batch.cursor.epoch, "restored");
    assert!(!bob.receive(&batch.cursor).await.resync);
}

async fn malformed_cursor_is_a_bad_request(database: Database) {
    let app = TestApp::start(database).await;
    let bob = app.person("bob").await;
    for cursor in [json!("12"), json!("a.b"), json!(""), json!("a.-1"), json!(12), json!({})] {
        let answer = bob.ask("receive", json!({ "cursor": cursor })).await;
        assert!(matches!(answer.error(), KithError::BadRequest(_)), "{cursor}: {answer:?}");
    }
    let answer = bob.ask("receive", json!({ "cursor": null, "hold_ms": -1 })).await;
    assert!(matches!(answer.error(), KithError::BadRequest(_)), "{answer:?}");
}
