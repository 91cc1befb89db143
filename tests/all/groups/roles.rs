//! Permissions in a group: what members, admins and the owner may do, and strangers may not.

use serde_json::json;

use crate::harness::{Database, TestApp, client_id, four_people, group_of, on_both_databases};
use kith::error::KithError;
use kith::model::{Contact, Group, GroupId, JoinLink, Role};

on_both_databases!(
    each_role_may_do_what_the_table_allows,
    group_calls_reject_people_who_are_not_members,
);

/// Each action, and whether a member, an admin and the owner may do it.
const ACTS: [(&str, [bool; 3]); 15] = [
    ("invite", [true, true, true]),
    ("rename", [false, true, true]),
    ("set the ceiling", [false, false, true]),
    ("take back an invitation of somebody else", [false, true, true]),
    ("remove a member", [false, true, true]),
    ("remove an admin", [false, false, true]),
    ("remove the owner", [false, false, false]),
    ("make a link", [false, true, true]),
    ("end the link", [false, true, true]),
    ("let somebody in", [false, true, true]),
    ("say whether people are let in", [false, false, true]),
    ("make an admin", [false, false, true]),
    ("hand over", [false, false, true]),
    ("leave", [true, true, false]),
    ("disband", [false, false, true]),
];

async fn each_role_may_do_what_the_table_allows(database: Database) {
    for (act, may) in ACTS {
        let app = TestApp::start(database).await;
        let [ann, bob, cid, dan] = four_people(&app).await;
        let (owner, eve) = (app.person("owner").await, app.person("eve").await);
        cid.befriend(&dan).await;
        for person in [&ann, &bob, &cid, &dan] {
            owner.befriend(person).await;
        }
        for person in [&ann, &bob, &owner] {
            person.befriend(&eve).await;
        }
        for (role, may) in may.into_iter().enumerate() {
            // A new group for each role, because some actions change it. Ann is a member, Bob an
            // admin, and Cid the member who is acted on.
            let name = format!("Group {role}");
            let Group { id: group, .. } = owner.create_group(&name, &[&ann, &bob, &cid]).await.ok();
            for person in [&ann, &bob, &cid] {
                person.accept_group(group).await.done();
            }
            owner.set_role(group, &bob, Role::Admin).await.done();
            let who = [&ann, &bob, &owner][role];
            let answer = match act {
                "invite" => who.invite(group, &eve).await,
                "rename" => {
                    let name = format!("{name}!");
                    let body = json!({ "group": group, "name": name, "description": "" });
                    who.ask("set_group", body).await
                }
                "set the ceiling" => who.set_ceiling(group, &name, 100).await,
                "take back an invitation of somebody else" => {
                    cid.invite(group, &dan).await.done();
                    let body = json!({ "group": group, "user": dan.id });
                    who.ask("close_group_invitation", body).await
                }
                "remove a member" => who.remove_member(group, &cid).await,
                "remove an admin" => {
                    owner.set_role(group, &cid, Role::Admin).await.done();
                    who.remove_member(group, &cid).await
                }
                "remove the owner" => who.remove_member(group, &owner).await,
                "make a link" => {
                    who.ask("make_join_link", json!({ "group": group, "days": 1 })).await
                }
                "end the link" => who.act("revoke_join_link", group).await,
                "let somebody in" => {
                    let link = json!({ "group": group, "days": 1 });
                    let link: JoinLink = owner.ask("make_join_link", link).await.ok();
                    let approve = json!({ "group": group, "approve": true });
                    owner.ask("set_approval", approve).await.done();
                    dan.call("join_by_link", &[("token", &link.token)]).await.done();
                    let (group, dan) = (group.to_string(), dan.id.to_string());
                    let fields = [("group", &*group), ("user", &*dan), ("accept", "true")];
                    who.call("answer_join_request", &fields).await
                }
                "say whether people are let in" => {
                    who.ask("set_approval", json!({ "group": group, "approve": true })).await
                }
                "make an admin" => who.set_role(group, &cid, Role::Admin).await,
                "hand over" => who.set_role(group, &cid, Role::Owner).await,
                "leave" => who.act("leave_group", group).await,
                "disband" => who.act("disband_group", group).await,
                other => panic!("{other} is not tried"),
            };
            if may {
                assert!(answer.status.is_success(), "{act}, {role}: {}", answer.text());
            } else {
                assert_eq!(answer.error(), KithError::NotAllowed, "{act}, {role}");
            }
        }
    }
}

async fn group_calls_reject_people_who_are_not_members(database: Database) {
    let app = TestApp::start(database).await;
    let [ann, bob, cid, _] = four_people(&app).await;
    let group = group_of(&ann, &[&bob]).await;
    cid.befriend(&ann).await;
    for answer in [
        cid.invite(group, &ann).await,
        cid.set_ceiling(group, "Mine", 9).await,
        cid.remove_member(group, &bob).await,
        cid.set_role(group, &bob, Role::Admin).await,
        cid.act("disband_group", group).await,
        cid.act("group_members", group).await,
        cid.set_ceiling(GroupId(99), "Mine", 9).await,
        cid.try_send(Contact::Group(group), &client_id(), "hello").await,
        cid.try_history(Contact::Group(group), None).await,
        cid.mark_read(Contact::Group(group), 1).await,
    ] {
        assert_eq!(answer.error(), KithError::NotAContact);
    }
    assert_eq!(ann.roles(group).await.len(), 2);
}
