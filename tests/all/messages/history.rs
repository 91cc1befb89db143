//! History: pages of fifty, oldest first, for those who are in the conversation.

use serde_json::json;

use crate::harness::{Database, Person, TestApp, on_both_databases};
use kith::error::KithError;
use kith::model::limits::HISTORY_PAGE;
use kith::model::{Contact, GroupId, History, Snapshot, UserId};

on_both_databases!(
    history_pages_have_fifty_messages,
    history_of_exactly_one_page_has_no_older_page,
    history_with_a_friend_is_empty_before_the_first_message,
    history_answers_strangers_alike_whether_or_not_a_conversation_exists,
    load_page_has_the_newest_messages_of_the_open_conversation,
    chat_list_has_the_last_active_conversation_first,
    members_see_messages_from_joining_to_leaving,
);

async fn page(person: &Person, contact: Contact, before: Option<i64>) -> (Vec<i64>, bool) {
    let history: History = person.try_history(contact, before).await.ok();
    (history.messages.iter().map(|message| message.seq).collect(), history.has_older)
}

async fn fill(from: &Person, to: &Person, count: i64) {
    for n in 1..=count {
        from.send(to.contact(), &format!("message {n}")).await;
    }
}

async fn history_pages_have_fifty_messages(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    fill(&ann, &bob, 2 * HISTORY_PAGE + 7).await;
    let seqs = |from: i64, to: i64| (from..=to).collect::<Vec<i64>>();
    for (person, contact) in [(&ann, bob.contact()), (&bob, ann.contact())] {
        assert_eq!(page(person, contact, None).await, (seqs(58, 107), true));
        assert_eq!(page(person, contact, Some(58)).await, (seqs(8, 57), true));
        assert_eq!(page(person, contact, Some(8)).await, (seqs(1, 7), false));
        assert_eq!(page(person, contact, Some(1)).await, (vec![], false));
        assert_eq!(page(person, contact, Some(-5)).await, (vec![], false));
        assert_eq!(page(person, contact, Some(1_000)).await, (seqs(58, 107), true));
    }
    let newest = bob.history(ann.contact()).await.messages;
    assert_eq!(newest.last().map(|message| message.text.as_str()), Some("message 107"));
}

async fn history_of_exactly_one_page_has_no_older_page(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    fill(&ann, &bob, HISTORY_PAGE).await;
    let (seqs, has_older) = page(&bob, ann.contact(), None).await;
    assert_eq!((seqs.len() as i64, has_older), (HISTORY_PAGE, false));
}

async fn history_with_a_friend_is_empty_before_the_first_message(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    assert_eq!(ann.history(bob.contact()).await, History::default());
}

async fn history_answers_strangers_alike_whether_or_not_a_conversation_exists(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let eve = app.person("eve").await;
    ann.send(bob.contact(), "between us").await;
    app.seed_group(GroupId(7), &[&ann, &bob]).await;
    let unknown = eve.try_history(Contact::User(UserId(99)), None).await;
    assert_eq!(unknown.error(), KithError::NotAContact);
    for contact in [
        ann.contact(),
        bob.contact(),
        eve.contact(),
        Contact::Group(GroupId(1)),
        Contact::Group(GroupId(7)),
        Contact::Group(GroupId(99)),
    ] {
        let answer = eve.try_history(contact, None).await;
        assert_eq!((answer.status, &answer.body), (unknown.status, &unknown.body), "{contact}");
    }
}

async fn load_page_has_the_newest_messages_of_the_open_conversation(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let eve = app.person("eve").await;
    fill(&ann, &bob, HISTORY_PAGE + 1).await;
    let open = async |person: &Person, contact: Contact| {
        person.ask("load_page", json!({ "contact": contact })).await.ok::<Snapshot>()
    };
    let page = open(&bob, ann.contact()).await;
    assert_eq!(page.cursor, bob.cursor().await);
    let shown = page.open.expect("the open conversation");
    assert_eq!(shown.contact, ann.contact());
    assert_eq!(shown.history, bob.history(ann.contact()).await);
    assert_eq!(page.conversations.len(), 1);
    assert_eq!(page.friends.len(), 1);

    let foreign = open(&eve, ann.contact()).await;
    assert_eq!((foreign.open, foreign.conversations, foreign.friends), (None, vec![], vec![]));
}

async fn chat_list_has_the_last_active_conversation_first(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let cid = app.person("cid").await;
    ann.befriend(&cid).await;
    ann.send(bob.contact(), "one").await;
    ann.send(cid.contact(), "two").await;
    let order = async || {
        let page = ann.page().await;
        page.conversations.iter().map(|state| state.contact).collect::<Vec<_>>()
    };
    assert_eq!(order().await, [cid.contact(), bob.contact()]);
    // The list is ordered by a clock in milliseconds: wait for the next one.
    let last = app.number("SELECT MAX(activity) FROM conversation").await;
    while kith::server::system_clock().0 <= last {
        tokio::task::yield_now().await;
    }
    bob.send(ann.contact(), "three").await;
    assert_eq!(order().await, [bob.contact(), cid.contact()]);
}

async fn members_see_messages_from_joining_to_leaving(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let cid = app.person("cid").await;
    let group = Contact::Group(GroupId(7));
    app.seed_group(GroupId(7), &[&ann, &bob]).await;
    let mut before = cid.cursor().await;
    for n in 1..=3 {
        ann.send(group, &format!("{n}")).await;
    }
    // Cid joins after the third message and leaves after the fifth.
    let head = app.number("SELECT id FROM log_head").await;
    app.execute(&format!(
        "INSERT INTO member (conversation_id, user_id, joined_seq, joined_event, read_seq, \
         read_count) VALUES (7, {}, 3, {head} + 1, 3, 3)",
        cid.id
    ))
    .await;
    // Every change of membership takes an id of the log.
    app.execute("UPDATE log_head SET id = id + 1").await;
    for n in 4..=5 {
        ann.send(group, &format!("{n}")).await;
    }
    let head = app.number("SELECT id FROM log_head").await;
    app.execute(&format!(
        "UPDATE member SET left_seq = 5, left_event = {head} WHERE user_id = {} \
         AND conversation_id = 7",
        cid.id
    ))
    .await;
    app.execute("UPDATE log_head SET id = id + 1").await;
    ann.send(group, "6").await;

    assert_eq!(page(&cid, group, None).await, (vec![4, 5], false));
    assert_eq!(page(&bob, group, None).await, ((1..=6).collect(), false));
    let mut from_log = before.clone();
    assert_eq!(crate::harness::texts(&cid.catch_up(&mut before).await), ["4", "5"]);
    let app = app.restarted().await;
    let cid = cid.at(&app);
    assert_eq!(crate::harness::texts(&cid.catch_up(&mut from_log).await), ["4", "5"]);
    let refused = cid.try_send(group, &crate::harness::client_id(), "I am gone").await;
    assert_eq!(refused.error(), KithError::NotAContact);
}
