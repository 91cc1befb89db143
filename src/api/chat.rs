//! The page's snapshot, sending, history and read marks.

use leptos::prelude::*;
use leptos::server_fn::codec::PostUrl;

use crate::error::Result;
use crate::model::{self, ClientId, Contact, Message, Snapshot, UserId};
use crate::wire::Json;

/// Returns everything the chat page starts from, with the newest messages of `contact` if the
/// caller may write to it.
#[server(prefix = "/api", endpoint = "load_page", input = Json, output = Json)]
pub async fn load_page(contact: Option<Contact>) -> Result<Snapshot> {
    super::context::kith()?.load_page(super::context::caller()?, contact).await
}

/// Stores a message to `contact` and returns it with its place and time, once it is on disk.
/// The same `client_id` with the same content returns the first answer again; with other
/// content it is `ClientIdReused`.
#[server(prefix = "/api", endpoint = "send_message", input = PostUrl, output = Json)]
pub async fn send_message(
    for_user: UserId,
    contact: Contact,
    client_id: ClientId,
    text: String,
) -> Result<Message> {
    use super::context;

    let caller = context::caller_for(for_user)?;
    let message = context::kith()?.send_message(caller, contact, client_id, &text).await?;
    context::redirect_form(&format!("/chats/{contact}"));
    Ok(message)
}

/// Returns a page of at most 50 messages before `before` (without it, the newest), oldest first.
#[server(prefix = "/api", endpoint = "history", input = Json, output = Json)]
pub async fn history(
    for_user: UserId,
    contact: Contact,
    before: Option<i64>,
) -> Result<model::History> {
    super::context::kith()?.history(super::context::caller_for(for_user)?, contact, before).await
}

/// Sets the caller's read mark to `seq`; it never goes back.
#[server(prefix = "/api", endpoint = "mark_read", input = Json, output = Json)]
pub async fn mark_read(for_user: UserId, contact: Contact, seq: i64) -> Result<()> {
    super::context::kith()?.mark_read(super::context::caller_for(for_user)?, contact, seq).await
}

/// Says that the caller is writing to `contact` just now. Never stored; `NotAContact` when they
/// could not write to them.
#[server(prefix = "/api", endpoint = "typing", input = Json, output = Json)]
pub async fn typing(for_user: UserId, contact: Contact) -> Result<()> {
    super::context::kith()?.typing(super::context::caller_for(for_user)?, contact).await
}
