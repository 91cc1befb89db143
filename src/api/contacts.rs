//! Friends: found by username, asked, accepted or declined.

use leptos::prelude::*;
use leptos::server_fn::codec::{Json, PostUrl};

use crate::error::Result;
use crate::model::{PersonFound, UserId};

/// Returns the person with exactly this username (without regard to case), or `NotFound`.
#[server(prefix = "/api", endpoint = "find_person", input = Json)]
pub async fn find_person(username: String) -> Result<PersonFound> {
    super::context::kith()?.find_person(super::context::caller()?, &username).await
}

/// Asks `user` to be a friend. Asking again changes nothing; asking somebody who has asked the
/// caller accepts.
#[server(prefix = "/api", endpoint = "request_friend", input = PostUrl)]
pub async fn request_friend(for_user: UserId, user: UserId, note: String) -> Result<()> {
    super::context::kith()?.request_friend(super::context::caller_for(for_user)?, user, &note).await
}

/// Accepts the request of `user`. Accepting again changes nothing; `NotFound` without a request.
#[server(prefix = "/api", endpoint = "accept_friend", input = PostUrl)]
pub async fn accept_friend(for_user: UserId, user: UserId) -> Result<()> {
    super::context::kith()?.accept_friend(super::context::caller_for(for_user)?, user).await
}

/// Declines the request of `user`, or takes back the caller's own to them. Without such a
/// request nothing changes.
#[server(prefix = "/api", endpoint = "decline_friend", input = PostUrl)]
pub async fn decline_friend(for_user: UserId, user: UserId) -> Result<()> {
    super::context::kith()?.decline_friend(super::context::caller_for(for_user)?, user).await
}
