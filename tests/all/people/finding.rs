//! Finding people: search, the directory, look-ups by id, and profiles.

use std::time::Instant;

use serde_json::json;
use sqlx::Row;

use crate::harness::{Database, Person, TestApp, group_of, on_both_databases};
use kith::error::KithError;
use kith::model::limits::{PEOPLE_PAGE, SEARCH_RESULTS_MAX};
use kith::model::{Contacts, PeoplePage, Person as Known, Profile, UserId};
use kith::store::PeopleQuery;

on_both_databases!(
    search_matches_beginnings_of_names_and_words,
    search_has_no_wildcards,
    friends_only_search_is_empty_without_text_and_ends_at_twenty,
    open_directory_is_listed_page_by_page,
    directory_of_five_thousand_is_read_through_the_index,
    names_from_before_the_index_are_found_after_a_restart,
    people_by_id_returns_known_people,
    profile_has_name_bio_and_relationship,
    directory_lookups_are_limited,
    directory_lookups_count_each_person,
    ids_in_messages_do_not_use_up_the_readers_lookups,
);

async fn named(app: &TestApp, username: &str, display_name: &str) -> Person {
    let person = app.person(username).await;
    let fields = [("display_name", display_name), ("bio", "")];
    person.call("set_profile", &fields).await.done();
    person
}

fn usernames(page: &PeoplePage) -> Vec<&str> {
    page.people.iter().map(|person| person.username.as_str()).collect()
}

/// Inserts people `user0`, `user1` … whose display names sort like their numbers.
async fn seed(app: &TestApp, count: i64) {
    let rows: Vec<String> = (0..count)
        .map(|n| {
            let id = 10_000 + n;
            format!("({id}, 'user{n}', 'user{n}', 'Person {n:04}', 'person {n:04}', '', 0, 0)")
        })
        .collect();
    app.execute(&format!(
        "INSERT INTO users (id, username, username_key, display_name, name_key, password_hash, \
         administrator, created) VALUES {}",
        rows.join(", ")
    ))
    .await;
}

async fn search_matches_beginnings_of_names_and_words(database: Database) {
    let app = TestApp::start(database).await;
    let ann = app.person("ann").await;
    named(&app, "li.lei", "Lei Öztürk").await;
    named(&app, "hanmeimei", "韩梅梅 Han").await;
    named(&app, "odysseus", "ΟΔΥΣΣΕΎΣ").await;
    for (text, found) in [
        ("li.", vec!["li.lei"]),
        ("LEI", vec!["li.lei"]),
        (" öz ", vec!["li.lei"]),
        ("ÖZT", vec!["li.lei"]),
        ("lei\u{3000}ö", vec!["li.lei"]),
        ("韩梅", vec!["hanmeimei"]),
        ("梅", vec![]),
        ("han", vec!["hanmeimei"]),
        ("οδυς", vec!["odysseus"]),
        ("ztü", vec![]),
        ("ann", vec![]),
    ] {
        let page = ann.find(text).await;
        assert_eq!((usernames(&page), page.has_more), (found, false), "{text:?}");
    }
    let Known { username, display_name, deleted, .. } = ann.find("li.").await.people.remove(0);
    assert_eq!((&*username, &*display_name, deleted), ("li.lei", "Lei Öztürk", false));
}

async fn search_has_no_wildcards(database: Database) {
    let app = TestApp::start(database).await;
    let ann = app.person("ann").await;
    named(&app, "bob", "50%_off!").await;
    app.person("b_b").await;
    for (text, found) in [("50%_o", vec!["bob"]), ("b_", vec!["b_b"]), ("50%_off!", vec!["bob"])] {
        assert_eq!(usernames(&ann.find(text).await), found, "{text:?}");
    }
    let long = "b".repeat(5_000);
    for text in ["%", "_", "b%b", "5_%", "'; --", "\\", "!", "\u{0}", "b\u{0}", &long] {
        assert_eq!(usernames(&ann.find(text).await), [""; 0], "{text:?}");
    }
}

async fn friends_only_search_is_empty_without_text_and_ends_at_twenty(database: Database) {
    let app = TestApp::start(database).await;
    let ann = app.person("ann").await;
    seed(&app, 30).await;
    for text in ["", "  ", "\u{3000}"] {
        assert_eq!(usernames(&ann.find(text).await), [""; 0]);
    }
    let page = ann.find("person").await;
    assert_eq!((page.people.len() as i64, page.has_more), (SEARCH_RESULTS_MAX, false));
    assert_eq!(page.people[0].username, "user0");
    let body = json!({ "text": "person", "after": page.people[19].id });
    let next: PeoplePage = ann.ask("find_people", body).await.ok();
    assert_eq!(next, page, "there is no next page");
}

async fn open_directory_is_listed_page_by_page(database: Database) {
    let app = TestApp::with(database, |setup| setup.policy.contacts = Contacts::Everyone).await;
    let (ann, bob) = (app.person("ann").await, app.person("bob").await);
    seed(&app, 125).await;
    for (text, size) in [("", PEOPLE_PAGE), ("PER", SEARCH_RESULTS_MAX)] {
        let mut all: Vec<UserId> = Vec::new();
        loop {
            let body = json!({ "text": text, "after": all.last() });
            let page: PeoplePage = ann.ask("find_people", body).await.ok();
            all.extend(page.people.iter().map(|person| person.id));
            assert_eq!(page.people.len() as i64 == size, page.has_more, "{text:?}");
            if !page.has_more {
                break;
            }
        }
        let seeded = (10_000..10_125).map(UserId);
        let wanted: Vec<UserId> = if text.is_empty() {
            std::iter::once(bob.id).chain(seeded).collect()
        } else {
            seeded.collect()
        };
        assert_eq!(all, wanted, "{text:?}");
    }
    for after in [99, 0, -1, i64::MIN] {
        let answer = ann.ask("find_people", json!({ "text": "", "after": after })).await;
        assert_eq!(answer.error(), KithError::NotFound, "{after}");
    }
}

async fn directory_of_five_thousand_is_read_through_the_index(database: Database) {
    let app = TestApp::start(database).await;
    let ann = app.person("ann").await;
    seed(&app, 5_000).await;
    let store = app.store().await;
    let began = Instant::now();
    let mut wanted = PeopleQuery { by: ann.id, key: String::new(), after: None, limit: 50 };
    let (mut count, mut pages) = (0, 0);
    loop {
        let page = store.find_people(&wanted).await.expect("a page");
        (count, pages) = (count + page.people.len(), pages + 1);
        wanted.after = page.people.last().map(|person| person.id);
        if !page.has_more {
            break;
        }
    }
    assert_eq!((count, pages), (5_000, 100));
    let listed = began.elapsed();
    let began = Instant::now();
    let rare = PeopleQuery { key: "4999".into(), after: None, limit: 20, ..wanted.clone() };
    assert_eq!(store.find_people(&rare).await.expect("a page").people.len(), 1);
    println!("{database:?}: 100 pages in {listed:?}, one rare word in {:?}", began.elapsed());

    let plan = if database == Database::Sqlite { "EXPLAIN QUERY PLAN" } else { "EXPLAIN" };
    let column = if database == Database::Sqlite { "detail" } else { "QUERY PLAN" };
    let explained = async |statement: String| -> String {
        let statement = statement.replace("$1", "1").replace("$2", "'person 2500'");
        let statement = format!("{plan} {}", statement.replace("$3", "12500"));
        let rows = sqlx::query(&statement).fetch_all(&app.sql().await).await.expect("a plan");
        let lines: Vec<String> = rows.iter().map(|row| row.get::<String, _>(column)).collect();
        lines.join("\n")
    };
    if database == Database::Postgres {
        app.execute("ANALYZE users").await;
    }
    let listed = explained(wanted.text().replace("$4", "51")).await;
    assert!(listed.contains("users_by_name"), "{listed}");
    assert!(!listed.to_lowercase().contains("sort") && !listed.contains("B-TREE"), "{listed}");
    // PostgreSQL may choose another plan for a rare word.
    if database == Database::Sqlite {
        let found = rare.text().replace("$4", "'4999%'").replace("$5", "'% 4999%'");
        let found = explained(found.replace("$6", "21")).await;
        assert!(found.contains("SEARCH p USING INDEX users_by_name"), "{found}");
        assert!(!found.contains("SCAN") && !found.contains("B-TREE"), "{found}");
    }
}

async fn names_from_before_the_index_are_found_after_a_restart(database: Database) {
    let app = TestApp::start(database).await;
    let ann = app.person("ann").await;
    named(&app, "ozturk", "ÖZTÜRK").await;
    app.execute("UPDATE users SET name_key = ''").await;
    let app = app.restarted().await;
    assert_eq!(usernames(&ann.at(&app).find("öztür").await), ["ozturk"]);
}

async fn people_by_id_returns_known_people(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = (app.person("ann").await, app.person("bob").await);
    let by_id = async |ids: Vec<i64>| ann.ask("people_by_id", json!({ "ids": ids })).await;
    let found: Vec<Known> = by_id(vec![99, bob.id.0, -1, ann.id.0, bob.id.0, i64::MIN]).await.ok();
    assert_eq!(found.iter().map(|person| person.id).collect::<Vec<_>>(), [ann.id, bob.id]);
    assert_eq!(by_id(vec![]).await.ok::<Vec<Known>>(), []);
    assert_eq!(by_id((1..=100).collect()).await.ok::<Vec<Known>>().len(), 2);
    assert!(matches!(by_id((1..=101).collect()).await.error(), KithError::BadRequest(_)));
}

async fn profile_has_name_bio_and_relationship(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = (app.person("ann").await, app.person("bob").await);
    let fields = [("display_name", "Bob"), ("bio", "one\r\ntwo")];
    bob.call("set_profile", &fields).await.done();
    for person in [&ann, &bob] {
        let Profile { person, bio } = person.profile(bob.id).await.ok();
        assert_eq!((person.id, bio.as_str()), (bob.id, "one\ntwo"));
    }
    assert_eq!(bob.page().await.me.bio, "one\ntwo");
    for id in [99, 0, -1, i64::MIN] {
        assert_eq!(ann.profile(UserId(id)).await.error(), KithError::NotFound);
    }
}

async fn directory_lookups_are_limited(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = (app.person("ann").await, app.person("bob").await);
    let mut looks = 0;
    while ann.profile(bob.id).await.status == 200 {
        looks += 1;
        assert!(looks < 1_000, "nobody stops who copies the directory");
    }
    assert!(looks >= 100, "{looks}");
    let by_text = ann.ask("find_people", json!({ "text": "b" })).await;
    assert!(matches!(by_text.error(), KithError::TooMany(_)));
    assert_eq!(usernames(&bob.find("ann").await), ["ann"], "others do not");
}

async fn directory_lookups_count_each_person(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = (app.person("ann").await, app.person("bob").await);
    let ids: Vec<i64> = (1..=100).collect();
    let by_id = async |person: &Person| person.ask("people_by_id", json!({ "ids": ids })).await;
    assert_eq!(by_id(&ann).await.ok::<Vec<Known>>().len(), 2);
    assert!(matches!(by_id(&ann).await.error(), KithError::TooMany(_)), "ids can be guessed");
    assert_eq!(usernames(&ann.find("bob").await), ["bob"], "a few more fit");
    assert_eq!(by_id(&bob).await.ok::<Vec<Known>>().len(), 2);
}

/// A message can name any ids, and the pages of its readers look them up.
async fn ids_in_messages_do_not_use_up_the_readers_lookups(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = (app.person("ann").await, app.person("bob").await);
    let cid = app.person("cid").await;
    let group = group_of(&bob, &[&ann]).await;
    let by_id = async |ids: Vec<i64>| ann.ask("people_by_id", json!({ "ids": ids })).await;
    let mut looks = 0;
    while by_id(vec![900_000 + looks]).await.status == 200 {
        looks += 1;
        assert!(looks < 1_000, "nobody stops who copies the directory");
    }
    let mut strangers: Vec<i64> = (910_001..=910_020).chain([cid.id.0]).collect();
    assert!(matches!(by_id(strangers.clone()).await.error(), KithError::TooMany(_)));
    // The sender has a name all the same, also beside unknown ids.
    strangers.push(bob.id.0);
    let found: Vec<Known> = by_id(strangers).await.ok();
    assert_eq!(found.iter().map(|person| person.id).collect::<Vec<_>>(), [bob.id]);
    for _ in 0..130 {
        by_id(vec![bob.id.0]).await.ok::<Vec<Known>>();
    }
    assert_eq!(usernames(&ann.find("cid").await), ["cid"]);
    ann.profile(cid.id).await.ok::<Profile>();
    assert_eq!(ann.members(group).await.members.len(), 2);
}
