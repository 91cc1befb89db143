//! People: found, asked, befriended, named, blocked.

use leptos::prelude::*;
use leptos::server_fn::codec::PostUrl;

use crate::error::Result;
use crate::model::{self, PeoplePage, Person, UserId};
use crate::wire::Json;

/// Returns people whose username, display name or a word of it begins with `text`, without regard
/// to case, by name. Where only friends write to each other, `text` must not be empty and at most
/// 20 are found; where everyone writes to everyone, an empty `text` lists all, in pages, the next
/// one after the person `after`.
#[server(prefix = "/api", endpoint = "find_people", input = Json, output = Json)]
pub async fn find_people(
    for_user: UserId,
    text: String,
    after: Option<UserId>,
) -> Result<PeoplePage> {
    super::context::kith()?.find_people(super::context::caller_for(for_user)?, &text, after).await
}

/// Returns the people with these ids (at most 100), those that there are.
#[server(prefix = "/api", endpoint = "people_by_id", input = Json, output = Json)]
pub async fn people_by_id(for_user: UserId, ids: Vec<UserId>) -> Result<Vec<Person>> {
    super::context::kith()?.people_by_id(super::context::caller_for(for_user)?, ids).await
}

/// Returns what `user` tells of themselves, or `NotFound`.
#[server(prefix = "/api", endpoint = "profile", input = Json, output = Json)]
pub async fn profile(for_user: UserId, user: UserId) -> Result<model::Profile> {
    super::context::kith()?.profile(super::context::caller_for(for_user)?, user).await
}

/// Asks `user` to be a friend. Asking again changes nothing; asking somebody who has asked the
/// caller accepts.
#[server(prefix = "/api", endpoint = "request_friend", input = PostUrl, output = Json)]
pub async fn request_friend(for_user: UserId, user: UserId, note: String) -> Result<()> {
    super::context::kith()?.request_friend(super::context::caller_for(for_user)?, user, &note).await
}

/// Accepts the request of `user`. Accepting again changes nothing; `NotFound` without a request.
#[server(prefix = "/api", endpoint = "accept_friend", input = PostUrl, output = Json)]
pub async fn accept_friend(for_user: UserId, user: UserId) -> Result<()> {
    super::context::kith()?.accept_friend(super::context::caller_for(for_user)?, user).await
}

/// Declines the request of `user`, or takes back the caller's own to them. Without such a
/// request nothing changes.
#[server(prefix = "/api", endpoint = "decline_friend", input = PostUrl, output = Json)]
pub async fn decline_friend(for_user: UserId, user: UserId) -> Result<()> {
    super::context::kith()?.decline_friend(super::context::caller_for(for_user)?, user).await
}

/// Ends the friendship with `user`, for both. What was said stays. Without one nothing changes.
#[server(prefix = "/api", endpoint = "remove_friend", input = PostUrl, output = Json)]
pub async fn remove_friend(for_user: UserId, user: UserId) -> Result<()> {
    super::context::kith()?.remove_friend(super::context::caller_for(for_user)?, user).await
}

/// Sets the caller's own name for a friend; an empty one takes it away. `NotFound` when they are
/// no friends.
#[server(prefix = "/api", endpoint = "set_remark", input = PostUrl, output = Json)]
pub async fn set_remark(for_user: UserId, user: UserId, remark: String) -> Result<()> {
    super::context::kith()?.set_remark(super::context::caller_for(for_user)?, user, &remark).await
}

/// Blocks `user`, or blocks them no longer: while they are blocked, neither can write to the
/// other, and the caller looks offline to them. They are not told.
#[server(prefix = "/api", endpoint = "set_blocked", input = PostUrl, output = Json)]
pub async fn set_blocked(for_user: UserId, user: UserId, blocked: bool) -> Result<()> {
    super::context::kith()?.set_blocked(super::context::caller_for(for_user)?, user, blocked).await
}
