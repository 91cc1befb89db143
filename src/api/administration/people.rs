//! The accounts of other people, for administrators.

use leptos::prelude::*;
use leptos::server_fn::codec::PostUrl;

use crate::api::codec::Json;
use crate::error::Result;
use crate::model::UserId;
use crate::model::administration::{Account, AccountDetails, AccountQuery, TablePage};

#[cfg(feature = "ssr")]
use {crate::api::context, crate::service::accounts::NewAccount};

/// Returns a page of the accounts that match the query.
#[server(prefix = "/api", endpoint = "admin_accounts", input = Json, output = Json)]
pub async fn admin_accounts(query: AccountQuery) -> Result<TablePage<Account>> {
    context::kith()?.accounts(context::administrator().await?, query).await
}

/// Returns everything about one account.
#[server(prefix = "/api", endpoint = "admin_account", input = Json, output = Json)]
pub async fn admin_account(user: UserId) -> Result<AccountDetails> {
    context::kith()?.account(context::administrator().await?, user).await
}

/// Makes an account and redirects to its page. Its password must be replaced at the first sign-in.
#[server(prefix = "/api", endpoint = "admin_create_user", input = PostUrl, output = Json)]
pub async fn admin_create_user(
    for_user: UserId,
    username: String,
    display_name: String,
    password: String,
    #[server(default)] administrator: bool,
) -> Result<UserId> {
    let by = context::administrator_for(for_user).await?;
    let account = NewAccount { username, display_name, password };
    let user = context::kith()?.create_user(by, account, administrator, true).await?;
    context::redirect_form(&format!("/admin/people/{user}?done=created"));
    Ok(user)
}

/// Sets an account's username, display name and bio.
#[server(prefix = "/api", endpoint = "admin_edit_user", input = PostUrl, output = Json)]
pub async fn admin_edit_user(
    for_user: UserId,
    user: UserId,
    username: String,
    display_name: String,
    bio: String,
    back: Option<String>,
) -> Result<()> {
    let by = context::administrator_for(for_user).await?;
    context::kith()?.edit_user(by, user, &username, &display_name, &bio).await?;
    context::redirect_back(back.as_deref());
    Ok(())
}

/// Disables or enables an account. Disabling ends its sign-ins and hands over the groups that it
/// owns. `LastAdministrator` when no other administrator would be left.
#[server(prefix = "/api", endpoint = "admin_set_disabled", input = PostUrl, output = Json)]
pub async fn admin_set_disabled(
    for_user: UserId,
    user: UserId,
    disabled: bool,
    back: Option<String>,
) -> Result<()> {
    let by = context::administrator_for(for_user).await?;
    context::kith()?.set_disabled(by, user, disabled).await?;
    context::redirect_back(back.as_deref());
    Ok(())
}

/// Gives an account a one-time password and ends its sign-ins.
#[server(prefix = "/api", endpoint = "admin_set_password", input = PostUrl, output = Json)]
pub async fn admin_set_password(
    for_user: UserId,
    user: UserId,
    password: String,
    back: Option<String>,
) -> Result<()> {
    let by = context::administrator_for(for_user).await?;
    context::kith()?.set_password(by, user, password, true).await?;
    context::redirect_back(back.as_deref());
    Ok(())
}

/// Ends all sign-ins of an account, and the receives that they hold.
#[server(prefix = "/api", endpoint = "admin_sign_out_user", input = PostUrl, output = Json)]
pub async fn admin_sign_out_user(
    for_user: UserId,
    user: UserId,
    back: Option<String>,
) -> Result<()> {
    let by = context::administrator_for(for_user).await?;
    context::kith()?.sign_out_user(by, user).await?;
    context::redirect_back(back.as_deref());
    Ok(())
}

/// Makes an account an administrator, or an ordinary one again. `LastAdministrator` when none would
/// be left.
#[server(prefix = "/api", endpoint = "admin_set_administrator", input = PostUrl, output = Json)]
pub async fn admin_set_administrator(
    for_user: UserId,
    user: UserId,
    administrator: bool,
    back: Option<String>,
) -> Result<()> {
    let by = context::administrator_for(for_user).await?;
    context::kith()?.set_administrator(by, user, administrator).await?;
    context::redirect_back(back.as_deref());
    Ok(())
}

/// Deletes an account, as its owner could.
#[server(prefix = "/api", endpoint = "admin_delete_user", input = PostUrl, output = Json)]
pub async fn admin_delete_user(for_user: UserId, user: UserId, back: Option<String>) -> Result<()> {
    let by = context::administrator_for(for_user).await?;
    context::kith()?.delete_user(by, user).await?;
    context::redirect_back(back.as_deref());
    Ok(())
}

/// Ends a friendship between two people. Changes nothing when they are not friends.
#[server(prefix = "/api", endpoint = "admin_end_friendship", input = PostUrl, output = Json)]
pub async fn admin_end_friendship(
    for_user: UserId,
    user: UserId,
    friend: UserId,
    back: Option<String>,
) -> Result<()> {
    let by = context::administrator_for(for_user).await?;
    context::kith()?.end_friendship(by, user, friend).await?;
    context::redirect_back(back.as_deref());
    Ok(())
}
