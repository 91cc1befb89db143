//! The long poll: one request of the receive loop.

use leptos::prelude::*;

use crate::api::codec::Json;
use crate::error::Result;
use crate::model::{Batch, Cursor, HoldMs, UserId};

#[cfg(feature = "ssr")]
use super::context;

/// Returns the events after `cursor`. Without new events the call is held until there are some, or
/// for `hold_ms`: at most, and by default, the operator's `hold_seconds`; 0 is a short poll.
///
/// If `presence_version` is not the current version, the answer comes at once and contains the
/// presence.
/// Without a cursor the answer is the current one, at once. Reading removes nothing: the same
/// cursor returns the same events again.
#[server(prefix = "/api", endpoint = "receive", input = Json, output = Json)]
pub async fn receive(
    for_user: UserId,
    cursor: Option<Cursor>,
    hold_ms: Option<HoldMs>,
    presence_version: Option<String>,
) -> Result<Batch> {
    let caller = context::caller_for(for_user)?;
    context::kith()?.receive(caller, cursor, hold_ms, presence_version).await
}
