//! Inviting people to a group, and their answers.

use crate::error::{KithError, Result};
use crate::model::{Contacts, GroupAction, GroupId, SystemLine, UserId};
use crate::store::Failure;
use crate::store::transaction::{Change, Tx};

use super::open_group::{self, GroupActor, OpenGroup};
use super::steps;

/// Invites those of `users` whom `by` may write to. Members and people with an invitation are left
/// as they are. `NotAContact` when `by` may write to none of them, `TooManyRequestsWaiting` when
/// too many of their invitations wait for an answer.
#[derive(Debug)]
pub struct InviteToGroup {
    pub by: UserId,
    pub group: GroupId,
    pub users: Vec<UserId>,
    pub contacts: Contacts,
}

/// `user` accepts an invitation. For a member nothing changes. `NotFound` without an invitation,
/// `GroupFull` when there is no room.
#[derive(Debug)]
pub struct AcceptGroupInvitation {
    pub user: UserId,
    pub group: GroupId,
    /// The operator's present maximum, which may be lower than the group's own.
    pub ceiling: i64,
}

/// Closes the invitation of `user`: they decline it, or `by` takes it back, who made it or may take
/// back those of others. Without an invitation nothing changes.
#[derive(Debug)]
pub struct CloseGroupInvitation {
    pub by: UserId,
    pub group: GroupId,
    pub user: UserId,
}

impl Change for InviteToGroup {
    type Answer = ();
    const EVENTS: i64 = 0;

    async fn apply(&self, tx: &mut Tx) -> Result<(), Failure> {
        let by = GroupActor::Member(self.by);
        let open_group = OpenGroup::load_for(tx, self.group, by, GroupAction::Invite).await?;
        match steps::invite(tx, &open_group, self.by, &self.users, self.contacts).await? {
            0 if !self.users.is_empty() => Err(KithError::NotAContact.into()),
            _ => Ok(()),
        }
    }
}

impl Change for AcceptGroupInvitation {
    type Answer = ();
    const EVENTS: i64 = open_group::MEMBERSHIP_EVENTS;

    async fn apply(&self, tx: &mut Tx) -> Result<(), Failure> {
        let (group, user) = (self.group, self.user);
        // Without an invitation, nothing of the group is read.
        let Some(by) = steps::inviter(tx, group, user).await? else {
            let is_member = open_group::is_member(tx, group, user).await?;
            return if is_member { Ok(()) } else { Err(KithError::NotFound.into()) };
        };
        let mut open_group = OpenGroup::load(tx, group).await?.ok_or(KithError::NotFound)?;
        let line = SystemLine::Joined { by };
        steps::admit(tx, &mut open_group, user, self.ceiling, user, line).await
    }
}

impl Change for CloseGroupInvitation {
    type Answer = ();
    const EVENTS: i64 = 1;

    async fn apply(&self, tx: &mut Tx) -> Result<(), Failure> {
        let (group, user) = (self.group, self.user);
        let inviter = if self.by == user {
            steps::inviter(tx, group, user).await?
        } else {
            // Membership is checked first: others must not learn whether `user` was invited.
            let by = GroupActor::Member(self.by);
            let open_group = OpenGroup::load_by(tx, group, by).await?;
            let inviter = steps::inviter(tx, group, user).await?;
            if inviter.is_some_and(|inviter| inviter != self.by) {
                open_group.check_allowed(by, GroupAction::TakeBack)?;
            }
            inviter
        };
        if inviter.is_none() {
            return Ok(());
        }
        steps::close_invitation(tx, group, user).await
    }
}

/// Makes `user` a member without asking them. Returns the group, or `None` for a member.
pub async fn add_member(
    tx: &mut Tx,
    by: GroupActor,
    group: GroupId,
    user: UserId,
    ceiling: i64,
) -> Result<Option<OpenGroup>, Failure> {
    let mut open_group = OpenGroup::load_by(tx, group, by).await?;
    if open_group.role_of(user).is_some() {
        return Ok(None);
    }
    let line = match by.user() {
        by if by == user => SystemLine::Joined { by },
        _ => SystemLine::Admitted { user },
    };
    steps::admit(tx, &mut open_group, user, ceiling, by.user(), line).await?;
    Ok(Some(open_group))
}
