//! Typing: who is told that somebody types, and for how long.

use std::time::Duration;

use serde_json::{Value, json};

use super::page::{Page, run_tasks};
use crate::harness::{Database, Person, TestApp, client_id, on_both_databases, texts};
use kith::error::KithError;
use kith::model::limits::TYPING_MS;
use kith::model::{Batch, Contact, GroupId, Typing, UserId};
use kith::service::presence::TICK;

on_both_databases!(
    typing_reaches_only_its_recipient,
    typing_is_rejected_where_messages_are,
    message_ends_typing,
    typing_is_limited,
);

async fn typing(person: &Person) -> Vec<Typing> {
    person.presence().await.typing
}

#[tokio::test]
async fn typing_is_sent_at_once_and_expires() {
    let app = TestApp::start(Database::Sqlite).await;
    let (ann, bob) = app.two_friends().await;
    let (mut at_ann, _) = Page::of(&app, ann.id, 1).await;
    let held = at_ann.hold();
    run_tasks().await;
    bob.typing(ann.contact()).await.done();
    let presence = held.await.expect("the receive").presence.expect("who writes");
    let writes = Typing { contact: bob.contact(), user: bob.id };
    assert_eq!((presence.online, presence.typing), (vec![], vec![writes]));
    assert_eq!(at_ann.typing().await, Some(vec![bob.id]));
    let still = Duration::from_millis(u64::from(TYPING_MS)) * 2 / 3;
    for _ in 0..3 {
        app.forward(still).await;
        bob.typing(ann.contact()).await.done();
        assert_eq!(at_ann.typing().await, None, "to go on is nothing new");
    }
    let held = at_ann.hold();
    run_tasks().await;
    app.forward(Duration::from_millis(TYPING_MS.into()) + TICK).await;
    let presence = held.await.expect("the receive").presence.expect("who writes");
    assert_eq!(presence.typing, []);
}

async fn typing_reaches_only_its_recipient(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let cid = app.person("cid").await;
    cid.befriend(&ann).await;
    cid.befriend(&bob).await;
    bob.typing(ann.contact()).await.done();
    bob.typing(ann.contact()).await.done();
    assert_eq!(typing(&ann).await, [Typing { contact: bob.contact(), user: bob.id }]);
    assert_eq!((typing(&bob).await, typing(&cid).await), (vec![], vec![]));
    cid.typing(ann.contact()).await.done();
    assert_eq!(typing(&ann).await.len(), 2);
    ann.set_blocked(&bob, true).await.done();
    assert_eq!(typing(&ann).await, [Typing { contact: cid.contact(), user: cid.id }]);
    bob.typing(ann.contact()).await.done();
    assert_eq!(typing(&ann).await.len(), 1, "it is accepted and dropped");
    cid.remove_friend(&ann).await.done();
    assert_eq!(typing(&ann).await, []);
}

async fn typing_is_rejected_where_messages_are(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let cid = app.person("cid").await;
    app.seed_group(GroupId(50), &[&ann, &bob]).await;
    ann.typing(Contact::Group(GroupId(50))).await.done();
    assert_eq!(typing(&bob).await, [], "groups do not tell yet");
    let nobody = [ann.id, cid.id, UserId(99), UserId(0), UserId(-1)].map(Contact::User);
    for contact in nobody.into_iter().chain([Contact::Group(GroupId(51))]) {
        assert_eq!(ann.typing(contact).await.error(), KithError::NotAContact, "{contact}");
    }
    let group = Contact::Group(GroupId(50));
    assert_eq!(cid.typing(group).await.error(), KithError::NotAContact);
    for contact in [json!("nobody"), json!(7), Value::Null] {
        let answer = ann.ask("typing", json!({ "contact": contact })).await;
        assert!(matches!(answer.error(), KithError::BadRequest(_)), "{contact}");
    }
}

async fn message_ends_typing(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    bob.typing(ann.contact()).await.done();
    let (cursor, presence) = (ann.cursor().await, ann.presence().await);
    assert_eq!(presence.typing.len(), 1);
    bob.send(ann.contact(), "done").await;
    let body = json!({ "cursor": cursor, "presence_version": presence.version });
    let batch: Batch = ann.ask("receive", body).await.ok();
    assert_eq!(texts(&batch.events), ["done"]);
    assert_eq!(batch.presence.expect("in the same batch").typing, []);
    bob.typing(ann.contact()).await.done();
    assert_eq!(typing(&ann).await.len(), 1, "the next one");
}

async fn typing_is_limited(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let mut times = 0;
    while bob.typing(ann.contact()).await.status == 200 {
        times += 1;
        assert!(times < 1_000);
    }
    assert!(times >= 60, "{times}");
    assert!(matches!(bob.typing(ann.contact()).await.error(), KithError::TooMany(_)));
    bob.try_send(ann.contact(), &client_id(), "a message is another matter").await.ok::<Value>();
}
