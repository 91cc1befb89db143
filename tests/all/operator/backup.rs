//! `kith backup` beside a running Kith, and restoring its file.

use std::path::Path;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicBool, Ordering};

use http::StatusCode;
use serde_json::json;
use tokio::task::spawn_blocking;

use crate::harness::process::{ended, kith, printed, why};
use crate::harness::{Database, Person, TestApp, messages, on_both_databases};
use kith::service::Kith;

/// The people of a test go on with their cookies.
const KEEP: &str = "--keep-sign-ins";

on_both_databases!(database_of_a_newer_version_is_rejected);

/// Runs `kith backup FILE` as a process beside the one that serves.
fn backup(data: &Path, file: &Path) -> Output {
    backup_with(data, file, &[])
}

fn backup_with(data: &Path, file: &Path, options: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kith"));
    command.current_dir(std::env::temp_dir()).env_clear().env("KITH_DATA", data);
    command.arg("backup").arg(file).args(options).output().expect("kith ends")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn restored_backup_is_complete_and_resyncs_cursors() {
    let app = TestApp::start(Database::Sqlite).await;
    let (ann, bob) = app.two_friends().await;
    let before = ann.send(bob.contact(), "before the copy").await;
    let restored = tempfile::tempdir().expect("a folder");
    let file = restored.path().join("kith.db");
    let output = backup_with(app.folder(), &file, &[KEEP]);
    assert!(output.status.success(), "{output:?}");
    ann.send(bob.contact(), "after the copy").await;
    let mut cursor = bob.cursor().await;

    let data = restored.path().to_path_buf();
    let copy = TestApp::with(Database::Sqlite, |setup| setup.policy.data = data).await;
    let (ann, there) = (ann.at(&copy), bob.at(&copy));
    assert_eq!(there.history(ann.contact()).await.messages, [before.seen_by(bob.id)]);
    // The new message gets the event id that the cursor has passed already.
    let again = ann.send(there.contact(), "after the restore").await;
    assert!(there.receive(&cursor).await.resync, "it is a cursor of another log");
    let mut cursor_there = there.cursor().await;
    assert_eq!(there.catch_up(&mut cursor_there).await, []);
    assert_eq!(there.history(ann.contact()).await.messages.last(), Some(&again.seen_by(bob.id)));

    // The original is not affected.
    assert!(messages(&bob.catch_up(&mut cursor).await).is_empty());
}

/// A sign-in that was ended after the copy must not come back with it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn restored_backup_revives_sign_ins_only_if_they_were_kept() {
    let app = TestApp::start(Database::Sqlite).await;
    let ann = app.person("ann").await;
    let stolen = ann.other_device(&app).await;
    for (options, revived) in [(&[] as &[&str], false), (&[KEEP], true)] {
        let restored = tempfile::tempdir().expect("a folder");
        let file = restored.path().join("kith.db");
        let output = backup_with(app.folder(), &file, options);
        assert!(output.status.success(), "{output:?}");
        let data = restored.path().to_path_buf();
        let copy = TestApp::with(Database::Sqlite, |setup| setup.policy.data = data).await;
        for device in [&ann, &stolen] {
            let status = device.at(&copy).ask("sign_ins", json!({})).await.status;
            assert_eq!(status == StatusCode::OK, revived, "{options:?}: {status}");
        }
        let again = ann.other_device(&copy).await;
        assert_eq!(again.id, ann.id, "the password is good");
        let checked = ended(kith(restored.path()).arg("check").env("KITH_DATA", restored.path()));
        printed(&checked);
    }
    assert_eq!(app.number("SELECT COUNT(*) FROM sign_in").await, 2, "the original keeps its own");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn backup_during_writes_is_a_consistent_snapshot() {
    let app = TestApp::start(Database::Sqlite).await;
    let (ann, bob) = app.two_friends().await;
    let cursor = bob.cursor().await;
    let restored = tempfile::tempdir().expect("a folder");
    let file = restored.path().join("kith.db");
    let over = AtomicBool::new(false);
    let talking = async |from: &Person, to: &Person| {
        let mut said = 0;
        while !over.load(Ordering::SeqCst) {
            from.send(to.contact(), "and so on").await;
            said += 1;
        }
        said
    };
    let copying = async {
        // Both are writing by then.
        while bob.history(ann.contact()).await.messages.len() < 20 {
            tokio::task::yield_now().await;
        }
        let (data, file) = (app.folder().to_path_buf(), file.clone());
        let output =
            spawn_blocking(move || backup_with(&data, &file, &[KEEP])).await.expect("a copy");
        over.store(true, Ordering::SeqCst);
        assert!(output.status.success(), "{output:?}");
    };
    let (hers, his, ()) = tokio::join!(talking(&ann, &bob), talking(&bob, &ann), copying);

    let checked = ended(kith(restored.path()).arg("check").env("KITH_DATA", restored.path()));
    assert!(printed(&checked).contains("without a hole"), "{checked:?}");
    let data = restored.path().to_path_buf();
    let copy = TestApp::with(Database::Sqlite, |setup| setup.policy.data = data).await;
    let there = bob.at(&copy);
    assert!(there.receive(&cursor).await.resync, "it is a cursor of another log");
    let kept = there.history(ann.contact()).await.messages.last().expect("a message").seq;
    let all = bob.history(ann.contact()).await.messages.last().expect("a message").seq;
    assert_eq!(all, hers + his, "nothing was refused meanwhile");
    assert!((20..=all).contains(&kept), "{kept} of {all}");
    let next = ann.at(&copy).send(there.contact(), "after the restore").await;
    assert_eq!(next.seq, kept + 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn backup_file_is_private_and_overwrites_nothing() {
    use std::os::unix::fs::PermissionsExt;
    let app = TestApp::start(Database::Sqlite).await;
    app.person("ann").await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("50% of it?.db");
    assert!(backup(app.folder(), &file).status.success());
    let mode = std::fs::metadata(&file).expect("a copy").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let there = std::fs::read_dir(folder.path()).expect("a folder").count();
    assert_eq!(there, 1, "nothing else is left");

    let copied = std::fs::read(&file).expect("the copy");
    let said = why(&backup(app.folder(), &file));
    assert!(said.contains("is there already"), "{said}");
    assert_eq!(std::fs::read(&file).expect("the copy"), copied);
}

#[test]
fn failed_backup_leaves_no_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("copy.db");
    let data = folder.path().join("data");
    let said = why(&backup(&data, &file));
    assert!(said.contains("there is no database to copy"), "{said}");
    std::fs::create_dir(&data).expect("a folder");
    why(&backup(&data, &file));
    assert!(!data.join("kith.db").exists() && !file.exists());

    let mut command = Command::new(env!("CARGO_BIN_EXE_kith"));
    command.current_dir(folder.path()).env_clear().env("KITH_DATABASE", "postgres://kith@nowhere");
    let said = why(&command.arg("backup").arg(&file).output().expect("kith ends"));
    assert!(said.contains("pg_dump"), "{said}");
}

async fn database_of_a_newer_version_is_rejected(database: Database) {
    let app = TestApp::start(database).await;
    app.execute(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         SELECT 9999, 'later', success, checksum, 0 FROM _sqlx_migrations WHERE version = 1",
    )
    .await;
    let error = Kith::open(app.policy(), kith::server::system_clock).await.err();
    let said = error.expect("it is refused").to_string();
    assert!(said.contains("newer Kith") && said.contains("9999"), "{said}");
}
