//! The text of messages in a page: it stays text, with links to the web alone.

use super::{samples, text_of};
use crate::harness::{Database, TestApp};
use kith::model::limits::HISTORY_PAGE;

const PARTS: &[&str] = &[
    "https://example.org",
    "http://a.b/?c=d&e=\"f\"",
    "HTTPS://",
    "javascript:alert(1)",
    "data:x",
    "ftp://a.b/",
    "/a(b)",
    "<b>",
    "</p>",
    "<script>",
    "&lt;",
    "&amp;",
    "\"",
    "'",
    "，",
    " ",
    "\n",
    "//evil.example",
    "mailto:a@b.c",
    "@{1}",
    "www.example.org",
];

/// The elements of this class, with their tags.
fn elements<'a>(html: &'a str, start: &str, end: &str) -> Vec<&'a str> {
    let parts = html.split(start).skip(1);
    parts.map(|part| part.split_once(end).expect("the end of the element").0).collect()
}

/// The tags of this HTML, and its text.
fn tags_and_text(html: &str) -> (Vec<&str>, String) {
    let (mut tags, mut text, mut rest) = (Vec::new(), String::new(), html);
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        let (tag, after) = after.split_once('>').expect("the end of the tag");
        // A comment is a mark of the framework.
        if !tag.starts_with('!') {
            tags.push(tag);
        }
        rest = after;
    }
    text.push_str(rest);
    (tags, unescaped(&text))
}

fn unescaped(text: &str) -> String {
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    text.replace("&#x27;", "'").replace("&#39;", "'").replace("&amp;", "&")
}

#[tokio::test]
async fn message_text_stays_text_and_links_lead_to_the_web() {
    let app = TestApp::start(Database::Sqlite).await;
    let (ann, bob) = app.two_friends().await;
    let mut sent = Vec::new();
    for text in samples(&text_of(PARTS), 200) {
        let answer = ann.try_send(bob.contact(), &crate::harness::client_id(), &text).await;
        if answer.status.is_success() {
            sent.push(answer.ok::<kith::model::Message>().text);
        }
        if sent.len() as i64 == HISTORY_PAGE {
            break;
        }
    }
    let page = format!("/chats/{}", bob.contact());
    let html = ann.browser.visit(&page).await.text();
    let shown = elements(&html, "<p class=\"message-text\">", "</p>");
    // The document has the newest messages, as many as fill a window.
    assert!(shown.len() > 10, "{} messages are in the document", shown.len());
    for (shown, text) in shown.iter().zip(&sent[sent.len() - shown.len()..]) {
        let (tags, inside) = tags_and_text(shown);
        assert_eq!(&inside, text, "{shown}");
        for tag in tags {
            let link = tag.strip_prefix("a href=\"").map(unescaped);
            let to_the_web = link.is_some_and(|address| {
                let address = address.to_lowercase();
                address.starts_with("https://") || address.starts_with("http://")
            });
            assert!(tag == "/a" || to_the_web, "<{tag}> in {shown}");
        }
    }
}
