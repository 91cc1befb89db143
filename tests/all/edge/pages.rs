//! Documents as the server sends them: complete without scripts, and with nobody else's data.

use http::StatusCode;

use tokio::time::timeout;

use crate::harness::{Database, PASSWORD, PATIENCE, Person, TestApp};
use kith::model::GroupId;

/// The value of this name in the query.
fn query(address: &str, name: &str) -> Option<String> {
    let (_, query) = address.split_once('?')?;
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    pairs.find_map(|(key, value)| (key == name).then(|| value.into_owned()))
}

#[tokio::test]
async fn signed_out_visitors_are_redirected_to_sign_in_and_back() {
    let app = TestApp::start(Database::Sqlite).await;
    app.person("ann").await;
    for path in
        ["/", "/chats", "/chats/user-3?x=y&z=%26", "/friends", "/groups/group-1", "/settings"]
    {
        let answer = app.anonymous().visit(path).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
        let sign_in = answer.sent_on_to().to_string();
        assert!(sign_in.starts_with("/sign-in?back="), "{sign_in}");
        assert_eq!(query(&sign_in, "back").as_deref(), Some(path));

        // The form has the requested page as a field, and redirects to it.
        let html = app.anonymous().visit(&sign_in).await.text();
        let escaped = path.replace('&', "&amp;");
        assert!(html.contains(&format!("value=\"{escaped}\"")), "{path}: {html}");
        let fields = [("username", "ann"), ("password", PASSWORD), ("back", path)];
        let answer = app.anonymous().submit("sign_in", &fields, &sign_in).await;
        assert_eq!(answer.sent_on_to(), path);
    }
}

#[tokio::test]
async fn signed_in_visitors_are_redirected_away_from_the_entrance_pages() {
    let app = TestApp::start(Database::Sqlite).await;
    let ann = app.person("ann").await;
    for path in ["/sign-in", "/register", "/sign-in?back=%2Fsettings"] {
        let answer = ann.browser.visit(path).await;
        assert_eq!(answer.sent_on_to(), "/", "{path}");
    }
    assert_eq!(ann.browser.visit("/").await.sent_on_to(), "/chats");
}

#[tokio::test]
async fn unknown_paths_are_answered_with_404() {
    let app = TestApp::start(Database::Sqlite).await;
    let ann = app.person("ann").await;
    for browser in [&app.anonymous(), &ann.browser] {
        for path in ["/nowhere", "/sign-in/deeper", "/favicon.ico.map"] {
            let answer = browser.visit(path).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
            assert!(answer.text().contains("Page not found"), "{path}");
        }
    }
}

#[tokio::test]
async fn entrance_pages_work_without_scripts() {
    let app = TestApp::start(Database::Sqlite).await;
    let token = app.kith.setup_token().await.expect("an answer").expect("a token").to_string();
    let needed = app.anonymous().visit("/register").await;
    assert_eq!(needed.status, StatusCode::OK);
    assert!(needed.text().contains("open the set-up link"));
    assert!(!needed.text().contains("action=\"/api/register\""));

    let first = app.anonymous().visit(&format!("/register?setup={token}")).await.text();
    for part in ["action=\"/api/register\"", "method=\"post\"", "name=\"password\"", &token] {
        assert!(first.contains(part), "{part}");
    }
    let sign_in = app.anonymous().visit("/sign-in").await.text();
    for part in ["action=\"/api/sign_in\"", "method=\"post\"", "name=\"username\""] {
        assert!(sign_in.contains(part), "{part}");
    }
}

#[tokio::test]
async fn closed_registration_page_has_no_form() {
    let app = TestApp::with(Database::Sqlite, |setup| setup.policy.registration_open = false).await;
    app.person("ann").await;
    let html = app.anonymous().visit("/register").await.text();
    assert!(html.contains("Registration is closed"), "{html}");
    assert!(!html.contains("action=\"/api/register\""));
}

/// Registers a person with this display name.
async fn named(app: &TestApp, username: &str, display_name: &str) -> Person {
    let fields = [("username", username), ("display_name", display_name), ("password", PASSWORD)];
    let browser = app.anonymous();
    let answer = browser.call("register", &fields).await;
    Person::from_sign_in(&browser, &answer).await
}

#[tokio::test]
async fn chat_page_is_rendered_completely_and_escapes_markup() {
    const NAME: &str = "<b>x</b><img src=a onerror=b>";
    const TEXT: &str = "<script>alert('x')</script></script><!-- & \"q\"";
    const NOTE: &str = "<i>note</i></script><script>";
    let app = TestApp::start(Database::Sqlite).await;
    let ann = app.person("ann").await;
    let bob = named(&app, "bob", NAME).await;
    let cid = named(&app, "cid", "</title><u>cid</u>").await;
    ann.befriend(&bob).await;
    bob.send(ann.contact(), TEXT).await;
    cid.request_friend(&ann, NOTE).await.done();
    app.seed_group(GroupId(50), &[&ann]).await;
    app.execute("UPDATE chat_group SET name = '<s>group</s>'").await;
    let bio = "</textarea><em>bio</em>";
    app.execute(&format!("UPDATE users SET bio = '{bio}' WHERE id = {}", ann.id)).await;

    let open = format!("/chats/{}", bob.contact());
    let beside_friends = format!("/friends/{}", bob.contact());
    for path in [open.as_str(), "/chats", &beside_friends, "/groups", "/settings"] {
        let answer = ann.browser.visit(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.header("cache-control"), "no-store");
        let html = answer.text();
        for markup in [
            "<b>x",
            "<img src=a",
            "<script>alert",
            "<i>note",
            "<u>cid",
            "<s>group",
            "<em>bio",
            "<!-- & \"q",
        ] {
            assert!(!html.contains(markup), "{path} contains {markup}");
        }
    }
    let html = ann.browser.visit(&open).await.text();
    assert!(html.contains("&lt;b&gt;x&lt;/b&gt;"), "the name is there, as text");
    assert!(html.contains("&lt;script&gt;alert"), "the message is there, as text");
    let html = ann.browser.visit("/friends").await.text();
    assert!(html.contains("&lt;i&gt;note&lt;/i&gt;"), "the note is there, as text");
    let html = ann.browser.visit("/settings").await.text();
    assert!(html.contains("&lt;/textarea&gt;&lt;em&gt;"), "the bio is there, as text");
}

#[tokio::test]
async fn chat_page_never_shows_conversations_of_others() {
    let app = TestApp::start(Database::Sqlite).await;
    let (ann, bob) = app.two_friends().await;
    let eve = app.person("eve").await;
    ann.send(bob.contact(), "between us two").await;
    for contact in [ann.contact(), bob.contact()] {
        let answer = eve.browser.visit(&format!("/chats/{contact}")).await;
        assert!(!answer.text().contains("between us two"));
    }
    let html = bob.browser.visit(&format!("/chats/{}", ann.contact())).await.text();
    assert!(html.contains("between us two"));
}

#[tokio::test]
async fn title_counts_the_conversations_with_unread_messages() {
    let app = TestApp::start(Database::Sqlite).await;
    let (ann, bob) = app.two_friends().await;
    ann.send(bob.contact(), "one").await;
    ann.send(bob.contact(), "two").await;
    for (person, title) in [(&ann, "<title>Kith</title>"), (&bob, "<title>(1) Kith</title>")] {
        let html = person.browser.visit("/friends").await.text();
        assert!(html.contains(title), "{}: {title}", person.username);
    }
}

#[tokio::test]
async fn pages_use_the_language_of_accept_language() {
    let app = TestApp::start(Database::Sqlite).await;
    for (asked, lang, word) in [
        ("zh-CN,zh;q=0.9,en;q=0.5", "zh", "登录"),
        ("en-GB,en;q=0.9", "en", "Sign in"),
        ("fr", "en", "Sign in"),
    ] {
        let html = app.anonymous().with("accept-language", asked).visit("/sign-in").await.text();
        assert!(html.contains(&format!("lang=\"{lang}\"")), "{asked}: {html}");
        assert!(html.contains(word), "{asked}");
    }
}

/// Rendering must share nothing between requests, whichever thread renders and in whatever order
/// the data arrive.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_page_loads_are_all_answered() {
    let app = TestApp::start(Database::Sqlite).await;
    let (ann, bob) = app.two_friends().await;
    ann.send(bob.contact(), "hello").await;
    let open = format!("/chats/{}", bob.contact());
    let visits = (0..8).map(|_| {
        let (browser, open) = (ann.browser.clone(), open.clone());
        tokio::spawn(async move {
            for path in ["/settings", "/chats", &open, "/friends", "/groups"].repeat(8) {
                let answer = timeout(PATIENCE, browser.visit(path)).await;
                let answer = answer.unwrap_or_else(|_| panic!("{path} never came"));
                assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
                assert!(answer.text().ends_with("</script>"), "{path} is whole");
            }
        })
    });
    for visits in visits.collect::<Vec<_>>() {
        visits.await.expect("every page was served");
    }
}
