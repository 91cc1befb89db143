//! Receives that end early: the connection breaks, the sign-in ends, or the server shuts down.

use http::StatusCode;

use serde_json::json;
use tokio::time::timeout;

use crate::harness::{
    Database, LONG_MS, PATIENCE, Person, TestApp, eventually, messages, on_both_databases, texts,
};
use kith::error::KithError;
use kith::model::{Batch, SignIn};

on_both_databases!(
    interrupted_answer_is_repeated_for_the_same_cursor,
    disconnected_client_leaves_its_mailbox,
    revoking_a_sign_in_ends_only_its_receives,
    revoking_the_sign_in_of_somebody_else_is_rejected,
    signing_out_ends_the_receives_of_the_sign_in,
    ended_sign_in_is_rejected_instead_of_held,
    shutdown_answers_every_held_receive,
);

async fn interrupted_answer_is_repeated_for_the_same_cursor(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let cursor = bob.cursor().await;
    let connection = app.hold_bare(&bob, &cursor, LONG_MS).await;
    eventually("the receive was held", async || app.receivers() == 1).await;
    let sent = ann.send(bob.contact(), "lost on the way").await;
    let mut first = [0; 1];
    let written = timeout(PATIENCE, connection.peek(&mut first)).await;
    assert_eq!(written.expect("in time").expect("readable"), 1, "the server wrote its answer");
    drop(connection);
    let batch = bob.receive(&cursor).await;
    assert_eq!(messages(&batch.events), [sent.seen_by(bob.id)]);
}

async fn disconnected_client_leaves_its_mailbox(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let cursor = bob.cursor().await;
    let mut connections = Vec::new();
    for _ in 0..3 {
        connections.push(app.hold_bare(&bob, &cursor, LONG_MS).await);
    }
    // Two mailboxes (Ann's and Bob's) and three receivers.
    eventually("all three were held", async || app.kith.listening() == (2, 3)).await;
    connections.pop();
    eventually("one has left", async || app.receivers() == 2).await;
    drop(connections);
    eventually("all have left", async || app.receivers() == 0).await;
    ann.send(bob.contact(), "while away").await;
    assert_eq!(texts(&bob.receive(&cursor).await.events), ["while away"]);
}

async fn revoking_a_sign_in_ends_only_its_receives(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let lost = bob.other_device(&app).await;
    let cursor = bob.cursor().await;
    let at_lost =
        [app.hold(&lost, &cursor, LONG_MS).await, app.hold(&lost, &cursor, LONG_MS).await];
    let at_bob = app.hold(&bob, &cursor, LONG_MS).await;
    revoke_all_but(&bob).await;
    for held in at_lost {
        let answer = held.answer().await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert_eq!(answer.error(), KithError::Unauthorised);
    }
    assert!(at_bob.is_still_held().await);
    ann.send(bob.contact(), "not for the lost one").await;
    let batch: Batch = at_bob.answer().await.ok();
    assert_eq!(texts(&batch.events), ["not for the lost one"]);
    let refused = lost.ask("receive", json!({ "cursor": cursor, "hold_ms": 0 })).await;
    assert_eq!(refused.error(), KithError::Unauthorised);
}

async fn revoking_the_sign_in_of_somebody_else_is_rejected(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let held = app.hold(&bob, &bob.cursor().await, LONG_MS).await;
    let sign_ins: Vec<SignIn> = bob.ask("sign_ins", json!({})).await.ok();
    let id = sign_ins[0].id.to_string();
    let answer = ann.browser.call("revoke_sign_in", &[("id", &id)]).await;
    assert_eq!(answer.error(), KithError::NotFound);
    assert!(held.is_still_held().await);
    ann.send(bob.contact(), "still there?").await;
    assert_eq!(texts(&held.answer().await.ok::<Batch>().events), ["still there?"]);
    let again = app.hold(&bob, &bob.cursor().await, LONG_MS).await;
    assert!(again.is_still_held().await);
}

async fn revoke_all_but(here: &Person) {
    let sign_ins: Vec<SignIn> = here.ask("sign_ins", json!({})).await.ok();
    for sign_in in sign_ins.iter().filter(|sign_in| !sign_in.current) {
        let id = sign_in.id.to_string();
        here.browser.call("revoke_sign_in", &[("id", &id)]).await.done();
    }
}

async fn signing_out_ends_the_receives_of_the_sign_in(database: Database) {
    let app = TestApp::start(database).await;
    let (_, bob) = app.two_friends().await;
    let held = app.hold(&bob, &bob.cursor().await, LONG_MS).await;
    bob.browser.call("sign_out", &[]).await.done();
    assert_eq!(held.answer().await.error(), KithError::Unauthorised);
}

/// A request may pass the check of its cookie just before the sign-in ends, and be held just after.
async fn ended_sign_in_is_rejected_instead_of_held(database: Database) {
    let app = TestApp::start(database).await;
    let bob = app.person("bob").await;
    let cursor = bob.cursor().await;
    let id = app.number("SELECT id FROM sign_in").await;
    let caller = kith::service::Caller { user: bob.id, sign_in: kith::model::SignInId(id) };
    bob.browser.call("sign_out", &[]).await.done();
    let late = timeout(PATIENCE, app.kith.receive(caller, Some(cursor), Some(LONG_MS), None)).await;
    assert_eq!(late.expect("not held"), Err(KithError::Unauthorised));
}

async fn shutdown_answers_every_held_receive(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let cursor = bob.cursor().await;
    let held = [
        app.hold(&ann, &cursor, LONG_MS).await,
        app.hold(&bob, &cursor, LONG_MS).await,
        app.hold(&bob, &cursor, LONG_MS).await,
    ];
    app.kith.end();
    for held in held {
        let batch: Batch = held.answer().await.ok();
        assert_eq!((batch.events, batch.resync, batch.cursor), (vec![], false, cursor.clone()));
    }
    let late = app.hold(&bob, &cursor, LONG_MS).await;
    assert_eq!(late.answer().await.ok::<Batch>().events, [], "who asks now is not held either");
}
