//! Blocking: no word in either direction, and the blocked one is told nothing.

use crate::harness::{Database, LONG_MS, Person, TestApp, client_id, on_both_databases};
use kith::error::KithError;
use kith::model::{Batch, EventKind, UserId};

on_both_databases!(
    while_one_blocks_the_other_neither_writes_to_the_other,
    a_block_is_heard_by_the_one_who_blocks_alone,
    a_send_and_a_block_at_once_leave_no_hole,
    a_friendship_stays_beneath_a_block_and_requests_are_made_as_ever,
    what_was_sent_before_a_block_is_recognised_when_it_is_sent_again,
    nobody_is_blocked_who_is_not_there_or_is_oneself,
    a_block_survives_a_restart,
);

async fn blocked(person: &Person) -> Vec<UserId> {
    person.page().await.blocked.iter().map(|person| person.id).collect()
}

async fn refused(from: &Person, to: &Person) {
    let sent = from.try_send(to.contact(), &client_id(), "hello?").await;
    assert_eq!(sent.error(), KithError::NotAContact);
}

async fn while_one_blocks_the_other_neither_writes_to_the_other(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    ann.send(bob.contact(), "one").await;
    ann.set_blocked(&bob, true).await.done();
    let head = app.number("SELECT MAX(id) FROM event").await;
    refused(&ann, &bob).await;
    refused(&bob, &ann).await;
    assert_eq!(app.number("SELECT MAX(id) FROM event").await, head, "nothing is stored");
    bob.set_blocked(&ann, true).await.done();
    ann.set_blocked(&bob, false).await.done();
    refused(&ann, &bob).await;
    refused(&bob, &ann).await;
    bob.set_blocked(&ann, false).await.done();
    assert_eq!(bob.send(ann.contact(), "two").await.seq, 2, "no place was taken");
    assert_eq!(ann.history(bob.contact()).await.messages.len(), 2);
}

async fn a_block_is_heard_by_the_one_who_blocks_alone(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let tablet = ann.other_device(&app).await;
    let (mut at_ann, mut at_bob) = (ann.cursor().await, bob.cursor().await);
    let held = app.hold(&tablet, &at_ann, LONG_MS).await;
    for set in [true, false] {
        ann.set_blocked(&bob, set).await.done();
        ann.set_blocked(&bob, set).await.done();
        let events = ann.catch_up(&mut at_ann).await;
        let [EventKind::BlockSet { person, blocked: is }] =
            &events.iter().map(|event| event.kind.clone()).collect::<Vec<_>>()[..]
        else {
            panic!("once, and not again: {events:?}");
        };
        assert_eq!((person.id, person.username.as_str(), *is), (bob.id, "bob", set));
        assert_eq!(blocked(&ann).await, if set { vec![bob.id] } else { vec![] });
        assert_eq!(blocked(&bob).await, []);
    }
    let batch: Batch = held.answer().await.ok();
    assert!(matches!(batch.events[0].kind, EventKind::BlockSet { blocked: true, .. }));
    assert_eq!(bob.catch_up(&mut at_bob).await, [], "the blocked one is not told");
}

/// The block is checked where the message is written: whichever comes first, places have no hole.
async fn a_send_and_a_block_at_once_leave_no_hole(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    for round in 0..10 {
        let id = client_id();
        let (sent, set) =
            tokio::join!(bob.try_send(ann.contact(), &id, "now"), ann.set_blocked(&bob, true));
        set.done();
        if sent.status != 200 {
            assert_eq!(sent.error(), KithError::NotAContact, "{round}");
        }
        ann.set_blocked(&bob, false).await.done();
    }
    ann.send(bob.contact(), "last").await;
    let seqs: Vec<i64> =
        ann.history(bob.contact()).await.messages.iter().map(|message| message.seq).collect();
    assert_eq!(seqs, (1..=seqs.len() as i64).collect::<Vec<_>>());
}

async fn a_friendship_stays_beneath_a_block_and_requests_are_made_as_ever(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let cid = app.person("cid").await;
    ann.set_blocked(&bob, true).await.done();
    ann.set_blocked(&cid, true).await.done();
    assert_eq!((ann.page().await.friends.len(), bob.page().await.friends.len()), (1, 1));
    cid.request_friend(&ann, "please").await.done();
    assert_eq!(ann.page().await.requests.len(), 1);
    assert_eq!(blocked(&ann).await, [bob.id, cid.id]);
    ann.remove_friend(&bob).await.done();
    assert_eq!(blocked(&ann).await, [bob.id, cid.id], "a block needs no friendship");
}

async fn what_was_sent_before_a_block_is_recognised_when_it_is_sent_again(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let id = client_id();
    let first = ann.try_send(bob.contact(), &id, "hello").await;
    bob.set_blocked(&ann, true).await.done();
    assert_eq!(ann.try_send(bob.contact(), &id, "hello").await.body, first.body);
}

async fn nobody_is_blocked_who_is_not_there_or_is_oneself(database: Database) {
    let app = TestApp::start(database).await;
    let ann = app.person("ann").await;
    for id in [ann.id.to_string().as_str(), "99", "0", "-1"] {
        for set in ["true", "false"] {
            let answer = ann.call("set_blocked", &[("user", id), ("blocked", set)]).await;
            assert_eq!(answer.error(), KithError::NotFound, "{id} {set}");
        }
    }
    let answer = ann.call("set_blocked", &[("user", "1"), ("blocked", "perhaps")]).await;
    assert!(matches!(answer.error(), KithError::BadRequest(_)));
    assert_eq!(app.number("SELECT COUNT(*) FROM event").await, 0);
}

async fn a_block_survives_a_restart(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    ann.set_blocked(&bob, true).await.done();
    ann.set_remark(&bob, "Bobby").await.done();
    let app = app.restarted().await;
    let (ann, bob) = (ann.at(&app), bob.at(&app));
    assert_eq!(blocked(&ann).await, [bob.id]);
    assert_eq!(ann.page().await.friends[0].remark, "Bobby");
    refused(&ann, &bob).await;
    refused(&bob, &ann).await;
}
