//! `kith check` on a good database, on a damaged one, and beside a running Kith.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::harness::process::{admin, check, ended, kith, printed, serve, why};
use crate::harness::{Database, TestApp, on_both_databases};

on_both_databases!(
    check_passes_on_a_database_in_use,
    check_names_damaged_rows,
    check_reports_pending_and_unknown_migrations,
);

/// The lines that begin with WRONG.
async fn wrong(app: &TestApp) -> Vec<String> {
    let output = check(app).await;
    assert!(why(&output).contains("not all is as it should be"));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines().filter(|line| line.starts_with("WRONG")).map(String::from).collect()
}

async fn check_passes_on_a_database_in_use(database: Database) {
    let app = TestApp::start(database).await;
    assert!(!printed(&check(&app).await).contains("WRONG"), "nobody is here yet");
    let (ann, bob) = app.two_friends().await;
    let over = AtomicBool::new(false);
    let talking = async {
        let mut said = 0;
        while !over.load(Ordering::SeqCst) {
            ann.send(bob.contact(), "and so on").await;
            said += 1;
        }
        said
    };
    let checking = async {
        for _ in 0..5 {
            let output = check(&app).await;
            assert!(!printed(&output).contains("WRONG"), "{output:?}");
        }
        over.store(true, Ordering::SeqCst);
    };
    let (said, ()) = tokio::join!(talking, checking);
    let text = printed(&check(&app).await);
    assert!(text.contains(&format!("messages: {said} without a hole in 1 conv")), "{text}");
}

async fn check_names_damaged_rows(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    for text in ["one", "two", "three"] {
        ann.send(bob.contact(), text).await;
    }
    app.execute("DELETE FROM message WHERE seq = 2").await;
    let found = wrong(&app).await;
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].starts_with("WRONG  messages") && found[0].ends_with("conversation 1"));
    assert!(found[1].starts_with("WRONG  event log"), "{found:?}");

    app.execute("UPDATE conversation SET last_count = 9").await;
    app.execute("UPDATE id_counter SET value = 1 WHERE name = 'user'").await;
    app.execute("UPDATE log_head SET id = 1").await;
    let found = wrong(&app).await.join("\n");
    for what in ["ids: ", "messages: ", "counts: ", "event log: its head is 1"] {
        assert!(found.contains(what), "{what}: {found}");
    }
}

async fn check_reports_pending_and_unknown_migrations(database: Database) {
    let app = TestApp::start(database).await;
    let newest = app.number("SELECT MAX(version) FROM _sqlx_migrations").await;
    app.execute(&format!("DELETE FROM _sqlx_migrations WHERE version = {newest}")).await;
    assert_eq!(
        wrong(&app).await,
        ["WRONG  tables: 1 changes are to be made: the next start makes them"]
    );
    app.execute("UPDATE _sqlx_migrations SET version = 9999 WHERE version = 1").await;
    assert!(wrong(&app).await[0].contains("change 9999 was made by a newer Kith"));
}

#[test]
fn check_changes_no_byte() {
    let folder = tempfile::tempdir().expect("a folder");
    let said = why(&ended(kith(folder.path()).arg("check")));
    assert!(said.contains("no Kith in the data folder"), "{said}");
    // A killed server leaves its newest changes in the write-ahead log.
    let server = serve(kith(folder.path()));
    printed(&admin(folder.path(), &["create-user", "ann"]));
    let running = printed(&ended(kith(folder.path()).arg("check")));
    assert!(running.contains("(a Kith runs)"), "{running}");
    server.kill();
    let files = || {
        let data = folder.path().join("data");
        ["kith.db", "kith.db-wal"].map(|name| std::fs::read(data.join(name)).expect("a file"))
    };
    let before = files();
    let text = printed(&ended(kith(folder.path()).arg("check")));
    assert!(text.contains("no Kith runs") && text.contains("SQLite's file: whole"), "{text}");
    assert!(files() == before, "not a byte");
}

#[test]
fn check_finds_a_damaged_file() {
    use std::os::unix::fs::FileExt;
    let folder = tempfile::tempdir().expect("a folder");
    printed(&admin(folder.path(), &["create-user", "ann"]));
    // A backup has everything in one file.
    let copy = folder.path().join("copy/kith.db");
    std::fs::create_dir(folder.path().join("copy")).expect("a folder");
    printed(&ended(kith(folder.path()).arg("backup").arg(&copy)));
    let file = std::fs::File::options().write(true).open(copy).expect("the database");
    let length = file.metadata().expect("its size").len();
    for page in (4..length / 4_096).step_by(3) {
        file.write_all_at(&[0x5A; 512], page * 4_096).expect("it is damaged");
    }
    let output = ended(kith(folder.path()).arg("check").env("KITH_DATA", "copy"));
    why(&output);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains("WRONG  SQLite's file"), "{text}");
}
