//! Joining a group by its link, with and without approval.

use std::time::Duration;

use serde_json::json;

use crate::harness::{
    Answer, Database, MovedClock, PASSWORD, Person, TestApp, group_of, on_both_databases, said,
    system_lines,
};
use kith::error::KithError;
use kith::model::{
    Contact, Event, EventKind, Group, GroupId, JoinLink, JoinOffer, Role, SystemLine,
};

on_both_databases!(
    joining_by_link_shows_only_later_messages,
    expired_replaced_and_revoked_join_links_are_rejected,
    joining_by_link_waits_for_approval_where_required,
    join_requests_can_be_withdrawn_and_end_with_the_account,
    invited_people_join_by_link_without_approval,
    concurrent_joins_by_link_do_not_exceed_the_member_limit,
    disbanding_a_group_ends_its_link_and_join_requests,
    plain_members_neither_see_nor_change_link_and_approval,
    removed_members_and_former_admins_cannot_come_back_by_the_link_they_knew,
    former_members_see_of_a_new_link_what_strangers_see,
);

impl Person {
    async fn offer(&self, token: &str) -> Answer {
        self.browser.ask("join_offer", &json!({ "token": token })).await
    }

    async fn let_in(&self, group: GroupId, user: &Person, accept: bool) -> Answer {
        let (group, user) = (group.to_string(), user.id.to_string());
        let fields = [("group", &*group), ("user", &*user), ("accept", &*accept.to_string())];
        self.call("answer_join_request", &fields).await
    }

    async fn asking(&self, group: GroupId) -> Vec<String> {
        let asking = self.members(group).await.asking;
        asking.into_iter().map(|request| request.person.username).collect()
    }

    async fn is_in(&self, group: GroupId) -> bool {
        self.ask("group_members", json!({ "group": group })).await.status.is_success()
    }
}

/// A group with its owner Ann and a member Bob, the token of its link, and a stranger Cid.
async fn with_link(app: &TestApp) -> ([Person; 3], GroupId, String) {
    let people = [app.person("ann").await, app.person("bob").await, app.person("cid").await];
    let group = group_of(&people[0], &[&people[1]]).await;
    let link: JoinLink = people[0].make_link(group).await.ok();
    (people, group, link.token)
}

fn groups_told(events: &[Event]) -> Vec<Group> {
    let group = |event: &Event| match &event.kind {
        EventKind::GroupChanged { group } => Some(group.clone()),
        _ => None,
    };
    events.iter().filter_map(group).collect()
}

async fn joining_by_link_shows_only_later_messages(database: Database) {
    let app = TestApp::start(database).await;
    let ([ann, bob, cid], group, token) = with_link(&app).await;
    ann.send(Contact::Group(group), "before").await;
    let offer: JoinOffer = cid.offer(&token).await.ok();
    assert_eq!((offer.group.name.as_str(), offer.group.members), ("Walkers", 2));
    assert!(!offer.is_member && !offer.has_asked);
    let (mut at_bob, mut at_cid) = (bob.cursor().await, cid.cursor().await);

    cid.join_by_link(&token).await.done();
    cid.join_by_link(&token).await.done();
    bob.send(Contact::Group(group), "after").await;
    assert_eq!(said(&cid.history(Contact::Group(group)).await.messages), ["after"]);
    let told = bob.catch_up(&mut at_bob).await;
    assert_eq!(system_lines(&told), [SystemLine::Joined { by: cid.id }], "once");
    let told = cid.catch_up(&mut at_cid).await;
    let joined = |event: &Event| matches!(&event.kind, EventKind::GroupJoined { .. });
    assert_eq!(told.iter().filter(|event| joined(event)).count(), 1);
    assert!(cid.offer(&token).await.ok::<JoinOffer>().is_member);
}

async fn expired_replaced_and_revoked_join_links_are_rejected(database: Database) {
    let clock = MovedClock::take();
    let app = TestApp::with(database, |setup| setup.clock = clock.clock()).await;
    let ([ann, _, cid], group, first) = with_link(&app).await;
    let second: JoinLink = ann.make_link(group).await.ok();
    assert_eq!(cid.join_by_link(&first).await.error(), KithError::NotFound, "it was replaced");
    assert_eq!(cid.offer(&first).await.error(), KithError::NotFound);
    assert_eq!(ann.members(group).await.link, Some(second.clone()));

    ann.ask("revoke_join_link", json!({ "group": group })).await.done();
    ann.ask("revoke_join_link", json!({ "group": group })).await.done();
    assert_eq!(cid.join_by_link(&second.token).await.error(), KithError::NotFound);
    assert_eq!(ann.members(group).await.link, None);

    let third: JoinLink = ann.make_link(group).await.ok();
    clock.forward(Duration::from_secs(7 * 24 * 60 * 60));
    assert_eq!(cid.join_by_link(&third.token).await.error(), KithError::NotFound);
    assert_eq!(ann.members(group).await.link, None, "what is over is not shown");
    for days in [0, 91] {
        let refused = ann.ask("make_join_link", json!({ "group": group, "days": days })).await;
        assert_eq!(refused.status.as_u16(), 400, "{days}");
    }
    let nothing = "A".repeat(43);
    for token in ["", "nothing", "' OR 1 = 1", "a\0b", &nothing] {
        assert_eq!(cid.join_by_link(token).await.error(), KithError::NotFound, "{token:?}");
    }
}

async fn joining_by_link_waits_for_approval_where_required(database: Database) {
    let app = TestApp::start(database).await;
    let ([ann, bob, cid], group, token) = with_link(&app).await;
    let dan = app.person("dan").await;
    ann.set_approval(group, true).await.done();
    let mut at_bob = bob.cursor().await;
    for person in [&cid, &dan, &cid] {
        person.join_by_link(&token).await.done();
    }
    assert!(cid.offer(&token).await.ok::<JoinOffer>().has_asked);
    assert!(!cid.is_in(group).await);
    assert_eq!(ann.asking(group).await, ["cid", "dan"]);
    let told = groups_told(&bob.catch_up(&mut at_bob).await);
    assert_eq!(told.iter().map(|group| group.asking).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(bob.let_in(group, &cid, true).await.error(), KithError::NotAllowed);

    ann.ask("set_role", json!({ "group": group, "user": bob.id, "role": "admin" })).await.done();
    let mut at_ann = ann.cursor().await;
    bob.let_in(group, &cid, true).await.done();
    bob.let_in(group, &cid, true).await.done();
    bob.let_in(group, &dan, false).await.done();
    bob.let_in(group, &dan, false).await.done();
    assert_eq!(bob.let_in(group, &dan, true).await.error(), KithError::NotFound);
    assert!(cid.is_in(group).await && !dan.is_in(group).await);
    let told = ann.catch_up(&mut at_ann).await;
    assert_eq!(system_lines(&told), [SystemLine::Admitted { user: cid.id }]);
    assert_eq!(groups_told(&told).last().map(|group| group.asking), Some(0));
    assert_eq!(ann.asking(group).await, [] as [&str; 0]);

    ann.set_approval(group, false).await.done();
    dan.join_by_link(&token).await.done();
    assert!(dan.is_in(group).await);
}

async fn join_requests_can_be_withdrawn_and_end_with_the_account(database: Database) {
    let app = TestApp::start(database).await;
    let ([ann, _, cid], group, token) = with_link(&app).await;
    let dan = app.person("dan").await;
    ann.set_approval(group, true).await.done();
    for person in [&cid, &dan] {
        person.join_by_link(&token).await.done();
    }
    cid.let_in(group, &cid, false).await.done();
    assert_eq!(cid.let_in(group, &cid, true).await.error(), KithError::NotAContact);
    assert_eq!(cid.let_in(group, &dan, false).await.error(), KithError::NotAContact);
    assert_eq!(ann.asking(group).await, ["dan"]);
    dan.call("delete_account", &[("password", PASSWORD)]).await.done();
    assert_eq!(ann.asking(group).await, [] as [&str; 0]);
    let known = ann.page().await.groups;
    assert_eq!(known[0].group.asking, 0);
}

async fn invited_people_join_by_link_without_approval(database: Database) {
    let app = TestApp::start(database).await;
    let ([ann, _, cid], group, token) = with_link(&app).await;
    ann.set_approval(group, true).await.done();
    cid.join_by_link(&token).await.done();
    ann.befriend(&cid).await;
    let invite = json!({ "group": group, "users": [cid.id] });
    ann.ask("invite_to_group", invite).await.done();
    cid.join_by_link(&token).await.done();
    assert!(cid.is_in(group).await);
    let known = ann.members(group).await;
    assert_eq!((known.asking.len(), known.invited.len()), (0, 0));
    assert_eq!(cid.page().await.group_invitations, []);
}

async fn concurrent_joins_by_link_do_not_exceed_the_member_limit(database: Database) {
    let app = TestApp::start(database).await;
    let ([ann, _, cid], group, token) = with_link(&app).await;
    let dan = app.person("dan").await;
    let body = json!({ "group": group, "name": "Walkers", "description": "", "max_members": 3 });
    ann.ask("set_group", body).await.done();
    let (one, other) = tokio::join!(cid.join_by_link(&token), dan.join_by_link(&token));
    let refused = [&one, &other].into_iter().filter(|answer| !answer.status.is_success());
    assert_eq!(refused.map(Answer::error).collect::<Vec<_>>(), [KithError::GroupFull]);
    assert_eq!(ann.members(group).await.members.len(), 3);

    // A waiting person is let in only while the group has room.
    let late = if cid.is_in(group).await { &dan } else { &cid };
    ann.set_approval(group, true).await.done();
    late.join_by_link(&token).await.done();
    assert_eq!(ann.let_in(group, late, true).await.error(), KithError::GroupFull);
    assert_eq!(ann.asking(group).await, [late.username.as_str()], "they wait on");
}

async fn disbanding_a_group_ends_its_link_and_join_requests(database: Database) {
    let app = TestApp::start(database).await;
    let ([ann, bob, cid], group, token) = with_link(&app).await;
    ann.set_approval(group, true).await.done();
    cid.join_by_link(&token).await.done();
    ann.ask("disband_group", json!({ "group": group })).await.done();
    assert_eq!(cid.offer(&token).await.error(), KithError::NotFound);
    assert_eq!(cid.join_by_link(&token).await.error(), KithError::NotFound);
    assert_eq!(ann.let_in(group, &cid, true).await.error(), KithError::NotAContact);
    assert_eq!(app.number("SELECT COUNT(*) FROM join_request").await, 0);
    assert_eq!(bob.page().await.groups[0].role, None);
}

async fn plain_members_neither_see_nor_change_link_and_approval(database: Database) {
    let app = TestApp::start(database).await;
    let ([ann, bob, cid], group, token) = with_link(&app).await;
    ann.set_approval(group, true).await.done();
    cid.join_by_link(&token).await.done();
    let known = bob.members(group).await;
    assert!(known.link.is_none() && known.asking.is_empty());
    for (answer, error) in [
        (bob.make_link(group).await, KithError::NotAllowed),
        (bob.set_approval(group, false).await, KithError::NotAllowed),
        (bob.ask("revoke_join_link", json!({ "group": group })).await, KithError::NotAllowed),
        (cid.make_link(group).await, KithError::NotAContact),
        (cid.set_approval(group, false).await, KithError::NotAContact),
    ] {
        assert_eq!(answer.error(), error);
    }
    ann.ask("set_role", json!({ "group": group, "user": bob.id, "role": Role::Admin }))
        .await
        .done();
    assert!(bob.members(group).await.link.is_some());
    assert_eq!(bob.set_approval(group, false).await.error(), KithError::NotAllowed);
}

async fn removed_members_and_former_admins_cannot_come_back_by_the_link_they_knew(
    database: Database,
) {
    let app = TestApp::start(database).await;
    let ([ann, bob, cid], group, first) = with_link(&app).await;
    cid.join_by_link(&first).await.done();
    ann.remove_member(group, &cid).await.done();
    assert_eq!(ann.members(group).await.link, None);
    assert_eq!(cid.offer(&first).await.error(), KithError::NotFound);
    assert_eq!(cid.join_by_link(&first).await.error(), KithError::NotFound);

    ann.set_role(group, &bob, Role::Admin).await.done();
    ann.make_link(group).await.ok::<JoinLink>();
    let seen = bob.members(group).await.link.expect("an admin sees it").token;
    ann.set_role(group, &bob, Role::Admin).await.done();
    assert!(ann.members(group).await.link.is_some(), "nothing has changed");
    ann.set_role(group, &bob, Role::Member).await.done();
    assert_eq!(ann.members(group).await.link, None);
    ann.remove_member(group, &bob).await.done();
    assert_eq!(bob.join_by_link(&seen).await.error(), KithError::NotFound);

    // Who hands the group over stays an admin, and who leaves was not removed.
    ann.befriend(&bob).await;
    ann.invite(group, &bob).await.done();
    bob.accept_group(group).await.done();
    ann.make_link(group).await.ok::<JoinLink>();
    ann.set_role(group, &bob, Role::Owner).await.done();
    ann.act("leave_group", group).await.done();
    assert!(bob.members(group).await.link.is_some());
}

async fn former_members_see_of_a_new_link_what_strangers_see(database: Database) {
    let app = TestApp::start(database).await;
    let ([ann, bob, cid], group, _) = with_link(&app).await;
    ann.remove_member(group, &bob).await.done();
    let link: JoinLink = ann.make_link(group).await.ok();
    let offer: JoinOffer = bob.offer(&link.token).await.ok();
    assert_eq!(offer, cid.offer(&link.token).await.ok::<JoinOffer>());
    assert!(!offer.is_member && !offer.has_asked);
    assert_eq!(bob.page().await.groups[0].role, None);
}
