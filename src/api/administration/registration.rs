//! The registration mode and the registration links, for administrators.

use leptos::prelude::*;
use leptos::server_fn::codec::PostUrl;

use crate::api::codec::Json;
use crate::error::Result;
use crate::model::UserId;
use crate::model::administration::{RegistrationLink, RegistrationMode, RegistrationState};

#[cfg(feature = "ssr")]
use crate::api::context;

/// Returns who may register, and the registration links that are valid.
#[server(prefix = "/api", endpoint = "admin_registration", input = Json, output = Json)]
pub async fn admin_registration() -> Result<RegistrationState> {
    context::kith()?.registration_state(context::administrator().await?).await
}

/// Sets who may register from now on. This overrides the configuration.
#[server(prefix = "/api", endpoint = "admin_set_registration", input = PostUrl, output = Json)]
pub async fn admin_set_registration(
    for_user: UserId,
    mode: RegistrationMode,
    back: Option<String>,
) -> Result<()> {
    let by = context::administrator_for(for_user).await?;
    context::kith()?.set_registration(by, mode).await?;
    context::redirect_back(back.as_deref());
    Ok(())
}

/// Makes a link with which `uses` (1 to 1000) people may register within `days` (1 to 90). It works
/// only in the mode "by link".
#[server(prefix = "/api", endpoint = "admin_create_link", input = PostUrl, output = Json)]
pub async fn admin_create_link(
    for_user: UserId,
    uses: i64,
    days: i64,
    back: Option<String>,
) -> Result<RegistrationLink> {
    let by = context::administrator_for(for_user).await?;
    let link = context::kith()?.create_registration_link(by, uses, days).await?;
    context::redirect_back(back.as_deref());
    Ok(link)
}

/// Revokes a registration link. `NotFound` when there is none.
#[server(prefix = "/api", endpoint = "admin_revoke_link", input = PostUrl, output = Json)]
pub async fn admin_revoke_link(
    for_user: UserId,
    token: String,
    back: Option<String>,
) -> Result<()> {
    let by = context::administrator_for(for_user).await?;
    context::kith()?.revoke_registration_link(by, &token).await?;
    context::redirect_back(back.as_deref());
    Ok(())
}
