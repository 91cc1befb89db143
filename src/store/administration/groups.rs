//! What administrators do with groups, in which they need not be: the steps of their members, with
//! everything allowed that an owner may. Nothing of it is done by the operator, in whose name no
//! line could be said.

use super::{ActionOutcome, AdminAction, account, usable_account};
use crate::error::{KithError, Result};
use crate::model::administration::{Act, By};
use crate::model::{GroupId, Role, UserId};
use crate::store::Failure;
use crate::store::groups::circle::{self, Actor, OpenGroup};
use crate::store::groups::{self, Described};
use crate::store::transaction::Tx;

/// Makes a group that `owner` owns and is the only member of.
#[derive(Debug)]
pub struct CreateGroupFor {
    pub owner: UserId,
    /// Validated, like the description.
    pub name: String,
    pub description: String,
    pub max_members: i64,
}

#[derive(Debug)]
pub struct EditGroup {
    pub group: GroupId,
    pub described: Described,
}

/// Makes `user` a member without asking them, and closes an invitation that they have. `GroupFull`
/// when there is no room.
#[derive(Debug)]
pub struct AddMember {
    pub group: GroupId,
    pub user: UserId,
    /// The operator's.
    pub ceiling: i64,
}

/// `NotAllowed` for the owner.
#[derive(Debug)]
pub struct ExpelMember {
    pub group: GroupId,
    pub user: UserId,
}

/// With `Owner` the group is handed over. `NotFound` when `user` is no member.
#[derive(Debug)]
pub struct GiveRole {
    pub group: GroupId,
    pub user: UserId,
    pub role: Role,
}

/// Ends the link by which people join.
#[derive(Debug)]
pub struct EndJoinLink {
    pub group: GroupId,
}

#[derive(Debug)]
pub struct EndGroup {
    pub group: GroupId,
}

fn actor(by: By) -> Result<Actor, Failure> {
    match by {
        By::Administrator(user) => Ok(Actor::Administrator(user)),
        By::Operator => Err(KithError::NotAllowed.into()),
    }
}

impl AdminAction for CreateGroupFor {
    type Answer = GroupId;
    const EVENTS: i64 = circle::STEPS;

    async fn apply(&self, tx: &mut Tx, by: By) -> Result<ActionOutcome<GroupId>, Failure> {
        let by = actor(by)?;
        usable_account(tx, self.owner).await?;
        let (name, description) = (self.name.clone(), self.description.clone());
        let circle =
            groups::found(tx, by.user(), self.owner, name, description, self.max_members).await?;
        let (group, name) = (circle.group, circle.name);
        Ok(ActionOutcome { answer: group, act: Some(Act::CreateGroup { group, name }) })
    }
}

impl AdminAction for EditGroup {
    type Answer = ();
    const EVENTS: i64 = circle::STEPS;

    async fn apply(&self, tx: &mut Tx, by: By) -> Result<ActionOutcome<()>, Failure> {
        let group = self.group;
        let before = OpenGroup::load(tx, group).await?.map(|circle| circle.name);
        Ok(match groups::describe(tx, actor(by)?, group, &self.described).await? {
            None => ActionOutcome::nothing(),
            Some(OpenGroup { name, .. }) => {
                let was = before.filter(|before| *before != name);
                ActionOutcome::noting(Act::EditGroup { group, name, was })
            }
        })
    }
}

impl AdminAction for AddMember {
    type Answer = ();
    const EVENTS: i64 = circle::STEPS;

    async fn apply(&self, tx: &mut Tx, by: By) -> Result<ActionOutcome<()>, Failure> {
        let (by, group, user) = (actor(by)?, self.group, self.user);
        let username = usable_account(tx, user).await?;
        Ok(match groups::admit(tx, by, group, user, self.ceiling).await? {
            None => ActionOutcome::nothing(),
            Some(circle) => {
                ActionOutcome::noting(Act::AddMember { group, name: circle.name, user, username })
            }
        })
    }
}

impl AdminAction for ExpelMember {
    type Answer = ();
    const AFTER_SENDS: bool = true;
    const EVENTS: i64 = circle::STEPS;

    async fn apply(&self, tx: &mut Tx, by: By) -> Result<ActionOutcome<()>, Failure> {
        let (by, group, user) = (actor(by)?, self.group, self.user);
        let username = account(tx, user).await?;
        Ok(match groups::remove(tx, by, group, user).await? {
            None => ActionOutcome::nothing(),
            Some(circle) => ActionOutcome::noting(Act::RemoveMember {
                group,
                name: circle.name,
                user,
                username,
            }),
        })
    }
}

impl AdminAction for GiveRole {
    type Answer = ();
    const EVENTS: i64 = circle::STEPS;

    async fn apply(&self, tx: &mut Tx, by: By) -> Result<ActionOutcome<()>, Failure> {
        let (by, group, user, role) = (actor(by)?, self.group, self.user, self.role);
        let username = account(tx, user).await?;
        Ok(match groups::set_role(tx, by, group, user, role).await? {
            None => ActionOutcome::nothing(),
            Some(circle) => ActionOutcome::noting(Act::SetRole {
                group,
                name: circle.name,
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

    async fn apply(&self, tx: &mut Tx, by: By) -> Result<ActionOutcome<()>, Failure> {
        let group = self.group;
        Ok(match groups::set_link(tx, actor(by)?, group, None).await? {
            None => ActionOutcome::nothing(),
            Some(circle) => ActionOutcome::noting(Act::EndJoinLink { group, name: circle.name }),
        })
    }
}

impl AdminAction for EndGroup {
    type Answer = ();
    const AFTER_SENDS: bool = true;
    const EVENTS: i64 = 1;

    async fn apply(&self, tx: &mut Tx, by: By) -> Result<ActionOutcome<()>, Failure> {
        let group = self.group;
        let name = groups::disband(tx, actor(by)?, group).await?;
        Ok(ActionOutcome::noting(Act::DisbandGroup { group, name }))
    }
}
