//! Files and compression: compressed answers, and missing files.

use http::StatusCode;
use serde_json::json;

use crate::harness::{Database, TestApp};

#[tokio::test]
async fn documents_and_large_answers_are_compressed() {
    let app = TestApp::start(Database::Sqlite).await;
    let (ann, bob) = app.two_friends().await;
    let receive = json!({ "for_user": ann.id, "cursor": ann.cursor().await, "hold_ms": 0 });
    for (accepted, coding) in [("gzip, br", "br"), ("gzip", "gzip"), ("identity", "")] {
        let browser = ann.browser.with("accept-encoding", accepted);
        let document = browser.visit("/chats").await;
        assert_eq!(document.header("content-encoding"), coding);
        assert!(document.header("vary").contains("accept-encoding"));
    }

    let browser = ann.browser.with("accept-encoding", "gzip, br");
    bob.send(ann.contact(), "short").await;
    let small = browser.ask("receive", &receive).await;
    assert_eq!(small.header("content-encoding"), "", "one message would not get smaller");
    bob.send(ann.contact(), &"long ".repeat(500)).await;
    let large = browser.ask("receive", &receive).await;
    assert_eq!(large.header("content-encoding"), "br");
    assert!(large.body.len() < 1_000, "{} bytes", large.body.len());
}

#[tokio::test]
async fn missing_built_files_are_answered_with_404_and_no_page() {
    let app = TestApp::start(Database::Sqlite).await;
    for path in ["/pkg/0123456789abcdef/kith.js", "/pkg/", "/pkg/..%2f..%2f..%2fCargo.toml"] {
        let answer = app.anonymous().visit(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(answer.text(), "", "{path}");
    }
}
