//! All groups, for administrators.

use leptos::prelude::*;
use leptos::server_fn::codec::PostUrl;

use crate::api::codec::Json;
use crate::error::Result;
use crate::model::administration::{GroupDetails, GroupRow, TablePage};
use crate::model::{GroupId, Role, UserId};

#[cfg(feature = "ssr")]
use crate::api::context;

/// Returns a page of the groups, by name: those in whose name a word begins with `search`, or all
/// if it is empty.
#[server(prefix = "/api", endpoint = "admin_groups", input = Json, output = Json)]
pub async fn admin_groups(search: String, page: i64) -> Result<TablePage<GroupRow>> {
    context::kith()?.groups_table(context::administrator().await?, &search, page).await
}

/// Returns everything about one group except its messages.
#[server(prefix = "/api", endpoint = "admin_group", input = Json, output = Json)]
pub async fn admin_group(group: GroupId) -> Result<GroupDetails> {
    context::kith()?.group_details(context::administrator().await?, group).await
}

/// Makes a group that the user named `owner` owns, and redirects to its page.
#[server(prefix = "/api", endpoint = "admin_create_group", input = PostUrl, output = Json)]
pub async fn admin_create_group(
    for_user: UserId,
    owner: String,
    name: String,
    description: String,
) -> Result<GroupId> {
    let by = context::administrator_for(for_user).await?;
    let kith = context::kith()?;
    let owner = kith.user_named(by, &owner).await?;
    let group = kith.create_group_for(by, owner, &name, &description).await?;
    context::redirect_form(&format!("/admin/groups/{group}?done=created"));
    Ok(group)
}

/// Sets a group's name, description and maximum of members. With `approve`, people who come by its
/// link must be approved one by one. `approve` is `None` when the form's checkbox is not ticked.
#[server(prefix = "/api", endpoint = "admin_edit_group", input = PostUrl, output = Json)]
pub async fn admin_edit_group(
    for_user: UserId,
    group: GroupId,
    name: String,
    description: String,
    max_members: i64,
    approve: Option<bool>,
    back: Option<String>,
) -> Result<()> {
    let by = context::administrator_for(for_user).await?;
    let approve = approve.unwrap_or_default();
    context::kith()?.edit_group(by, group, &name, &description, max_members, approve).await?;
    context::redirect_back(back.as_deref());
    Ok(())
}

/// Revokes a group's join link, if it has one.
#[server(prefix = "/api", endpoint = "admin_end_join_link", input = PostUrl, output = Json)]
pub async fn admin_end_join_link(
    for_user: UserId,
    group: GroupId,
    back: Option<String>,
) -> Result<()> {
    let by = context::administrator_for(for_user).await?;
    context::kith()?.end_join_link(by, group).await?;
    context::redirect_back(back.as_deref());
    Ok(())
}

/// Makes the user with this username a member, without asking them. `NotFound` when nobody has that
/// username, `GroupFull` when the group has no room.
#[server(prefix = "/api", endpoint = "admin_add_member", input = PostUrl, output = Json)]
pub async fn admin_add_member(
    for_user: UserId,
    group: GroupId,
    username: String,
    back: Option<String>,
) -> Result<()> {
    let by = context::administrator_for(for_user).await?;
    let kith = context::kith()?;
    let user = kith.user_named(by, &username).await?;
    kith.add_member(by, group, user).await?;
    context::redirect_back(back.as_deref());
    Ok(())
}

/// Removes a member who is not the owner.
#[server(prefix = "/api", endpoint = "admin_remove_member", input = PostUrl, output = Json)]
pub async fn admin_remove_member(
    for_user: UserId,
    group: GroupId,
    user: UserId,
    back: Option<String>,
) -> Result<()> {
    let by = context::administrator_for(for_user).await?;
    context::kith()?.admin_remove_member(by, group, user).await?;
    context::redirect_back(back.as_deref());
    Ok(())
}

/// Gives a member a role. The role `owner` hands the group over.
#[server(prefix = "/api", endpoint = "admin_set_role", input = PostUrl, output = Json)]
pub async fn admin_set_role(
    for_user: UserId,
    group: GroupId,
    user: UserId,
    role: Role,
    back: Option<String>,
) -> Result<()> {
    let by = context::administrator_for(for_user).await?;
    context::kith()?.admin_set_role(by, group, user, role).await?;
    context::redirect_back(back.as_deref());
    Ok(())
}

/// Disbands a group. Former members can still read the messages up to now.
#[server(prefix = "/api", endpoint = "admin_disband_group", input = PostUrl, output = Json)]
pub async fn admin_disband_group(
    for_user: UserId,
    group: GroupId,
    back: Option<String>,
) -> Result<()> {
    let by = context::administrator_for(for_user).await?;
    context::kith()?.admin_disband_group(by, group).await?;
    context::redirect_back(back.as_deref());
    Ok(())
}
