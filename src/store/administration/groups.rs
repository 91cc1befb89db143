//! Administrative actions on groups: those of members, with the rights of an owner. Administrators
//! need not be members. The operator cannot do them: a system line needs a user as its sender.

use super::action::{ActionOutcome, AdminAction, account, usable_account};
use crate::error::{KithError, Result};
use crate::model::administration::{AdminActor, AuditedAction};
use crate::model::{GroupId, Role, UserId};
use crate::store::Failure;
use crate::store::groups::open_group::{self, GroupActor, OpenGroup};
use crate::store::groups::{self, GroupSettings};
use crate::store::transaction::Tx;

/// Creates a group whose owner and only member is `owner`.
#[derive(Debug)]
pub struct CreateGroupFor {
    pub owner: UserId,
    /// Validated.
    pub name: String,
    /// Validated.
    pub description: String,
    pub max_members: i64,
}

/// Changes the settings of a group.
#[derive(Debug)]
pub struct EditGroup {
    pub group: GroupId,
    pub settings: GroupSettings,
}

/// Makes `user` a member without asking them, and closes their invitation. `GroupFull` when there
/// is no room.
#[derive(Debug)]
pub struct AddMember {
    pub group: GroupId,
    pub user: UserId,
    /// The operator's maximum.
    pub ceiling: i64,
}

/// Removes a member. `NotAllowed` for the owner.
#[derive(Debug)]
pub struct RemoveMemberAsAdmin {
    pub group: GroupId,
    pub user: UserId,
}

/// Gives a member a role. With `Owner` the group is handed over. `NotFound` for a non-member.
#[derive(Debug)]
pub struct SetRoleAsAdmin {
    pub group: GroupId,
    pub user: UserId,
    pub role: Role,
}

/// Revokes the join link.
#[derive(Debug)]
pub struct EndJoinLink {
    pub group: GroupId,
}

/// Disbands a group.
#[derive(Debug)]
pub struct DisbandGroupAsAdmin {
    pub group: GroupId,
}

fn actor(by: AdminActor) -> Result<GroupActor, Failure> {
    match by {
        AdminActor::Administrator(user) => Ok(GroupActor::Administrator(user)),
        AdminActor::Operator => Err(KithError::NotAllowed.into()),
    }
}

impl AdminAction for CreateGroupFor {
    type Answer = GroupId;
    const EVENTS: i64 = open_group::MEMBERSHIP_EVENTS;

    async fn apply(&self, tx: &mut Tx, by: AdminActor) -> Result<ActionOutcome<GroupId>, Failure> {
        let by = actor(by)?;
        usable_account(tx, self.owner).await?;
        let (name, description) = (self.name.clone(), self.description.clone());
        let open_group =
            groups::create(tx, by.user(), self.owner, name, description, self.max_members).await?;
        let (group, name) = (open_group.id, open_group.name);
        Ok(ActionOutcome {
            answer: group,
            audited: Some(AuditedAction::CreateGroup { group, name }),
        })
    }
}

impl AdminAction for EditGroup {
    type Answer = ();
    const EVENTS: i64 = open_group::MEMBERSHIP_EVENTS;

    async fn apply(&self, tx: &mut Tx, by: AdminActor) -> Result<ActionOutcome<()>, Failure> {
        let group = self.group;
        let before = OpenGroup::load(tx, group).await?.map(|open_group| open_group.name);
        Ok(match groups::set_group(tx, actor(by)?, group, &self.settings).await? {
            None => ActionOutcome::unchanged(),
            Some(OpenGroup { name, .. }) => {
                let was = before.filter(|before| *before != name);
                ActionOutcome::changed(AuditedAction::EditGroup { group, name, was })
            }
        })
    }
}

impl AdminAction for AddMember {
    type Answer = ();
    const EVENTS: i64 = open_group::MEMBERSHIP_EVENTS;

    async fn apply(&self, tx: &mut Tx, by: AdminActor) -> Result<ActionOutcome<()>, Failure> {
        let (by, group, user) = (actor(by)?, self.group, self.user);
        let username = usable_account(tx, user).await?;
        Ok(match groups::add_member(tx, by, group, user, self.ceiling).await? {
            None => ActionOutcome::unchanged(),
            Some(open_group) => ActionOutcome::changed(AuditedAction::AddMember {
                group,
                name: open_group.name,
                user,
                username,
            }),
        })
    }
}

impl AdminAction for RemoveMemberAsAdmin {
    type Answer = ();
    const AFTER_SENDS: bool = true;
    const EVENTS: i64 = open_group::MEMBERSHIP_EVENTS;

    async fn apply(&self, tx: &mut Tx, by: AdminActor) -> Result<ActionOutcome<()>, Failure> {
        let (by, group, user) = (actor(by)?, self.group, self.user);
        let username = account(tx, user).await?;
        Ok(match groups::remove(tx, by, group, user).await? {
            None => ActionOutcome::unchanged(),
            Some(open_group) => ActionOutcome::changed(AuditedAction::RemoveMember {
                group,
                name: open_group.name,
                user,
                username,
            }),
        })
    }
}

impl AdminAction for SetRoleAsAdmin {
    type Answer = ();
    const EVENTS: i64 = open_group::MEMBERSHIP_EVENTS;

    async fn apply(&self, tx: &mut Tx, by: AdminActor) -> Result<ActionOutcome<()>, Failure> {
        let (by, group, user, role) = (actor(by)?, self.group, self.user, self.role);
        let username = account(tx, user).await?;
        Ok(match groups::set_role(tx, by, group, user, role).await? {
            None => ActionOutcome::unchanged(),
            Some(open_group) => ActionOutcome::changed(AuditedAction::SetRole {
                group,
                name: open_group.name,
                user,
                username,
                role,
            }),
        })
    }
}

impl AdminAction for EndJoinLink {
    type Answer = ();
    const EVENTS: i64 = 0;

    async fn apply(&self, tx: &mut Tx, by: AdminActor) -> Result<ActionOutcome<()>, Failure> {
        let group = self.group;
        Ok(match groups::set_link(tx, actor(by)?, group, None).await? {
            None => ActionOutcome::unchanged(),
            Some(open_group) => {
                ActionOutcome::changed(AuditedAction::EndJoinLink { group, name: open_group.name })
            }
        })
    }
}

impl AdminAction for DisbandGroupAsAdmin {
    type Answer = ();
    const AFTER_SENDS: bool = true;
    const EVENTS: i64 = 1;

    async fn apply(&self, tx: &mut Tx, by: AdminActor) -> Result<ActionOutcome<()>, Failure> {
        let group = self.group;
        let name = groups::disband(tx, actor(by)?, group).await?;
        Ok(ActionOutcome::changed(AuditedAction::DisbandGroup { group, name }))
    }
}
