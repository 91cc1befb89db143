//! A Kith whose operator lets everyone write to everyone.

use serde_json::json;

use crate::harness::{
    Database, LONG_MS, PASSWORD, Person, TestApp, client_id, on_both_databases, texts,
};
use kith::error::KithError;
use kith::model::{Batch, Contact, Contacts, EventKind, Snapshot, UserId};

on_both_databases!(
    open_contacts_allow_messages_without_friendship,
    open_contacts_reject_blocked_and_deleted_people,
    open_contacts_announce_new_accounts,
    friends_only_contacts_do_not_announce_new_accounts,
    load_page_names_the_other_person_of_the_open_conversation,
);

async fn everyone(database: Database) -> TestApp {
    TestApp::with(database, |setup| setup.policy.contacts = Contacts::Everyone).await
}

async fn open(person: &Person, contact: Contact) -> Snapshot {
    person.ask("load_page", json!({ "contact": contact })).await.ok()
}

async fn open_contacts_allow_messages_without_friendship(database: Database) {
    let app = everyone(database).await;
    let (ann, bob) = (app.person("ann").await, app.person("bob").await);
    let page = open(&ann, bob.contact()).await;
    assert_eq!(page.contacts, Contacts::Everyone);
    let there = page.open.expect("one may write here");
    assert_eq!((there.history.messages, there.history.has_older), (vec![], false));
    assert_eq!(there.person.map(|person| person.username), Some("bob".into()));
    let held = app.hold(&bob, &bob.cursor().await, LONG_MS).await;
    ann.send(bob.contact(), "hello, stranger").await;
    assert_eq!(texts(&held.answer().await.ok::<Batch>().events), ["hello, stranger"]);
    assert_eq!(bob.send(ann.contact(), "hello").await.seq, 2);
    assert_eq!(app.number("SELECT COUNT(*) FROM conversation").await, 1);
}

async fn open_contacts_reject_blocked_and_deleted_people(database: Database) {
    let app = everyone(database).await;
    let (ann, bob) = (app.person("ann").await, app.person("bob").await);
    let cid = app.person("cid").await;
    bob.set_blocked(&ann, true).await.done();
    cid.call("delete_account", &[("password", PASSWORD)]).await.done();
    for (from, to) in [
        (&ann, bob.id),
        (&bob, ann.id),
        (&ann, cid.id),
        (&ann, ann.id),
        (&ann, UserId(99)),
        (&ann, UserId(-1)),
    ] {
        let contact = Contact::User(to);
        let sent = from.try_send(contact, &client_id(), "hello?").await;
        assert_eq!(sent.error(), KithError::NotAContact, "{to}");
        let typing = from.typing(contact).await;
        match from.id == bob.id || to == bob.id {
            true => typing.done(),
            false => assert_eq!(typing.error(), KithError::NotAContact, "{to}"),
        }
    }
    assert_eq!((ann.presence().await.typing, bob.presence().await.typing), (vec![], vec![]));
    assert_eq!(app.number("SELECT COUNT(*) FROM conversation").await, 0);
    for to in [cid.id, ann.id, UserId(99)] {
        let history = ann.try_history(Contact::User(to), None).await;
        assert_eq!(history.error(), KithError::NotAContact, "{to}");
    }
    assert_eq!(ann.history(bob.contact()).await.messages, [], "a block does not show");
}

async fn open_contacts_announce_new_accounts(database: Database) {
    let app = everyone(database).await;
    let ann = app.person("ann").await;
    let mut old = ann.cursor().await;
    let held = app.hold(&ann, &old, LONG_MS).await;
    let bob = app.person("bob").await;
    let batch: Batch = held.answer().await.ok();
    for events in [batch.events, ann.catch_up(&mut old).await] {
        let [event] = &events[..] else { panic!("{events:?}") };
        let EventKind::PersonChanged { person } = &event.kind else { panic!("{event:?}") };
        assert_eq!((person.id, person.display_name.as_str()), (bob.id, "Bob"));
    }
}

async fn friends_only_contacts_do_not_announce_new_accounts(database: Database) {
    let app = TestApp::start(database).await;
    let ann = app.person("ann").await;
    let mut old = ann.cursor().await;
    app.person("bob").await;
    assert_eq!(ann.catch_up(&mut old).await, []);
    assert_eq!(ann.page().await.contacts, Contacts::Friends);
}

async fn load_page_names_the_other_person_of_the_open_conversation(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let cid = app.person("cid").await;
    let named = async |contact| {
        let open = open(&ann, contact).await.open;
        open.map(|open| open.person.map(|person| person.username))
    };
    assert_eq!(named(bob.contact()).await, Some(Some("bob".into())), "before the first word");
    ann.send(bob.contact(), "hello").await;
    ann.remove_friend(&bob).await.done();
    assert_eq!(named(bob.contact()).await, Some(Some("bob".into())), "also when no friend");
    for id in [cid.id, ann.id, UserId(99), UserId(-1)] {
        assert_eq!(named(Contact::User(id)).await, None, "{id}");
    }
}
