//! Groups: creating, describing, inviting, joining, leaving, and roles. The store checks in each
//! transaction who may do what.

use super::accounts::{is_token, new_token};
use super::throttle::Limit;
use super::{Caller, Kith, names};
use crate::error::{KithError, Result};
use crate::model::limits::{DAY_MS, GROUP_MEMBERS_DEFAULT, INVITED_AT_ONCE_MAX, LINK_DAYS_MAX};
use crate::model::{
    Group, GroupAction, GroupId, GroupMembers, JoinLink, JoinOffer, Role, Timestamp, UserId,
    validation,
};
use crate::store::{
    AcceptGroupInvitation, AnswerJoinRequest, CloseGroupInvitation, CreateGroup, DisbandGroup,
    GroupSettings, InviteToGroup, JoinByLink, JoinOutcome, LeaveGroup, RemoveMember, SetApproval,
    SetGroup, SetJoinLink, SetRole,
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
        let (name, description) = validated(name, description)?;
        check_count(&invited)?;
        self.0.throttle.count(Limit::RelationshipChanges, caller.user)?;
        let policy = self.policy();
        let max_members = GROUP_MEMBERS_DEFAULT.min(policy.group_ceiling);
        let by = caller.user;
        let contacts = policy.contacts;
        self.store()
            .write(CreateGroup { by, name, description, max_members, invited, contacts })
            .await
    }

    /// Sets a group's name, description and maximum of members.
    pub async fn set_group(
        &self,
        caller: Caller,
        group: GroupId,
        name: &str,
        description: &str,
        max_members: Option<i64>,
    ) -> Result<()> {
        let (name, description) = validated(name, description)?;
        self.0.throttle.count(Limit::RelationshipChanges, caller.user)?;
        let ceiling = self.policy().group_ceiling;
        let settings = GroupSettings { name, description, max_members, approve: None, ceiling };
        self.store().write(SetGroup { by: caller.user, group, settings }).await
    }

    /// Returns the members and invitations of a group of the caller. The owner and the admins also
    /// get the join requests and the join link.
    pub async fn group_members(&self, caller: Caller, group: GroupId) -> Result<GroupMembers> {
        self.0.throttle.count(Limit::DirectoryLookups, caller.user)?;
        let mut found = self.store().group_members(caller.user, group).await?;
        let me = found.members.iter().find(|member| member.person.id == caller.user);
        let role = me.map(|me| me.role);
        let may = |act| role.is_some_and(|role| role.may(act));
        if may(GroupAction::Approve) {
            found.asking = self.store().join_requests(group).await?;
        }
        if may(GroupAction::Link) {
            found.link = self.store().join_link(group, self.now()).await?;
        }
        Ok(found)
    }

    /// Returns the members of the caller's group who are online and whom the caller does not know.
    /// The others are in the caller's presence.
    pub async fn members_here(&self, caller: Caller, group: GroupId) -> Result<Vec<UserId>> {
        self.0.throttle.count(Limit::DirectoryLookups, caller.user)?;
        let members = self.store().member_ids(group).await?;
        if !members.contains(&caller.user) {
            return Err(KithError::NotAContact);
        }
        Ok(self.0.presence.online_strangers(caller.user, &members))
    }

    /// Invites people to whom the caller may write.
    pub async fn invite_to_group(
        &self,
        caller: Caller,
        group: GroupId,
        users: Vec<UserId>,
    ) -> Result<()> {
        check_count(&users)?;
        self.0.throttle.count(Limit::RelationshipChanges, caller.user)?;
        let contacts = self.policy().contacts;
        self.store().write(InviteToGroup { by: caller.user, group, users, contacts }).await
    }

    /// Accepts an invitation. Not limited, because inviting is.
    pub async fn accept_group(&self, caller: Caller, group: GroupId) -> Result<()> {
        let ceiling = self.policy().group_ceiling;
        self.store().write(AcceptGroupInvitation { user: caller.user, group, ceiling }).await
    }

    /// Declines the caller's invitation, or withdraws that of another person.
    pub async fn close_group_invitation(
        &self,
        caller: Caller,
        group: GroupId,
        user: UserId,
    ) -> Result<()> {
        self.0.throttle.count(Limit::RelationshipChanges, caller.user)?;
        self.store().write(CloseGroupInvitation { by: caller.user, group, user }).await
    }

    pub async fn leave_group(&self, caller: Caller, group: GroupId) -> Result<()> {
        self.0.throttle.count(Limit::RelationshipChanges, caller.user)?;
        self.store().write(LeaveGroup { user: caller.user, group }).await
    }

    pub async fn remove_member(&self, caller: Caller, group: GroupId, user: UserId) -> Result<()> {
        self.0.throttle.count(Limit::RelationshipChanges, caller.user)?;
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
        self.0.throttle.count(Limit::RelationshipChanges, caller.user)?;
        self.store().write(SetRole { by: caller.user, group, user, role }).await
    }

    pub async fn disband_group(&self, caller: Caller, group: GroupId) -> Result<()> {
        self.0.throttle.count(Limit::RelationshipChanges, caller.user)?;
        self.store().write(DisbandGroup { by: caller.user, group }).await
    }
}

impl Kith {
    /// Makes a link by which people can join a group, valid for `days`. It replaces the previous
    /// link.
    pub async fn make_join_link(
        &self,
        caller: Caller,
        group: GroupId,
        days: i64,
    ) -> Result<JoinLink> {
        if !(1..=LINK_DAYS_MAX).contains(&days) {
            return Err(KithError::BadRequest(format!("not 1 to {LINK_DAYS_MAX} days")));
        }
        self.0.throttle.count(Limit::RelationshipChanges, caller.user)?;
        let until = Timestamp(self.now().0.saturating_add(days * DAY_MS));
        let link = JoinLink { token: new_token(), until };
        let by = caller.user;
        self.store().write(SetJoinLink { by, group, link: Some(link.clone()) }).await?;
        Ok(link)
    }

    /// Revokes a group's join link, if it has one.
    pub async fn revoke_join_link(&self, caller: Caller, group: GroupId) -> Result<()> {
        self.0.throttle.count(Limit::RelationshipChanges, caller.user)?;
        self.store().write(SetJoinLink { by: caller.user, group, link: None }).await
    }

    /// Sets whether people who come by the link must be approved.
    pub async fn set_approval(&self, caller: Caller, group: GroupId, approve: bool) -> Result<()> {
        self.0.throttle.count(Limit::RelationshipChanges, caller.user)?;
        self.store().write(SetApproval { by: caller.user, group, approve }).await
    }

    /// Returns the group behind a join link. `NotFound` when the link is not valid.
    pub async fn join_offer(&self, caller: Caller, token: &str) -> Result<JoinOffer> {
        self.0.throttle.count(Limit::DirectoryLookups, caller.user)?;
        if !is_token(token) {
            return Err(KithError::NotFound);
        }
        let found = self.store().join_offer(caller.user, token, self.now()).await?;
        found.ok_or(KithError::NotFound)
    }

    /// Joins the group behind a link, or asks to join where members must be approved.
    pub async fn join_by_link(&self, caller: Caller, token: String) -> Result<JoinOutcome> {
        self.0.throttle.count(Limit::RelationshipChanges, caller.user)?;
        if !is_token(&token) {
            return Err(KithError::NotFound);
        }
        let ceiling = self.policy().group_ceiling;
        self.store().write(JoinByLink { user: caller.user, token, ceiling }).await
    }

    /// Approves or declines a join request, or withdraws the caller's own.
    pub async fn answer_join_request(
        &self,
        caller: Caller,
        group: GroupId,
        user: UserId,
        accept: bool,
    ) -> Result<()> {
        self.0.throttle.count(Limit::RelationshipChanges, caller.user)?;
        let ceiling = self.policy().group_ceiling;
        let by = caller.user;
        self.store().write(AnswerJoinRequest { by, group, user, accept, ceiling }).await
    }
}

/// Returns the valid name and description of a group.
pub(super) fn validated(name: &str, description: &str) -> Result<(String, String)> {
    Ok((names::group_name(name)?, validation::group_description(description)?))
}

fn check_count(users: &[UserId]) -> Result<()> {
    if users.len() > INVITED_AT_ONCE_MAX {
        return Err(KithError::BadRequest(format!("more than {INVITED_AT_ONCE_MAX} people")));
    }
    Ok(())
}
