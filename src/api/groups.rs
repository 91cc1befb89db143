//! Groups: made, described, joined, left.

use leptos::prelude::*;

use crate::error::Result;
use crate::model::{self, Group, GroupId, Role, UserId};
use crate::wire::Json;

/// Makes a group that the caller owns, and invites those of `invited` (at most 100) to whom the
/// caller may write. `GroupNameTaken` when another one is called so, without regard to case.
#[server(prefix = "/api", endpoint = "create_group", input = Json, output = Json)]
pub async fn create_group(
    for_user: UserId,
    name: String,
    description: String,
    invited: Vec<UserId>,
) -> Result<Group> {
    let caller = super::context::caller_for(for_user)?;
    super::context::kith()?.create_group(caller, &name, &description, invited).await
}

/// Sets what a group is called and says of itself; the owner may also set how many members it may
/// have (without it, that stays). One below the present number removes nobody.
#[server(prefix = "/api", endpoint = "set_group", input = Json, output = Json)]
pub async fn set_group(
    for_user: UserId,
    group: GroupId,
    name: String,
    description: String,
    max_members: Option<i64>,
) -> Result<()> {
    let caller = super::context::caller_for(for_user)?;
    super::context::kith()?.set_group(caller, group, &name, &description, max_members).await
}

/// Returns who is in a group and who was invited. `NotAContact` when the caller is no member.
#[server(prefix = "/api", endpoint = "group_members", input = Json, output = Json)]
pub async fn group_members(for_user: UserId, group: GroupId) -> Result<model::GroupMembers> {
    super::context::kith()?.group_members(super::context::caller_for(for_user)?, group).await
}

/// Invites those of `users` (at most 100) to whom the caller may write. Who is a member or invited
/// already stays so; `NotAContact` when the caller may write to none of them.
#[server(prefix = "/api", endpoint = "invite_to_group", input = Json, output = Json)]
pub async fn invite_to_group(for_user: UserId, group: GroupId, users: Vec<UserId>) -> Result<()> {
    let caller = super::context::caller_for(for_user)?;
    super::context::kith()?.invite_to_group(caller, group, users).await
}

/// Joins a group to which the caller was invited. Accepting again changes nothing; `NotFound`
/// without an invitation, `GroupFull` when there is no room.
#[server(prefix = "/api", endpoint = "accept_group", input = Json, output = Json)]
pub async fn accept_group(for_user: UserId, group: GroupId) -> Result<()> {
    super::context::kith()?.accept_group(super::context::caller_for(for_user)?, group).await
}

/// Declines the caller's invitation, or takes back that of `user`, which whoever made it may, and
/// the owner and the admins. Without an invitation nothing changes.
#[server(prefix = "/api", endpoint = "close_group_invitation", input = Json, output = Json)]
pub async fn close_group_invitation(for_user: UserId, group: GroupId, user: UserId) -> Result<()> {
    let caller = super::context::caller_for(for_user)?;
    super::context::kith()?.close_group_invitation(caller, group, user).await
}

/// Leaves a group; the caller keeps a copy up to here. `NotAllowed` for the owner.
#[server(prefix = "/api", endpoint = "leave_group", input = Json, output = Json)]
pub async fn leave_group(for_user: UserId, group: GroupId) -> Result<()> {
    super::context::kith()?.leave_group(super::context::caller_for(for_user)?, group).await
}

/// Removes a member: the owner anybody, an admin those who are neither.
#[server(prefix = "/api", endpoint = "remove_member", input = Json, output = Json)]
pub async fn remove_member(for_user: UserId, group: GroupId, user: UserId) -> Result<()> {
    super::context::kith()?.remove_member(super::context::caller_for(for_user)?, group, user).await
}

/// Gives a member a role, which only the owner may. With `owner` the group is handed over, and the
/// caller becomes an admin. `NotFound` when they are no member.
#[server(prefix = "/api", endpoint = "set_role", input = Json, output = Json)]
pub async fn set_role(for_user: UserId, group: GroupId, user: UserId, role: Role) -> Result<()> {
    let caller = super::context::caller_for(for_user)?;
    super::context::kith()?.set_role(caller, group, user, role).await
}

/// Ends a group, which only the owner may: everybody keeps a copy up to here.
#[server(prefix = "/api", endpoint = "disband_group", input = Json, output = Json)]
pub async fn disband_group(for_user: UserId, group: GroupId) -> Result<()> {
    super::context::kith()?.disband_group(super::context::caller_for(for_user)?, group).await
}
