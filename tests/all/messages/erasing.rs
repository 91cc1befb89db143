//! Erased texts leave SQLite's files, not only its rows.

use crate::harness::{Database, PASSWORD, TestApp};

/// Whether SQLite's database or its write-ahead log holds these bytes.
fn is_in_the_files(app: &TestApp, text: &str) -> bool {
    ["kith.db", "kith.db-wal"].iter().any(|name| {
        let bytes = std::fs::read(app.folder().join(name)).unwrap_or_default();
        bytes.windows(text.len()).any(|part| part == text.as_bytes())
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bytes_of_a_recalled_message_leave_the_files() {
    let app = TestApp::start(Database::Sqlite).await;
    let (ann, bob) = app.two_friends().await;
    // A long one takes pages of its own.
    let marker = "recall-marker-7c1f";
    let long = format!("{} {marker}-in-long", "字".repeat(3_900));
    for seq in 1..=20 {
        ann.send(bob.contact(), &format!("line {seq} stays")).await;
    }
    let short = ann.send(bob.contact(), marker).await;
    let long = ann.send(bob.contact(), &long).await;
    ann.send(bob.contact(), "the last line stays").await;
    app.kith.sweep().await.expect("the house is kept");
    assert!(is_in_the_files(&app, marker));
    for seq in [short.seq, long.seq] {
        ann.recall(bob.contact(), seq).await.done();
    }
    app.kith.sweep().await.expect("the house is kept");
    assert!(!is_in_the_files(&app, marker));
    assert!(is_in_the_files(&app, "line 7 stays") && is_in_the_files(&app, "the last line stays"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bytes_of_an_old_bio_and_of_a_deleted_account_leave_the_files() {
    let app = TestApp::start(Database::Sqlite).await;
    let (ann, bob) = app.two_friends().await;
    let describe = async |bio: &str| {
        ann.call("set_profile", &[("display_name", "Ann"), ("bio", bio)]).await.done();
    };
    describe("bio-marker-5e20").await;
    assert!(is_in_the_files(&app, "bio-marker-5e20"));
    describe("bio-marker-9a44").await;
    app.kith.sweep().await.expect("the house is kept");
    assert!(!is_in_the_files(&app, "bio-marker-5e20") && is_in_the_files(&app, "bio-marker-9a44"));

    bob.call("set_profile", &[("display_name", "Bob"), ("bio", "bio-marker-31d8")]).await.done();
    bob.call("delete_account", &[("password", PASSWORD)]).await.done();
    app.kith.sweep().await.expect("the house is kept");
    assert!(!is_in_the_files(&app, "bio-marker-31d8"));
}
