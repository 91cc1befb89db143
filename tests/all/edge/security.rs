//! Requests that the edge rejects, and the headers of every answer: policies, caching, transport.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::body::Body;
use http::{Method, StatusCode};

use serde_json::json;

use crate::harness::{Answer, Database, PASSWORD, TestApp, client_id};
use kith::error::KithError;
use kith::model::Timestamp;
use kith::server::system_clock;

#[tokio::test]
async fn cross_site_requests_are_rejected() {
    let app = TestApp::start(Database::Sqlite).await;
    let (ann, bob) = app.two_friends().await;
    for (name, value) in [
        ("origin", "https://evil.example"),
        ("origin", "http://kith.test.evil.example"),
        ("origin", "http://kith.test:81"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        let mut attacked = ann.clone();
        attacked.browser = ann.browser.with(name, value);
        let answers = [
            attacked.try_send(bob.contact(), &client_id(), "forged").await,
            attacked.mark_read(bob.contact(), 1).await,
            attacked.browser.submit("sign_out", &[], "/").await,
            attacked
                .browser
                .submit("sign_in", &[("username", "ann"), ("password", PASSWORD)], "/")
                .await,
        ];
        for answer in answers {
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name}: {value}");
            assert_eq!(answer.cookie(), None);
        }
    }
    assert_eq!(ann.history(bob.contact()).await.messages, []);
    ann.page().await;
}

#[tokio::test]
async fn same_site_requests_are_accepted() {
    let app = TestApp::with(Database::Sqlite, |setup| {
        setup.public_url = Some("https://chat.example.org".into());
    })
    .await;
    let (ann, bob) = app.two_friends().await;
    for (name, value) in [
        ("sec-fetch-site", "same-origin"),
        ("sec-fetch-site", "none"),
        ("origin", "http://kith.test"),
        ("origin", "https://chat.example.org"),
    ] {
        let mut here = ann.clone();
        here.browser = ann.browser.with(name, value);
        here.send(bob.contact(), value).await;
        here.mark_read(bob.contact(), 1).await.done();
    }
    let elsewhere = ann.browser.with("sec-fetch-site", "cross-site");
    assert_eq!(elsewhere.visit("/chats").await.status, StatusCode::OK, "a link leads here");
}

/// The directives of a document's content security policy, and its nonce.
fn policy(answer: &Answer) -> (Vec<String>, String) {
    let policy = answer.header("content-security-policy");
    let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next());
    let nonce = nonce.unwrap_or_else(|| panic!("no nonce in {policy:?}")).to_string();
    (policy.split("; ").map(str::to_string).collect(), nonce)
}

/// The opening tags of these elements. Empty elements run nothing and are left out.
fn tags<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let start = format!("<{name}");
    let tag = |(at, _): (usize, &str)| {
        let rest = &html[at..];
        let whole = rest[start.len()..].starts_with([' ', '>', '/']);
        let empty = rest.starts_with(&format!("{start}></{name}>"));
        (whole && !empty).then(|| &rest[..rest.find('>').map_or(rest.len(), |end| end + 1)])
    };
    html.match_indices(&start).filter_map(tag).collect()
}

#[tokio::test]
async fn content_security_policy_allows_only_own_scripts() {
    let app = TestApp::start(Database::Sqlite).await;
    let (ann, bob) = app.two_friends().await;
    ann.send(bob.contact(), "hello").await;
    let mut nonces = BTreeSet::new();
    let open = format!("/chats/{}", bob.contact());
    for path in ["/sign-in", "/register", "/nowhere", "/chats", &open, "/friends", "/settings"] {
        let signed_in = !matches!(path, "/sign-in" | "/register");
        let browser = if signed_in { ann.browser.clone() } else { app.anonymous() };
        let answer = browser.visit(path).await;
        let (policy, nonce) = policy(&answer);
        for wanted in [
            "default-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "connect-src 'self'",
        ] {
            assert!(policy.iter().any(|directive| directive == wanted), "{wanted}: {policy:?}");
        }
        let joined = policy.join("; ");
        for weak in ["unsafe-inline", "'unsafe-eval'", "*", "http:", "https:"] {
            assert!(!joined.contains(weak), "{weak}: {joined}");
        }
        let html = answer.text();
        let scripts = tags(&html, "script");
        assert!(!scripts.is_empty(), "{path}");
        let attribute = format!("nonce=\"{nonce}\"");
        for tag in scripts.iter().chain(&tags(&html, "style")) {
            assert!(tag.contains(&attribute), "{path}: {tag} has not the nonce {nonce}");
        }
        for handler in [" onclick=", " onload=", " onsubmit=", " style=", "javascript:"] {
            assert!(!html.contains(handler), "{path}: {handler}");
        }
        assert!(nonces.insert(nonce), "{path}: a nonce is used once");
    }
}

#[tokio::test]
async fn answers_carry_security_and_caching_headers() {
    let app = TestApp::start(Database::Sqlite).await;
    let ann = app.person("ann").await;
    let mut documents = 0;
    for answer in [
        ann.browser.visit("/chats").await,
        ann.browser.visit("/nowhere").await,
        ann.browser.visit("/healthz").await,
        app.anonymous().visit("/").await,
    ] {
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        if answer.header("content-type").starts_with("text/html") {
            documents += 1;
            assert_eq!(answer.header("x-frame-options"), "DENY");
            assert_eq!(answer.header("referrer-policy"), "same-origin");
            assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin");
            assert!(answer.header("permissions-policy").contains("camera=()"));
        }
        assert_eq!(answer.header("cache-control"), "no-store", "it is somebody's own");
        assert_eq!(answer.header("strict-transport-security"), "", "this is plain http");
        assert_eq!(answer.header("server"), "");
    }
    assert_eq!(documents, 2, "an existing page and a missing one");
    // Caches keep no answer to a post, and pages run none as a script: the headers would be wasted.
    for answer in [
        ann.ask("sign_ins", json!({})).await,
        app.anonymous().ask("sign_ins", &json!({})).await,
        ann.browser.with("origin", "https://evil.example").call("sign_out", &[]).await,
    ] {
        for name in ["x-content-type-options", "cache-control", "vary", "server"] {
            assert_eq!(answer.header(name), "", "{name}");
        }
        assert!(!answer.header("content-type").starts_with("text/html"));
    }
}

#[tokio::test]
async fn https_answers_carry_strict_transport_security() {
    let app = TestApp::with(Database::Sqlite, |setup| setup.https = true).await;
    let answer = app.anonymous().visit("/sign-in").await;
    assert!(answer.header("strict-transport-security").starts_with("max-age="));
}

#[tokio::test]
async fn oversized_requests_are_rejected_without_reading_them() {
    let app = TestApp::start(Database::Sqlite).await;
    let (ann, bob) = app.two_friends().await;
    let large = "x".repeat(200 * 1024);
    let answer = ann.try_send(bob.contact(), &client_id(), &large).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    let fields = [("username", large.as_str()), ("password", PASSWORD)];
    let answer = app.anonymous().submit("sign_in", &fields, "/sign-in").await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    // A body without a content length.
    let mut request = ann.browser.json("history", &json!({ "contact": large }));
    request.headers_mut().remove("content-length");
    let answer = ann.browser.send(request).await;
    assert!(answer.status.is_client_error(), "{}", answer.status);
    // The longest allowed message fits in every encoding.
    ann.send(bob.contact(), &"字".repeat(4_000)).await;
}

#[tokio::test]
async fn unknown_calls_answer_not_found_as_json() {
    let app = TestApp::start(Database::Sqlite).await;
    let ann = app.person("ann").await;
    for browser in [app.anonymous(), ann.browser] {
        let answer = browser.ask("no_such_call", &json!({})).await;
        assert_eq!((answer.status, answer.error()), (StatusCode::NOT_FOUND, KithError::NotFound));
        assert_eq!(answer.header("content-type"), "application/json");
    }
}

#[tokio::test]
async fn malformed_bodies_answer_bad_request() {
    let app = TestApp::start(Database::Sqlite).await;
    let ann = app.person("ann").await;
    for (name, kind, body) in [
        ("history", "application/json", "{"),
        ("history", "application/json", "{}"),
        ("history", "application/json", r#"{"for_user":"x","contact":"user-1"}"#),
        ("send_message", "application/x-www-form-urlencoded", "for_user=1"),
        ("send_message", "application/x-www-form-urlencoded", "%ff%fe"),
    ] {
        let path = format!("/api/{name}");
        let request = ann.browser.request(Method::POST, &path, kind, Body::from(body));
        let answer = ann.browser.send(request).await;
        assert!(matches!(answer.error(), KithError::BadRequest(_)), "{name} {body}: {answer:?}");
    }
}

/// A document without a content security policy could run scripts, and `/api` sets none.
#[tokio::test]
async fn paths_under_api_are_never_answered_with_documents() {
    let app = TestApp::start(Database::Sqlite).await;
    for path in ["/api/", "/api/nothing", "/api/socket", "/api/receive"] {
        let answer = app.anonymous().visit(path).await;
        assert!(!answer.text().contains("<html"), "{path}: {}", answer.text());
        assert!(!answer.status.is_success(), "{path}");
    }
}

#[tokio::test]
async fn healthz_fails_when_the_database_cannot_be_read() {
    let app = TestApp::start(Database::Sqlite).await;
    let answer = app.anonymous().visit("/healthz").await;
    assert_eq!((answer.status, answer.text().as_str()), (StatusCode::OK, "ok\n"));
    app.execute("ALTER TABLE users RENAME TO gone").await;
    let answer = app.anonymous().visit("/healthz").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn healthz_fails_when_the_writer_has_ended() {
    static BROKEN: AtomicBool = AtomicBool::new(false);
    fn clock() -> Timestamp {
        assert!(!BROKEN.load(Ordering::SeqCst), "as the test wants it");
        system_clock()
    }
    let app = TestApp::with(Database::Sqlite, |setup| setup.clock = clock).await;
    app.person("ann").await;
    assert_eq!(app.anonymous().visit("/healthz").await.status, StatusCode::OK);
    BROKEN.store(true, Ordering::SeqCst);
    let fields = [("username", "bob"), ("display_name", "Bob"), ("password", PASSWORD)];
    let answer = app.anonymous().call("register", &fields).await;
    assert_eq!(answer.error(), KithError::TryAgain);
    let answer = app.anonymous().visit("/healthz").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn internal_errors_do_not_reach_the_caller() {
    let app = TestApp::start(Database::Sqlite).await;
    let (ann, bob) = app.two_friends().await;
    app.execute("ALTER TABLE message RENAME TO gone").await;
    for answer in [
        ann.try_send(bob.contact(), &client_id(), "hello").await,
        ann.ask("load_page", json!({})).await,
    ] {
        assert_eq!(answer.error(), KithError::TryAgain);
        let text = answer.text().to_lowercase();
        for inside in ["message", "table", "sql", "select"] {
            assert!(!text.contains(inside), "{text}");
        }
    }
}
