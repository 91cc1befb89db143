//! Groups: made, described, joined, left.

use leptos::prelude::*;
use leptos::server_fn::codec::PostUrl;

use crate::error::Result;
use crate::model::{self, Group, GroupId, JoinLink, Role, UserId};
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

/// Returns who is in a group and who was invited; to the owner and the admins also who waits to be
/// let in, and the link by which people join. `NotAContact` when the caller is no member.
#[server(prefix = "/api", endpoint = "group_members", input = Json, output = Json)]
pub async fn group_members(for_user: UserId, group: GroupId) -> Result<model::GroupMembers> {
    super::context::kith()?.group_members(super::context::caller_for(for_user)?, group).await
}

/// Returns who of the members of a group is there just now, as far as the caller is not told of them
/// by `receive`; for a page that shows the members, every few seconds. `NotAContact` when the caller
/// is no member.
#[server(prefix = "/api", endpoint = "members_here", input = Json, output = Json)]
pub async fn members_here(for_user: UserId, group: GroupId) -> Result<Vec<UserId>> {
    super::context::kith()?.members_here(super::context::caller_for(for_user)?, group).await
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

/// Makes a link by which people join a group by themselves, for 1 to 90 days, which the owner and
/// the admins may. The one before it ends.
#[server(prefix = "/api", endpoint = "make_join_link", input = Json, output = Json)]
pub async fn make_join_link(for_user: UserId, group: GroupId, days: i64) -> Result<JoinLink> {
    super::context::kith()?.make_join_link(super::context::caller_for(for_user)?, group, days).await
}

/// Ends the link of a group, if it has one.
#[server(prefix = "/api", endpoint = "revoke_join_link", input = Json, output = Json)]
pub async fn revoke_join_link(for_user: UserId, group: GroupId) -> Result<()> {
    super::context::kith()?.revoke_join_link(super::context::caller_for(for_user)?, group).await
}

/// Says whether an admin lets in each of those who come by the link, which only the owner may.
#[server(prefix = "/api", endpoint = "set_approval", input = Json, output = Json)]
pub async fn set_approval(for_user: UserId, group: GroupId, approve: bool) -> Result<()> {
    let caller = super::context::caller_for(for_user)?;
    super::context::kith()?.set_approval(caller, group, approve).await
}

/// Returns what a link leads to. `NotFound` when it does not hold (any more).
#[server(prefix = "/api", endpoint = "join_offer", input = Json, output = Json)]
pub async fn join_offer(token: String) -> Result<model::JoinOffer> {
    super::context::kith()?.join_offer(super::context::caller()?, &token).await
}

/// Follows a link: joins its group, or waits to be let in. Following it again changes nothing.
/// `NotFound` when it does not hold, `GroupFull` when there is no room.
#[server(prefix = "/api", endpoint = "join_by_link", input = PostUrl, output = Json)]
pub async fn join_by_link(for_user: UserId, token: String) -> Result<()> {
    use super::context;
    use crate::model::Contact;

    let caller = context::caller_for(for_user)?;
    let joining = context::kith()?.join_by_link(caller, token.clone()).await?;
    if joining.is_member {
        context::redirect_form(&format!("/chats/{}", Contact::Group(joining.group)));
    } else {
        context::redirect_form(&format!("/join/{token}"));
    }
    Ok(())
}

/// Lets `user` in who waits, or not, which the owner and the admins may; or takes the caller's own
/// wish back. `NotFound` when they do not wait (any more), `GroupFull` when there is no room.
#[server(prefix = "/api", endpoint = "answer_join_request", input = PostUrl, output = Json)]
pub async fn answer_join_request(
    for_user: UserId,
    group: GroupId,
    user: UserId,
    accept: bool,
) -> Result<()> {
    let caller = super::context::caller_for(for_user)?;
    super::context::kith()?.answer_join_request(caller, group, user, accept).await
}
