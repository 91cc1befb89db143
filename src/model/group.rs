//! Groups: their settings, members, invitations, join requests and system lines.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

use crate::wire::{JsonObject, Unreadable, read_by_field, tagged_enum};

use super::{GroupAction, GroupId, Person, Role, Timestamp, UserId};

/// A group as its members see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Group {
    pub id: GroupId,
    pub name: String,
    pub description: String,
    /// Maximum number of members.
    pub max_members: i64,
    /// Number of members.
    pub members: i64,
    /// Whether an admin must approve each person who comes by the join link.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub approve: bool,
    /// Number of join requests that wait for approval.
    #[serde(skip_serializing_if = "is_zero")]
    pub asking: i64,
}

fn is_zero(number: &i64) -> bool {
    *number == 0
}

read_by_field!(Group { id, name, description, max_members, members } { approve, asking });

/// A group in the list of the user who is or was a member of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Membership {
    pub group: Group,
    /// `None` for a former member, who keeps a copy of the conversation.
    pub role: Option<Role>,
}

read_by_field!(Membership { group, role });

impl Membership {
    /// Whether join requests wait that this member may approve.
    pub fn waits(&self) -> bool {
        self.group.asking > 0 && self.role.is_some_and(|role| role.may(GroupAction::Approve))
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GroupMember {
    pub person: Person,
    pub role: Role,
    pub joined: Timestamp,
}

read_by_field!(GroupMember { person, role, joined });

/// The members of a group, and its invitations and join requests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
pub struct GroupMembers {
    /// The longest-serving first.
    pub members: Vec<GroupMember>,
    pub invited: Vec<GroupInvitation>,
    /// Join requests, the oldest first. Empty for a member who may not approve them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub asking: Vec<JoinRequest>,
    /// The join link. `None` for a member who may not see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<JoinLink>,
}

read_by_field!(GroupMembers { members, invited } { asking, link });

/// A link with which people join a group by themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct JoinLink {
    /// The last part of the link's path.
    pub token: String,
    /// When the link expires.
    pub until: Timestamp,
}

read_by_field!(JoinLink { token, until });

/// A person who came by the join link and waits for approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct JoinRequest {
    pub person: Person,
    pub at: Timestamp,
}

read_by_field!(JoinRequest { person, at });

/// A group as its join link shows it before joining.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct JoinOffer {
    pub group: Group,
    pub is_member: bool,
    /// Whether the join request of the user waits for approval.
    pub has_asked: bool,
}

read_by_field!(JoinOffer { group, is_member, has_asked });

/// An invitation that was not answered yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GroupInvitation {
    pub group: GroupId,
    pub group_name: String,
    pub person: Person,
    pub by: Person,
    pub at: Timestamp,
}

read_by_field!(GroupInvitation { group, group_name, person, by, at });

tagged_enum! {
    /// A line that Kith itself writes into a conversation. Its message's sender is the person who
    /// did it.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    #[serde(tag = "line")]
    pub enum SystemLine {
        "created" => Created,
        /// The sender accepted an invitation of `by`. With the sender as `by`, they came by the
        /// link or added themselves.
        "joined" => Joined { by: UserId },
        /// The sender made `user` a member, or approved their join request.
        "admitted" => Admitted { user: UserId },
        "left" => Left,
        "removed" => Removed { user: UserId },
        "renamed" => Renamed { name: String },
        /// The sender gave `user` a role.
        "role_set" => RoleSet { user: UserId, role: Role },
        /// The sender's account was deleted or disabled, and `user` became the owner.
        "inherited" => Inherited { user: UserId },
        "disbanded" => Disbanded,
        /// The message of the sender was recalled by `by`.
        "recalled" => Recalled { by: UserId },
        /// The user deleted the message for themselves. Nothing is shown.
        "gone" => Gone,
        /// Written by a newer Kith.
        "unknown" => Unknown,
    }
}

impl<'de> Deserialize<'de> for SystemLine {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::read(JsonObject::of(deserializer)?).map_err(D::Error::custom)
    }
}

impl SystemLine {
    fn read(mut fields: JsonObject) -> Result<Self, Unreadable> {
        let name: String = fields.take("line")?;
        Ok(Self::read_variant(&name, &mut fields)?.unwrap_or(Self::Unknown))
    }

    /// The person whom it names besides its sender.
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
        let lines = [
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
            SystemLine::Unknown,
        ];
        let mut names = Vec::new();
        for line in lines {
            let json = serde_json::to_string(&line).expect("JSON");
            assert_eq!(serde_json::from_str::<SystemLine>(&json).expect("a line"), line, "{json}");
            let tree: serde_json::Value = serde_json::from_str(&json).expect("a tree");
            names.push(tree["line"].as_str().expect("a name").to_string());
        }
        assert_eq!(names, SystemLine::NAMES, "each variant needs an example above, in order");
        let newer = serde_json::from_str::<SystemLine>(r#"{"line":"painted","colour":1}"#);
        assert_eq!(newer.expect("a line of a newer Kith"), SystemLine::Unknown);
    }
}
