//! Blocking: messages are rejected in both directions, and the blocked person is not told.

use crate::harness::{Database, LONG_MS, Person, TestApp, client_id, on_both_databases};
use kith::error::KithError;
use kith::model::{Batch, EventKind, UserId};

on_both_databases!(
    block_rejects_messages_in_both_directions,
    block_is_announced_only_to_the_blocker,
    concurrent_send_and_block_leave_no_hole,
    block_keeps_the_friendship_and_allows_requests,
    repeated_send_after_a_block_returns_the_first_answer,
    block_rejects_unknown_people_and_oneself,
    block_survives_a_restart,
    requests_of_a_blocked_person_reach_nobody_until_the_block_ends,
);

async fn blocked(person: &Person) -> Vec<UserId> {
    person.page().await.blocked.iter().map(|person| person.id).collect()
}

async fn refused(from: &Person, to: &Person) {
    let sent = from.try_send(to.contact(), &client_id(), "hello?").await;
    assert_eq!(sent.error(), KithError::NotAContact);
}

async fn block_rejects_messages_in_both_directions(database: Database) {
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
    assert_eq!(bob.send(ann.contact(), "two").await.seq, 2, "no seq was taken");
    assert_eq!(ann.history(bob.contact()).await.messages.len(), 2);
}

async fn block_is_announced_only_to_the_blocker(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let tablet = ann.other_device(&app).await;
    let (mut at_ann, mut at_bob) = (ann.cursor().await, bob.cursor().await);
    let held = app.hold(&tablet, &at_ann, LONG_MS).await;
    for set in [true, false] {
        ann.set_blocked(&bob, set).await.done();
        ann.set_blocked(&bob, set).await.done();
        let events = ann.catch_up(&mut at_ann).await;
        let kinds: Vec<EventKind> = events.iter().map(|event| event.kind.clone()).collect();
        // The end of a block also says what has become of a friend request: there is none.
        let closed = EventKind::FriendRequestClosed { from: bob.id, to: ann.id };
        let rest = if set { vec![] } else { vec![closed] };
        let [EventKind::BlockSet { person, blocked: is }, others @ ..] = &kinds[..] else {
            panic!("once, and not again: {events:?}");
        };
        assert_eq!(others, rest);
        assert_eq!((person.id, person.username.as_str(), *is), (bob.id, "bob", set));
        assert_eq!(blocked(&ann).await, if set { vec![bob.id] } else { vec![] });
        assert_eq!(blocked(&bob).await, []);
    }
    let batch: Batch = held.answer().await.ok();
    assert!(matches!(batch.events[0].kind, EventKind::BlockSet { blocked: true, .. }));
    assert_eq!(bob.catch_up(&mut at_bob).await, [], "the blocked one is not told");
}

/// The block is checked in the transaction that writes the message, so a rejected one takes no
/// `seq`.
async fn concurrent_send_and_block_leave_no_hole(database: Database) {
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

async fn block_keeps_the_friendship_and_allows_requests(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let cid = app.person("cid").await;
    ann.set_blocked(&bob, true).await.done();
    ann.set_blocked(&cid, true).await.done();
    assert_eq!((ann.page().await.friends.len(), bob.page().await.friends.len()), (1, 1));
    cid.request_friend(&ann, "please").await.done();
    assert_eq!(cid.page().await.requests.len(), 1);
    assert_eq!(blocked(&ann).await, [bob.id, cid.id]);
    ann.remove_friend(&bob).await.done();
    assert_eq!(blocked(&ann).await, [bob.id, cid.id], "a block needs no friendship");
}

async fn repeated_send_after_a_block_returns_the_first_answer(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let id = client_id();
    let first = ann.try_send(bob.contact(), &id, "hello").await;
    bob.set_blocked(&ann, true).await.done();
    assert_eq!(ann.try_send(bob.contact(), &id, "hello").await.body, first.body);
}

async fn block_rejects_unknown_people_and_oneself(database: Database) {
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

async fn block_survives_a_restart(database: Database) {
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

async fn requests_of_a_blocked_person_reach_nobody_until_the_block_ends(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = (app.person("ann").await, app.person("bob").await);
    ann.set_blocked(&bob, true).await.done();
    let (mut at_ann, mut at_bob) = (ann.cursor().await, bob.cursor().await);
    for note in ["buy this", "buy that"] {
        bob.request_friend(&ann, note).await.done();
        bob.decline_friend(&ann).await.done();
    }
    bob.request_friend(&ann, "at last").await.done();
    assert_eq!(ann.catch_up(&mut at_ann).await, [], "no event");
    assert_eq!(ann.page().await.requests, []);
    // To the blocked person all is as with anybody else.
    let told = bob.catch_up(&mut at_bob).await.len();
    assert_eq!((told, bob.page().await.requests.len()), (5, 1));

    ann.set_blocked(&bob, false).await.done();
    let kinds = ann.catch_up(&mut at_ann).await.into_iter().map(|event| event.kind);
    let [EventKind::BlockSet { .. }, EventKind::FriendRequested { request }] =
        &kinds.collect::<Vec<_>>()[..]
    else {
        panic!("the request comes with the end of the block");
    };
    assert_eq!((request.from.id, request.note.as_str()), (bob.id, "at last"));
    assert_eq!(ann.page().await.requests.len(), 1);

    // A request that is taken back during a block is gone after it.
    ann.set_blocked(&bob, true).await.done();
    bob.decline_friend(&ann).await.done();
    ann.set_blocked(&bob, false).await.done();
    let kinds = ann.catch_up(&mut at_ann).await.into_iter().map(|event| event.kind);
    let closed = EventKind::FriendRequestClosed { from: bob.id, to: ann.id };
    assert_eq!(kinds.last(), Some(closed));
}
