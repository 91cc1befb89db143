//! What was typed into a plain form that was refused: it comes back in the page, once, to its
//! sender, and is never in an address.

use std::time::Duration;

use crate::harness::{Browser, Database, Person, TestApp};
use kith::model::limits::MESSAGE_MAX;

/// Sends a message that is too long by the plain form. Returns the address to which that leads, and
/// the beginning of the message.
async fn refused_message(from: &Person, to: &Person) -> (String, String) {
    let (me, contact) = (from.id.to_string(), to.contact().to_string());
    let beginning = format!("between us, {}", from.username);
    let text = format!("{beginning} {}", "x".repeat(MESSAGE_MAX));
    let fields = [
        ("for_user", me.as_str()),
        ("contact", &contact),
        ("client_id", "client-7c1f"),
        ("text", &text),
    ];
    let page = format!("/chats/{contact}");
    let answer = from.browser.submit("send_message", &fields, &page).await;
    (answer.sent_on_to().to_string(), beginning)
}

async fn shows(browser: &Browser, address: &str, text: &str) -> bool {
    browser.visit(address).await.text().contains(text)
}

#[tokio::test]
async fn refused_message_is_in_its_page_once_and_in_no_address() {
    let app = TestApp::start(Database::Sqlite).await;
    let (ann, bob) = app.two_friends().await;
    let (address, text) = refused_message(&ann, &bob).await;
    assert!(address.starts_with(&format!("/chats/{}?", bob.contact())), "{address}");
    for part in ["between", "xxxx", "client-7c1f", "text="] {
        assert!(!address.contains(part), "{part} in {address}");
    }
    assert!(!shows(&bob.browser, &address, &text).await, "it is not Bob's");
    assert!(!shows(&app.anonymous(), &address, &text).await);
    let html = ann.browser.visit(&address).await.text();
    assert!(html.contains(&text) && html.contains("at most 4,000 characters"), "{html}");
    assert!(!shows(&ann.browser, &address, &text).await, "once");
}

#[tokio::test]
async fn refused_message_is_forgotten_after_a_minute() {
    let app = TestApp::start(Database::Sqlite).await;
    let (ann, bob) = app.two_friends().await;
    let (late, text) = refused_message(&ann, &bob).await;
    app.forward(Duration::from_secs(60)).await;
    assert!(!shows(&ann.browser, &late, &text).await);
    let (in_time, text) = refused_message(&ann, &bob).await;
    app.forward(Duration::from_secs(50)).await;
    assert!(shows(&ann.browser, &in_time, &text).await);
}

#[tokio::test]
async fn text_of_every_refused_form_stays_out_of_the_address() {
    let app = TestApp::start(Database::Sqlite).await;
    let ann = app.person("ann").await;
    let me = ann.id.to_string();
    let secret = "secret-31d8";
    // A value that each form refuses, beside a text.
    for (call, refused, text, page) in [
        ("set_profile", ("display_name", ""), "bio", "/settings"),
        ("request_friend", ("user", "99"), "note", "/friends/user-99"),
        ("admin_revoke_link", ("none", ""), "token", "/admin/registration"),
        ("admin_create_user", ("username", "a b"), "display_name", "/admin/people/new"),
        ("admin_create_group", ("owner", "nobody"), "description", "/admin/groups/new"),
        ("join_by_link", ("none", ""), "token", "/chats"),
        ("set_remark", ("user", "99"), "remark", "/friends/user-99"),
        ("change_password", ("password", "wrong horse"), "new_password", "/settings"),
    ] {
        let mut fields = vec![("for_user", me.as_str()), refused, (text, secret), ("name", "a")];
        if refused.0 != "password" {
            fields.push(("password", "p"));
        }
        let answer = ann.browser.submit(call, &fields, page).await;
        let address = answer.sent_on_to();
        assert!(address.starts_with(page) && address.contains("__err="), "{call}: {address}");
        assert!(!address.contains(secret), "{call}: {address}");
    }
    let stranger = app.anonymous();
    let fields = [("username", secret), ("password", "wrong horse"), ("back", "/settings")];
    let answer = stranger.submit("sign_in", &fields, "/sign-in?back=%2Fsettings").await;
    let address = answer.sent_on_to().to_string();
    assert!(!address.contains(secret) && address.contains("back=%2Fsettings"), "{address}");
    assert!(shows(&stranger, &address, &format!("value=\"{secret}\"")).await);
}
