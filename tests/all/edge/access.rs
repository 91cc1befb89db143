//! Permissions of the server functions: one row for each that is registered. A new function without
//! a row fails here.

use std::collections::BTreeSet;

use http::Method;

use serde_json::{Value, json};

use crate::harness::{Answer, Browser, Database, PASSWORD, Person, TestApp, client_id};
use kith::model::administration::RegistrationLink;
use kith::model::{Contact, Group, GroupId, JoinLink, SignIn, Snapshot};

/// The input of one function, and the status that each caller gets.
struct Row {
    input: Input,
    statuses: Statuses,
}

/// The status for a caller who is not signed in; for Bob, with Ann's very request; for Eve, in her
/// own name and for Ann's things; and for Ann.
type Statuses = (u16, u16, u16, u16);

enum Input {
    Form(Vec<(&'static str, String)>),
    Json(Value),
}

/// The people and things that the calls name. Ann has a friend Bob, a request from Cid, and a group
/// of her own. Eve is a stranger to all of them.
struct World {
    ann: Person,
    bob: Person,
    cid: Person,
    dan: Person,
    eve: Person,
    /// A sign-in of Ann's that does not make these calls.
    spare_sign_in: String,
    /// A group of Ann's without other members, which Cid asks to join by its link.
    group: GroupId,
    /// The token of its link.
    join: String,
    /// The token of a link with which people may register.
    link: String,
}

/// The text of Ann's messages, and the name of her group.
const SECRET: &str = "between us alone";

const FOR_ANYBODY: Statuses = (200, 200, 200, 200);

/// What all may do with their own account and in their own name.
const FOR_ONESELF: Statuses = (401, 409, 200, 200);

/// What the members of a conversation may do there.
const FOR_MEMBERS: Statuses = (401, 409, 403, 200);

/// To others it is as if there were no administration.
const FOR_ADMINISTRATORS: Statuses = (401, 404, 404, 200);

fn row(path: &str, world: &World) -> Row {
    let ann = world.ann.id;
    let bob = world.bob.contact();
    let form = |fields: Vec<(&'static str, String)>| Input::Form(fields);
    let for_ann = |mut fields: Vec<(&'static str, String)>| {
        fields.push(("for_user", ann.to_string()));
        Input::Form(fields)
    };
    let user = |person: &Person| ("user", person.id.to_string());
    let group = json!({ "for_user": ann, "group": world.group });
    let text = |name: &'static str, text: &str| (name, text.to_string());
    let (input, statuses) = match path {
        "/api/registration" => (Input::Json(json!({})), FOR_ANYBODY),
        "/api/register" => {
            let fields = vec![
                ("username", format!("new-{}", &client_id()[..8])),
                text("display_name", "New"),
                text("password", PASSWORD),
            ];
            (form(fields), FOR_ANYBODY)
        }
        "/api/sign_in" => {
            (form(vec![text("username", "ann"), text("password", PASSWORD)]), FOR_ANYBODY)
        }
        "/api/sign_out" => (form(vec![]), FOR_ANYBODY),
        "/api/sign_ins" => (Input::Json(json!({})), (401, 200, 200, 200)),
        "/api/revoke_sign_in" => {
            (form(vec![("id", world.spare_sign_in.clone())]), (401, 404, 404, 200))
        }
        "/api/load_page" => (Input::Json(json!({ "contact": bob })), (401, 200, 200, 200)),
        "/api/find_people" => {
            (Input::Json(json!({ "for_user": ann, "text": "bob", "after": null })), FOR_ONESELF)
        }
        "/api/people_by_id" => {
            (Input::Json(json!({ "for_user": ann, "ids": [world.bob.id] })), FOR_ONESELF)
        }
        "/api/profile" => {
            (Input::Json(json!({ "for_user": ann, "user": world.bob.id })), FOR_ONESELF)
        }
        "/api/set_profile" => {
            (for_ann(vec![text("display_name", "Anna"), text("bio", "Hello")]), FOR_ONESELF)
        }
        "/api/change_password" => {
            let new = text("new_password", "another horse");
            (for_ann(vec![text("password", PASSWORD), new]), FOR_ONESELF)
        }
        // Ann is the only administrator.
        "/api/delete_account" => (for_ann(vec![text("password", PASSWORD)]), (401, 409, 200, 409)),
        "/api/remove_friend" => (for_ann(vec![user(&world.bob)]), FOR_ONESELF),
        "/api/set_remark" => {
            (for_ann(vec![user(&world.bob), text("remark", "B")]), (401, 409, 404, 200))
        }
        "/api/set_blocked" => {
            (for_ann(vec![user(&world.bob), text("blocked", "true")]), FOR_ONESELF)
        }
        "/api/typing" => (Input::Json(json!({ "for_user": ann, "contact": bob })), FOR_MEMBERS),
        "/api/request_friend" => (for_ann(vec![user(&world.dan), text("note", "")]), FOR_ONESELF),
        "/api/accept_friend" => (for_ann(vec![user(&world.cid)]), (401, 409, 404, 200)),
        "/api/decline_friend" => (for_ann(vec![user(&world.dan)]), FOR_ONESELF),
        "/api/send_message" => {
            let fields =
                vec![("contact", bob.to_string()), ("client_id", client_id()), text("text", "hi")];
            (for_ann(fields), FOR_MEMBERS)
        }
        "/api/history" => (Input::Json(json!({ "for_user": ann, "contact": bob })), FOR_MEMBERS),
        "/api/mark_read" => {
            (Input::Json(json!({ "for_user": ann, "contact": bob, "seq": 1 })), FOR_MEMBERS)
        }
        "/api/recall_message" | "/api/hide_message" => {
            (Input::Json(json!({ "for_user": ann, "contact": bob, "seq": 1 })), FOR_MEMBERS)
        }
        "/api/set_chat" => {
            (Input::Json(json!({ "for_user": ann, "contact": bob, "pinned": true })), FOR_MEMBERS)
        }
        "/api/clear_chat" => (
            Input::Json(json!({ "for_user": ann, "contact": bob, "seq": 1, "hide": false })),
            FOR_MEMBERS,
        ),
        "/api/create_group" => {
            let body = json!({ "for_user": ann, "name": "New", "description": "", "invited": [] });
            (Input::Json(body), FOR_ONESELF)
        }
        "/api/group_members" | "/api/members_here" | "/api/revoke_join_link" => {
            (Input::Json(group), FOR_MEMBERS)
        }
        // Nobody invited Eve.
        "/api/accept_group" => (Input::Json(group), (401, 409, 404, 200)),
        "/api/make_join_link" => (Input::Json(with(group, json!({ "days": 7 }))), FOR_MEMBERS),
        "/api/set_approval" => (Input::Json(with(group, json!({ "approve": true }))), FOR_MEMBERS),
        // The token is the permission.
        "/api/join_offer" => (Input::Json(json!({ "token": world.join })), (401, 200, 200, 200)),
        "/api/join_by_link" => (for_ann(vec![text("token", &world.join)]), FOR_ONESELF),
        "/api/answer_join_request" => {
            let group = ("group", world.group.to_string());
            (for_ann(vec![group, user(&world.cid), text("accept", "true")]), FOR_MEMBERS)
        }
        // The owner hands it over first.
        "/api/leave_group" => (Input::Json(group), (401, 409, 200, 403)),
        "/api/disband_group" => (Input::Json(group), FOR_MEMBERS),
        "/api/set_group" => {
            let names = json!({ "name": "Other", "description": "", "max_members": 9 });
            (Input::Json(with(group, names)), FOR_MEMBERS)
        }
        "/api/invite_to_group" => {
            (Input::Json(with(group, json!({ "users": [world.bob.id] }))), FOR_MEMBERS)
        }
        "/api/close_group_invitation" => {
            (Input::Json(with(group, json!({ "user": world.bob.id }))), FOR_MEMBERS)
        }
        "/api/remove_member" => {
            (Input::Json(with(group, json!({ "user": world.bob.id }))), FOR_MEMBERS)
        }
        // Bob is no member.
        "/api/set_role" => {
            let role = json!({ "user": world.bob.id, "role": "admin" });
            (Input::Json(with(group, role)), (401, 409, 403, 404))
        }
        "/api/receive" => (Input::Json(json!({ "for_user": ann, "hold_ms": 0 })), FOR_ONESELF),
        // Nobody has a one-time password.
        "/api/choose_password" => {
            let new = text("new_password", "another horse");
            (
                form(vec![text("username", "bob"), text("password", PASSWORD), new]),
                (401, 401, 401, 401),
            )
        }
        path if path.starts_with("/api/admin_") => administrative(path, world),
        other => panic!("{other} has no row: say who may call it"),
    };
    Row { input, statuses }
}

/// The rows of what only administrators may call. Ann is the only one.
fn administrative(path: &str, world: &World) -> (Input, Statuses) {
    let with = |fields: &[(&'static str, &str)]| {
        let mut all = vec![("for_user", world.ann.id.to_string())];
        all.extend(fields.iter().map(|(name, value)| (*name, value.to_string())));
        Input::Form(all)
    };
    let (bob, cid) = (&*world.bob.id.to_string(), &*world.cid.id.to_string());
    let (ann, group) = (&*world.ann.id.to_string(), &*world.group.to_string());
    let input = match path {
        "/api/admin_overview" | "/api/admin_registration" => Input::Json(json!({})),
        "/api/admin_log" => Input::Json(json!({ "page": 1 })),
        "/api/admin_accounts" => Input::Json(json!({ "query": { "search": "b", "page": 1 } })),
        "/api/admin_account" => Input::Json(json!({ "user": world.bob.id })),
        "/api/admin_groups" => Input::Json(json!({ "search": "", "page": 1 })),
        "/api/admin_group" => Input::Json(json!({ "group": world.group })),
        "/api/admin_create_user" => with(&[
            ("username", "new"),
            ("display_name", "New"),
            ("password", "to be replaced"),
            ("administrator", "true"),
        ]),
        "/api/admin_edit_user" => {
            with(&[("user", bob), ("username", "bobby"), ("display_name", "B"), ("bio", "")])
        }
        "/api/admin_set_disabled" => with(&[("user", bob), ("disabled", "true")]),
        "/api/admin_set_password" => with(&[("user", bob), ("password", "to be replaced")]),
        "/api/admin_sign_out_user" => with(&[("user", bob)]),
        "/api/admin_set_administrator" => with(&[("user", bob), ("administrator", "true")]),
        "/api/admin_delete_user" => with(&[("user", cid)]),
        "/api/admin_end_friendship" => with(&[("user", ann), ("friend", bob)]),
        "/api/admin_create_group" => {
            with(&[("owner", "BOB"), ("name", "Walkers"), ("description", "")])
        }
        "/api/admin_edit_group" => {
            with(&[("group", group), ("name", "Other"), ("description", ""), ("max_members", "9")])
        }
        "/api/admin_end_join_link" => with(&[("group", group)]),
        "/api/admin_add_member" => with(&[("group", group), ("username", "Bob")]),
        "/api/admin_remove_member" => with(&[("group", group), ("user", bob)]),
        // Bob is no member.
        "/api/admin_set_role" => {
            let fields = [("group", group), ("user", bob), ("role", "admin")];
            return (with(&fields), (401, 404, 404, 404));
        }
        "/api/admin_disband_group" => with(&[("group", group)]),
        "/api/admin_set_registration" => with(&[("mode", "by_link")]),
        "/api/admin_create_link" => with(&[("uses", "3"), ("days", "7")]),
        "/api/admin_revoke_link" => with(&[("token", &world.link)]),
        other => panic!("{other} has no row: say who may call it"),
    };
    (input, FOR_ADMINISTRATORS)
}

/// Puts the fields of one object over those of another.
fn with(mut object: Value, more: Value) -> Value {
    if let (Value::Object(object), Value::Object(more)) = (&mut object, more) {
        object.extend(more);
    }
    object
}

impl World {
    async fn new(app: &TestApp) -> Self {
        let (ann, bob) = app.two_friends().await;
        let (cid, dan) = (app.person("cid").await, app.person("dan").await);
        let eve = app.person("eve").await;
        cid.request_friend(&ann, "").await.done();
        ann.send(bob.contact(), SECRET).await;
        ann.other_device(app).await;
        let sign_ins: Vec<SignIn> = ann.ask("sign_ins", json!({})).await.ok();
        let spare = sign_ins.iter().find(|sign_in| !sign_in.current).expect("a spare sign-in");
        let group: Group = ann.create_group(SECRET, &[]).await.ok();
        ann.send(Contact::Group(group.id), SECRET).await;
        let link: RegistrationLink =
            ann.call("admin_create_link", &[("uses", "1"), ("days", "1")]).await.ok();
        let (spare_sign_in, link, group) = (spare.id.to_string(), link.token, group.id);
        let join = ann.make_link(group).await.ok::<JoinLink>().token;
        ann.set_approval(group, true).await.done();
        cid.join_by_link(&join).await.done();
        Self { spare_sign_in, group, join, link, ann, bob, cid, dan, eve }
    }
}

async fn call(browser: &Browser, path: &str, input: &Input) -> Answer {
    let name = path.trim_start_matches("/api/");
    match input {
        Input::Form(fields) => {
            let fields: Vec<(&str, &str)> =
                fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            browser.call(name, &fields).await
        }
        Input::Json(body) => browser.ask(name, body).await,
    }
}

fn registered() -> BTreeSet<(String, Method)> {
    server_fn::axum::server_fn_paths().map(|(path, method)| (path.to_string(), method)).collect()
}

/// The request as Eve makes it: for herself, and about Ann's group instead of Ann's friend.
fn by_eve(input: Input, world: &World) -> Input {
    let eve = world.eve.id;
    let group = Contact::Group(world.group);
    match input {
        Input::Form(mut fields) => {
            for (name, value) in &mut fields {
                match *name {
                    "for_user" => *value = eve.to_string(),
                    "contact" => *value = group.to_string(),
                    _ => {}
                }
            }
            Input::Form(fields)
        }
        Input::Json(mut body) => {
            for (name, value) in [("for_user", json!(eve)), ("contact", json!(group))] {
                if body.get(name).is_some() {
                    body[name] = value;
                }
            }
            Input::Json(body)
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum By {
    Nobody,
    Bob,
    Eve,
    Ann,
}

#[tokio::test]
async fn every_server_function_answers_each_caller_as_the_table_says() {
    let paths = registered();
    assert!(paths.len() >= 24, "{paths:?}");
    let mut unchanged = None;
    let mut wrong = Vec::new();
    for (path, _) in paths {
        for by in [By::Nobody, By::Bob, By::Eve, By::Ann] {
            // A new world after each call that may have changed it.
            let (app, world) = match unchanged.take() {
                Some(before) => before,
                None => {
                    let app = TestApp::start(Database::Sqlite).await;
                    let world = World::new(&app).await;
                    (app, world)
                }
            };
            let Row { input, statuses: (nobody, bob, eve, ann) } = row(&path, &world);
            let (browser, input, wanted) = match by {
                By::Nobody => (app.anonymous(), input, nobody),
                By::Bob => (world.bob.browser.clone(), input, bob),
                By::Eve => (world.eve.browser.clone(), by_eve(input, &world), eve),
                By::Ann => (world.ann.browser.clone(), input, ann),
            };
            let mut at_ann = world.ann.cursor().await;
            let before = app.number("SELECT id FROM log_head").await;
            let answer = call(&browser, &path, &input).await;
            let status = answer.status.as_u16();
            if status != wanted {
                wrong.push(format!("{path} {by:?}: {status}, not {wanted}: {}", answer.text()));
            }
            if by == By::Eve {
                // The join link shows its group, and its use tells Ann of a join request. All
                // users hear of a new name and of a deleted account.
                let told = path == "/api/join_offer";
                let heard = ["/api/join_by_link", "/api/set_profile", "/api/delete_account"]
                    .contains(&&*path);
                assert!(told || !answer.text().contains(SECRET), "{path}: {}", answer.text());
                let events = world.ann.catch_up(&mut at_ann).await;
                if !heard && !events.is_empty() {
                    wrong.push(format!("{path} reached Ann: {events:?}"));
                }
            }
            if status >= 400 {
                answer.error();
                let sends = "SELECT COUNT(*) FROM event WHERE id > ";
                assert_eq!(app.number(&format!("{sends}{before}")).await, 0, "{path} {by:?}");
                unchanged = Some((app, world));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn calls_without_for_user_answer_for_the_user_of_the_cookie() {
    let app = TestApp::start(Database::Sqlite).await;
    let world = World::new(&app).await;
    let theirs: Vec<SignIn> = world.bob.browser.ask("sign_ins", &json!({})).await.ok();
    assert_eq!(theirs.len(), 1);
    assert_ne!(theirs[0].id.to_string(), world.spare_sign_in);
    let page: Snapshot = world.cid.page().await;
    assert_eq!((page.me.person.id, page.conversations.len()), (world.cid.id, 0));
}

#[test]
fn server_functions_have_plain_paths_and_take_post_only() {
    for (path, method) in registered() {
        assert_eq!(method, Method::POST, "{path}");
        let name = path.strip_prefix("/api/").expect(&path);
        let plain = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        assert!(plain && !name.is_empty(), "{path} carries a hash");
    }
}
