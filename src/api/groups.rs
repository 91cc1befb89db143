//! Groups: creating, describing, inviting, joining, leaving, and roles.

use leptos::prelude::*;
use leptos::server_fn::codec::PostUrl;

use crate::api::codec::Json;
use crate::error::Result;
use crate::model::{self, Group, GroupId, JoinLink, Role, UserId};

#[cfg(feature = "ssr")]
use {super::context, crate::model::Contact};

/// Makes a group that the caller owns. Invites those of `invited` (at most 100) to whom the caller
/// may write. `GroupNameTaken` when another group has this name, in any case.
#[server(prefix = "/api", endpoint = "create_group", input = Json, output = Json)]
pub async fn create_group(
    for_user: UserId,
    name: String,
    description: String,
    invited: Vec<UserId>,
) -> Result<Group> {
    let caller = context::caller_for(for_user)?;
    context::kith()?.create_group(caller, &name, &description, invited).await
}

/// Sets a group's name and description. The owner may also set its maximum of members; `None`
/// leaves that as it is. A maximum below the current number removes nobody.
#[server(prefix = "/api", endpoint = "set_group", input = Json, output = Json)]
pub async fn set_group(
    for_user: UserId,
    group: GroupId,
    name: String,
    description: String,
    max_members: Option<i64>,
) -> Result<()> {
    let caller = context::caller_for(for_user)?;
    context::kith()?.set_group(caller, group, &name, &description, max_members).await
}

/// Returns a group's members and invitations. The owner and the admins also get the pending join
/// requests and the join link. `NotAContact` when the caller is not a member.
#[server(prefix = "/api", endpoint = "group_members", input = Json, output = Json)]
pub async fn group_members(for_user: UserId, group: GroupId) -> Result<model::GroupMembers> {
    context::kith()?.group_members(context::caller_for(for_user)?, group).await
}

/// Returns the members of a group who are online and whose presence `receive` does not report to
/// the caller. A page that shows the members calls this every few seconds. `NotAContact` when the
/// caller is not a member.
#[server(prefix = "/api", endpoint = "members_here", input = Json, output = Json)]
pub async fn members_here(for_user: UserId, group: GroupId) -> Result<Vec<UserId>> {
    context::kith()?.members_here(context::caller_for(for_user)?, group).await
}

/// Invites those of `users` (at most 100) to whom the caller may write. Members and people already
/// invited stay as they are. `NotAContact` when the caller may write to none of them.
#[server(prefix = "/api", endpoint = "invite_to_group", input = Json, output = Json)]
pub async fn invite_to_group(for_user: UserId, group: GroupId, users: Vec<UserId>) -> Result<()> {
    let caller = context::caller_for(for_user)?;
    context::kith()?.invite_to_group(caller, group, users).await
}

/// Accepts the caller's invitation to a group. Accepting again changes nothing. `NotFound` without
/// an invitation, `GroupFull` when the group has no room.
#[server(prefix = "/api", endpoint = "accept_group", input = Json, output = Json)]
pub async fn accept_group(for_user: UserId, group: GroupId) -> Result<()> {
    context::kith()?.accept_group(context::caller_for(for_user)?, group).await
}

/// Declines the caller's invitation, or withdraws that of `user`. The inviter, the owner and the
/// admins may withdraw one. Changes nothing without an invitation.
#[server(prefix = "/api", endpoint = "close_group_invitation", input = Json, output = Json)]
pub async fn close_group_invitation(for_user: UserId, group: GroupId, user: UserId) -> Result<()> {
    let caller = context::caller_for(for_user)?;
    context::kith()?.close_group_invitation(caller, group, user).await
}

/// Leaves a group. The caller keeps a copy up to this moment. `NotAllowed` for the owner.
#[server(prefix = "/api", endpoint = "leave_group", input = Json, output = Json)]
pub async fn leave_group(for_user: UserId, group: GroupId) -> Result<()> {
    context::kith()?.leave_group(context::caller_for(for_user)?, group).await
}

/// Removes a member. The owner may remove anybody, an admin only ordinary members.
#[server(prefix = "/api", endpoint = "remove_member", input = Json, output = Json)]
pub async fn remove_member(for_user: UserId, group: GroupId, user: UserId) -> Result<()> {
    context::kith()?.remove_member(context::caller_for(for_user)?, group, user).await
}

/// Gives a member a role. Only the owner may. The role `owner` hands the group over, and the caller
/// becomes an admin. `NotFound` when they are not a member.
#[server(prefix = "/api", endpoint = "set_role", input = Json, output = Json)]
pub async fn set_role(for_user: UserId, group: GroupId, user: UserId, role: Role) -> Result<()> {
    let caller = context::caller_for(for_user)?;
    context::kith()?.set_role(caller, group, user, role).await
}

/// Disbands a group. Only the owner may. Its members keep a copy up to this moment.
#[server(prefix = "/api", endpoint = "disband_group", input = Json, output = Json)]
pub async fn disband_group(for_user: UserId, group: GroupId) -> Result<()> {
    context::kith()?.disband_group(context::caller_for(for_user)?, group).await
}

/// Makes a link by which people can join a group, valid for 1 to 90 days. The owner and the admins
/// may. It replaces the previous link.
#[server(prefix = "/api", endpoint = "make_join_link", input = Json, output = Json)]
pub async fn make_join_link(for_user: UserId, group: GroupId, days: i64) -> Result<JoinLink> {
    context::kith()?.make_join_link(context::caller_for(for_user)?, group, days).await
}

/// Revokes a group's join link, if it has one.
#[server(prefix = "/api", endpoint = "revoke_join_link", input = Json, output = Json)]
pub async fn revoke_join_link(for_user: UserId, group: GroupId) -> Result<()> {
    context::kith()?.revoke_join_link(context::caller_for(for_user)?, group).await
}

/// Sets whether people who come by the link must be approved. Only the owner may.
#[server(prefix = "/api", endpoint = "set_approval", input = Json, output = Json)]
pub async fn set_approval(for_user: UserId, group: GroupId, approve: bool) -> Result<()> {
    let caller = context::caller_for(for_user)?;
    context::kith()?.set_approval(caller, group, approve).await
}

/// Returns the group behind a join link. `NotFound` when the link is not valid.
#[server(prefix = "/api", endpoint = "join_offer", input = Json, output = Json)]
pub async fn join_offer(token: String) -> Result<model::JoinOffer> {
    context::kith()?.join_offer(context::caller()?, &token).await
}

/// Joins the group behind a link, or asks to join where members must be approved. Doing it again
/// changes nothing. `NotFound` when the link is not valid, `GroupFull` when the group has no room.
#[server(prefix = "/api", endpoint = "join_by_link", input = PostUrl, output = Json)]
pub async fn join_by_link(for_user: UserId, token: String) -> Result<()> {
    let caller = context::caller_for(for_user)?;
    let joining = context::kith()?.join_by_link(caller, token.clone()).await?;
    if joining.is_member {
        context::redirect_form(&format!("/chats/{}", Contact::Group(joining.group)));
    } else {
        context::redirect_form(&format!("/join/{token}"));
    }
    Ok(())
}

/// Approves or declines the join request of `user`, or withdraws the caller's own. The owner and
/// the admins may approve. `NotFound` without a request, `GroupFull` when the group has no room.
#[server(prefix = "/api", endpoint = "answer_join_request", input = PostUrl, output = Json)]
pub async fn answer_join_request(
    for_user: UserId,
    group: GroupId,
    user: UserId,
    accept: bool,
) -> Result<()> {
    let caller = context::caller_for(for_user)?;
    context::kith()?.answer_join_request(caller, group, user, accept).await
}
