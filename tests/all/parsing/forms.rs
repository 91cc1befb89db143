//! Forms that come back with an error, and the page that they lead to: always on this site, and
//! without what was typed in its address.

use std::collections::BTreeMap;

use url::Url;

use super::{samples, text_of};
use crate::harness::{Database, PASSWORD, TestApp};

const SITE: &str = "http://kith.test";

const PATHS: &[&str] = &[
    "/",
    "//",
    "/\\",
    "\\",
    "\t",
    "\n",
    "evil.example",
    "http:",
    "https://evil.example",
    "@",
    ":",
    "chats",
    "?",
    "#",
    "%2F",
    "..",
    "javascript:",
];

/// The address to which a browser follows this redirect from a page of the site.
fn followed(location: &str) -> Url {
    let page = Url::parse(SITE).expect("an address").join("/sign-in").expect("a page");
    page.join(location).expect("an address")
}

fn on_this_site(address: &Url) -> bool {
    address.origin() == Url::parse(SITE).expect("an address").origin()
}

#[tokio::test]
async fn redirect_after_signing_in_never_leaves_the_site() {
    let app = TestApp::start(Database::Sqlite).await;
    app.person("ann").await;
    for back in samples(&text_of(PATHS), 200) {
        let fields = [("username", "ann"), ("password", PASSWORD), ("back", &*back)];
        let answer = app.anonymous().submit("sign_in", &fields, "/sign-in").await;
        let address = followed(answer.sent_on_to());
        assert!(on_this_site(&address), "{back:?} leads to {address}");
    }
}

#[tokio::test]
async fn address_after_a_rejected_form_has_no_typed_field_and_stays_on_the_site() {
    let app = TestApp::start(Database::Sqlite).await;
    app.person("ann").await;
    let value = || text_of(&["&", "=", "%", "+", "#", "?", "<b>", "\"", "李", "\r\n", "__err"]);
    let form = (value(), value(), value(), text_of(PATHS));
    for (username, display_name, bio, path) in samples(&form, 100) {
        let secret = "short";
        let fields = [
            ("username", &*username),
            ("display_name", &*display_name),
            ("password", secret),
            ("new_password", secret),
            ("bio", &*bio),
        ];
        let page = format!("/register?back={}", path.replace(['\t', '\n', '#', '\\'], ""));
        let Ok(_) = format!("{SITE}{page}").parse::<http::Uri>() else { continue };
        if !page.is_ascii() {
            continue;
        }
        let answer = app.anonymous().submit("register", &fields, &page).await;
        let address = followed(answer.sent_on_to());
        assert!(on_this_site(&address), "{page:?} leads to {address}");
        let query: BTreeMap<String, String> = address.query_pairs().into_owned().collect();
        for (name, _) in fields {
            assert_eq!(query.get(name), None, "{name} in {address}");
        }
        assert!(query.contains_key("__err"), "{address}");
    }
}
