//! The server's state and the caller, for every page and server function. The files beside this one
//! set the sign-in's cookie and send a plain form's browser on.

mod redirects;
mod same_site;
mod sign_in_cookie;

use std::net::IpAddr;

use leptos::prelude::use_context;

use crate::error::{KithError, Result};
use crate::model::UserId;
use crate::model::administration::AdminActor;
use crate::service::{Caller, Kith};

pub use redirects::{
    finish_sign_in, finish_sign_out, redirect_back, redirect_form, redirect_to_new_password,
    wants_page,
};
pub use same_site::same_site_path;
pub use sign_in_cookie::{SignInToken, moved_to_https, tokens};

/// The sender of a request, signed in or not.
#[derive(Debug, Clone)]
pub struct Visitor {
    pub address: IpAddr,
    /// The browser's `User-Agent` header.
    pub device: String,
    /// `None` without a valid sign-in.
    pub caller: Option<Caller>,
}

/// Returns the state of this server.
pub fn kith() -> Result<Kith> {
    use_context::<Kith>().ok_or(KithError::Internal)
}

/// Returns the sender of this request.
pub fn visitor() -> Result<Visitor> {
    use_context::<Visitor>().ok_or(KithError::Internal)
}

/// Returns the signed-in caller. Only the sign-in decides who that is, never an argument.
pub fn caller() -> Result<Caller> {
    visitor()?.caller.ok_or(KithError::Unauthorised)
}

/// Returns the caller if the page was made for them, else `WrongUser`: in the meantime another tab
/// may have signed in as somebody else.
pub fn caller_for(user: UserId) -> Result<Caller> {
    let caller = caller()?;
    if caller.user == user { Ok(caller) } else { Err(KithError::WrongUser) }
}

/// Returns the caller as an administrator. `NotFound` for everybody else.
pub async fn administrator() -> Result<AdminActor> {
    kith()?.administrator(caller()?).await
}

/// Returns the caller as an administrator if the page was made for them.
pub async fn administrator_for(user: UserId) -> Result<AdminActor> {
    let by = administrator().await?;
    caller_for(user).map(|_| by)
}
