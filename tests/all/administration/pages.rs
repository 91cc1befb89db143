//! The pages of the administration as the server sends them: complete without scripts, and only for
//! administrators.

use http::StatusCode;

use serde_json::json;

use crate::harness::{Answer, Browser, Database, PASSWORD, Person, TestApp};
use kith::model::{Group, GroupId};

const GIVEN: &str = "abcd-efgh-jkmn-pqrs";

/// The paths of all pages, for an existing account and group.
fn pages(user: &Person, group: GroupId) -> Vec<String> {
    let plain = ["", "/people", "/people/new", "/groups", "/groups/new", "/registration", "/log"];
    let mut pages: Vec<String> = plain.iter().map(|rest| format!("/admin{rest}")).collect();
    pages.push(format!("/admin/people/{}", user.id));
    pages.push(format!("/admin/groups/{group}"));
    pages
}

async fn new_group(owner: &Person, name: &str) -> GroupId {
    let body = json!({ "name": name, "description": "<i>d</i>", "invited": [] });
    owner.ask("create_group", body).await.ok::<Group>().id
}

/// Submits a form from a page, as a browser without scripts does, and follows the redirect.
async fn submit(person: &Person, name: &str, fields: &[(&str, &str)], page: &str) -> Answer {
    let me = person.id.to_string();
    let mut all = vec![("for_user", me.as_str())];
    all.extend_from_slice(fields);
    let answer = person.browser.submit(name, &all, page).await;
    person.browser.visit(answer.sent_on_to()).await
}

/// A document without its random parts.
fn without_nonce(answer: &Answer) -> String {
    let policy = answer.header("content-security-policy");
    let (_, nonce) = policy.split_once("'nonce-").expect("a nonce");
    let (nonce, _) = nonce.split_once('\'').expect("its end");
    answer.text().replace(nonce, "")
}

#[tokio::test]
async fn administration_pages_are_not_found_by_plain_users() {
    let app = TestApp::start(Database::Sqlite).await;
    let (ann, bob) = app.two_friends().await;
    let group = new_group(&ann, "Walkers").await;
    let nothing = bob.browser.visit("/nowhere").await;
    for path in pages(&ann, group) {
        let answer = bob.browser.visit(&path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(without_nonce(&answer), without_nonce(&nothing), "{path}");

        let stranger = app.anonymous().visit(&path).await;
        let sign_in = format!("/sign-in?back={}", path.replace('/', "%2F"));
        assert_eq!(stranger.sent_on_to(), sign_in);
    }
    for path in ["/admin/nowhere", "/admin/people/999", "/admin/groups/999", "/admin/people/x"] {
        let answer = ann.browser.visit(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(answer.text().contains("Page not found"), "{path}");
    }
}

#[tokio::test]
async fn administration_pages_are_complete_without_scripts_and_escape_text() {
    let app = TestApp::start(Database::Sqlite).await;
    let (ann, bob) = app.two_friends().await;
    let profile = [("display_name", "<b>Bob</b>"), ("bio", "</textarea><u>b</u>")];
    bob.call("set_profile", &profile).await.done();
    let group = new_group(&bob, "<s>Walkers</s>").await;
    bob.send(ann.contact(), "a word between us").await;
    let name = [
        ("user", &*bob.id.to_string()),
        ("username", "bob"),
        ("display_name", "<b>B</b>"),
        ("bio", "<u>b</u>"),
    ];
    ann.call("admin_edit_user", &name).await.done();
    ann.call("admin_create_link", &[("uses", "3"), ("days", "7")]).await.ok::<serde_json::Value>();

    for path in pages(&bob, group) {
        let answer = ann.browser.visit(&path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert!(answer.header("content-security-policy").contains("default-src 'self'"), "{path}");
        let html = answer.text();
        for part in ["<!DOCTYPE html>", "lang=\"en\"", "<h1>", "aria-current=\"page\"", "</html>"] {
            assert!(html.contains(part), "{path} has no {part}");
        }
        for part in ["<script", " style=", "<b>B", "<u>b", "<s>Walk", "<i>d", "a word between"] {
            assert!(!html.contains(part), "{path} has {part}");
        }
    }
    let html = ann.browser.visit("/admin/people?search=%3Cb").await.text();
    assert!(html.contains("&lt;b&gt;B&lt;/b&gt;"), "the name is there, as text");
}

#[tokio::test]
async fn administration_pages_use_the_readers_language_and_theme() {
    let app = TestApp::start(Database::Sqlite).await;
    let ann = app.person("ann").await;
    let cookie =
        app.anonymous().call("sign_in", &[("username", "ann"), ("password", PASSWORD)]).await;
    let cookie = cookie.cookie().expect("a cookie");
    let (cookie, _) = cookie.split_once(';').expect("a pair");
    let html = ann.browser.with("accept-language", "zh-CN,zh;q=0.9").visit("/admin").await.text();
    for part in ["lang=\"zh\"", "data-theme=\"system\"", "系统管理", "概览"] {
        assert!(html.contains(part), "{part}");
    }
    let chosen = format!("{cookie}; kith_language=zh; kith_theme=dark");
    let html = ann.browser.with("cookie", &chosen).visit("/admin/log").await.text();
    for part in ["lang=\"zh\"", "data-theme=\"dark\"", "审计日志"] {
        assert!(html.contains(part), "{part}");
    }
}

#[tokio::test]
async fn accepted_administration_form_returns_to_its_page_with_a_notice() {
    let app = TestApp::start(Database::Sqlite).await;
    let (ann, bob) = app.two_friends().await;
    let (page, user) = (format!("/admin/people/{}", bob.id), bob.id.to_string());
    let back = format!("{page}?done=disabled");
    let fields = [("user", user.as_str()), ("disabled", "true"), ("back", &back)];
    let html = submit(&ann, "admin_set_disabled", &fields, &page).await.text();
    assert!(html.contains(">The account is disabled."), "{html}");
    assert!(html.contains("Enable account"));
    assert_eq!(app.anonymous().visit("/admin/log").await.status, StatusCode::SEE_OTHER);
    let log = ann.browser.visit("/admin/log").await.text();
    assert!(log.contains("Disabled @bob"), "{log}");

    // The redirect never leads to another site.
    let fields = [("user", user.as_str()), ("disabled", "false"), ("back", "//evil.example")];
    let me = ann.id.to_string();
    let all = [&[("for_user", me.as_str())], fields.as_slice()].concat();
    assert_eq!(ann.browser.submit("admin_set_disabled", &all, &page).await.sent_on_to(), "/");

    // A new account leads to its own page.
    let fields = [("username", "eve"), ("display_name", "Eve"), ("password", GIVEN)];
    let html = submit(&ann, "admin_create_user", &fields, "/admin/people/new").await.text();
    assert!(
        html.contains("<title>Eve · Kith</title>") && html.contains("One-time password"),
        "{html}"
    );
    assert!(!html.contains(GIVEN), "a password comes back to nobody");
}

#[tokio::test]
async fn rejected_administration_form_keeps_the_fields_but_no_passwords() {
    let app = TestApp::start(Database::Sqlite).await;
    let ann = app.person("ann").await;
    let fields = [("username", "ANN"), ("display_name", "另 <u>one"), ("password", GIVEN)];
    let answer = submit(&ann, "admin_create_user", &fields, "/admin/people/new?done=saved").await;
    let html = answer.text();
    for part in [">This username is taken.", "value=\"ANN\"", "value=\"另 &lt;u&gt;one\""] {
        assert!(html.contains(part), "{part} in {html}");
    }
    for part in [GIVEN, "Saved.", "checked"] {
        assert!(!html.contains(part), "{part} in {html}");
    }
    let fields = [("owner", "zoe"), ("name", "Walkers"), ("description", "")];
    let html = submit(&ann, "admin_create_group", &fields, "/admin/groups/new").await.text();
    assert!(html.contains(">Nobody has this username."), "{html}");
    assert!(html.contains("value=\"Walkers\""));
}

#[tokio::test]
async fn failed_loads_show_an_error_and_no_empty_table() {
    let app = TestApp::start(Database::Sqlite).await;
    let ann = app.person("ann").await;
    app.execute("ALTER TABLE audit RENAME TO elsewhere").await;
    let answer = ann.browser.visit("/admin/log").await;
    assert!(answer.status.is_server_error(), "{}", answer.status);
    let html = answer.text();
    assert!(html.contains("role=\"alert\"") && !html.contains("<table"), "{html}");
}

/// Submits the plain form of the sign-in page.
async fn sign_in(browser: &Browser, password: &str) -> Answer {
    let fields = [("username", "bob"), ("password", password), ("back", "/settings")];
    browser.submit("sign_in", &fields, "/sign-in?back=%2Fsettings").await
}

#[tokio::test]
async fn signing_in_with_a_one_time_password_leads_to_choosing_another() {
    let app = TestApp::start(Database::Sqlite).await;
    let (ann, bob) = app.two_friends().await;
    let user = bob.id.to_string();
    ann.call("admin_set_password", &[("user", &user), ("password", GIVEN)]).await.done();

    let stranger = app.anonymous();
    let answer = sign_in(&stranger, GIVEN).await;
    let page = "/new-password?username=bob&back=%2Fsettings";
    assert_eq!((answer.sent_on_to(), answer.cookie()), (page, None));
    let html = stranger.visit(page).await.text();
    for part in ["action=\"/api/choose_password\"", "value=\"bob\"", "value=\"/settings\""] {
        assert!(html.contains(part), "{part} in {html}");
    }
    assert!(!html.contains("<script"));

    let chosen = |new: &'static str| {
        [("username", "bob"), ("password", GIVEN), ("new_password", new), ("back", "/settings")]
    };
    let answer = stranger.submit("choose_password", &chosen("short"), page).await;
    let html = stranger.visit(answer.sent_on_to()).await.text();
    assert!(html.contains("A password has 8 to 128 characters."), "{html}");
    assert!(!html.contains("short") && !html.contains(GIVEN));
    let answer = stranger.submit("choose_password", &chosen("my own horse"), page).await;
    assert_eq!(answer.sent_on_to(), "/settings");
    assert!(answer.cookie().is_some());
    assert_eq!(sign_in(&stranger, "my own horse").await.sent_on_to(), "/settings");
}

#[tokio::test]
async fn registration_page_accepts_only_valid_links() {
    let app = TestApp::start(Database::Sqlite).await;
    let ann = app.person("ann").await;
    ann.call("admin_set_registration", &[("mode", "by_link")]).await.done();
    let html = app.anonymous().visit("/register").await.text();
    assert!(html.contains("needs an invitation link") && !html.contains("action="), "{html}");

    ann.call("admin_create_link", &[("uses", "1"), ("days", "7")]).await.ok::<serde_json::Value>();
    let html = ann.browser.visit("/admin/registration").await.text();
    let (_, link) = html.split_once("value=\"http://kith.test").expect("the link's address");
    let (link, _) = link.split_once('"').expect("its end");
    let html = app.anonymous().visit(link).await.text();
    assert!(html.contains("You were invited"), "{html}");
    let (_, invite) = link.split_once('=').expect("a token");
    let fields =
        [("username", "eve"), ("display_name", "Eve"), ("password", PASSWORD), ("invite", invite)];
    let answer = app.anonymous().submit("register", &fields, link).await;
    assert_eq!(answer.sent_on_to(), "/");
    let html = app.anonymous().visit(link).await.text();
    assert!(html.contains("does not hold any more") && !html.contains("action="), "{html}");
}
