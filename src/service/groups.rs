//! Groups: made, described, joined, left. Who may do what is checked where it is written.

use super::{Caller, Kith};
use crate::error::{KithError, Result};
use crate::model::limits::{GROUP_MEMBERS, INVITED_AT_ONCE_MAX};
use crate::model::{Group, GroupId, GroupMembers, Role, UserId, validation};
use crate::store::{
    AcceptGroupInvitation, CloseGroupInvitation, CreateGroup, Described, DisbandGroup,
    InviteToGroup, LeaveGroup, RemoveMember, SetGroup, SetRole,
};

impl Kith {
    /// Makes a group that the caller owns, and invites people to it.
    pub async fn create_group(
        &self,
        caller: Caller,
        name: &str,
        description: &str,
        invited: Vec<UserId>,
    ) -> Result<Group> {
        let (name, description) = described(name, description)?;
        check_number(&invited)?;
        self.0.throttle.tie_of(caller.user)?;
        let policy = self.policy();
        let max_members = GROUP_MEMBERS.min(policy.group_ceiling);
        let by = caller.user;
        let contacts = policy.contacts;
        self.store()
            .write(CreateGroup { by, name, description, max_members, invited, contacts })
            .await
    }

    /// Sets what a group is called, what it says of itself, and how many members it may have.
    pub async fn set_group(
        &self,
        caller: Caller,
        group: GroupId,
        name: &str,
        description: &str,
        max_members: Option<i64>,
    ) -> Result<()> {
        let (name, description) = described(name, description)?;
        self.0.throttle.tie_of(caller.user)?;
        let ceiling = self.policy().group_ceiling;
        let described = Described { name, description, max_members, ceiling };
        self.store().write(SetGroup { by: caller.user, group, described }).await
    }

    /// Returns who is in a group of the caller's, and who was invited.
    pub async fn group_members(&self, caller: Caller, group: GroupId) -> Result<GroupMembers> {
        self.0.throttle.look_of(caller.user)?;
        self.store().group_members(caller.user, group).await
    }

    /// Invites people to whom the caller may write.
    pub async fn invite_to_group(
        &self,
        caller: Caller,
        group: GroupId,
        users: Vec<UserId>,
    ) -> Result<()> {
        check_number(&users)?;
        self.0.throttle.tie_of(caller.user)?;
        let contacts = self.policy().contacts;
        self.store().write(InviteToGroup { by: caller.user, group, users, contacts }).await
    }

    /// Accepts an invitation. Not limited: whoever invited was.
    pub async fn accept_group(&self, caller: Caller, group: GroupId) -> Result<()> {
        let ceiling = self.policy().group_ceiling;
        self.store().write(AcceptGroupInvitation { user: caller.user, group, ceiling }).await
    }

    /// Declines the caller's invitation, or takes back that of somebody else.
    pub async fn close_group_invitation(
        &self,
        caller: Caller,
        group: GroupId,
        user: UserId,
    ) -> Result<()> {
        self.0.throttle.tie_of(caller.user)?;
        self.store().write(CloseGroupInvitation { by: caller.user, group, user }).await
    }

    pub async fn leave_group(&self, caller: Caller, group: GroupId) -> Result<()> {
        self.0.throttle.tie_of(caller.user)?;
        self.store().write(LeaveGroup { user: caller.user, group }).await
    }

    pub async fn remove_member(&self, caller: Caller, group: GroupId, user: UserId) -> Result<()> {
        self.0.throttle.tie_of(caller.user)?;
        self.store().write(RemoveMember { by: caller.user, group, user }).await
    }

    /// Gives a member a role; `Role::Owner` hands the group over.
    pub async fn set_role(
        &self,
        caller: Caller,
        group: GroupId,
        user: UserId,
        role: Role,
    ) -> Result<()> {
        self.0.throttle.tie_of(caller.user)?;
        self.store().write(SetRole { by: caller.user, group, user, role }).await
    }

    pub async fn disband_group(&self, caller: Caller, group: GroupId) -> Result<()> {
        self.0.throttle.tie_of(caller.user)?;
        self.store().write(DisbandGroup { by: caller.user, group }).await
    }
}

pub(super) fn described(name: &str, description: &str) -> Result<(String, String)> {
    Ok((validation::group_name(name)?, validation::group_description(description)?))
}

fn check_number(users: &[UserId]) -> Result<()> {
    if users.len() > INVITED_AT_ONCE_MAX {
        return Err(KithError::BadRequest(format!("more than {INVITED_AT_ONCE_MAX} people")));
    }
    Ok(())
}
