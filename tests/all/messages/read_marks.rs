//! Read marks: the number of unread messages, the same on all devices of a user.

use crate::harness::{Database, Person, TestApp, on_both_databases};
use kith::error::KithError;
use kith::model::{Contact, Conversation, EventKind, GroupId, UserId};

on_both_databases!(
    messages_of_others_are_unread_until_read,
    read_mark_never_goes_back,
    read_mark_never_passes_the_last_message,
    own_messages_are_not_unread,
    read_mark_reaches_only_the_devices_of_the_user,
    read_mark_is_rejected_for_conversations_the_user_is_not_in,
);

async fn unread(person: &Person, contact: Contact) -> i64 {
    person.unread(contact).await
}

async fn messages_of_others_are_unread_until_read(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    for n in 1..=5 {
        ann.send(bob.contact(), &n.to_string()).await;
        assert_eq!(unread(&bob, ann.contact()).await, n);
    }
    bob.mark_read(ann.contact(), 3).await.done();
    assert_eq!(unread(&bob, ann.contact()).await, 2);
    assert_eq!(unread(&ann, bob.contact()).await, 0);
    bob.mark_read(ann.contact(), 5).await.done();
    assert_eq!(unread(&bob, ann.contact()).await, 0);
    ann.send(bob.contact(), "6").await;
    assert_eq!(unread(&bob, ann.contact()).await, 1);
}

async fn read_mark_never_goes_back(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    for n in 1..=4 {
        ann.send(bob.contact(), &n.to_string()).await;
    }
    bob.mark_read(ann.contact(), 3).await.done();
    let mut at_bob = bob.cursor().await;
    for seq in [3, 2, 1, 0, -1] {
        bob.mark_read(ann.contact(), seq).await.done();
    }
    let state = bob.conversation(ann.contact()).await.expect("the conversation");
    assert_eq!((state.read_seq, state.read_count), (3, 3));
    assert_eq!(bob.catch_up(&mut at_bob).await, [], "nothing changed, so nothing is said");
}

async fn read_mark_never_passes_the_last_message(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    ann.send(bob.contact(), "1").await;
    bob.mark_read(ann.contact(), i64::MAX).await.done();
    let state = bob.conversation(ann.contact()).await.expect("the conversation");
    assert_eq!((state.read_seq, state.read_count, state.last_count), (1, 1, 1));
    ann.send(bob.contact(), "2").await;
    assert_eq!(unread(&bob, ann.contact()).await, 1, "what comes later is unread all the same");
}

async fn own_messages_are_not_unread(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    ann.send(bob.contact(), "1").await;
    ann.send(bob.contact(), "2").await;
    assert_eq!(unread(&ann, bob.contact()).await, 0);
    bob.send(ann.contact(), "3").await;
    assert_eq!(unread(&bob, ann.contact()).await, 0, "who answers has read what is above");
    assert_eq!(unread(&ann, bob.contact()).await, 1);
}

async fn read_mark_reaches_only_the_devices_of_the_user(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let phone = bob.other_device(&app).await;
    ann.send(bob.contact(), "1").await;
    ann.send(bob.contact(), "2").await;
    let (mut at_ann, mut at_phone) = (ann.cursor().await, phone.cursor().await);
    bob.mark_read(ann.contact(), 2).await.done();
    let heard: Vec<_> =
        phone.catch_up(&mut at_phone).await.into_iter().map(|event| event.kind).collect();
    let conversation = Conversation::direct(ann.id, bob.id);
    assert_eq!(heard, [EventKind::Read { conversation, read_seq: 2, read_count: 2 }]);
    assert_eq!(ann.catch_up(&mut at_ann).await, []);
}

async fn read_mark_is_rejected_for_conversations_the_user_is_not_in(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let eve = app.person("eve").await;
    ann.send(bob.contact(), "between us").await;
    app.seed_group(GroupId(7), &[&ann]).await;
    for contact in [ann.contact(), Contact::User(UserId(99)), Contact::Group(GroupId(7))] {
        assert_eq!(eve.mark_read(contact, 1).await.error(), KithError::NotAContact, "{contact}");
    }
    assert_eq!(unread(&bob, ann.contact()).await, 1);
}
