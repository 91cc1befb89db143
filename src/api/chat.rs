//! The page's snapshot, sending, history and read marks.

use leptos::prelude::*;
use leptos::server_fn::codec::PostUrl;

use crate::error::Result;
use crate::model::{self, ClientId, Contact, Message, Snapshot, Timestamp, UserId};
use crate::wire::Json;

/// Returns everything the chat page starts from, with the newest messages of `contact` if the
/// caller may write to it.
#[server(prefix = "/api", endpoint = "load_page", input = Json, output = Json)]
pub async fn load_page(contact: Option<Contact>) -> Result<Snapshot> {
    super::context::kith()?.load_page(super::context::caller()?, contact).await
}

/// Stores a message to `contact` and returns it with its place and time, once it is on disk.
/// The same `client_id` with the same content returns the first answer again; with other
/// content it is `ClientIdReused`. `reply_to` is the place of the message that it answers;
/// `NotFound` when that is not the caller's to see. Names in it are tokens (`@{12}`).
#[server(prefix = "/api", endpoint = "send_message", input = PostUrl, output = Json)]
pub async fn send_message(
    for_user: UserId,
    contact: Contact,
    client_id: ClientId,
    text: String,
    reply_to: Option<i64>,
) -> Result<Message> {
    use super::context;

    let caller = context::caller_for(for_user)?;
    let kith = context::kith()?;
    let message = kith.send_message(caller, contact, client_id, &text, reply_to).await?;
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

/// Recalls a message for everybody: the caller's own within two minutes, in a group also any other
/// if their role lets them, else `NotAllowed`. Its text is gone; doing it twice does nothing.
#[server(prefix = "/api", endpoint = "recall_message", input = Json, output = Json)]
pub async fn recall_message(for_user: UserId, contact: Contact, seq: i64) -> Result<()> {
    let caller = super::context::caller_for(for_user)?;
    super::context::kith()?.recall_message(caller, contact, seq).await
}

/// Deletes a message for the caller alone.
#[server(prefix = "/api", endpoint = "hide_message", input = Json, output = Json)]
pub async fn hide_message(for_user: UserId, contact: Contact, seq: i64) -> Result<()> {
    let caller = super::context::caller_for(for_user)?;
    super::context::kith()?.hide_message(caller, contact, seq).await
}

/// Keeps the conversation so in the caller's own list: pinned above the others, muted until a time
/// (one that is over ends it), counted as unread. What is not given stays as it is.
#[server(prefix = "/api", endpoint = "set_chat", input = Json, output = Json)]
pub async fn set_chat(
    for_user: UserId,
    contact: Contact,
    pinned: Option<bool>,
    muted_until: Option<Timestamp>,
    marked_unread: Option<bool>,
) -> Result<()> {
    let caller = super::context::caller_for(for_user)?;
    let kith = super::context::kith()?;
    kith.set_chat(caller, contact, pinned, muted_until, marked_unread).await
}

/// Deletes for the caller alone what was said up to `seq`, which is as far as they know it; with
/// `hide` the conversation also leaves their list, until more is said.
#[server(prefix = "/api", endpoint = "clear_chat", input = Json, output = Json)]
pub async fn clear_chat(for_user: UserId, contact: Contact, seq: i64, hide: bool) -> Result<()> {
    let caller = super::context::caller_for(for_user)?;
    super::context::kith()?.clear_chat(caller, contact, seq, hide).await
}

/// Says that the caller is writing to `contact` just now. Never stored; `NotAContact` when they
/// could not write to them.
#[server(prefix = "/api", endpoint = "typing", input = Json, output = Json)]
pub async fn typing(for_user: UserId, contact: Contact) -> Result<()> {
    super::context::kith()?.typing(super::context::caller_for(for_user)?, contact).await
}
