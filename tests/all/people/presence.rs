//! Presence and typing: who is there for whom, from when to when, and what wakes a receive.
//!
//! Where time counts, the service is asked without a network in between and its clock is set
//! forward; what is in memory only is the same on both databases.

use std::time::Duration;

use futures_util::future::join_all;

use serde_json::{Value, json};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::harness::{
    Database, LONG_MS, PASSWORD, Person, TestApp, client_id, eventually, on_both_databases, texts,
};
use kith::error::KithError;
use kith::model::limits::TYPING_MS;
use kith::model::{Batch, Contact, Contacts, Cursor, GroupId, Presence, SignInId, Typing, UserId};
use kith::service::presence::{LEASE, TICK};
use kith::service::{Caller, Kith};

on_both_databases!(
    friends_are_seen_and_where_everyone_writes_those_one_has_talked_to,
    a_blocker_looks_offline_at_once_and_sees_the_other_still,
    strangers_in_a_group_are_seen_by_whoever_looks_at_its_members,
    typing_is_seen_by_the_one_it_goes_to_alone,
    nobody_types_to_whom_they_could_not_write,
    a_message_takes_its_typing_away,
    who_types_too_often_has_to_wait,
    whom_another_process_made_friends_is_seen,
    a_deleted_account_is_not_there,
    presence_looks_as_documented,
);

/// A page of somebody's, without a network.
struct Page {
    kith: Kith,
    caller: Caller,
    cursor: Cursor,
    version: String,
}

impl Page {
    /// Begins as a page does that knows nothing.
    async fn of(app: &TestApp, user: UserId, sign_in: i64) -> (Self, Vec<UserId>) {
        let kith = app.kith.clone();
        let caller = Caller { user, sign_in: SignInId(sign_in) };
        let batch = kith.receive(caller, None, None, None).await.expect("a first batch");
        let presence = batch.presence.expect("who is there");
        (Self { kith, caller, cursor: batch.cursor, version: presence.version }, presence.online)
    }

    /// Asks and is held.
    fn hold(&self) -> JoinHandle<Batch> {
        let (kith, caller) = (self.kith.clone(), self.caller);
        let (cursor, version) = (Some(self.cursor.clone()), Some(self.version.clone()));
        let held = async move { kith.receive(caller, cursor, None, version).await };
        tokio::spawn(async move { held.await.expect("a batch") })
    }

    /// Asks without being held, and returns who is there if that is news.
    async fn news(&mut self) -> Option<Presence> {
        let (cursor, version) = (Some(self.cursor.clone()), Some(self.version.clone()));
        let batch = self.kith.receive(self.caller, cursor, Some(0), version).await;
        let batch = batch.expect("a batch");
        self.cursor = batch.cursor;
        if let Some(presence) = &batch.presence {
            self.version = presence.version.clone();
        }
        batch.presence
    }

    async fn online(&mut self) -> Option<Vec<UserId>> {
        self.news().await.map(|presence| presence.online)
    }

    async fn typing(&mut self) -> Option<Vec<UserId>> {
        let typing = self.news().await?.typing;
        Some(typing.iter().map(|typing| typing.user).collect())
    }
}

/// Lets every task do what it can do now.
async fn settle() {
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
}

async fn online(person: &Person) -> Vec<UserId> {
    person.presence().await.online
}

async fn typing(person: &Person) -> Vec<Typing> {
    person.presence().await.typing
}

#[tokio::test]
async fn a_held_receive_is_woken_by_a_friend_who_comes() {
    let app = TestApp::start(Database::Sqlite).await;
    let (ann, bob) = app.two_friends().await;
    let (mut at_ann, there) = Page::of(&app, ann.id, 1).await;
    assert_eq!(there, []);
    let held = at_ann.hold();
    settle().await;
    let (_, there) = Page::of(&app, bob.id, 2).await;
    assert_eq!(there, [ann.id], "who begins is told at once");
    settle().await;
    assert!(!held.is_finished(), "who comes is told with the next tick");
    app.forward(TICK).await;
    let batch = held.await.expect("the receive");
    assert_eq!((batch.events, &batch.cursor), (vec![], &at_ann.cursor));
    assert_eq!(batch.presence.map(|presence| presence.online), Some(vec![bob.id]));
    assert_eq!(at_ann.online().await, Some(vec![bob.id]), "the old version is asked again");
    assert_eq!(at_ann.online().await, None, "the present one is known");
    let held = at_ann.hold();
    app.forward(TICK * 3).await;
    settle().await;
    assert!(!held.is_finished(), "and held");
    held.abort();
}

#[tokio::test]
async fn who_has_left_is_there_until_the_lease_ends() {
    let app = TestApp::start(Database::Sqlite).await;
    let (ann, bob) = app.two_friends().await;
    let (mut at_bob, _) = Page::of(&app, bob.id, 2).await;
    let (mut at_ann, there) = Page::of(&app, ann.id, 1).await;
    assert_eq!(there, [bob.id]);
    app.forward(TICK).await;
    settle().await;
    assert_eq!(at_bob.online().await, Some(vec![ann.id]));
    let held = at_bob.hold();
    settle().await;
    // Far longer than the lease: who holds a receive is there.
    for _ in 0..8 {
        app.forward(LEASE / 6).await;
        at_ann.news().await;
    }
    let batch = held.await.expect("the receive of 25 s");
    assert_eq!(batch.events, []);
    assert_eq!(at_ann.online().await, None, "and so is who asks again soon");
    let held = at_ann.hold();
    settle().await;
    app.forward(LEASE / 3).await;
    assert!(!held.is_finished());
    held.abort();
    let (mut at_ann, there) = Page::of(&app, ann.id, 1).await;
    assert_eq!(there, [bob.id]);
    for _ in 0..4 {
        app.forward(LEASE / 6).await;
        at_ann.news().await;
    }
    app.forward(TICK).await;
    settle().await;
    assert_eq!(Page::of(&app, ann.id, 1).await.1, []);
}

#[tokio::test]
async fn many_who_come_at_once_wake_once() {
    const MANY: i64 = 100;
    let app = TestApp::start(Database::Sqlite).await;
    let ann = app.person("ann").await;
    let ids = 1_000..1_000 + MANY;
    let people: Vec<String> = ids
        .clone()
        .map(|id| format!("({id}, 'user{id}', 'user{id}', 'User', 'user', '', 0, 0)"))
        .collect();
    let friends: Vec<String> = ids
        .clone()
        .flat_map(|id| [format!("({}, {id}, 0)", ann.id), format!("({id}, {}, 0)", ann.id)])
        .collect();
    app.execute(&format!(
        "INSERT INTO users (id, username, username_key, display_name, name_key, password_hash, \
         administrator, created) VALUES {}",
        people.join(", ")
    ))
    .await;
    let insert = "INSERT INTO friendship (user_id, friend_id, since) VALUES";
    app.execute(&format!("{insert} {}", friends.join(", "))).await;

    let (mut at_ann, _) = Page::of(&app, ann.id, 1).await;
    let began = Instant::now();
    let watch = async {
        let mut answers = 0;
        loop {
            let batch = at_ann.hold().await.expect("the receive");
            answers += 1;
            let Some(presence) = batch.presence else { continue };
            at_ann.version = presence.version;
            if presence.online.len() as i64 == MANY {
                return answers;
            }
        }
    };
    let come = join_all(ids.map(|id| Page::of(&app, UserId(id), id)));
    let (answers, _) = tokio::join!(watch, come);
    let ticks = began.elapsed().as_secs() + 2;
    assert!(answers <= ticks, "{answers} answers in {ticks} ticks");
}

#[tokio::test]
async fn after_a_restart_the_whole_is_told_again() {
    let app = TestApp::start(Database::Sqlite).await;
    let (ann, bob) = app.two_friends().await;
    let (mut at_ann, _) = Page::of(&app, ann.id, 1).await;
    let app = app.restarted().await;
    Page::of(&app, bob.id, 2).await;
    at_ann.kith = app.kith.clone();
    assert_eq!(at_ann.online().await, Some(vec![bob.id]), "a version from before is unknown");
    assert_eq!(at_ann.online().await, None);
}

#[tokio::test]
async fn without_a_version_the_whole_comes_at_once() {
    let app = TestApp::start(Database::Sqlite).await;
    let (ann, bob) = app.two_friends().await;
    Page::of(&app, bob.id, 2).await;
    let (at_ann, _) = Page::of(&app, ann.id, 1).await;
    for cursor in [None, Some(at_ann.cursor.clone())] {
        let began = Instant::now();
        let batch = app.kith.receive(at_ann.caller, cursor, None, None).await.expect("a batch");
        assert_eq!(batch.presence.map(|presence| presence.online), Some(vec![bob.id]));
        assert!(began.elapsed() < Duration::from_secs(20));
    }
}

#[tokio::test]
async fn who_signs_out_is_gone_soon_unless_there_is_another_device() {
    let app = TestApp::start(Database::Sqlite).await;
    let (ann, bob) = app.two_friends().await;
    let tablet = bob.other_device(&app).await;
    bob.presence().await;
    tablet.presence().await;
    let (mut at_ann, there) = Page::of(&app, ann.id, 1).await;
    assert_eq!(there, [bob.id]);
    bob.browser.call("sign_out", &[]).await.done();
    app.forward(TICK * 2).await;
    settle().await;
    assert_eq!(at_ann.online().await, None, "the other device is there");
    tablet.browser.call("sign_out", &[]).await.done();
    app.forward(TICK * 2).await;
    settle().await;
    assert_eq!(at_ann.online().await, Some(vec![]));
}

#[tokio::test]
async fn typing_comes_at_once_and_ends_by_itself() {
    let app = TestApp::start(Database::Sqlite).await;
    let (ann, bob) = app.two_friends().await;
    let (mut at_ann, _) = Page::of(&app, ann.id, 1).await;
    let held = at_ann.hold();
    settle().await;
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
    settle().await;
    app.forward(Duration::from_millis(TYPING_MS.into()) + TICK).await;
    let presence = held.await.expect("the receive").presence.expect("who writes");
    assert_eq!(presence.typing, []);
}

/// A held receive, and one who goes on writing, read nothing: the tables are gone.
#[tokio::test]
async fn the_steady_path_asks_the_database_nothing() {
    let app = TestApp::start(Database::Sqlite).await;
    let (ann, bob) = app.two_friends().await;
    let (mut at_ann, _) = Page::of(&app, ann.id, 1).await;
    let (_, there) = Page::of(&app, bob.id, 2).await;
    assert_eq!(there, [ann.id]);
    let writer = Caller { user: bob.id, sign_in: SignInId(2) };
    app.kith.typing(writer, ann.contact()).await.expect("a friend");
    for table in ["friendship", "block", "member", "event", "users"] {
        app.execute(&format!("ALTER TABLE {table} RENAME TO no_{table}")).await;
    }
    app.forward(TICK).await;
    settle().await;
    for _ in 0..3 {
        at_ann.news().await;
        app.kith.typing(writer, ann.contact()).await.expect("still a friend");
    }
    assert_eq!(at_ann.news().await, None);
}

async fn friends_are_seen_and_where_everyone_writes_those_one_has_talked_to(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let (cid, dan) = (app.person("cid").await, app.person("dan").await);
    cid.request_friend(&ann, "").await.done();
    for person in [&bob, &cid, &dan] {
        person.presence().await;
    }
    assert_eq!(online(&ann).await, [bob.id]);
    assert_eq!((online(&cid).await, online(&dan).await), (vec![], vec![]));
    ann.accept_friend(&cid).await.done();
    assert_eq!((online(&ann).await, online(&cid).await), (vec![bob.id, cid.id], vec![ann.id]));
    cid.send(ann.contact(), "hello").await;
    ann.remove_friend(&cid).await.done();
    assert_eq!((online(&ann).await, online(&cid).await), (vec![bob.id], vec![]), "no more");
    let app = app.restarted().await;
    let (ann, cid) = (ann.at(&app), cid.at(&app));
    cid.presence().await;
    assert_eq!((online(&ann).await, online(&cid).await), (vec![], vec![]), "nor after a restart");

    let app = TestApp::with(database, |setup| setup.policy.contacts = Contacts::Everyone).await;
    let (ann, bob) = (app.person("ann").await, app.person("bob").await);
    bob.presence().await;
    assert_eq!(online(&ann).await, [], "also where everyone writes to everyone");
    ann.send(bob.contact(), "hello").await;
    assert_eq!((online(&ann).await, online(&bob).await), (vec![bob.id], vec![ann.id]));
}

async fn a_blocker_looks_offline_at_once_and_sees_the_other_still(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    assert_eq!((online(&ann).await, online(&bob).await), (vec![], vec![ann.id]));
    ann.set_blocked(&bob, true).await.done();
    assert_eq!((online(&ann).await, online(&bob).await), (vec![bob.id], vec![]));
    let app = app.restarted().await;
    let (ann, bob) = (ann.at(&app), bob.at(&app));
    online(&ann).await;
    assert_eq!(online(&bob).await, [], "also after a restart");
    let (version, cursor) = (bob.presence().await.version, bob.cursor().await);
    let body = json!({ "cursor": cursor, "hold_ms": LONG_MS, "presence_version": version });
    let (answer, ()) = tokio::join!(bob.ask("receive", body), async {
        eventually("the receive is held", async || app.receivers() > 0).await;
        ann.set_blocked(&bob, false).await.done();
    });
    let batch: Batch = answer.ok();
    assert_eq!(batch.presence.map(|presence| presence.online), Some(vec![ann.id]));
    assert_eq!(batch.events, [], "and nothing is said of why");
}

async fn strangers_in_a_group_are_seen_by_whoever_looks_at_its_members(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let (cid, dan) = (app.person("cid").await, app.person("dan").await);
    let group = GroupId(7);
    app.seed_group(group, &[&ann, &bob, &cid]).await;
    let here = async |person: &Person| {
        let answer = person.ask("members_here", json!({ "group": group })).await;
        answer.ok::<Vec<UserId>>()
    };
    assert_eq!(here(&ann).await, []);
    for person in [&ann, &bob, &cid, &dan] {
        person.presence().await;
    }
    assert_eq!(here(&ann).await, [cid.id], "of a friend presence tells");
    assert_eq!(here(&cid).await, [ann.id, bob.id]);
    ann.set_blocked(&cid, true).await.done();
    assert_eq!(here(&cid).await, [bob.id], "who blocks looks offline");
    let refused = dan.ask("members_here", json!({ "group": group })).await.error();
    assert_eq!(refused, KithError::NotAContact);
}

async fn typing_is_seen_by_the_one_it_goes_to_alone(database: Database) {
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
    assert_eq!(bob.typing(ann.contact()).await.error(), KithError::NotAContact);
    cid.remove_friend(&ann).await.done();
    assert_eq!(typing(&ann).await, []);
}

async fn nobody_types_to_whom_they_could_not_write(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let cid = app.person("cid").await;
    app.seed_group(GroupId(50), &[&ann, &bob]).await;
    ann.typing(Contact::Group(GroupId(50))).await.done();
    assert_eq!(typing(&bob).await, [], "groups do not tell yet");
    cid.set_blocked(&ann, true).await.done();
    cid.befriend(&ann).await;
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

async fn a_message_takes_its_typing_away(database: Database) {
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

async fn who_types_too_often_has_to_wait(database: Database) {
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

async fn whom_another_process_made_friends_is_seen(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = (app.person("ann").await, app.person("bob").await);
    bob.presence().await;
    assert_eq!(online(&ann).await, []);
    let other = app.beside().await;
    ann.at(&other).befriend(&bob.at(&other)).await;
    app.person("cid").await;
    bob.presence().await;
    assert_eq!((online(&ann).await, online(&bob).await), (vec![bob.id], vec![ann.id]));
}

async fn a_deleted_account_is_not_there(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    bob.send(ann.contact(), "goodbye").await;
    bob.typing(ann.contact()).await.done();
    bob.presence().await;
    assert_eq!(online(&ann).await, [bob.id]);
    bob.call("delete_account", &[("password", PASSWORD)]).await.done();
    let presence = ann.presence().await;
    assert_eq!((presence.online, presence.typing), (vec![], vec![]));
}

async fn presence_looks_as_documented(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    bob.presence().await;
    bob.typing(ann.contact()).await.done();
    let batch: Value = ann.ask("receive", json!({ "hold_ms": 0 })).await.ok();
    let version = batch["presence"]["version"].as_str().expect("a version");
    let documented = json!({
        "version": version,
        "online": [bob.id],
        "typing": [{ "contact": format!("user-{}", bob.id), "user": bob.id }],
    });
    assert_eq!(batch["presence"], documented);
    let cursor = &batch["cursor"];
    let body = json!({ "cursor": cursor, "hold_ms": 0, "presence_version": version });
    let again: Value = ann.ask("receive", body).await.ok();
    let silent = again.get("presence").is_none() || again["presence"]["version"] != version;
    assert!(silent, "{again}");
}
