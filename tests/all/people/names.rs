//! Names that look alike, and names and texts that nobody sees.

use serde_json::json;

use crate::harness::{Database, PASSWORD, TestApp, client_id, on_both_databases};
use kith::error::KithError;
use kith::model::validation::Invalid;
use kith::model::{Group, Profile};

on_both_databases!(
    group_names_that_look_alike_are_the_same_name,
    groups_that_look_alike_since_an_older_kith_stay_as_they_are,
    names_lose_their_invisible_characters,
    names_and_messages_that_nobody_sees_are_rejected,
);

async fn group_names_that_look_alike_are_the_same_name(database: Database) {
    let app = TestApp::start(database).await;
    let ann = app.person("ann").await;
    ann.create_group("Walkers", &[]).await.ok::<Group>();
    let other: Group = ann.create_group("Hikers", &[]).await.ok();
    for twin in [
        "walkers",
        "Walkers\u{200B}",
        "Wal\u{AD}kers",
        "Walkers \u{E0041}",
        "Ｗａｌｋｅｒｓ",
        "\u{2063}Walkers\u{3164}",
    ] {
        let made = ann.create_group(twin, &[]).await;
        assert_eq!(made.error(), KithError::GroupNameTaken, "{twin:?}");
        let renamed = ann.set_ceiling(other.id, twin, 9).await;
        assert_eq!(renamed.error(), KithError::GroupNameTaken, "{twin:?}");
    }
    assert_eq!(app.number("SELECT COUNT(*) FROM chat_group").await, 2);
}

async fn groups_that_look_alike_since_an_older_kith_stay_as_they_are(database: Database) {
    let app = TestApp::start(database).await;
    let ann = app.person("ann").await;
    let old: Group = ann.create_group("Hikers", &[]).await.ok();
    ann.create_group("Walkers", &[]).await.ok::<Group>();
    app.execute("UPDATE chat_group SET name = 'Ｗalkers', name_key = 'ｗalkers' WHERE id = 1")
        .await;
    assert_eq!(old.id.0, 1);
    let app = app.restarted().await.restarted().await;
    let ann = ann.at(&app);
    let names: Vec<String> = ann.page().await.groups.into_iter().map(|g| g.group.name).collect();
    assert_eq!(names, ["Ｗalkers", "Walkers"]);
    assert_eq!(ann.create_group("WALKERS", &[]).await.error(), KithError::GroupNameTaken);
    for (name, id) in [("Ｗalkers", 1), ("Walkers", 2)] {
        let body = json!({ "group": id, "name": name, "description": "On Sundays" });
        ann.ask("set_group", body).await.done();
    }
    ann.set_ceiling(old.id, "Hikers", 9).await.done();
}

async fn names_lose_their_invisible_characters(database: Database) {
    let app = TestApp::start(database).await;
    let ann = app.person("ann").await;
    let named = async |typed: &str| -> String {
        ann.call("set_profile", &[("display_name", typed), ("bio", "")]).await.done();
        ann.profile(ann.id).await.ok::<Profile>().person.display_name
    };
    assert_eq!(named("An\u{200B}n\u{E0041}\u{3164}").await, "Ann");
    assert_eq!(named("👩‍❤️‍👨 Ann").await, "👩‍❤️‍👨 Ann");
    let fields =
        [("username", "bob"), ("display_name", "B\u{2060}ob\u{FE0F}"), ("password", PASSWORD)];
    app.anonymous().call("register", &fields).await.done();
    let found = ann.find("Ｂｏｂ").await.people;
    assert_eq!(found.iter().map(|person| &*person.display_name).collect::<Vec<_>>(), ["Bob"]);
    let group: Group = ann.create_group("Wal\u{200D}kers", &[]).await.ok();
    assert_eq!(group.name, "Walkers");
}

async fn names_and_messages_that_nobody_sees_are_rejected(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    for unseen in ["\u{2063}", "\u{34F}\u{FE0F}", "\u{E0041}\u{E007F}", "\u{180E}\u{2800}"] {
        let fields = [("display_name", unseen), ("bio", "")];
        let refused = ann.call("set_profile", &fields).await.error();
        assert_eq!(refused, KithError::Invalid(Invalid::DisplayNameLength), "{unseen:?}");
        let refused = ann.create_group(unseen, &[]).await.error();
        assert_eq!(refused, KithError::Invalid(Invalid::GroupNameLength), "{unseen:?}");
        let refused = ann.try_send(bob.contact(), &client_id(), unseen).await.error();
        assert_eq!(refused, KithError::Invalid(Invalid::MessageEmpty), "{unseen:?}");
    }
}
