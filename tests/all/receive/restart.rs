//! Restarts: no answered message is lost, and cursors stay valid.

use futures_util::future::join_all;

use crate::harness::{
    Database, LONG_MS, TestApp, client_id, messages, on_both_databases, seen_by, texts,
};
use kith::model::{Batch, Message};

on_both_databases!(
    cursor_from_before_a_restart_misses_no_event,
    held_receive_continues_with_its_cursor_after_a_restart,
    repeated_send_after_a_restart_returns_the_first_answer,
    ids_and_seqs_continue_after_a_restart,
);

async fn cursor_from_before_a_restart_misses_no_event(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let mut cursor = bob.cursor().await;
    let mut sent = join_all((0..20).map(|_| ann.send(bob.contact(), "before"))).await;
    sent.sort_by_key(|message| message.seq);
    let app = app.restarted().await;
    let (ann, bob) = (ann.at(&app), bob.at(&app));
    for _ in 0..3 {
        sent.push(ann.send(bob.contact(), "after").await);
    }
    assert_eq!(messages(&bob.catch_up(&mut cursor).await), seen_by(&bob, &sent));
    let app = app.restarted().await;
    let (ann, bob) = (ann.at(&app), bob.at(&app));
    assert_eq!(bob.catch_up(&mut cursor).await, []);
    sent.push(ann.send(bob.contact(), "after another").await);
    assert_eq!(texts(&bob.catch_up(&mut cursor).await), ["after another"]);
    assert_eq!(bob.history(ann.contact()).await.messages, seen_by(&bob, &sent));
}

async fn held_receive_continues_with_its_cursor_after_a_restart(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let held = app.hold(&bob, &bob.cursor().await, LONG_MS).await;
    let app = app.restarted().await;
    let batch: Batch = held.answer().await.ok();
    assert_eq!(batch.events, [], "the process that ended answered");
    let (ann, bob) = (ann.at(&app), bob.at(&app));
    let held = app.hold(&bob, &batch.cursor, LONG_MS).await;
    ann.send(bob.contact(), "good morning").await;
    let batch: Batch = held.answer().await.ok();
    assert_eq!(texts(&batch.events), ["good morning"]);
}

async fn repeated_send_after_a_restart_returns_the_first_answer(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let id = client_id();
    let first: Message = ann.try_send(bob.contact(), &id, "hello").await.ok();
    let app = app.restarted().await;
    let again: Message = ann.at(&app).try_send(bob.contact(), &id, "hello").await.ok();
    assert_eq!(again, first);
    assert_eq!(bob.at(&app).history(ann.contact()).await.messages, [first.seen_by(bob.id)]);
}

async fn ids_and_seqs_continue_after_a_restart(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    ann.send(bob.contact(), "one").await;
    let before = bob.cursor().await;
    let app = app.restarted().await;
    let (ann, bob) = (ann.at(&app), bob.at(&app));
    assert_eq!(bob.cursor().await, before, "the same log, and nothing was added");
    assert_eq!(ann.send(bob.contact(), "two").await.seq, 2);
    assert!(bob.cursor().await.id > before.id);
    let cid = app.person("cid").await;
    assert!(cid.id > bob.id, "nobody gets an id that was given");
}
