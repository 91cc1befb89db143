//! Groups as the tests make and change them.

use kith::model::{
    Event, EventKind, Group, GroupId, GroupMembers, Membership, Message, Role, SystemLine, UserId,
};
use serde_json::json;

use super::{Answer, Person, TestApp};

impl Person {
    pub async fn create_group(&self, name: &str, invited: &[&Person]) -> Answer {
        let invited: Vec<UserId> = invited.iter().map(|person| person.id).collect();
        let body = json!({ "name": name, "description": "", "invited": invited });
        self.ask("create_group", body).await
    }

    pub async fn accept_group(&self, group: GroupId) -> Answer {
        self.act("accept_group", group).await
    }

    pub async fn set_role(&self, group: GroupId, user: &Person, role: Role) -> Answer {
        self.ask("set_role", json!({ "group": group, "user": user.id, "role": role })).await
    }

    pub async fn remove_member(&self, group: GroupId, user: &Person) -> Answer {
        self.ask("remove_member", json!({ "group": group, "user": user.id })).await
    }

    pub async fn invite(&self, group: GroupId, user: &Person) -> Answer {
        self.ask("invite_to_group", json!({ "group": group, "users": [user.id] })).await
    }

    /// Makes a call that needs nothing but the group.
    pub async fn act(&self, call: &str, group: GroupId) -> Answer {
        self.ask(call, json!({ "group": group })).await
    }

    /// Sets the maximum number of members.
    pub async fn set_ceiling(&self, group: GroupId, name: &str, most: i64) -> Answer {
        let body = json!({ "group": group, "name": name, "description": "", "max_members": most });
        self.ask("set_group", body).await
    }

    pub async fn make_link(&self, group: GroupId) -> Answer {
        self.ask("make_join_link", json!({ "group": group, "days": 7 })).await
    }

    pub async fn set_approval(&self, group: GroupId, approve: bool) -> Answer {
        self.ask("set_approval", json!({ "group": group, "approve": approve })).await
    }

    pub async fn join_by_link(&self, token: &str) -> Answer {
        self.call("join_by_link", &[("token", token)]).await
    }

    pub async fn members(&self, group: GroupId) -> GroupMembers {
        self.act("group_members", group).await.ok()
    }

    pub async fn roles(&self, group: GroupId) -> Vec<(UserId, Role)> {
        let members = self.members(group).await.members;
        members.iter().map(|member| (member.person.id, member.role)).collect()
    }

    /// The group as this person's page has it.
    pub async fn membership(&self, group: GroupId) -> Option<Membership> {
        self.page().await.groups.into_iter().find(|membership| membership.group.id == group)
    }
}

/// Makes a group that belongs to `owner`, with the others, who become the owner's friends.
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

/// Registers ann, who is the administrator, bob, cid and dan.
pub async fn four_people(app: &TestApp) -> [Person; 4] {
    [
        app.person("ann").await,
        app.person("bob").await,
        app.person("cid").await,
        app.person("dan").await,
    ]
}

/// The system lines among these events.
pub fn system_lines(events: &[Event]) -> Vec<SystemLine> {
    let line = |event: &Event| match &event.kind {
        EventKind::Message { message, .. } => message.system.clone(),
        _ => None,
    };
    events.iter().filter_map(line).collect()
}

/// The texts of these messages, without system lines.
pub fn said(messages: &[Message]) -> Vec<&str> {
    messages.iter().filter(|m| m.system.is_none()).map(|m| m.text.as_str()).collect()
}
