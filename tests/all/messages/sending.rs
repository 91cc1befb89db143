//! Sending: a message is stored once, in order, and only where its sender may write.

use futures_util::future::{FutureExt, join_all};
use http::StatusCode;

use serde_json::{Value, json};

use crate::harness::{
    Database, TestApp, client_id, eventually, messages, on_both_databases, seen_by, texts,
};
use kith::error::KithError;
use kith::model::limits::MESSAGE_MAX;
use kith::model::validation::Invalid;
use kith::model::{
    ClientId, Contact, Conversation, Event, EventKind, GroupId, History, Message, UserId,
};

on_both_databases!(
    message_is_stored_and_received_by_both,
    first_message_creates_the_conversation,
    concurrent_sends_in_both_directions_make_one_conversation_without_holes,
    repeated_send_returns_the_first_answer_and_stores_nothing,
    concurrent_repeats_of_a_send_store_one_message,
    reusing_a_client_id_with_other_content_is_rejected,
    invalid_messages_are_rejected,
    sending_to_strangers_is_rejected_without_telling_whether_they_exist,
    markup_in_a_message_is_stored_unchanged,
    disconnected_caller_does_not_cancel_the_write,
    user_and_group_with_the_same_id_have_separate_conversations,
    direct_conversation_cannot_be_addressed_as_a_group,
    sending_is_limited_for_each_user_separately,
);

async fn message_is_stored_and_received_by_both(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let (mut at_ann, mut at_bob) = (ann.cursor().await, bob.cursor().await);
    let id = client_id();
    let sent: Message = ann.try_send(bob.contact(), &id, "  hello\r\nBob \n").await.ok();
    assert_eq!((sent.seq, sent.count, sent.sender), (1, 1, ann.id));
    assert_eq!(sent.client_id.as_ref().map(ClientId::as_str), Some(id.as_str()));
    assert_eq!(sent.text, "hello\nBob");
    let heard = [(&ann, ann.catch_up(&mut at_ann).await), (&bob, bob.catch_up(&mut at_bob).await)];
    for (person, events) in heard {
        let [Event { kind: EventKind::Message { conversation, message }, .. }] = &events[..] else {
            panic!("{events:?}");
        };
        let seen = sent.clone().seen_by(person.id);
        assert_eq!((*conversation, message), (Conversation::direct(ann.id, bob.id), &seen));
    }
    for (person, other) in [(&ann, &bob), (&bob, &ann)] {
        let messages = vec![sent.clone().seen_by(person.id)];
        assert_eq!(person.history(other.contact()).await, History { messages, has_older: false });
    }
}

async fn first_message_creates_the_conversation(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    assert_eq!(ann.page().await.conversations, [], "a friendship alone is no conversation");
    let sent = bob.send(ann.contact(), "hello").await;
    for (person, other) in [(&ann, &bob), (&bob, &ann)] {
        let state = person.conversation(other.contact()).await.expect("the conversation");
        let seen = sent.clone().seen_by(person.id);
        assert_eq!((state.last_seq, state.last_message), (1, Some(seen)));
        assert_eq!(state.person.map(|person| person.id), Some(other.id));
    }
}

async fn concurrent_sends_in_both_directions_make_one_conversation_without_holes(
    database: Database,
) {
    const EACH: usize = 30;
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let mut at_bob = bob.cursor().await;
    let sends = (0..EACH).flat_map(|n| [(&ann, &bob, n), (&bob, &ann, n)]);
    let sends = sends.map(async |(from, to, n)| {
        from.send(to.contact(), &format!("{} {n}", from.username)).await
    });
    let mut answers = join_all(sends).await;
    answers.sort_by_key(|message| message.seq);
    let seqs: Vec<i64> = answers.iter().map(|message| message.seq).collect();
    assert_eq!(seqs, (1..=2 * EACH as i64).collect::<Vec<_>>());
    assert_eq!(app.number("SELECT COUNT(*) FROM conversation").await, 1);
    let heard = messages(&bob.catch_up(&mut at_bob).await);
    assert_eq!(
        heard,
        seen_by(&bob, &answers),
        "heard once each, in their order, as they were answered"
    );
}

async fn repeated_send_returns_the_first_answer_and_stores_nothing(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let id = client_id();
    let first: Message = ann.try_send(bob.contact(), &id, "hello").await.ok();
    ann.send(bob.contact(), "something else").await;
    let mut at_bob = bob.cursor().await;
    let again: Message = ann.try_send(bob.contact(), &id, " hello ").await.ok();
    assert_eq!(again, first);
    assert_eq!(bob.catch_up(&mut at_bob).await, []);
    assert_eq!(ann.history(bob.contact()).await.messages.len(), 2);
    let other: Message = bob.try_send(ann.contact(), &id, "hello").await.ok();
    assert_eq!(other.seq, 3, "another sender's ids are their own");
}

async fn concurrent_repeats_of_a_send_store_one_message(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let id = client_id();
    let answers = join_all((0..10).map(|_| ann.try_send(bob.contact(), &id, "hello"))).await;
    for answer in &answers {
        assert_eq!(answer.ok::<Message>(), answers[0].ok::<Message>());
    }
    assert_eq!(bob.history(ann.contact()).await.messages.len(), 1);
}

async fn reusing_a_client_id_with_other_content_is_rejected(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let cid = app.person("cid").await;
    ann.befriend(&cid).await;
    let id = client_id();
    ann.try_send(bob.contact(), &id, "hello").await.ok::<Message>();
    for (contact, text) in [(bob.contact(), "goodbye"), (cid.contact(), "hello")] {
        let answer = ann.try_send(contact, &id, text).await;
        assert_eq!(answer.error(), KithError::ClientIdReused);
        assert_eq!(answer.status, StatusCode::CONFLICT);
    }
    assert_eq!(ann.history(bob.contact()).await.messages.len(), 1);
    assert_eq!(cid.history(ann.contact()).await.messages, []);
    assert_eq!(cid.page().await.conversations, [], "a refused message makes no conversation");
}

async fn invalid_messages_are_rejected(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let longest = "字".repeat(MESSAGE_MAX);
    for (text, why) in [
        ("", Invalid::MessageEmpty),
        (" \n\t\u{200B} ", Invalid::MessageEmpty),
        (&format!("{longest}字"), Invalid::MessageTooLong),
        ("a\u{0}b", Invalid::MessageCharacters),
        ("a\u{1b}[31mb", Invalid::MessageCharacters),
    ] {
        let answer = ann.try_send(bob.contact(), &client_id(), text).await;
        assert_eq!(answer.error(), KithError::Invalid(why));
    }
    for wrong in ["", "a b", &"x".repeat(65)] {
        let answer = ann.try_send(bob.contact(), wrong, "hello").await;
        assert!(matches!(answer.error(), KithError::BadRequest(_)), "{answer:?}");
    }
    for contact in ["", "2", "user-", "room-2"] {
        let fields = [("contact", contact), ("client_id", "a"), ("text", "hello")];
        let answer = ann.call("send_message", &fields).await;
        assert!(matches!(answer.error(), KithError::BadRequest(_)), "{answer:?}");
    }
    assert_eq!(bob.history(ann.contact()).await, History::default(), "nothing was stored");
    let whole = ann.send(bob.contact(), &format!(" {longest} ")).await;
    assert_eq!(whole.text, longest, "counted in characters, after trimming");
    assert_eq!(ann.send(bob.contact(), "a\n\tb").await.seq, 2, "no seq was lost");
}

async fn sending_to_strangers_is_rejected_without_telling_whether_they_exist(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = (app.person("ann").await, app.person("bob").await);
    app.seed_group(GroupId(7), &[&bob]).await;
    bob.request_friend(&ann, "").await.done();
    let (mut at_ann, mut at_bob) = (ann.cursor().await, bob.cursor().await);
    let nobody = Contact::User(UserId(99));
    let unknown = ann.try_send(nobody, &client_id(), "hello").await;
    assert_eq!(unknown.error(), KithError::NotAContact);
    for contact in [
        bob.contact(),
        ann.contact(),
        Contact::Group(GroupId(7)),
        Contact::Group(GroupId(99)),
        Contact::User(UserId(0)),
        Contact::User(UserId(-1)),
    ] {
        let answer = ann.try_send(contact, &client_id(), "hello").await;
        assert_eq!((answer.status, &answer.body), (unknown.status, &unknown.body), "{contact}");
    }
    assert_eq!(app.number("SELECT COUNT(*) FROM message").await, 0);
    assert_eq!(app.number("SELECT COUNT(*) FROM conversation WHERE kind = 1").await, 0);
    assert_eq!(ann.catch_up(&mut at_ann).await, []);
    assert_eq!(bob.catch_up(&mut at_bob).await, []);
}

async fn markup_in_a_message_is_stored_unchanged(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let mut at_bob = bob.cursor().await;
    let typed = [
        "<script>alert('x')</script> & <b>bold</b> &amp;",
        "'; DROP TABLE message; -- $1 ? %s {}",
        "\u{202E}reversed 👩‍👩‍👧 字 \u{FEFF}",
        r#"{"kind":"message"} \u003c \n"#,
    ];
    for text in typed {
        assert_eq!(ann.send(bob.contact(), text).await.text, text.trim());
    }
    let wanted: Vec<&str> = typed.iter().map(|text| text.trim()).collect();
    assert_eq!(texts(&bob.catch_up(&mut at_bob).await), wanted);
    let history = bob.history(ann.contact()).await.messages;
    assert_eq!(history.iter().map(|message| message.text.as_str()).collect::<Vec<_>>(), wanted);
}

async fn disconnected_caller_does_not_cancel_the_write(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let cookie = ann.other_device(&app).await;
    let id = app.number("SELECT MAX(id) FROM sign_in").await;
    let caller = kith::service::Caller { user: cookie.id, sign_in: kith::model::SignInId(id) };
    let client_id = ClientId::random();
    // Polled once, so that the message is in the writer's queue, then dropped.
    let call = app.kith.send_message(caller, bob.contact(), client_id.clone(), "still here", None);
    let _ = call.now_or_never();
    eventually("the message was stored", async || {
        let messages = ann.history(bob.contact()).await.messages;
        messages.iter().any(|message| message.client_id.as_ref() == Some(&client_id))
    })
    .await;
    assert_eq!(bob.send(ann.contact(), "so I see").await.seq, 2);
}

async fn user_and_group_with_the_same_id_have_separate_conversations(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let cid = app.person("cid").await;
    let group = Contact::Group(GroupId(bob.id.0));
    app.seed_group(GroupId(bob.id.0), &[&ann, &bob, &cid]).await;
    let mut cursors = [ann.cursor().await, bob.cursor().await, cid.cursor().await];

    let to_user = ann.send(bob.contact(), "to the user").await;
    let to_group = ann.send(group, "to the group").await;
    assert_eq!((to_user.seq, to_group.seq), (1, 1), "each conversation counts its own");
    let id = to_user.client_id.clone().expect("one's own name for it");
    let again = ann.try_send(group, id.as_str(), "to the user").await;
    assert_eq!(again.error(), KithError::ClientIdReused, "the same text to the other is another");

    let direct = Conversation::direct(ann.id, bob.id);
    let in_group = Conversation::Group(GroupId(bob.id.0));
    let both = vec![(direct, to_user.clone()), (in_group, to_group.clone())];
    let only_group = vec![(in_group, to_group.clone())];
    for ((person, cursor), wanted) in
        [&ann, &bob, &cid].into_iter().zip(&mut cursors).zip([&both, &both, &only_group])
    {
        let heard: Vec<_> = person.catch_up(cursor).await.into_iter().map(of_message).collect();
        let told = |(conversation, message): &(Conversation, Message)| {
            (*conversation, message.clone().seen_by(person.id))
        };
        assert_eq!(heard, wanted.iter().map(told).collect::<Vec<_>>(), "{}", person.username);
    }
    for (person, other) in [(&ann, &bob), (&bob, &ann)] {
        let messages = person.history(other.contact()).await.messages;
        assert_eq!(messages, [to_user.clone().seen_by(person.id)]);
    }
    for person in [&ann, &bob, &cid] {
        let messages = person.history(group).await.messages;
        assert_eq!(messages, [to_group.clone().seen_by(person.id)]);
    }
    assert_eq!(cid.try_history(bob.contact(), None).await.error(), KithError::NotAContact);

    bob.mark_read(group, 1).await.done();
    assert_eq!((bob.unread(group).await, bob.unread(ann.contact()).await), (0, 1));
    assert_eq!(
        bob.page().await.groups.iter().map(|group| group.group.id).collect::<Vec<_>>(),
        [GroupId(bob.id.0)]
    );
}

fn of_message(event: Event) -> (Conversation, Message) {
    match event.kind {
        EventKind::Message { conversation, message } => (conversation, message),
        other => panic!("{other:?}"),
    }
}

async fn direct_conversation_cannot_be_addressed_as_a_group(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    ann.send(bob.contact(), "between us").await;
    let id = app.number("SELECT id FROM conversation").await;
    let as_group = Contact::Group(GroupId(id));
    for person in [&ann, &bob, &app.person("cid").await] {
        let refused = [
            person.try_send(as_group, &client_id(), "hello").await,
            person.try_history(as_group, None).await,
            person.mark_read(as_group, 1).await,
        ];
        for answer in refused {
            assert_eq!(answer.error(), KithError::NotAContact, "{}", person.username);
        }
    }
}

async fn sending_is_limited_for_each_user_separately(database: Database) {
    let app = TestApp::with(database, |setup| setup.policy.messages_per_minute = 3).await;
    let (ann, bob) = app.two_friends().await;
    for n in 0..3 {
        ann.send(bob.contact(), &n.to_string()).await;
    }
    let answer = ann.try_send(bob.contact(), &client_id(), "too many").await;
    assert!(matches!(answer.error(), KithError::TooMany(1..=60)), "{answer:?}");
    assert_ne!(answer.header("retry-after"), "");
    let other = ann.other_device(&app).await;
    let answer = other.try_send(bob.contact(), &client_id(), "from elsewhere").await;
    assert!(matches!(answer.error(), KithError::TooMany(_)), "the limit is the person's");
    bob.send(ann.contact(), "I may").await;
    assert_eq!(bob.history(ann.contact()).await.messages.len(), 4);
}

#[tokio::test]
async fn message_form_without_scripts_sends_and_returns_to_the_conversation() {
    let app = TestApp::start(Database::Sqlite).await;
    let (ann, bob) = app.two_friends().await;
    let (me, to) = (ann.id.to_string(), bob.contact().to_string());
    let page = format!("/chats/{to}");
    let send = async |text: &str| {
        let fields =
            [("for_user", me.as_str()), ("contact", &to), ("client_id", "one"), ("text", text)];
        ann.browser.submit("send_message", &fields, &page).await
    };
    for _ in 0..2 {
        let answer = send("hello").await;
        assert_eq!((answer.status, answer.sent_on_to()), (StatusCode::FOUND, page.as_str()));
    }
    let stored = bob.history(ann.contact()).await.messages;
    assert_eq!(stored.len(), 1, "the form submitted twice is one message");
    let refused = send(&"x".repeat(MESSAGE_MAX + 1)).await;
    assert_eq!(refused.status, StatusCode::FOUND);
    let back = refused.sent_on_to();
    assert!(back.starts_with(&page) && back.contains("__err="), "{}", &back[..back.len().min(200)]);
    let html = ann.browser.visit(back).await.text();
    assert!(html.contains(&"x".repeat(MESSAGE_MAX + 1)), "what was typed is not lost");
}

#[tokio::test]
async fn json_of_a_message_and_its_event_is_as_documented() {
    let app = TestApp::start(Database::Sqlite).await;
    let (ann, bob) = app.two_friends().await;
    let cursor = bob.cursor().await;
    let answer = ann.try_send(bob.contact(), "a-1", "hello").await;
    let sent: Value = answer.ok();
    let wanted = json!({
        "seq": 1, "count": 1, "sender": ann.id, "client_id": "a-1", "text": "hello",
        "sent": sent["sent"],
    });
    assert_eq!(sent, wanted);
    assert_eq!(answer.header("content-type"), "application/json");
    let known = bob.presence().await.version;
    let body = json!({ "cursor": cursor, "hold_ms": 0, "presence_version": known });
    let batch: Value = bob.ask("receive", body).await.ok();
    let mut told = wanted;
    told.as_object_mut().expect("an object").remove("client_id");
    assert_eq!(
        batch,
        json!({
            "cursor": batch["cursor"],
            "events": [{
                "id": batch["events"][0]["id"],
                "kind": "message",
                "conversation": { "direct": [ann.id, bob.id] },
                "message": told,
            }],
        })
    );
    assert_ne!(batch["cursor"], json!(cursor));
    let (now, at) = (kith::server::system_clock().0, sent["sent"].as_i64().expect("a time"));
    assert!((now - 60_000..=now).contains(&at), "{at} is not about {now}, by the server's clock");
}
