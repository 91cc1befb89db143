//! Searching for people, friend requests, friendships, remarks and blocks.

use leptos::prelude::*;
use leptos::server_fn::codec::PostUrl;

use crate::api::codec::Json;
use crate::error::Result;
use crate::model::{self, PeoplePage, Person, UserId};

#[cfg(feature = "ssr")]
use super::context;

/// Returns people whose username, display name or a word of it begins with `text`, in any case,
/// sorted by name. With `contacts = "friends"` an empty `text` finds nobody, and at most 20 people
/// are returned. With `"everyone"` an empty `text` lists everybody in pages; `after` is the last
/// person of the page before.
#[server(prefix = "/api", endpoint = "find_people", input = Json, output = Json)]
pub async fn find_people(
    for_user: UserId,
    text: String,
    after: Option<UserId>,
) -> Result<PeoplePage> {
    context::kith()?.find_people(context::caller_for(for_user)?, &text, after).await
}

/// Returns the people with these ids (at most 100). Unknown ids are left out.
#[server(prefix = "/api", endpoint = "people_by_id", input = Json, output = Json)]
pub async fn people_by_id(for_user: UserId, ids: Vec<UserId>) -> Result<Vec<Person>> {
    context::kith()?.people_by_id(context::caller_for(for_user)?, ids).await
}

/// Returns the profile of `user`, or `NotFound`.
#[server(prefix = "/api", endpoint = "profile", input = Json, output = Json)]
pub async fn profile(for_user: UserId, user: UserId) -> Result<model::Profile> {
    context::kith()?.profile(context::caller_for(for_user)?, user).await
}

/// Sends a friend request to `user`. A second request changes nothing. A request to somebody who
/// has sent one to the caller accepts theirs.
#[server(prefix = "/api", endpoint = "request_friend", input = PostUrl, output = Json)]
pub async fn request_friend(for_user: UserId, user: UserId, note: String) -> Result<()> {
    context::kith()?.request_friend(context::caller_for(for_user)?, user, &note).await
}

/// Accepts the friend request of `user`. Accepting again changes nothing. `NotFound` without a
/// request.
#[server(prefix = "/api", endpoint = "accept_friend", input = PostUrl, output = Json)]
pub async fn accept_friend(for_user: UserId, user: UserId) -> Result<()> {
    context::kith()?.accept_friend(context::caller_for(for_user)?, user).await
}

/// Declines the friend request of `user`, or withdraws the caller's own to them. Changes nothing
/// without a request.
#[server(prefix = "/api", endpoint = "decline_friend", input = PostUrl, output = Json)]
pub async fn decline_friend(for_user: UserId, user: UserId) -> Result<()> {
    context::kith()?.decline_friend(context::caller_for(for_user)?, user).await
}

/// Ends the friendship with `user`, for both. Their messages stay. Changes nothing when they are
/// not friends.
#[server(prefix = "/api", endpoint = "remove_friend", input = PostUrl, output = Json)]
pub async fn remove_friend(for_user: UserId, user: UserId) -> Result<()> {
    context::kith()?.remove_friend(context::caller_for(for_user)?, user).await
}

/// Sets the caller's remark, their own name for a friend. An empty one removes it. `NotFound` when
/// they are not friends.
#[server(prefix = "/api", endpoint = "set_remark", input = PostUrl, output = Json)]
pub async fn set_remark(for_user: UserId, user: UserId, remark: String) -> Result<()> {
    context::kith()?.set_remark(context::caller_for(for_user)?, user, &remark).await
}

/// Blocks or unblocks `user`. During a block neither can write to the other, and the caller looks
/// offline to them. The blocked user is not notified.
#[server(prefix = "/api", endpoint = "set_blocked", input = PostUrl, output = Json)]
pub async fn set_blocked(for_user: UserId, user: UserId, blocked: bool) -> Result<()> {
    context::kith()?.set_blocked(context::caller_for(for_user)?, user, blocked).await
}
