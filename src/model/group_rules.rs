//! The roles of members, and the permission table of groups: which role may do what. It is
//! documented in `docs/groups.md`.

use serde::{Deserialize, Serialize};

/// The role of a member, ordered by rank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Member,
    Admin,
    Owner,
}

/// An action in a group that needs a permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupAction {
    Invite,
    /// Change the name or the description.
    Describe,
    /// Change the maximum number of members.
    SetCeiling,
    /// Take back an invitation of another member.
    TakeBack,
    /// Remove a member of this role.
    Remove(Role),
    /// Give and take the role of an admin, and hand the group over.
    SetRoles,
    Leave,
    Disband,
    /// Recall any message, however old.
    Recall,
    /// Mention everybody at once.
    CallEverybody,
    /// See, create and revoke the join link.
    Link,
    /// Approve and decline join requests.
    Approve,
    /// Set whether joining by the link needs approval.
    SetApproval,
}

impl Role {
    /// Whether a member with this role may do `action`.
    pub fn may(self, action: GroupAction) -> bool {
        match action {
            GroupAction::Invite => true,
            GroupAction::Describe
            | GroupAction::TakeBack
            | GroupAction::Recall
            | GroupAction::CallEverybody
            | GroupAction::Link
            | GroupAction::Approve => self >= Self::Admin,
            GroupAction::Remove(role) => self >= Self::Admin && self > role,
            GroupAction::SetCeiling
            | GroupAction::SetRoles
            | GroupAction::SetApproval
            | GroupAction::Disband => self == Self::Owner,
            // A group must have an owner: they hand it over first.
            GroupAction::Leave => self != Self::Owner,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_may_do_what_the_table_says() {
        use GroupAction::{
            Approve, CallEverybody, Describe, Disband, Invite, Leave, Link, Recall, Remove,
            SetApproval, SetCeiling, SetRoles, TakeBack,
        };
        use Role::{Admin, Member, Owner};
        for (action, may) in [
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
            assert_eq!([Member, Admin, Owner].map(|role| role.may(action)), may, "{action:?}");
        }
    }
}
