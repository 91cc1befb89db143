//! Groups: what they are called, who is in them, and who may do what there.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

use crate::wire::{JsonObject, Unreadable, read_by_field};

use super::{GroupId, Person, Timestamp, UserId};

/// What a member may do. Ordered: an owner may do whatever an admin may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Member,
    Admin,
    Owner,
}

/// What not every member may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupAct {
    Invite,
    /// Give it another name or description.
    Describe,
    /// Say how many members it may have.
    SetCeiling,
    /// Take back an invitation that somebody else made.
    TakeBack,
    /// Remove a member of this role.
    Remove(Role),
    /// Make admins and unmake them, hand the group over.
    SetRoles,
    Leave,
    Disband,
    /// Recall what anybody wrote, whenever that was.
    Recall,
    /// Speak to everybody at once.
    CallEverybody,
    /// See, make and revoke the link by which people join by themselves.
    Link,
    /// Let in those who came by the link, or not.
    Approve,
    /// Say whether those who come by the link are let in one by one.
    SetApproval,
}

impl Role {
    /// Whether a member with this role may do that. The table is in `docs/groups.md`.
    pub fn may(self, act: GroupAct) -> bool {
        match act {
            GroupAct::Invite => true,
            GroupAct::Describe
            | GroupAct::TakeBack
            | GroupAct::Recall
            | GroupAct::CallEverybody
            | GroupAct::Link
            | GroupAct::Approve => self >= Self::Admin,
            GroupAct::Remove(role) => self >= Self::Admin && self > role,
            GroupAct::SetCeiling
            | GroupAct::SetRoles
            | GroupAct::SetApproval
            | GroupAct::Disband => self == Self::Owner,
            // Somebody must look after it: first it is handed over.
            GroupAct::Leave => self != Self::Owner,
        }
    }
}

/// A group as its members see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Group {
    pub id: GroupId,
    pub name: String,
    pub description: String,
    /// How many members it may have.
    pub max_members: i64,
    /// How many it has.
    pub members: i64,
    /// Whether an admin lets in each of those who come by the link.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub approve: bool,
    /// How many of these wait for an answer.
    #[serde(skip_serializing_if = "is_zero")]
    pub asking: i64,
}

fn is_zero(number: &i64) -> bool {
    *number == 0
}

read_by_field!(Group { id, name, description, max_members, members } { approve, asking });

/// One's own part in a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Membership {
    pub group: Group,
    /// Nothing once one has left it, was removed, or it was disbanded: one keeps a copy.
    pub role: Option<Role>,
}

read_by_field!(Membership { group, role });

impl Membership {
    /// Whether others wait for this one to let them in.
    pub fn waits(&self) -> bool {
        self.group.asking > 0 && self.role.is_some_and(|role| role.may(GroupAct::Approve))
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GroupMember {
    pub person: Person,
    pub role: Role,
    pub joined: Timestamp,
}

read_by_field!(GroupMember { person, role, joined });

/// Who is in a group, and who was asked to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
pub struct GroupMembers {
    /// The longest-serving first.
    pub members: Vec<GroupMember>,
    pub invited: Vec<GroupInvitation>,
    /// Those who wait to be let in, the oldest first; told to those who may.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub asking: Vec<JoinRequest>,
    /// How people may join by themselves; told to those who may say so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<JoinLink>,
}

read_by_field!(GroupMembers { members, invited } { asking, link });

/// A link by which people join a group by themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct JoinLink {
    /// The last part of its address.
    pub token: String,
    /// When it ends by itself.
    pub until: Timestamp,
}

read_by_field!(JoinLink { token, until });

/// Somebody came by the link and waits to be let in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct JoinRequest {
    pub person: Person,
    pub at: Timestamp,
}

read_by_field!(JoinRequest { person, at });

/// What somebody who follows the link of a group gets to know of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct JoinOffer {
    pub group: Group,
    pub is_member: bool,
    /// Whether they wait to be let in.
    pub has_asked: bool,
}

read_by_field!(JoinOffer { group, is_member, has_asked });

/// Somebody was asked to join and has not answered yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GroupInvitation {
    pub group: GroupId,
    pub group_name: String,
    pub person: Person,
    pub by: Person,
    pub at: Timestamp,
}

read_by_field!(GroupInvitation { group, group_name, person, by, at });

/// A line that Kith itself writes into a conversation. Whoever did it is the message's sender.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "line", rename_all = "snake_case")]
pub enum SystemLine {
    Created,
    /// The sender accepted an invitation; or came by themselves, if it names the sender.
    Joined {
        by: UserId,
    },
    /// The sender made somebody a member.
    Admitted {
        user: UserId,
    },
    Left,
    Removed {
        user: UserId,
    },
    Renamed {
        name: String,
    },
    /// The sender gave somebody a role.
    RoleSet {
        user: UserId,
        role: Role,
    },
    /// The sender, whose account is gone, owned the group; now this one does.
    Inherited {
        user: UserId,
    },
    Disbanded,
    /// The sender had written something here, which this one recalled.
    Recalled {
        by: UserId,
    },
    /// One deleted what was here for oneself. Nothing is shown.
    Gone,
    /// Of a newer Kith.
    Unknown,
}

/// Written by hand, as for [`super::Event`].
impl<'de> Deserialize<'de> for SystemLine {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::read(JsonObject::of(deserializer)?).map_err(D::Error::custom)
    }
}

impl SystemLine {
    fn read(mut fields: JsonObject) -> Result<Self, Unreadable> {
        let line: String = fields.take("line")?;
        Ok(match line.as_str() {
            "created" => Self::Created,
            "joined" => Self::Joined { by: fields.take("by")? },
            "admitted" => Self::Admitted { user: fields.take("user")? },
            "left" => Self::Left,
            "removed" => Self::Removed { user: fields.take("user")? },
            "renamed" => Self::Renamed { name: fields.take("name")? },
            "role_set" => Self::RoleSet { user: fields.take("user")?, role: fields.take("role")? },
            "inherited" => Self::Inherited { user: fields.take("user")? },
            "disbanded" => Self::Disbanded,
            "recalled" => Self::Recalled { by: fields.take("by")? },
            "gone" => Self::Gone,
            _ => Self::Unknown,
        })
    }

    /// Whom it names besides its sender.
    pub fn names(&self) -> Option<UserId> {
        match self {
            Self::Joined { by: user }
            | Self::Recalled { by: user }
            | Self::Admitted { user }
            | Self::Removed { user }
            | Self::RoleSet { user, .. }
            | Self::Inherited { user } => Some(*user),
            Self::Created
            | Self::Left
            | Self::Renamed { .. }
            | Self::Disbanded
            | Self::Gone
            | Self::Unknown => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_read_as_it_is_written() {
        let user = UserId(3);
        for line in [
            SystemLine::Created,
            SystemLine::Joined { by: user },
            SystemLine::Admitted { user },
            SystemLine::Left,
            SystemLine::Removed { user },
            SystemLine::Renamed { name: "群".into() },
            SystemLine::RoleSet { user, role: Role::Admin },
            SystemLine::Inherited { user },
            SystemLine::Disbanded,
            SystemLine::Recalled { by: user },
            SystemLine::Gone,
        ] {
            let json = serde_json::to_string(&line).expect("JSON");
            assert_eq!(serde_json::from_str::<SystemLine>(&json).expect("a line"), line, "{json}");
        }
        let newer = serde_json::from_str::<SystemLine>(r#"{"line":"painted","colour":1}"#);
        assert_eq!(newer.expect("a line of a newer Kith"), SystemLine::Unknown);
    }

    #[test]
    fn who_may_do_what() {
        use GroupAct::{
            Approve, CallEverybody, Describe, Disband, Invite, Leave, Link, Recall, Remove,
            SetApproval, SetCeiling, SetRoles, TakeBack,
        };
        use Role::{Admin, Member, Owner};
        for (act, may) in [
            (Invite, [true, true, true]),
            (Describe, [false, true, true]),
            (TakeBack, [false, true, true]),
            (Remove(Member), [false, true, true]),
            (Remove(Admin), [false, false, true]),
            (Remove(Owner), [false, false, false]),
            (SetCeiling, [false, false, true]),
            (SetRoles, [false, false, true]),
            (Disband, [false, false, true]),
            (Leave, [true, true, false]),
            (Recall, [false, true, true]),
            (CallEverybody, [false, true, true]),
            (Link, [false, true, true]),
            (Approve, [false, true, true]),
            (SetApproval, [false, false, true]),
        ] {
            assert_eq!([Member, Admin, Owner].map(|role| role.may(act)), may, "{act:?}");
        }
    }
}
