//! Recalling, replying, and deleting for oneself.

use serde_json::json;

use crate::harness::{
    Database, LONG_MS, TestApp, client_id, group_of, messages, on_both_databases,
};
use kith::error::KithError;
use kith::model::limits::{QUOTE_MAX, RECALL_WINDOW_MS};
use kith::model::{Contact, EventKind, Message, Quote, Role, SystemLine};

on_both_databases!(
    recalled_text_is_gone_from_database_log_and_mailboxes,
    recall_is_limited_to_own_messages_of_the_last_two_minutes,
    group_admins_recall_any_message_at_any_time,
    recall_after_removal_does_not_reach_the_removed_member,
    reply_quotes_its_message_until_that_is_recalled,
    reply_is_rejected_for_messages_the_sender_cannot_see,
    hidden_message_stays_visible_to_others,
);

fn recalled(message: &Message) -> bool {
    message.text.is_empty() && matches!(message.system, Some(SystemLine::Recalled { .. }))
}

async fn recalled_text_is_gone_from_database_log_and_mailboxes(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let (mut early, mut at_bob) = (bob.cursor().await, bob.cursor().await);
    ann.send(bob.contact(), "before").await;
    ann.send(bob.contact(), "the secret").await;
    bob.catch_up(&mut at_bob).await;
    let held = app.hold(&bob, &at_bob, LONG_MS).await;
    ann.recall(bob.contact(), 2).await.done();
    let told = messages(&held.answer().await.ok::<kith::model::Batch>().events);
    assert_eq!(told.iter().map(|m| (m.seq, recalled(m))).collect::<Vec<_>>(), [(2, true)]);

    // From memory, from the log (after a restart), and from the history.
    let from_memory = messages(&bob.catch_up(&mut early.clone()).await);
    let app = app.restarted().await;
    let bob = bob.at(&app);
    let from_log = messages(&bob.catch_up(&mut early).await);
    let history = bob.history(ann.contact()).await.messages;
    for told in [from_memory, from_log, history] {
        assert!(told.iter().all(|message| message.seq != 2 || recalled(message)), "{told:?}");
        assert!(told.iter().any(|message| message.text == "before"));
    }
    let state = bob.conversation(ann.contact()).await.expect("the conversation");
    assert!(state.last_message.is_some_and(|message| recalled(&message)));
    assert_eq!(app.number("SELECT COUNT(*) FROM message WHERE body LIKE '%secret%'").await, 0);
    assert_eq!(app.number("SELECT COUNT(*) FROM event WHERE fact LIKE '%secret%'").await, 0);
    let events = app.number("SELECT COUNT(*) FROM event").await;
    ann.at(&app).recall(bob.contact(), 2).await.done();
    assert_eq!(app.number("SELECT COUNT(*) FROM event").await, events, "twice is once");
}

async fn recall_is_limited_to_own_messages_of_the_last_two_minutes(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let eve = app.person("eve").await;
    ann.send(bob.contact(), "hello").await;
    assert_eq!(bob.recall(ann.contact(), 1).await.error(), KithError::NotAllowed);
    assert_eq!(eve.recall(ann.contact(), 1).await.error(), KithError::NotAContact);
    for seq in [0, -1, 2, i64::MAX] {
        assert_eq!(ann.recall(bob.contact(), seq).await.error(), KithError::NotFound);
    }
    let earlier = format!("UPDATE message SET sent = sent - {}", RECALL_WINDOW_MS + 1);
    app.execute(&earlier).await;
    assert_eq!(ann.recall(bob.contact(), 1).await.error(), KithError::NotAllowed);
    assert_eq!(bob.history(ann.contact()).await.messages[0].text, "hello");
}

async fn group_admins_recall_any_message_at_any_time(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob, cid) =
        (app.person("ann").await, app.person("bob").await, app.person("cid").await);
    let group = group_of(&ann, &[&bob, &cid]).await;
    let contact = Contact::Group(group);
    let by_cid = cid.send(contact, "of cid").await.seq;
    let by_ann = ann.send(contact, "of ann").await.seq;
    app.execute("UPDATE message SET sent = sent - 3600000").await;
    assert_eq!(bob.recall(contact, by_cid).await.error(), KithError::NotAllowed);
    assert_eq!(cid.recall(contact, by_cid).await.error(), KithError::NotAllowed);
    let role = json!({ "group": group, "user": bob.id, "role": Role::Admin });
    ann.ask("set_role", role).await.done();
    for seq in [by_cid, by_ann] {
        bob.recall(contact, seq).await.done();
    }
    let history = cid.history(contact).await.messages;
    let lines: Vec<_> = history.iter().filter(|m| [by_cid, by_ann].contains(&m.seq)).collect();
    assert!(lines.iter().all(|m| m.system == Some(SystemLine::Recalled { by: bob.id })));
    assert_eq!((lines[0].sender, lines[1].sender), (cid.id, ann.id), "it says whose it was");
    // System lines cannot be recalled.
    assert_eq!(ann.recall(contact, 1).await.error(), KithError::NotAllowed);
    cid.ask("leave_group", json!({ "group": group })).await.done();
    assert_eq!(cid.recall(contact, by_cid).await.error(), KithError::NotAContact);
}

async fn recall_after_removal_does_not_reach_the_removed_member(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = (app.person("ann").await, app.person("bob").await);
    let group = group_of(&ann, &[&bob]).await;
    let contact = Contact::Group(group);
    let mut cursor = bob.cursor().await;
    let seq = ann.send(contact, "the secret").await.seq;
    ann.ask("remove_member", json!({ "group": group, "user": bob.id })).await.done();
    ann.recall(contact, seq).await.done();
    let told = messages(&bob.catch_up(&mut cursor).await);
    assert!(told.iter().all(|message| message.text != "the secret"), "{told:?}");
    assert!(bob.history(contact).await.messages.iter().all(|m| m.text != "the secret"));
}

async fn reply_quotes_its_message_until_that_is_recalled(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let mut cursor = ann.cursor().await;
    let long = "问".repeat(QUOTE_MAX + 9);
    ann.send(bob.contact(), &long).await;
    let answer: Message = bob.reply(ann.contact(), 1, "yes").await.ok();
    let quote = Quote { seq: 1, sender: ann.id, text: "问".repeat(QUOTE_MAX) };
    assert_eq!(answer.reply.as_ref(), Some(&quote));
    let told = messages(&ann.catch_up(&mut cursor.clone()).await);
    let answer = answer.seen_by(ann.id);
    assert_eq!(told[1], answer);
    assert_eq!(ann.history(bob.contact()).await.messages[1], answer);

    ann.recall(bob.contact(), 1).await.done();
    let gone = Some(Quote { text: String::new(), ..quote });
    let told = messages(&ann.catch_up(&mut cursor).await);
    assert_eq!(told.iter().find(|m| m.seq == 2).map(|m| m.reply.clone()), Some(gone.clone()));
    assert_eq!(ann.history(bob.contact()).await.messages[1].reply, gone);
}

async fn reply_is_rejected_for_messages_the_sender_cannot_see(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    for seq in [1, 0, -1] {
        let refused = bob.reply(ann.contact(), seq, "to what?").await.error();
        assert_eq!(refused, KithError::NotFound, "nothing was said yet");
    }
    let first = ann.send(bob.contact(), "hello").await;
    let id = client_id();
    let answered = |to: &'static str, id: String| {
        let contact = ann.contact().to_string();
        let bob = &bob;
        async move {
            let fields =
                [("contact", &*contact), ("client_id", &*id), ("text", "hi"), ("reply_to", to)];
            bob.call("send_message", &fields).await
        }
    };
    let sent: Message = answered("1", id.clone()).await.ok();
    assert_eq!(answered("1", id.clone()).await.ok::<Message>(), sent, "a retry gets the answer");
    assert_eq!(answered("2", id).await.error(), KithError::ClientIdReused);
    ann.recall(bob.contact(), first.seq).await.done();
    let refused = bob.reply(ann.contact(), first.seq, "what was it?").await.error();
    assert_eq!(refused, KithError::NotFound);

    // A new member sees only later messages, and can answer only those.
    let cid = app.person("cid").await;
    let group = group_of(&ann, &[&cid]).await;
    let seq = ann.send(Contact::Group(group), "among us").await.seq;
    ann.ask("invite_to_group", json!({ "group": group, "users": [bob.id] })).await.done();
    bob.ask("accept_group", json!({ "group": group })).await.done();
    let refused = bob.reply(Contact::Group(group), seq, "what?").await.error();
    assert_eq!(refused, KithError::NotFound);
}

async fn hidden_message_stays_visible_to_others(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    ann.send(bob.contact(), "keep").await;
    ann.send(bob.contact(), "forget").await;
    let phone = bob.other_device(&app).await;
    let (mut at_phone, mut at_ann) = (phone.cursor().await, ann.cursor().await);
    bob.hide(ann.contact(), 2).await.done();
    bob.hide(ann.contact(), 2).await.done();
    let events = phone.catch_up(&mut at_phone).await;
    assert!(matches!(&events[..], [event]
        if matches!(event.kind, EventKind::MessageHidden { seq: 2, .. })));
    assert_eq!(ann.catch_up(&mut at_ann).await, []);
    let gone = |messages: Vec<Message>| -> Vec<(String, bool)> {
        messages.into_iter().map(|m| (m.text, m.system == Some(SystemLine::Gone))).collect()
    };
    let kept = [("keep".to_string(), false), (String::new(), true)];
    assert_eq!(gone(phone.history(ann.contact()).await.messages), kept);
    assert_eq!(ann.history(bob.contact()).await.messages[1].text, "forget");
    let state = phone.conversation(ann.contact()).await.expect("the conversation");
    assert_eq!(state.last_message.and_then(|m| m.system), Some(SystemLine::Gone));
    assert_eq!(bob.hide(ann.contact(), 3).await.error(), KithError::NotFound);
    let eve = app.person("eve").await;
    assert_eq!(eve.hide(ann.contact(), 1).await.error(), KithError::NotAContact);
}
