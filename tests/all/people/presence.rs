//! Presence: who sees whom online, for how long, and which changes wake a receive.
//!
//! Tests that depend on time call the service without a network and move its clock forward. They
//! run on SQLite alone: presence is in memory.

use std::time::Duration;

use futures_util::future::join_all;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::page::{Page, run_tasks};
use crate::harness::{Database, LONG_MS, PASSWORD, Person, TestApp, eventually, on_both_databases};
use kith::error::KithError;
use kith::model::{Batch, Contacts, GroupId, SignInId, UserId};
use kith::service::Caller;
use kith::service::presence::{LEASE, TICK};

on_both_databases!(
    presence_shows_friends_or_conversation_partners,
    blocker_appears_offline_and_still_sees_the_other,
    members_here_lists_online_strangers_of_the_group,
    presence_shows_friends_made_by_another_process,
    deleted_account_is_offline,
    json_of_presence_is_as_documented,
);

async fn online(person: &Person) -> Vec<UserId> {
    person.presence().await.online
}

#[tokio::test]
async fn friend_coming_online_wakes_a_held_receive() {
    let app = TestApp::start(Database::Sqlite).await;
    let (ann, bob) = app.two_friends().await;
    let (mut at_ann, there) = Page::of(&app, ann.id, 1).await;
    assert_eq!(there, []);
    let held = at_ann.hold();
    run_tasks().await;
    let (_, there) = Page::of(&app, bob.id, 2).await;
    assert_eq!(there, [ann.id], "who begins is told at once");
    run_tasks().await;
    assert!(!held.is_finished(), "who comes is told with the next tick");
    app.forward(TICK).await;
    let batch = held.await.expect("the receive");
    assert_eq!((batch.events, &batch.cursor), (vec![], &at_ann.cursor));
    assert_eq!(batch.presence.map(|presence| presence.online), Some(vec![bob.id]));
    assert_eq!(at_ann.online().await, Some(vec![bob.id]), "the old version is asked again");
    assert_eq!(at_ann.online().await, None, "the present one is known");
    let held = at_ann.hold();
    app.forward(TICK * 3).await;
    run_tasks().await;
    assert!(!held.is_finished(), "and held");
    held.abort();
}

#[tokio::test]
async fn presence_ends_with_its_lease() {
    let app = TestApp::start(Database::Sqlite).await;
    let (ann, bob) = app.two_friends().await;
    let (mut at_bob, _) = Page::of(&app, bob.id, 2).await;
    let (mut at_ann, there) = Page::of(&app, ann.id, 1).await;
    assert_eq!(there, [bob.id]);
    app.forward(TICK).await;
    run_tasks().await;
    assert_eq!(at_bob.online().await, Some(vec![ann.id]));
    let held = at_bob.hold();
    run_tasks().await;
    // Far longer than the lease: a held receive keeps its user online.
    for _ in 0..8 {
        app.forward(LEASE / 6).await;
        at_ann.news().await;
    }
    let batch = held.await.expect("the receive of 25 s");
    assert_eq!(batch.events, []);
    assert_eq!(at_ann.online().await, None, "and so is who asks again soon");
    let held = at_ann.hold();
    run_tasks().await;
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
    run_tasks().await;
    assert_eq!(Page::of(&app, ann.id, 1).await.1, []);
}

#[tokio::test]
async fn presence_changes_in_a_burst_wake_once() {
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
async fn presence_is_sent_whole_after_a_restart() {
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
async fn presence_is_sent_whole_without_a_version() {
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
async fn signing_out_the_last_device_ends_presence() {
    let app = TestApp::start(Database::Sqlite).await;
    let (ann, bob) = app.two_friends().await;
    let tablet = bob.other_device(&app).await;
    bob.presence().await;
    tablet.presence().await;
    let (mut at_ann, there) = Page::of(&app, ann.id, 1).await;
    assert_eq!(there, [bob.id]);
    bob.browser.call("sign_out", &[]).await.done();
    app.forward(TICK * 2).await;
    run_tasks().await;
    assert_eq!(at_ann.online().await, None, "the other device is there");
    tablet.browser.call("sign_out", &[]).await.done();
    app.forward(TICK * 2).await;
    run_tasks().await;
    assert_eq!(at_ann.online().await, Some(vec![]));
}

/// Holding a receive and typing must read no table, so the test removes the tables.
#[tokio::test]
async fn presence_in_steady_state_runs_no_statement() {
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
    run_tasks().await;
    for _ in 0..3 {
        at_ann.news().await;
        app.kith.typing(writer, ann.contact()).await.expect("still a friend");
    }
    assert_eq!(at_ann.news().await, None);
}

async fn presence_shows_friends_or_conversation_partners(database: Database) {
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

async fn blocker_appears_offline_and_still_sees_the_other(database: Database) {
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

async fn members_here_lists_online_strangers_of_the_group(database: Database) {
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

async fn presence_shows_friends_made_by_another_process(database: Database) {
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

async fn deleted_account_is_offline(database: Database) {
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

async fn json_of_presence_is_as_documented(database: Database) {
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
