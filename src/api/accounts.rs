//! Registration, sign-in and sign-out (plain forms), the devices on which one is signed in, and
//! one's own account.

use leptos::prelude::*;
use leptos::server_fn::codec::PostUrl;

use crate::error::Result;
use crate::model::{self, SignInId, UserId};
use crate::wire::Json;

/// Returns who may register just now; with the token of a link that holds, `Open`. For anybody.
#[server(prefix = "/api", endpoint = "registration", input = Json, output = Json)]
pub async fn registration(invite: Option<String>) -> Result<model::Registration> {
    super::context::kith()?.registration(invite.as_deref()).await
}

/// Makes an account and signs it in: sets the cookie and redirects to `back`.
#[server(prefix = "/api", endpoint = "register", input = PostUrl, output = Json)]
pub async fn register(
    username: String,
    display_name: String,
    password: String,
    /// From the set-up link; only the first account needs it.
    setup: Option<String>,
    /// From a link with which one may register, where one needs it.
    invite: Option<String>,
    /// Where to go afterwards: a path of this site.
    back: Option<String>,
) -> Result<()> {
    use super::context;
    use crate::service::accounts::NewAccount;

    let account = NewAccount { username, display_name, password };
    let visitor = context::visitor()?;
    let signed_in = context::kith()?
        .register(visitor.address, &visitor.device, account, setup.as_deref(), invite.as_deref())
        .await?;
    context::arrive(&signed_in, back.as_deref());
    Ok(())
}

/// Signs in: sets the cookie and redirects to `back`. With a one-time password it is
/// `NewPasswordNeeded`, and a form is led to where one is chosen.
#[server(prefix = "/api", endpoint = "sign_in", input = PostUrl, output = Json)]
pub async fn sign_in(username: String, password: String, back: Option<String>) -> Result<()> {
    use super::context;
    use crate::error::KithError;

    let visitor = context::visitor()?;
    let signed_in =
        context::kith()?.sign_in(visitor.address, &visitor.device, &username, &password).await;
    let needs_another = signed_in.as_ref().err() == Some(&KithError::NewPasswordNeeded);
    // A form goes on to where one is chosen; a script is told.
    if needs_another && context::choose_password(&username, back.as_deref()) {
        return Ok(());
    }
    context::arrive(&signed_in?, back.as_deref());
    Ok(())
}

/// Replaces a one-time password with one's own, signs in and redirects to `back`.
#[server(prefix = "/api", endpoint = "choose_password", input = PostUrl, output = Json)]
pub async fn choose_password(
    username: String,
    password: String,
    new_password: String,
    back: Option<String>,
) -> Result<()> {
    use super::context;

    let visitor = context::visitor()?;
    let signed_in = context::kith()?
        .choose_password(visitor.address, &visitor.device, &username, &password, new_password)
        .await?;
    context::arrive(&signed_in, back.as_deref());
    Ok(())
}

/// Ends this sign-in, takes the cookie back and redirects to the sign-in page. Harmless when
/// nobody is signed in.
#[server(prefix = "/api", endpoint = "sign_out", input = PostUrl, output = Json)]
pub async fn sign_out() -> Result<()> {
    use super::context;
    use crate::error::KithError;

    if let Ok(caller) = context::caller() {
        match context::kith()?.revoke_sign_in(caller, caller.sign_in).await {
            // A second click on the button: it is over already.
            Ok(()) | Err(KithError::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    context::leave();
    Ok(())
}

/// Returns the caller's sign-ins, the last seen first.
#[server(prefix = "/api", endpoint = "sign_ins", input = Json, output = Json)]
pub async fn sign_ins() -> Result<Vec<model::SignIn>> {
    super::context::kith()?.sign_ins(super::context::caller()?).await
}

/// Ends one of the caller's sign-ins; receives that it holds end at once.
#[server(prefix = "/api", endpoint = "revoke_sign_in", input = PostUrl, output = Json)]
pub async fn revoke_sign_in(id: SignInId) -> Result<()> {
    super::context::kith()?.revoke_sign_in(super::context::caller()?, id).await
}

/// Sets what others see of the caller.
#[server(prefix = "/api", endpoint = "set_profile", input = PostUrl, output = Json)]
pub async fn set_profile(for_user: UserId, display_name: String, bio: String) -> Result<()> {
    use super::context;

    context::kith()?.set_profile(context::caller_for(for_user)?, &display_name, &bio).await?;
    context::redirect_form("/settings");
    Ok(())
}

/// Changes the caller's password and ends all their other sign-ins. `WrongPassword` when
/// `password` is not the present one.
#[server(prefix = "/api", endpoint = "change_password", input = PostUrl, output = Json)]
pub async fn change_password(
    for_user: UserId,
    password: String,
    new_password: String,
) -> Result<()> {
    use super::context;

    let caller = context::caller_for(for_user)?;
    context::kith()?.change_password(caller, password, new_password).await?;
    context::redirect_form("/settings");
    Ok(())
}

/// Deletes the caller's account and ends all their sign-ins. What they wrote stays, under
/// "deleted account". `WrongPassword` when `password` is not theirs; `LastAdministrator` when
/// nobody could look after this Kith any more.
#[server(prefix = "/api", endpoint = "delete_account", input = PostUrl, output = Json)]
pub async fn delete_account(for_user: UserId, password: String) -> Result<()> {
    use super::context;

    context::kith()?.delete_account(context::caller_for(for_user)?, password).await?;
    context::leave();
    Ok(())
}
