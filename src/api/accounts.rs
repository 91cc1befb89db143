//! Registration, sign-in and sign-out (plain forms), and the caller's own account and sign-ins.

use leptos::prelude::*;
use leptos::server_fn::codec::PostUrl;

use crate::api::codec::Json;
use crate::error::Result;
use crate::model::{self, SignInId, UserId};

#[cfg(feature = "ssr")]
use {super::context, crate::error::KithError, crate::service::accounts::NewAccount};

/// Returns who may register now. With the token of a valid link it is `Open`. Needs no sign-in.
#[server(prefix = "/api", endpoint = "registration", input = Json, output = Json)]
pub async fn registration(invite: Option<String>) -> Result<model::Registration> {
    context::kith()?.registration(invite.as_deref()).await
}

/// Makes an account and signs it in: sets the cookie and redirects to `back`.
#[server(prefix = "/api", endpoint = "register", input = PostUrl, output = Json)]
pub async fn register(
    username: String,
    display_name: String,
    password: String,
    /// From the set-up link; only the first account needs it.
    setup: Option<String>,
    /// From a registration link, where one is needed.
    invite: Option<String>,
    /// The path on this site to redirect to.
    back: Option<String>,
) -> Result<()> {
    let account = NewAccount { username, display_name, password };
    let visitor = context::visitor()?;
    let signed_in = context::kith()?
        .register(visitor.address, &visitor.device, account, setup.as_deref(), invite.as_deref())
        .await?;
    context::finish_sign_in(&signed_in, back.as_deref());
    Ok(())
}

/// Signs in: sets the cookie and redirects to `back`. `NewPasswordNeeded` with a one-time
/// password; a form is redirected to the page that replaces it instead.
#[server(prefix = "/api", endpoint = "sign_in", input = PostUrl, output = Json)]
pub async fn sign_in(username: String, password: String, back: Option<String>) -> Result<()> {
    let visitor = context::visitor()?;
    let signed_in =
        context::kith()?.sign_in(visitor.address, &visitor.device, &username, &password).await;
    let needs_another = signed_in.as_ref().err() == Some(&KithError::NewPasswordNeeded);
    if needs_another && context::redirect_to_new_password(&username, back.as_deref()) {
        return Ok(());
    }
    context::finish_sign_in(&signed_in?, back.as_deref());
    Ok(())
}

/// Replaces a one-time password with the user's own, signs in and redirects to `back`.
#[server(prefix = "/api", endpoint = "choose_password", input = PostUrl, output = Json)]
pub async fn choose_password(
    username: String,
    password: String,
    new_password: String,
    back: Option<String>,
) -> Result<()> {
    let visitor = context::visitor()?;
    let signed_in = context::kith()?
        .choose_password(visitor.address, &visitor.device, &username, &password, new_password)
        .await?;
    context::finish_sign_in(&signed_in, back.as_deref());
    Ok(())
}

/// Ends this sign-in, removes the cookie and redirects to the sign-in page. Does nothing without
/// a sign-in.
#[server(prefix = "/api", endpoint = "sign_out", input = PostUrl, output = Json)]
pub async fn sign_out() -> Result<()> {
    let visitor = context::visitor()?;
    if let Some(caller) = visitor.caller {
        match context::kith()?.revoke_sign_in(visitor.address, caller, caller.sign_in).await {
            // `NotFound`: a second click on the button.
            Ok(()) | Err(KithError::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    context::finish_sign_out();
    Ok(())
}

/// Returns the caller's sign-ins, the most recently used first.
#[server(prefix = "/api", endpoint = "sign_ins", input = Json, output = Json)]
pub async fn sign_ins() -> Result<Vec<model::SignIn>> {
    context::kith()?.sign_ins(context::caller()?).await
}

/// Ends one of the caller's sign-ins. The receives that it holds end at once.
#[server(prefix = "/api", endpoint = "revoke_sign_in", input = PostUrl, output = Json)]
pub async fn revoke_sign_in(id: SignInId) -> Result<()> {
    let address = context::visitor()?.address;
    context::kith()?.revoke_sign_in(address, context::caller()?, id).await
}

/// Sets the caller's display name and bio.
#[server(prefix = "/api", endpoint = "set_profile", input = PostUrl, output = Json)]
pub async fn set_profile(for_user: UserId, display_name: String, bio: String) -> Result<()> {
    context::kith()?.set_profile(context::caller_for(for_user)?, &display_name, &bio).await?;
    context::redirect_form("/settings");
    Ok(())
}

/// Changes the caller's password and ends all their other sign-ins. `WrongPassword` when
/// `password` is not the current one.
#[server(prefix = "/api", endpoint = "change_password", input = PostUrl, output = Json)]
pub async fn change_password(
    for_user: UserId,
    password: String,
    new_password: String,
) -> Result<()> {
    let (address, caller) = (context::visitor()?.address, context::caller_for(for_user)?);
    context::kith()?.change_password(address, caller, password, new_password).await?;
    context::redirect_form("/settings");
    Ok(())
}

/// Deletes the caller's account and ends all their sign-ins. Their messages stay, under
/// "deleted account". `WrongPassword` when `password` is not theirs; `LastAdministrator` when no
/// other administrator would be left.
#[server(prefix = "/api", endpoint = "delete_account", input = PostUrl, output = Json)]
pub async fn delete_account(for_user: UserId, password: String) -> Result<()> {
    let (address, caller) = (context::visitor()?.address, context::caller_for(for_user)?);
    context::kith()?.delete_account(address, caller, password).await?;
    context::finish_sign_out();
    Ok(())
}
