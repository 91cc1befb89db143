//! A user's own list of chats: pinned, muted, marked, cleared, deleted; the same on all devices,
//! and unknown to others.

use serde_json::json;

use crate::harness::{Answer, Database, Person, TestApp, group_of, on_both_databases, said, texts};
use kith::error::KithError;
use kith::model::{Contact, EventKind, OwnCopy, Role, Timestamp};

on_both_databases!(
    chat_settings_reach_all_devices_of_the_user_and_nobody_else,
    mute_ends_at_its_time,
    reading_removes_the_unread_mark,
    clearing_a_chat_keeps_the_messages_of_the_other,
    deleted_chat_returns_with_the_next_message_and_without_history,
    system_lines_do_not_bring_a_deleted_chat_back,
    message_sent_while_clearing_is_kept,
    rejoining_a_group_brings_it_back_into_the_list,
    own_copy_calls_reject_conversations_the_user_is_not_in,
);

impl Person {
    async fn clear(&self, contact: Contact, hide: bool) -> Answer {
        let state = self.conversation(contact).await;
        let seq = state.map_or(0, |state| state.last_seq);
        self.ask("clear_chat", json!({ "contact": contact, "seq": seq, "hide": hide })).await
    }

    async fn own(&self, contact: Contact) -> OwnCopy {
        self.conversation(contact).await.expect("a conversation").own
    }

    /// Whether the chat is in the list.
    async fn lists(&self, contact: Contact) -> bool {
        let state = self.conversation(contact).await.expect("a conversation");
        state.last_count > state.own.hidden_count
    }
}

async fn chat_settings_reach_all_devices_of_the_user_and_nobody_else(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let contact = bob.contact();
    ann.send(contact, "hello").await;
    let phone = ann.other_device(&app).await;
    let (mut at_phone, mut at_bob) = (phone.cursor().await, bob.cursor().await);
    ann.set_chat(contact, json!({ "pinned": true })).await.done();
    ann.set_chat(contact, json!({ "pinned": true })).await.done();
    ann.set_chat(contact, json!({ "muted_until": Timestamp::FOREVER })).await.done();
    ann.set_chat(contact, json!({ "marked_unread": true })).await.done();
    let told: Vec<OwnCopy> = phone
        .catch_up(&mut at_phone)
        .await
        .into_iter()
        .map(|event| match event.kind {
            EventKind::ChatSet { own, .. } => own,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(told.len(), 3, "what changes nothing is not told");
    assert!(told[2].pinned.is_some() && told[2].marked_unread);
    assert_eq!(told[2].muted_until, Some(Timestamp::FOREVER));
    assert_eq!(phone.own(contact).await, told[2]);
    assert_eq!(bob.catch_up(&mut at_bob).await, []);
    assert_eq!(bob.own(ann.contact()).await, OwnCopy::default());
    ann.set_chat(contact, json!({ "pinned": false, "muted_until": 0, "marked_unread": false }))
        .await
        .done();
    assert_eq!(phone.own(contact).await, OwnCopy::default());
}

async fn mute_ends_at_its_time(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let sent = ann.send(bob.contact(), "hello").await.sent;
    let until = Timestamp(sent.0 + 3_600_000);
    ann.set_chat(bob.contact(), json!({ "muted_until": until })).await.done();
    assert_eq!(ann.own(bob.contact()).await.muted_until, Some(until));
    // An hour later.
    app.execute("UPDATE member SET muted_until = muted_until - 3600001").await;
    assert_eq!(ann.own(bob.contact()).await.muted_until, None);
}

async fn reading_removes_the_unread_mark(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    ann.send(bob.contact(), "1").await;
    bob.mark_read(ann.contact(), 1).await.done();
    bob.set_chat(ann.contact(), json!({ "marked_unread": true })).await.done();
    assert!(bob.own(ann.contact()).await.marked_unread);
    assert_eq!(bob.unread(ann.contact()).await, 0, "no message waits");
    let mut cursor = bob.cursor().await;
    bob.mark_read(ann.contact(), 1).await.done();
    assert!(!bob.own(ann.contact()).await.marked_unread, "though nothing was new");
    assert!(matches!(&bob.catch_up(&mut cursor).await[..], [event]
        if matches!(event.kind, EventKind::ChatSet { .. })));
    bob.set_chat(ann.contact(), json!({ "marked_unread": true })).await.done();
    ann.send(bob.contact(), "2").await;
    bob.mark_read(ann.contact(), 2).await.done();
    assert!(!bob.own(ann.contact()).await.marked_unread);
}

async fn clearing_a_chat_keeps_the_messages_of_the_other(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    for n in 1..=3 {
        ann.send(bob.contact(), &n.to_string()).await;
    }
    let phone = bob.other_device(&app).await;
    let mut at_phone = phone.cursor().await;
    bob.clear(ann.contact(), false).await.done();
    let kinds = phone.catch_up(&mut at_phone).await;
    assert!(matches!(&kinds[..], [read, set]
        if matches!(read.kind, EventKind::Read { read_seq: 3, .. })
            && matches!(&set.kind, EventKind::ChatSet { own, .. } if own.cleared_seq == 3)));
    assert_eq!(phone.history(ann.contact()).await.messages, []);
    assert!(!phone.history(ann.contact()).await.has_older);
    let state = phone.conversation(ann.contact()).await.expect("it stays in the list");
    assert_eq!((state.last_message, phone.unread(ann.contact()).await), (None, 0));
    assert!(phone.lists(ann.contact()).await && state.activity.0 > 0);
    assert_eq!(said(&ann.history(bob.contact()).await.messages), ["1", "2", "3"]);
    ann.send(bob.contact(), "4").await;
    assert_eq!(said(&phone.history(ann.contact()).await.messages), ["4"]);
    assert_eq!(phone.unread(ann.contact()).await, 1);
}

async fn deleted_chat_returns_with_the_next_message_and_without_history(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    ann.send(bob.contact(), "old").await;
    bob.set_chat(ann.contact(), json!({ "pinned": true })).await.done();
    bob.clear(ann.contact(), true).await.done();
    assert!(!bob.lists(ann.contact()).await);
    assert_eq!(bob.own(ann.contact()).await.pinned, None);
    assert!(ann.lists(bob.contact()).await, "the other one's list is their own");
    let app = app.restarted().await;
    let (ann, bob) = (ann.at(&app), bob.at(&app));
    assert!(!bob.lists(ann.contact()).await);
    ann.send(bob.contact(), "new").await;
    assert!(bob.lists(ann.contact()).await);
    assert_eq!(said(&bob.history(ann.contact()).await.messages), ["new"]);
}

async fn system_lines_do_not_bring_a_deleted_chat_back(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = (app.person("ann").await, app.person("bob").await);
    let group = group_of(&ann, &[&bob]).await;
    let contact = Contact::Group(group);
    bob.clear(contact, true).await.done();
    let role = json!({ "group": group, "user": bob.id, "role": Role::Admin });
    ann.ask("set_role", role).await.done();
    assert!(!bob.lists(contact).await);
    ann.send(contact, "hello").await;
    assert!(bob.lists(contact).await);
    let history = bob.history(contact).await.messages;
    assert_eq!((history.len(), said(&history)), (2, vec!["hello"]), "the line is there, too");
}

async fn message_sent_while_clearing_is_kept(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    ann.send(bob.contact(), "0").await;
    let mut cursor = bob.cursor().await;
    for round in 1..=10 {
        let text = round.to_string();
        let known = json!({ "contact": ann.contact(), "seq": round, "hide": true });
        let (_, cleared) =
            tokio::join!(ann.send(bob.contact(), &text), bob.ask("clear_chat", known));
        cleared.done();
        assert_eq!(bob.own(ann.contact()).await.cleared_seq, round, "as far as it was known");
        assert_eq!(said(&bob.history(ann.contact()).await.messages), [text.as_str()]);
        assert!(bob.lists(ann.contact()).await && bob.unread(ann.contact()).await == 1);
        assert_eq!(texts(&bob.catch_up(&mut cursor).await), [text], "and the page hears of it");
    }
}

async fn rejoining_a_group_brings_it_back_into_the_list(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = (app.person("ann").await, app.person("bob").await);
    let group = group_of(&ann, &[&bob]).await;
    let contact = Contact::Group(group);
    ann.send(contact, "one").await;
    bob.ask("leave_group", json!({ "group": group })).await.done();
    bob.clear(contact, true).await.done();
    assert!(!bob.lists(contact).await);
    ann.ask("invite_to_group", json!({ "group": group, "users": [bob.id] })).await.done();
    bob.ask("accept_group", json!({ "group": group })).await.done();
    assert!(bob.lists(contact).await);
}

async fn own_copy_calls_reject_conversations_the_user_is_not_in(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let refused = KithError::NotAContact;
    let pinned = json!({ "pinned": true });
    assert_eq!(
        ann.set_chat(bob.contact(), pinned.clone()).await.error(),
        refused,
        "nothing was said"
    );
    let group = group_of(&ann, &[]).await;
    assert_eq!(bob.set_chat(Contact::Group(group), pinned).await.error(), refused);
    assert_eq!(bob.clear(Contact::Group(group), true).await.error(), refused);
}
