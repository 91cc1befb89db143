//! What only administrators may call, each for the pages under `/admin`. To everybody else it is as
//! if there were nothing: `NotFound`, or `Unauthorised` when nobody is signed in.

use leptos::prelude::*;
use leptos::server_fn::codec::PostUrl;

use crate::error::Result;
use crate::model::administration::{
    Account, AccountFile, AccountQuery, AuditEntry, GroupFile, GroupRow, Overview,
    RegistrationLink, RegistrationMode, RegistrationState, TablePage,
};
use crate::model::{GroupId, Role, UserId};
use crate::wire::Json;

/// Returns what this Kith is and does just now.
#[server(prefix = "/api", endpoint = "admin_overview", input = Json, output = Json)]
pub async fn admin_overview() -> Result<Overview> {
    use super::context;

    context::kith()?.overview(context::administrator().await?).await
}

/// Returns a page of the accounts that the query asks for.
#[server(prefix = "/api", endpoint = "admin_accounts", input = Json, output = Json)]
pub async fn admin_accounts(query: AccountQuery) -> Result<TablePage<Account>> {
    use super::context;

    context::kith()?.accounts(context::administrator().await?, query).await
}

/// Returns everything about one account.
#[server(prefix = "/api", endpoint = "admin_account", input = Json, output = Json)]
pub async fn admin_account(user: UserId) -> Result<AccountFile> {
    use super::context;

    context::kith()?.account(context::administrator().await?, user).await
}

/// Makes an account whose password must be replaced at the first sign-in, and leads to its page.
#[server(prefix = "/api", endpoint = "admin_create_user", input = PostUrl, output = Json)]
pub async fn admin_create_user(
    for_user: UserId,
    username: String,
    display_name: String,
    password: String,
    #[server(default)] administrator: bool,
) -> Result<UserId> {
    use super::context;
    use crate::service::accounts::NewAccount;

    let by = context::administrator_for(for_user).await?;
    let account = NewAccount { username, display_name, password };
    let user = context::kith()?.create_user(by, account, administrator, true).await?;
    context::redirect_form(&format!("/admin/people/{user}?done=created"));
    Ok(user)
}

/// Sets what an account says of a person.
#[server(prefix = "/api", endpoint = "admin_edit_user", input = PostUrl, output = Json)]
pub async fn admin_edit_user(
    for_user: UserId,
    user: UserId,
    username: String,
    display_name: String,
    bio: String,
    back: Option<String>,
) -> Result<()> {
    use super::context;

    let by = context::administrator_for(for_user).await?;
    context::kith()?.edit_user(by, user, &username, &display_name, &bio).await?;
    context::go_back(back.as_deref());
    Ok(())
}

/// Says whether somebody may sign in. Disabling ends their sign-ins, and hands over the groups that
/// they own. `LastAdministrator` when nobody else could look after this Kith.
#[server(prefix = "/api", endpoint = "admin_set_disabled", input = PostUrl, output = Json)]
pub async fn admin_set_disabled(
    for_user: UserId,
    user: UserId,
    disabled: bool,
    back: Option<String>,
) -> Result<()> {
    use super::context;

    let by = context::administrator_for(for_user).await?;
    context::kith()?.set_disabled(by, user, disabled).await?;
    context::go_back(back.as_deref());
    Ok(())
}

/// Gives somebody a one-time password and ends their sign-ins.
#[server(prefix = "/api", endpoint = "admin_set_password", input = PostUrl, output = Json)]
pub async fn admin_set_password(
    for_user: UserId,
    user: UserId,
    password: String,
    back: Option<String>,
) -> Result<()> {
    use super::context;

    let by = context::administrator_for(for_user).await?;
    context::kith()?.set_password(by, user, password, true).await?;
    context::go_back(back.as_deref());
    Ok(())
}

/// Ends all sign-ins of somebody, with the receives that these hold.
#[server(prefix = "/api", endpoint = "admin_sign_out_user", input = PostUrl, output = Json)]
pub async fn admin_sign_out_user(
    for_user: UserId,
    user: UserId,
    back: Option<String>,
) -> Result<()> {
    use super::context;

    let by = context::administrator_for(for_user).await?;
    context::kith()?.sign_out_user(by, user).await?;
    context::go_back(back.as_deref());
    Ok(())
}

/// Makes somebody an administrator, or one no more. `LastAdministrator` when there would be none.
#[server(prefix = "/api", endpoint = "admin_set_administrator", input = PostUrl, output = Json)]
pub async fn admin_set_administrator(
    for_user: UserId,
    user: UserId,
    administrator: bool,
    back: Option<String>,
) -> Result<()> {
    use super::context;

    let by = context::administrator_for(for_user).await?;
    context::kith()?.set_administrator(by, user, administrator).await?;
    context::go_back(back.as_deref());
    Ok(())
}

/// Deletes an account, as its owner could.
#[server(prefix = "/api", endpoint = "admin_delete_user", input = PostUrl, output = Json)]
pub async fn admin_delete_user(for_user: UserId, user: UserId, back: Option<String>) -> Result<()> {
    use super::context;

    let by = context::administrator_for(for_user).await?;
    context::kith()?.delete_user(by, user).await?;
    context::go_back(back.as_deref());
    Ok(())
}

/// Ends a friendship between two others. Where there is none nothing changes.
#[server(prefix = "/api", endpoint = "admin_end_friendship", input = PostUrl, output = Json)]
pub async fn admin_end_friendship(
    for_user: UserId,
    user: UserId,
    friend: UserId,
    back: Option<String>,
) -> Result<()> {
    use super::context;

    let by = context::administrator_for(for_user).await?;
    context::kith()?.end_friendship(by, user, friend).await?;
    context::go_back(back.as_deref());
    Ok(())
}

/// Returns a page of the groups that begin with `search` in some word, by name; all if it is empty.
#[server(prefix = "/api", endpoint = "admin_groups", input = Json, output = Json)]
pub async fn admin_groups(search: String, page: i64) -> Result<TablePage<GroupRow>> {
    use super::context;

    context::kith()?.groups_table(context::administrator().await?, &search, page).await
}

/// Returns everything about one group but what is said there.
#[server(prefix = "/api", endpoint = "admin_group", input = Json, output = Json)]
pub async fn admin_group(group: GroupId) -> Result<GroupFile> {
    use super::context;

    context::kith()?.group_file(context::administrator().await?, group).await
}

/// Makes a group that belongs to the one with the username `owner`, and leads to its page.
#[server(prefix = "/api", endpoint = "admin_create_group", input = PostUrl, output = Json)]
pub async fn admin_create_group(
    for_user: UserId,
    owner: String,
    name: String,
    description: String,
) -> Result<GroupId> {
    use super::context;

    let by = context::administrator_for(for_user).await?;
    let kith = context::kith()?;
    let owner = kith.user_named(by, &owner).await?;
    let group = kith.create_group_for(by, owner, &name, &description).await?;
    context::redirect_form(&format!("/admin/groups/{group}?done=created"));
    Ok(group)
}

/// Sets what a group is called and says of itself, how many members it may have, and with `approve`
/// (`true`) that those who come by its link are let in one by one.
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
    use super::context;

    let by = context::administrator_for(for_user).await?;
    let approve = approve.unwrap_or_default();
    context::kith()?.edit_group(by, group, &name, &description, max_members, approve).await?;
    context::go_back(back.as_deref());
    Ok(())
}

/// Ends the link by which people join a group, if it has one.
#[server(prefix = "/api", endpoint = "admin_end_join_link", input = PostUrl, output = Json)]
pub async fn admin_end_join_link(
    for_user: UserId,
    group: GroupId,
    back: Option<String>,
) -> Result<()> {
    use super::context;

    let by = context::administrator_for(for_user).await?;
    context::kith()?.end_join_link(by, group).await?;
    context::go_back(back.as_deref());
    Ok(())
}

/// Makes the one with this username a member, without asking them. `NotFound` when nobody is called
/// so, `GroupFull` when there is no room.
#[server(prefix = "/api", endpoint = "admin_add_member", input = PostUrl, output = Json)]
pub async fn admin_add_member(
    for_user: UserId,
    group: GroupId,
    username: String,
    back: Option<String>,
) -> Result<()> {
    use super::context;

    let by = context::administrator_for(for_user).await?;
    let kith = context::kith()?;
    let user = kith.user_named(by, &username).await?;
    kith.add_member(by, group, user).await?;
    context::go_back(back.as_deref());
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
    use super::context;

    let by = context::administrator_for(for_user).await?;
    context::kith()?.expel_member(by, group, user).await?;
    context::go_back(back.as_deref());
    Ok(())
}

/// Gives a member a role; with `owner` the group is handed over.
#[server(prefix = "/api", endpoint = "admin_set_role", input = PostUrl, output = Json)]
pub async fn admin_set_role(
    for_user: UserId,
    group: GroupId,
    user: UserId,
    role: Role,
    back: Option<String>,
) -> Result<()> {
    use super::context;

    let by = context::administrator_for(for_user).await?;
    context::kith()?.give_role(by, group, user, role).await?;
    context::go_back(back.as_deref());
    Ok(())
}

/// Ends a group: everybody keeps a copy up to here.
#[server(prefix = "/api", endpoint = "admin_disband_group", input = PostUrl, output = Json)]
pub async fn admin_disband_group(
    for_user: UserId,
    group: GroupId,
    back: Option<String>,
) -> Result<()> {
    use super::context;

    let by = context::administrator_for(for_user).await?;
    context::kith()?.end_group(by, group).await?;
    context::go_back(back.as_deref());
    Ok(())
}

/// Returns who may register, and the links with which people may.
#[server(prefix = "/api", endpoint = "admin_registration", input = Json, output = Json)]
pub async fn admin_registration() -> Result<RegistrationState> {
    use super::context;

    context::kith()?.registration_state(context::administrator().await?).await
}

/// Says who may register from now on, whatever the configuration says.
#[server(prefix = "/api", endpoint = "admin_set_registration", input = PostUrl, output = Json)]
pub async fn admin_set_registration(
    for_user: UserId,
    mode: RegistrationMode,
    back: Option<String>,
) -> Result<()> {
    use super::context;

    let by = context::administrator_for(for_user).await?;
    context::kith()?.set_registration(by, mode).await?;
    context::go_back(back.as_deref());
    Ok(())
}

/// Makes a link with which `uses` (1 to 1000) people may register within `days` (1 to 90).
#[server(prefix = "/api", endpoint = "admin_create_link", input = PostUrl, output = Json)]
pub async fn admin_create_link(
    for_user: UserId,
    uses: i64,
    days: i64,
    back: Option<String>,
) -> Result<RegistrationLink> {
    use super::context;

    let by = context::administrator_for(for_user).await?;
    let link = context::kith()?.create_registration_link(by, uses, days).await?;
    context::go_back(back.as_deref());
    Ok(link)
}

/// Ends a link. `NotFound` when there is none.
#[server(prefix = "/api", endpoint = "admin_revoke_link", input = PostUrl, output = Json)]
pub async fn admin_revoke_link(
    for_user: UserId,
    token: String,
    back: Option<String>,
) -> Result<()> {
    use super::context;

    let by = context::administrator_for(for_user).await?;
    context::kith()?.revoke_registration_link(by, &token).await?;
    context::go_back(back.as_deref());
    Ok(())
}

/// Returns a page of the audit log, the newest first.
#[server(prefix = "/api", endpoint = "admin_log", input = Json, output = Json)]
pub async fn admin_log(page: i64) -> Result<TablePage<AuditEntry>> {
    use super::context;

    context::kith()?.audit_log(context::administrator().await?, page).await
}
