//! Leaving a group, removing a member, and roles.

use sqlx::Row;

use crate::error::{KithError, Result};
use crate::model::{GroupAction, GroupId, Role, SystemLine, UserId};
use crate::store::people::accounts::is_disabled;
use crate::store::transaction::{Change, Tx};
use crate::store::{Failure, rows, visibility};

use super::open_group::{self, GroupActor, OpenGroup, Successor};
use super::steps;

/// `user` leaves a group. For a non-member nothing changes. `NotAllowed` for the owner, who must
/// hand the group over or disband it.
#[derive(Debug)]
pub struct LeaveGroup {
    pub user: UserId,
    pub group: GroupId,
}

/// `by` removes `user` from a group, and so ends its join link. For a non-member nothing changes.
#[derive(Debug)]
pub struct RemoveMember {
    pub by: UserId,
    pub group: GroupId,
    pub user: UserId,
}

/// `by` gives `user` a role. With `Owner` the group is handed over, and `by` becomes an admin. For
/// an admin, the role of a plain member ends the join link. `NotFound` for a non-member.
#[derive(Debug)]
pub struct SetRole {
    pub by: UserId,
    pub group: GroupId,
    pub user: UserId,
    pub role: Role,
}

impl Change for LeaveGroup {
    type Answer = ();
    const AFTER_SENDS: bool = true;
    const EVENTS: i64 = open_group::MEMBERSHIP_EVENTS;

    async fn apply(&self, tx: &mut Tx) -> Result<(), Failure> {
        let Some(mut open_group) = OpenGroup::load(tx, self.group).await? else { return Ok(()) };
        let Some(role) = open_group.role_of(self.user) else { return Ok(()) };
        if !role.may(GroupAction::Leave) {
            return Err(KithError::NotAllowed.into());
        }
        open_group.add_line(tx, self.user, SystemLine::Left).await?;
        open_group.leave(tx, self.user).await?;
        steps::close_invitations_by(tx, self.group, self.user).await
    }
}

impl Change for RemoveMember {
    type Answer = ();
    const AFTER_SENDS: bool = true;
    const EVENTS: i64 = open_group::MEMBERSHIP_EVENTS;

    async fn apply(&self, tx: &mut Tx) -> Result<(), Failure> {
        remove(tx, GroupActor::Member(self.by), self.group, self.user).await.map(|_| ())
    }
}

impl Change for SetRole {
    type Answer = ();
    const EVENTS: i64 = open_group::MEMBERSHIP_EVENTS;

    async fn apply(&self, tx: &mut Tx) -> Result<(), Failure> {
        let by = GroupActor::Member(self.by);
        set_role(tx, by, self.group, self.user, self.role).await.map(|_| ())
    }
}

/// Removes `user` from a group. Returns the group, or `None` for a non-member.
pub async fn remove(
    tx: &mut Tx,
    by: GroupActor,
    group: GroupId,
    user: UserId,
) -> Result<Option<OpenGroup>, Failure> {
    let mut open_group = OpenGroup::load_by(tx, group, by).await?;
    let role = open_group.role_of(user);
    open_group.check_allowed(by, GroupAction::Remove(role.unwrap_or(Role::Member)))?;
    if role.is_none() {
        return Ok(None);
    }
    open_group.add_line(tx, by.user(), SystemLine::Removed { user }).await?;
    open_group.leave(tx, user).await?;
    steps::close_invitations_by(tx, group, user).await?;
    // They may have come by it.
    steps::end_link(tx, group).await?;
    Ok(Some(open_group))
}

/// Gives a member a role. Returns the group, or `None` when they had the role already.
pub async fn set_role(
    tx: &mut Tx,
    by: GroupActor,
    group: GroupId,
    user: UserId,
    role: Role,
) -> Result<Option<OpenGroup>, Failure> {
    let mut open_group = OpenGroup::load_for(tx, group, by, GroupAction::SetRoles).await?;
    let before = open_group.role_of(user).ok_or(KithError::NotFound)?;
    if before == role {
        return Ok(None);
    }
    if before == Role::Owner {
        // A group must have an owner: another member must be made the owner instead.
        return Err(KithError::NotAllowed.into());
    }
    if role == Role::Owner && is_disabled(tx, user).await? {
        return Err(KithError::AccountDisabled.into());
    }
    open_group.set_role(tx, user, role).await?;
    open_group.add_line(tx, by.user(), SystemLine::RoleSet { user, role }).await?;
    if role < before {
        // They have seen it.
        steps::end_link(tx, group).await?;
    }
    Ok(Some(open_group))
}

/// Hands over all groups that `user` owns, whose account is disabled. They stay a member, and the
/// owner where no other member has a usable account.
pub async fn hand_over_all(tx: &mut Tx, user: UserId) -> Result<(), Failure> {
    let text = "SELECT id FROM chat_group WHERE owner_id = $1 AND disbanded = 0 ORDER BY id";
    for row in sqlx::query(text).bind(user.0).fetch_all(tx.read()).await? {
        if let Some(mut open_group) = OpenGroup::load(tx, GroupId(row.try_get("id")?)).await? {
            steps::hand_over(tx, &mut open_group, user).await?;
        }
    }
    Ok(())
}

/// Takes `user`, whose account is deleted, out of all groups, and closes their invitations and
/// join requests. A group that they owned goes to its successor, or ends without one.
pub async fn leave_all(tx: &mut Tx, user: UserId) -> Result<(), Failure> {
    let text = format!(
        "SELECT m.conversation_id FROM member m JOIN chat_group g ON g.id = m.conversation_id \
         WHERE m.user_id = $1 AND {}",
        visibility::PRESENT
    );
    for row in sqlx::query(&text).bind(user.0).fetch_all(tx.read()).await? {
        let group = GroupId(row.try_get("conversation_id")?);
        let Some(mut open_group) = OpenGroup::load(tx, group).await? else { continue };
        tx.reserve(2 * open_group::MEMBERSHIP_EVENTS).await?;
        open_group.add_line(tx, user, SystemLine::Left).await?;
        if open_group.role_of(user) == Some(Role::Owner) {
            match open_group.successor(tx).await? {
                Some(Successor { user: new_owner, .. }) => {
                    let line = SystemLine::Inherited { user: new_owner };
                    open_group.set_role(tx, new_owner, Role::Owner).await?;
                    open_group.add_line(tx, user, line).await?;
                }
                None => {
                    steps::end_group(tx, open_group).await?;
                    continue;
                }
            }
        }
        open_group.leave(tx, user).await?;
    }
    steps::close_requests_of(tx, user).await?;
    // Invitations to them and by them: an invitation names its inviter.
    let text = "SELECT group_id, user_id FROM group_invitation \
         WHERE user_id = $1 OR invited_by = $1";
    for row in sqlx::query(text).bind(user.0).fetch_all(tx.read()).await? {
        tx.reserve(1).await?;
        let group = GroupId(row.try_get("group_id")?);
        steps::close_invitation(tx, group, rows::user(&row, "user_id")?).await?;
    }
    Ok(())
}
