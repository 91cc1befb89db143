//! The page's snapshot, sending and recalling, history, read marks, and the caller's own copy.

use leptos::prelude::*;
use leptos::server_fn::codec::PostUrl;

use crate::api::codec::Json;
use crate::error::Result;
use crate::model::{self, ClientId, Contact, Message, Snapshot, Timestamp, UserId};

#[cfg(feature = "ssr")]
use super::context;

/// Returns everything that the chat page starts from. It includes the newest messages with
/// `contact`, unless that is not a contact of the caller.
#[server(prefix = "/api", endpoint = "load_page", input = Json, output = Json)]
pub async fn load_page(contact: Option<Contact>) -> Result<Snapshot> {
    context::kith()?.load_page(context::caller()?, contact).await
}

/// Stores a message to `contact` and returns it with its `seq` and time, once it is on disk.
/// The same `client_id` with the same content returns the first answer again; with other
/// content it is `ClientIdReused`. `reply_to` is the `seq` of the message that it replies to;
/// `NotFound` when the caller may not see that one. Mentions in the text are tokens (`@{12}`).
// `PostUrl`: the composer's form posts it without JavaScript too.
#[server(prefix = "/api", endpoint = "send_message", input = PostUrl, output = Json)]
pub async fn send_message(
    for_user: UserId,
    contact: Contact,
    client_id: ClientId,
    text: String,
    reply_to: Option<i64>,
) -> Result<Message> {
    let caller = context::caller_for(for_user)?;
    let kith = context::kith()?;
    let message = kith.send_message(caller, contact, client_id, &text, reply_to).await?;
    context::redirect_form(&format!("/chats/{contact}"));
    Ok(message)
}

/// Returns at most 50 messages before the `seq` in `before`, or the newest ones; oldest first.
#[server(prefix = "/api", endpoint = "history", input = Json, output = Json)]
pub async fn history(
    for_user: UserId,
    contact: Contact,
    before: Option<i64>,
) -> Result<model::History> {
    context::kith()?.history(context::caller_for(for_user)?, contact, before).await
}

/// Moves the caller's read mark to `seq`. It never moves back.
#[server(prefix = "/api", endpoint = "mark_read", input = Json, output = Json)]
pub async fn mark_read(for_user: UserId, contact: Contact, seq: i64) -> Result<()> {
    context::kith()?.mark_read(context::caller_for(for_user)?, contact, seq).await
}

/// Recalls a message for everybody, and deletes its text. The caller may recall their own within
/// two minutes, and in a group any message that their role allows; else `NotAllowed`. Recalling
/// twice changes nothing.
#[server(prefix = "/api", endpoint = "recall_message", input = Json, output = Json)]
pub async fn recall_message(for_user: UserId, contact: Contact, seq: i64) -> Result<()> {
    let caller = context::caller_for(for_user)?;
    context::kith()?.recall_message(caller, contact, seq).await
}

/// Deletes a message for the caller alone.
#[server(prefix = "/api", endpoint = "hide_message", input = Json, output = Json)]
pub async fn hide_message(for_user: UserId, contact: Contact, seq: i64) -> Result<()> {
    let caller = context::caller_for(for_user)?;
    context::kith()?.hide_message(caller, contact, seq).await
}

/// Sets how the caller's own list shows the conversation: pinned above the others, muted until a
/// time (one in the past ends it), counted as unread. `None` leaves a setting as it is.
#[server(prefix = "/api", endpoint = "set_chat", input = Json, output = Json)]
pub async fn set_chat(
    for_user: UserId,
    contact: Contact,
    pinned: Option<bool>,
    muted_until: Option<Timestamp>,
    marked_unread: Option<bool>,
) -> Result<()> {
    let caller = context::caller_for(for_user)?;
    let kith = context::kith()?;
    kith.set_chat(caller, contact, pinned, muted_until, marked_unread).await
}

/// Deletes the messages up to `seq`, the newest that the caller has seen, for the caller alone.
/// With `hide` the conversation also leaves their list, until the next message.
#[server(prefix = "/api", endpoint = "clear_chat", input = Json, output = Json)]
pub async fn clear_chat(for_user: UserId, contact: Contact, seq: i64, hide: bool) -> Result<()> {
    let caller = context::caller_for(for_user)?;
    context::kith()?.clear_chat(caller, contact, seq, hide).await
}

/// Reports that the caller is typing to `contact`. Never stored. `NotAContact` when the caller may
/// not write to them.
#[server(prefix = "/api", endpoint = "typing", input = Json, output = Json)]
pub async fn typing(for_user: UserId, contact: Contact) -> Result<()> {
    context::kith()?.typing(context::caller_for(for_user)?, contact).await
}
