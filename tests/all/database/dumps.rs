//! Databases of released versions (`tests/dumps`): the present version migrates and reads each.
//!
//! Each release adds the dump of its own version, which `make dump` writes. Afterwards a dump is
//! never changed: it stands for what operators have.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;
use sqlx::{AnyConnection, Connection, Executor, Row};

use crate::harness::process::{check, printed};
use crate::harness::{
    Browser, Database, MovedClock, PASSWORD, Person, TestApp, TestDatabase, group_of,
    on_both_databases, texts,
};
use kith::model::administration::{AdminActor, RegistrationMode};
use kith::model::{
    Contact, Cursor, EventId, Group, GroupId, JoinLink, Membership, Message, Role, Timestamp,
    mention,
};

on_both_databases!(every_dump_is_migrated_and_readable);

/// Texts of the conversation of ann and bob that the check expects.
const FIRST: &str = "hello, 世界 'quoted'\nand a second line";
const LAST: &str = "the last word";

/// The group that the check reads.
const GROUP: &str = "Walkers";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/dumps")
}

fn file(version: &str, database: Database) -> PathBuf {
    let name = match database {
        Database::Sqlite => "sqlite.sql",
        Database::Postgres => "postgres.sql",
    };
    folder().join(version).join(name)
}

/// The versions that have a dump.
fn versions() -> Vec<String> {
    let entries = fs::read_dir(folder()).expect("the folder of the dumps");
    let name = |entry: std::io::Result<fs::DirEntry>| entry.expect("an entry").file_name();
    let mut names: Vec<String> =
        entries.map(|entry| name(entry).into_string().expect("a version")).collect();
    names.sort();
    names
}

#[test]
fn the_present_version_has_a_dump() {
    let version = env!("CARGO_PKG_VERSION");
    for database in [Database::Sqlite, Database::Postgres] {
        let file = file(version, database);
        assert!(file.exists(), "{} is missing: run `make dump`", file.display());
    }
}

async fn every_dump_is_migrated_and_readable(database: Database) {
    let clock = MovedClock::take();
    for version in versions() {
        let dumped = TestDatabase::new(database).await;
        let script = fs::read_to_string(file(&version, database)).expect("a dump");
        if database == Database::Sqlite {
            // An empty file is an empty database.
            fs::write(dumped.folder.path().join("kith.db"), "").expect("a new file");
        }
        let pool = dumped.sql().await;
        let mut connection = pool.acquire().await.expect("a connection");
        connection.execute(script.as_str()).await.expect("the dump is loaded");
        let written = sqlx::query("SELECT MAX(at) FROM event").fetch_one(&mut *connection).await;
        let written: i64 = written.expect("the log").get(0);
        drop(connection);
        pool.close().await;

        // The time of the dump: later, events and sign-ins would have expired.
        clock.set(Timestamp(written + 1));
        let app = TestApp::over(dumped, |setup| setup.clock = clock.clock()).await;
        let checked = printed(&check(&app).await);
        assert!(!checked.contains("WRONG"), "{version}: {checked}");
        reads(&app).await;
        writes(&app).await;
        let checked = printed(&check(&app).await);
        assert!(!checked.contains("WRONG"), "{version}, after a message: {checked}");
    }
}

async fn sign_in(app: &TestApp, username: &str) -> Person {
    let browser: Browser = app.anonymous();
    let fields = [("username", username), ("password", PASSWORD)];
    let answer = browser.call("sign_in", &fields).await;
    answer.done();
    Person::from_sign_in(&browser, &answer).await
}

fn named(groups: &[Membership], name: &str) -> GroupId {
    let found = groups.iter().find(|membership| membership.group.name == name);
    found.expect("the group").group.id
}

/// What ann and bob see of the dump.
async fn reads(app: &TestApp) {
    let (ann, bob) = (sign_in(app, "ann").await, sign_in(app, "bob").await);
    let page = ann.page().await;
    let friends: Vec<&str> =
        page.friends.iter().map(|friend| friend.person.username.as_str()).collect();
    assert!(friends.contains(&"bob") && page.me.administrator, "{friends:?}");
    assert_eq!(page.blocked.iter().map(|person| &*person.username).collect::<Vec<_>>(), ["dan"]);
    assert_eq!(page.requests.len(), 1);

    let history = ann.history(bob.contact()).await.messages;
    assert_eq!(history.first().map(|message| &*message.text), Some(FIRST));
    assert_eq!(history.last().map(|message| &*message.text), Some(LAST));
    assert!(history.iter().any(|message| message.reply.is_some()), "{history:?}");
    assert!(history.iter().any(|message| message.system.is_some()), "one was recalled");
    assert_eq!(bob.unread(ann.contact()).await, 1);

    let group = named(&page.groups, GROUP);
    let roles = ann.roles(group).await;
    assert!(roles.contains(&(ann.id, Role::Owner)) && roles.contains(&(bob.id, Role::Admin)));
    assert!(bob.conversation(Contact::Group(group)).await.expect("the group").mention_seq > 0);
    let members = ann.members(group).await;
    assert_eq!((members.invited.len(), members.asking.len()), (1, 1));
    assert!(members.link.is_some());

    // The whole log of that time: its floor is below its first event.
    let floor = EventId(app.number("SELECT MIN(id) - 1 FROM event").await);
    let mut start = Cursor { id: floor, ..bob.cursor().await };
    let told = texts(&bob.catch_up(&mut start).await);
    assert_eq!(told.first().map(String::as_str), Some(FIRST));
    assert!(told.iter().any(|text| text == LAST));
    assert!(
        !app.kith.audit_log(AdminActor::Operator, 1).await.expect("the audit log").rows.is_empty()
    );
}

/// The next message continues the numbers of the dump.
async fn writes(app: &TestApp) {
    let (ann, bob) = (sign_in(app, "ann").await, sign_in(app, "bob").await);
    let before = ann.conversation(bob.contact()).await.expect("a conversation").last_seq;
    let mut cursor = bob.cursor().await;
    let sent = ann.send(bob.contact(), "after the migration").await;
    assert_eq!(sent.seq, before + 1);
    assert_eq!(texts(&bob.catch_up(&mut cursor).await), ["after the migration"]);
}

/// Fills every table. A new table needs a row here: `write` fails otherwise.
async fn fill(app: &TestApp) {
    let mut people = Vec::new();
    for name in ["ann", "bob", "cid", "dan", "eve", "fay", "gil"] {
        people.push(app.person(name).await);
    }
    let [ann, bob, cid, dan, eve, fay, gil] = &people[..] else { unreachable!("seven names") };
    ann.call("set_profile", &[("display_name", "Ann 安"), ("bio", "sings")]).await.done();
    ann.befriend(bob).await;
    ann.set_remark(bob, "Bobby").await.done();
    ann.set_blocked(dan, true).await.done();
    eve.request_friend(ann, "from the choir").await.done();

    ann.send(bob.contact(), FIRST).await;
    bob.reply(ann.contact(), 1, "an answer").await.ok::<Message>();
    ann.send(bob.contact(), "a slip of the tongue").await;
    ann.recall(bob.contact(), 3).await.done();
    bob.mark_read(ann.contact(), 3).await.done();
    bob.hide(ann.contact(), 2).await.done();
    let own =
        json!({ "pinned": true, "muted_until": 9_999_999_999_999_i64, "marked_unread": true });
    bob.set_chat(ann.contact(), own).await.done();
    ann.send(bob.contact(), LAST).await;

    let group = group_of(ann, &[bob, cid]).await;
    let contact = Contact::Group(group);
    ann.set_role(group, bob, Role::Admin).await.done();
    ann.send(contact, &format!("{} leads, {} follow", mention::person_token(bob.id), "@{all}"))
        .await;
    cid.send(contact, "I am off").await;
    cid.act("leave_group", group).await.done();
    ann.befriend(fay).await;
    ann.invite(group, fay).await.done();
    let link: JoinLink = ann.make_link(group).await.ok();
    ann.set_approval(group, true).await.done();
    eve.join_by_link(&link.token).await.done();
    let over: Group = ann.create_group("Over", &[bob]).await.ok();
    bob.accept_group(over.id).await.done();
    bob.ask("clear_chat", json!({ "contact": Contact::Group(over.id), "seq": 1, "hide": true }))
        .await
        .done();
    ann.act("disband_group", over.id).await.done();

    let by = ann.by();
    let done = "an administrator may";
    app.kith.set_password(by, fay.id, "for one use only".into(), true).await.expect(done);
    app.kith.set_disabled(by, cid.id, true).await.expect(done);
    app.kith.delete_user(AdminActor::Operator, gil.id).await.expect(done);
    app.kith.create_registration_link(by, 5, 2).await.expect(done);
    app.kith.set_registration(by, RegistrationMode::ByLink).await.expect(done);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "writes tests/dumps: `make dump`"]
async fn write() {
    for database in [Database::Sqlite, Database::Postgres] {
        let app = TestApp::start(database).await;
        fill(&app).await;
        let pool = app.sql().await;
        let script = match database {
            Database::Sqlite => sqlite_dump(&pool).await,
            Database::Postgres => postgres_dump(&app.policy().database.expect("a URL")),
        };
        for table in tables(&pool, database).await {
            let insert = format!("INSERT INTO {table} ");
            assert!(script.contains(&insert), "{table} has no row: fill() writes none");
        }
        let file = file(env!("CARGO_PKG_VERSION"), database);
        fs::create_dir_all(file.parent().expect("a folder")).expect("the version's folder");
        fs::write(file, script).expect("the dump is written");
    }
}

async fn tables(pool: &sqlx::AnyPool, database: Database) -> Vec<String> {
    let query = match database {
        Database::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY rowid",
        Database::Postgres => {
            "SELECT CAST(table_name AS TEXT) FROM information_schema.tables \
             WHERE table_schema = current_schema() ORDER BY table_name"
        }
    };
    let rows = sqlx::query(query).fetch_all(pool).await.expect("the tables");
    rows.iter().map(|row| row.get(0)).collect()
}

/// The statements that make the tables, their rows, and the indexes.
async fn sqlite_dump(pool: &sqlx::AnyPool) -> String {
    let all = async |query: &str| -> Vec<String> {
        let rows = sqlx::query(query).fetch_all(pool).await.expect(query);
        rows.iter().map(|row| row.get(0)).collect()
    };
    let made = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND type";
    let mut lines = vec!["PRAGMA foreign_keys = OFF".to_owned()];
    lines.extend(all(&format!("{made} = 'table' ORDER BY rowid")).await);
    for table in tables(pool, Database::Sqlite).await {
        let columns = all(&format!("SELECT name FROM pragma_table_info('{table}')")).await;
        let values = columns.iter().map(|column| format!("quote({column})")).collect::<Vec<_>>();
        let values = values.join(" || ', ' || ");
        let names = columns.join(", ");
        let insert = format!("'INSERT INTO {table} ({names}) VALUES (' || {values} || ')'");
        lines.extend(all(&format!("SELECT {insert} FROM {table} ORDER BY rowid")).await);
    }
    lines.extend(all(&format!("{made} <> 'table' ORDER BY rowid")).await);
    lines.iter().map(|line| format!("{line};\n")).collect()
}

/// What `pg_dump` writes, without the name of the test's schema and the settings of a session.
fn postgres_dump(url: &str) -> String {
    let (server, schema) = url.split_once("?options[search_path]=").expect("a schema");
    let output = Command::new("pg_dump")
        .args(["--inserts", "--column-inserts", "--no-owner", "--no-privileges"])
        .args(["--schema", schema, server])
        .output()
        .expect("pg_dump runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let session = ["SET ", "SELECT pg_catalog.set_config", "CREATE SCHEMA", "--", "\\"];
    let kept = text.lines().filter(|line| !session.iter().any(|start| line.starts_with(start)));
    let mut script = String::new();
    for line in kept.map(|line| line.replace(&format!("{schema}."), "")) {
        // One empty line between statements is enough.
        if !line.is_empty() || !script.ends_with("\n\n") {
            script.push_str(&line);
            script.push('\n');
        }
    }
    script.trim_start().to_owned()
}

#[tokio::test]
async fn edited_migration_is_rejected() {
    let dumped = TestDatabase::new(Database::Sqlite).await;
    let version = versions().pop().expect("a dump");
    let script = fs::read_to_string(file(&version, Database::Sqlite)).expect("a dump");
    let path = dumped.folder.path().join("kith.db");
    let url = format!("sqlite://{}?mode=rwc", path.display());
    let mut connection = AnyConnection::connect(&url).await.expect("a new file");
    connection.execute(script.as_str()).await.expect("the dump is loaded");
    let edit = "UPDATE _sqlx_migrations SET checksum = X'00' WHERE version = 1";
    connection.execute(edit).await.expect("a checksum is changed");
    connection.close().await.expect("the file is closed");
    let opened = kith::store::open(None, dumped.folder.path(), kith::server::system_clock).await;
    let refused = opened.err().expect("an edited migration is refused").to_string();
    assert!(refused.contains("migration 1"), "{refused}");
}
