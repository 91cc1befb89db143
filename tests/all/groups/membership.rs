//! Groups: made, joined, left; who may do what; what each of those who come and go gets to see.

use serde_json::json;

use crate::harness::{
    Answer, Database, LONG_MS, PASSWORD, Person, TestApp, client_id, on_both_databases,
};
use kith::error::KithError;
use kith::model::limits::{GROUP_DESCRIPTION_MAX, GROUP_NAME_MAX};
use kith::model::validation::Invalid;
use kith::model::{
    Batch, Contact, Event, EventKind, Group, GroupId, GroupMembers, JoinLink, Membership, Message,
    Role, SystemLine, UserId,
};

on_both_databases!(
    a_group_is_made_and_who_is_invited_joins_it,
    what_members_do_is_said_in_lines_that_wait_for_nobody,
    every_role_may_what_the_table_says,
    who_is_no_member_may_nothing,
    two_who_accept_the_last_place_at_once_do_not_both_get_it,
    a_lower_ceiling_removes_nobody,
    who_is_removed_hears_of_it_and_of_nothing_after,
    who_is_removed_while_away_keeps_the_copy_up_to_then,
    who_joins_again_sees_from_then_on,
    a_name_is_taken_without_regard_to_case_until_the_group_ends,
    only_those_are_invited_to_whom_one_may_write,
    an_invitation_is_declined_or_taken_back,
    an_invitation_ends_with_the_membership_of_its_maker,
    what_was_sent_before_one_leaves_is_stored,
    a_group_outlives_the_account_of_its_owner,
    a_group_ends_and_everybody_keeps_a_copy,
    one_message_is_one_row_whatever_the_number_of_members,
    what_is_typed_of_a_group_is_checked,
);

impl Person {
    async fn create_group(&self, name: &str, invited: &[&Person]) -> Answer {
        let invited: Vec<UserId> = invited.iter().map(|person| person.id).collect();
        let body = json!({ "name": name, "description": "", "invited": invited });
        self.ask("create_group", body).await
    }

    async fn accept_group(&self, group: GroupId) -> Answer {
        self.ask("accept_group", json!({ "group": group })).await
    }

    async fn set_role(&self, group: GroupId, user: &Person, role: Role) -> Answer {
        self.ask("set_role", json!({ "group": group, "user": user.id, "role": role })).await
    }

    async fn remove_member(&self, group: GroupId, user: &Person) -> Answer {
        self.ask("remove_member", json!({ "group": group, "user": user.id })).await
    }

    async fn invite(&self, group: GroupId, user: &Person) -> Answer {
        self.ask("invite_to_group", json!({ "group": group, "users": [user.id] })).await
    }

    async fn act(&self, call: &str, group: GroupId) -> Answer {
        self.ask(call, json!({ "group": group })).await
    }

    async fn set_ceiling(&self, group: GroupId, name: &str, most: i64) -> Answer {
        let body = json!({ "group": group, "name": name, "description": "", "max_members": most });
        self.ask("set_group", body).await
    }

    async fn roles(&self, group: GroupId) -> Vec<(UserId, Role)> {
        let known: GroupMembers = self.act("group_members", group).await.ok();
        known.members.iter().map(|member| (member.person.id, member.role)).collect()
    }

    async fn membership(&self, group: GroupId) -> Option<Membership> {
        self.page().await.groups.into_iter().find(|membership| membership.group.id == group)
    }
}

/// Makes a group of the first, in which the others are.
pub async fn group_of(owner: &Person, others: &[&Person]) -> GroupId {
    for other in others {
        owner.befriend(other).await;
    }
    let group: Group = owner.create_group("Walkers", others).await.ok();
    for other in others {
        other.accept_group(group.id).await.done();
    }
    group.id
}

async fn four(app: &TestApp) -> [Person; 4] {
    [
        app.person("ann").await,
        app.person("bob").await,
        app.person("cid").await,
        app.person("dan").await,
    ]
}

fn lines(events: &[Event]) -> Vec<SystemLine> {
    let line = |event: &Event| match &event.kind {
        EventKind::Message { message, .. } => message.system.clone(),
        _ => None,
    };
    events.iter().filter_map(line).collect()
}

pub fn said(messages: &[Message]) -> Vec<&str> {
    messages.iter().filter(|m| m.system.is_none()).map(|m| m.text.as_str()).collect()
}

async fn a_group_is_made_and_who_is_invited_joins_it(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let (mut at_ann, mut at_bob) = (ann.cursor().await, bob.cursor().await);
    let group: Group = ann.create_group("  Walkers ", &[&bob]).await.ok();
    assert_eq!((group.name.as_str(), group.max_members, group.members), ("Walkers", 200, 1));
    let contact = Contact::Group(group.id);

    let events = ann.catch_up(&mut at_ann).await;
    assert!(matches!(&events[0].kind, EventKind::GroupJoined { role: Role::Owner, .. }));
    assert_eq!(lines(&events), [SystemLine::Created]);
    let events = bob.catch_up(&mut at_bob).await;
    let [Event { kind: EventKind::GroupInvited { invitation }, .. }] = &events[..] else {
        panic!("{events:?}");
    };
    assert_eq!((invitation.group, invitation.by.id), (group.id, ann.id));
    assert_eq!(&bob.page().await.group_invitations[..], std::slice::from_ref(invitation));
    assert_eq!(bob.membership(group.id).await, None, "who was asked is no member yet");
    assert_eq!(bob.try_send(contact, &client_id(), "in?").await.error(), KithError::NotAContact);

    bob.accept_group(group.id).await.done();
    bob.accept_group(group.id).await.done();
    let events = bob.catch_up(&mut at_bob).await;
    assert!(matches!(&events[0].kind, EventKind::GroupInvitationClosed { .. }), "{events:?}");
    let EventKind::GroupJoined { group: joined, role, last_seq, .. } = &events[1].kind else {
        panic!("{events:?}");
    };
    assert_eq!((joined.id, joined.members, *role, *last_seq), (group.id, 2, Role::Member, 1));
    assert_eq!(lines(&events), [SystemLine::Joined { by: ann.id }]);
    assert_eq!(bob.page().await.group_invitations, []);
    let events = ann.catch_up(&mut at_ann).await;
    assert!(events.iter().any(|event| matches!(&event.kind,
        EventKind::MemberChanged { person, role: Some(Role::Member), members: 2, .. }
            if person.id == bob.id)));
    assert_eq!(ann.roles(group.id).await, [(ann.id, Role::Owner), (bob.id, Role::Member)]);

    ann.send(contact, "welcome").await;
    assert_eq!(bob.unread(contact).await, 1);
    assert_eq!(said(&bob.history(contact).await.messages), ["welcome"]);
}

async fn what_members_do_is_said_in_lines_that_wait_for_nobody(database: Database) {
    let app = TestApp::start(database).await;
    let [ann, bob, cid, _] = four(&app).await;
    let group = group_of(&ann, &[&bob, &cid]).await;
    let mut cursor = cid.cursor().await;
    ann.set_role(group, &bob, Role::Admin).await.done();
    ann.set_role(group, &bob, Role::Admin).await.done();
    let renamed =
        json!({ "group": group, "name": "Hikers", "description": "up", "max_members": null });
    bob.ask("set_group", renamed.clone()).await.done();
    bob.ask("set_group", renamed).await.done();
    ann.set_role(group, &bob, Role::Member).await.done();
    bob.act("leave_group", group).await.done();
    bob.act("leave_group", group).await.done();
    let events = cid.catch_up(&mut cursor).await;
    assert_eq!(
        lines(&events),
        [
            SystemLine::RoleSet { user: bob.id, role: Role::Admin },
            SystemLine::Renamed { name: "Hikers".into() },
            SystemLine::RoleSet { user: bob.id, role: Role::Member },
            SystemLine::Left,
        ]
    );
    assert!(events.iter().any(|event| matches!(&event.kind,
        EventKind::GroupChanged { group } if group.name == "Hikers" && group.description == "up")));
    let state = cid.conversation(Contact::Group(group)).await.expect("a conversation");
    assert_eq!(state.last_seq, 7, "each takes a place");
    assert_eq!(cid.unread(Contact::Group(group)).await, 0, "and none waits to be read");
    let history = cid.history(Contact::Group(group)).await.messages;
    assert_eq!(history.last().and_then(|last| last.system.clone()), Some(SystemLine::Left));
}

/// What a role may do, and how it is tried: by a member, an admin and the owner.
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

async fn every_role_may_what_the_table_says(database: Database) {
    for (act, may) in ACTS {
        let app = TestApp::start(database).await;
        let [ann, bob, cid, dan] = four(&app).await;
        let (owner, eve) = (app.person("owner").await, app.person("eve").await);
        cid.befriend(&dan).await;
        for person in [&ann, &bob, &cid, &dan] {
            owner.befriend(person).await;
        }
        for person in [&ann, &bob, &owner] {
            person.befriend(&eve).await;
        }
        for (role, may) in may.into_iter().enumerate() {
            // A group of its own: some acts change it. Ann is a member, Bob an admin, and Cid the
            // one to whom it happens.
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

async fn who_is_no_member_may_nothing(database: Database) {
    let app = TestApp::start(database).await;
    let [ann, bob, cid, _] = four(&app).await;
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

async fn two_who_accept_the_last_place_at_once_do_not_both_get_it(database: Database) {
    let app = TestApp::start(database).await;
    let [ann, bob, cid, dan] = four(&app).await;
    let group = group_of(&ann, &[&bob]).await;
    for person in [&cid, &dan] {
        ann.befriend(person).await;
        ann.invite(group, person).await.done();
    }
    ann.set_ceiling(group, "Walkers", 3).await.done();
    let (one, other) = tokio::join!(cid.accept_group(group), dan.accept_group(group));
    let refused: Vec<KithError> = [&one, &other]
        .into_iter()
        .filter(|answer| !answer.status.is_success())
        .map(Answer::error)
        .collect();
    assert_eq!(refused, [KithError::GroupFull]);
    assert_eq!(ann.roles(group).await.len(), 3);
    let waiting: GroupMembers = ann.act("group_members", group).await.ok();
    assert_eq!(waiting.invited.len(), 1, "who found no room may try again later");
}

async fn a_lower_ceiling_removes_nobody(database: Database) {
    let app = TestApp::start(database).await;
    let [ann, bob, cid, dan] = four(&app).await;
    let group = group_of(&ann, &[&bob, &cid]).await;
    ann.set_ceiling(group, "Walkers", 2).await.done();
    assert_eq!(ann.roles(group).await.len(), 3);
    ann.befriend(&dan).await;
    ann.invite(group, &dan).await.done();
    assert_eq!(dan.accept_group(group).await.error(), KithError::GroupFull);
    cid.act("leave_group", group).await.done();
    bob.act("leave_group", group).await.done();
    dan.accept_group(group).await.done();
    for wrong in [0, -1, 501] {
        let refused = ann.set_ceiling(group, "Walkers", wrong).await.error();
        assert_eq!(refused, KithError::Invalid(Invalid::GroupCeiling), "{wrong}");
    }
}

async fn who_is_removed_hears_of_it_and_of_nothing_after(database: Database) {
    let app = TestApp::start(database).await;
    let [ann, bob, cid, _] = four(&app).await;
    let group = group_of(&ann, &[&bob, &cid]).await;
    let contact = Contact::Group(group);
    let cursor = bob.cursor().await;
    let held = app.hold(&bob, &cursor, LONG_MS).await;
    ann.remove_member(group, &bob).await.done();
    ann.send(contact, "he is gone").await;
    let batch: Batch = held.answer().await.ok();
    assert!(!batch.events.is_empty());
    let mut cursor = cursor;
    let events = bob.catch_up(&mut cursor).await;
    assert!(events.iter().any(|event| event.kind == EventKind::GroupLeft { group }));
    assert_eq!(lines(&events), [SystemLine::Removed { user: bob.id }]);
    assert_eq!(crate::harness::texts(&events), [""], "the line, and nothing after it");
    let refused = bob.try_send(contact, &client_id(), "wait").await.error();
    assert_eq!(refused, KithError::NotAContact);
    assert_eq!(bob.membership(group).await.expect("a copy").role, None);
    assert_eq!(ann.roles(group).await, [(ann.id, Role::Owner), (cid.id, Role::Member)]);
}

async fn who_is_removed_while_away_keeps_the_copy_up_to_then(database: Database) {
    let app = TestApp::start(database).await;
    let [ann, bob, cid, _] = four(&app).await;
    let group = group_of(&ann, &[&bob, &cid]).await;
    let contact = Contact::Group(group);
    let start = bob.cursor().await;
    let mut cursor = start.clone();
    let body = json!({ "group": group, "name": "Walkers", "description": "all welcome" });
    ann.ask("set_group", body).await.done();
    ann.send(contact, "before").await;
    ann.remove_member(group, &bob).await.done();
    ann.send(contact, "after").await;
    // The mailbox is gone: all of it comes from the log.
    let app = app.restarted().await;
    let (ann, bob) = (ann.at(&app), bob.at(&app));
    let events = bob.catch_up(&mut cursor).await;
    assert_eq!(crate::harness::texts(&events), ["before", ""]);
    assert_eq!(said(&bob.history(contact).await.messages), ["before"]);
    let state = bob.conversation(contact).await.expect("a copy");
    assert_eq!(
        state.last_message.and_then(|last| last.system),
        Some(SystemLine::Removed { user: bob.id })
    );
    assert_eq!(bob.unread(contact).await, 1, "what came after is not unread for them");
    bob.mark_read(contact, 99).await.done();
    assert_eq!(bob.unread(contact).await, 0);
    assert_eq!(said(&ann.history(contact).await.messages), ["before", "after"]);

    // Nor does he learn what became of it.
    let body = json!({ "group": group, "name": "Secret", "description": "4711" });
    ann.ask("set_group", body).await.done();
    let kept = bob.membership(group).await.expect("a copy").group;
    assert_eq!((kept.name.as_str(), kept.description.as_str(), kept.members), ("Walkers", "", 0));
    let mut cursor = start;
    let events = bob.catch_up(&mut cursor).await;
    assert!(!format!("{events:?}").contains("Secret") && !format!("{events:?}").contains("4711"));
}

async fn who_joins_again_sees_from_then_on(database: Database) {
    let app = TestApp::start(database).await;
    let [ann, bob, _, _] = four(&app).await;
    let group = group_of(&ann, &[&bob]).await;
    let contact = Contact::Group(group);
    ann.send(contact, "one").await;
    bob.act("leave_group", group).await.done();
    ann.send(contact, "two").await;
    ann.invite(group, &bob).await.done();
    let mut cursor = bob.cursor().await;
    bob.accept_group(group).await.done();
    ann.send(contact, "three").await;
    assert_eq!(said(&bob.history(contact).await.messages), ["three"]);
    assert_eq!(bob.unread(contact).await, 1);
    let events = bob.catch_up(&mut cursor).await;
    assert_eq!(crate::harness::texts(&events), ["", "three"]);
    assert_eq!(bob.membership(group).await.expect("a member").role, Some(Role::Member));
}

async fn a_name_is_taken_without_regard_to_case_until_the_group_ends(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let group: Group = ann.create_group("Straße 群", &[]).await.ok();
    for same in ["straße 群", "STRASSE 群", " Straße  群 "] {
        assert_eq!(bob.create_group(same, &[]).await.error(), KithError::GroupNameTaken, "{same}");
    }
    let other: Group = bob.create_group("Other", &[]).await.ok();
    let body = json!({ "group": other.id, "name": "Straße 群", "description": "" });
    assert_eq!(bob.ask("set_group", body).await.error(), KithError::GroupNameTaken);
    let own = json!({ "group": group.id, "name": "STRASSE 群", "description": "" });
    ann.ask("set_group", own).await.done();
    ann.act("disband_group", group.id).await.done();
    bob.create_group("straße 群", &[]).await.ok::<Group>();
}

async fn only_those_are_invited_to_whom_one_may_write(database: Database) {
    let app = TestApp::start(database).await;
    let [ann, bob, cid, _] = four(&app).await;
    let group = group_of(&ann, &[&bob]).await;
    assert_eq!(ann.invite(group, &cid).await.error(), KithError::NotAContact);
    ann.befriend(&cid).await;
    cid.set_blocked(&ann, true).await.done();
    assert_eq!(ann.invite(group, &cid).await.error(), KithError::NotAContact);
    let many = json!({ "group": group, "users": [bob.id, cid.id, ann.id, 99] });
    ann.ask("invite_to_group", many).await.done();
    assert_eq!(cid.page().await.group_invitations, []);
    assert_eq!(cid.accept_group(group).await.error(), KithError::NotFound);
    let far = json!({ "group": group, "users": (0..101).collect::<Vec<_>>() });
    assert!(matches!(ann.ask("invite_to_group", far).await.error(), KithError::BadRequest(_)));
}

async fn an_invitation_is_declined_or_taken_back(database: Database) {
    let app = TestApp::start(database).await;
    let [ann, bob, cid, dan] = four(&app).await;
    let group = group_of(&ann, &[&bob]).await;
    let close = async |by: &Person, user: &Person| {
        let body = json!({ "group": group, "user": user.id });
        by.ask("close_group_invitation", body).await
    };
    for person in [&cid, &dan] {
        bob.befriend(person).await;
        bob.invite(group, person).await.done();
    }
    let mut cursor = cid.cursor().await;
    // Who is no member learns from neither who was invited.
    assert_eq!(close(&dan, &cid).await.error(), KithError::NotAContact);
    assert_eq!(close(&dan, &ann).await.error(), KithError::NotAContact);
    close(&cid, &cid).await.done();
    close(&cid, &cid).await.done();
    close(&bob, &dan).await.done();
    for person in [&cid, &dan] {
        assert_eq!(person.page().await.group_invitations, []);
        assert_eq!(person.accept_group(group).await.error(), KithError::NotFound);
    }
    let events = cid.catch_up(&mut cursor).await;
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].kind, EventKind::GroupInvitationClosed { group });
}

async fn an_invitation_ends_with_the_membership_of_its_maker(database: Database) {
    let app = TestApp::start(database).await;
    let [ann, bob, cid, _] = four(&app).await;
    let group = group_of(&ann, &[&bob]).await;
    bob.befriend(&cid).await;
    bob.invite(group, &cid).await.done();
    ann.remove_member(group, &bob).await.done();
    assert_eq!(cid.page().await.group_invitations, []);
    assert_eq!(cid.accept_group(group).await.error(), KithError::NotFound);
}

async fn what_was_sent_before_one_leaves_is_stored(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let group: Group = ann.create_group("Walkers", &[&bob]).await.ok();
    bob.accept_group(group.id).await.done();
    let contact = Contact::Group(group.id);
    let id = client_id();
    let (sent, left) =
        tokio::join!(bob.try_send(contact, &id, "bye"), bob.act("leave_group", group.id));
    left.done();
    let stored = said(&ann.history(contact).await.messages).len();
    assert_eq!(stored, usize::from(sent.status.is_success()));
}

async fn a_group_outlives_the_account_of_its_owner(database: Database) {
    let app = TestApp::start(database).await;
    let [ann, bob, cid, dan] = four(&app).await;
    let group = group_of(&dan, &[&bob, &cid]).await;
    dan.set_role(group, &cid, Role::Admin).await.done();
    dan.befriend(&ann).await;
    dan.invite(group, &ann).await.done();
    let alone: Group = dan.create_group("Alone", &[&bob]).await.ok();
    let mut cursor = bob.cursor().await;
    dan.call("delete_account", &[("password", PASSWORD)]).await.done();
    assert_eq!(bob.roles(group).await, [(bob.id, Role::Member), (cid.id, Role::Owner)]);
    let events = bob.catch_up(&mut cursor).await;
    assert_eq!(lines(&events), [SystemLine::Left, SystemLine::Inherited { user: cid.id }]);
    assert_eq!(ann.page().await.group_invitations, [], "nobody knows any more who asks");
    assert_eq!(bob.accept_group(alone.id).await.error(), KithError::NotFound);
    ann.create_group("alone", &[]).await.ok::<Group>();
    cid.act("disband_group", group).await.done();
}

async fn a_group_ends_and_everybody_keeps_a_copy(database: Database) {
    let app = TestApp::start(database).await;
    let [ann, bob, cid, _] = four(&app).await;
    let group = group_of(&ann, &[&bob]).await;
    let contact = Contact::Group(group);
    ann.befriend(&cid).await;
    ann.invite(group, &cid).await.done();
    ann.send(contact, "the last word").await;
    let mut cursor = bob.cursor().await;
    ann.act("disband_group", group).await.done();
    let events = bob.catch_up(&mut cursor).await;
    assert_eq!(lines(&events), [SystemLine::Disbanded]);
    assert!(events.iter().any(|event| event.kind == EventKind::GroupLeft { group }));
    for person in [&ann, &bob] {
        assert_eq!(said(&person.history(contact).await.messages), ["the last word"]);
        let refused = person.try_send(contact, &client_id(), "more").await.error();
        assert_eq!(refused, KithError::NotAContact);
        assert_eq!(person.membership(group).await.expect("a copy").role, None);
    }
    assert_eq!(cid.page().await.group_invitations, []);
    assert_eq!(cid.accept_group(group).await.error(), KithError::NotFound);
}

async fn one_message_is_one_row_whatever_the_number_of_members(database: Database) {
    let app = TestApp::start(database).await;
    let [ann, bob, cid, dan] = four(&app).await;
    let group = group_of(&ann, &[&bob, &cid, &dan]).await;
    let count = async |table: &str| app.number(&format!("SELECT COUNT(*) FROM {table}")).await;
    let marks = async || app.number("SELECT CAST(SUM(read_seq) AS BIGINT) FROM member").await;
    let before = (count("message").await, count("event").await, marks().await);
    let said = ann.send(Contact::Group(group), "hello").await;
    let after = (count("message").await, count("event").await, marks().await);
    assert_eq!((after.0, after.1), (before.0 + 1, before.1 + 1));
    let own = "SELECT COUNT(*) FROM member WHERE read_seq =";
    assert_eq!(
        app.number(&format!("{own} {}", said.seq)).await,
        1,
        "nobody's mark but the sender's"
    );
    assert!(after.2 > before.2);
    for person in [&bob, &cid, &dan] {
        assert_eq!(person.unread(Contact::Group(group)).await, 1);
    }
}

async fn what_is_typed_of_a_group_is_checked(database: Database) {
    let app = TestApp::start(database).await;
    let ann = app.person("ann").await;
    let long_name = "群".repeat(GROUP_NAME_MAX + 1);
    for (name, invalid) in [
        ("", Invalid::GroupNameLength),
        (" \u{200b} ", Invalid::GroupNameLength),
        (long_name.as_str(), Invalid::GroupNameLength),
        ("a\nb", Invalid::GroupNameCharacters),
        ("a\u{202e}b", Invalid::GroupNameCharacters),
    ] {
        let refused = ann.create_group(name, &[]).await.error();
        assert_eq!(refused, KithError::Invalid(invalid), "{name:?}");
    }
    let long = "x".repeat(GROUP_DESCRIPTION_MAX + 1);
    let body = json!({ "name": "Fine", "description": long, "invited": [] });
    let refused = ann.ask("create_group", body).await.error();
    assert_eq!(refused, KithError::Invalid(Invalid::GroupDescriptionTooLong));
    let body = json!({ "name": "Fine", "description": " two\r\nlines ", "invited": [] });
    let group: Group = ann.ask("create_group", body).await.ok();
    assert_eq!(group.description, "two\nlines");
    ann.create_group(&"群".repeat(GROUP_NAME_MAX), &[]).await.ok::<Group>();
}
