//! The long poll: one request of the recursive receive loop.

use leptos::prelude::*;

use crate::error::Result;
use crate::model::{Batch, Cursor, Hold, UserId};
use crate::wire::Json;

/// Returns what has happened since `cursor`: at once if there is something, else held until
/// there is or `hold_ms` is over (by default and at most the operator's `hold_seconds`; 0 is a
/// short poll). Who is online and who is typing comes along when that is not what
/// `presence_version` names, at once. Without a cursor it answers at once with the present one.
/// Reading takes nothing away.
#[server(prefix = "/api", endpoint = "receive", input = Json, output = Json)]
pub async fn receive(
    for_user: UserId,
    cursor: Option<Cursor>,
    hold_ms: Option<Hold>,
    presence_version: Option<String>,
) -> Result<Batch> {
    let caller = super::context::caller_for(for_user)?;
    super::context::kith()?.receive(caller, cursor, hold_ms, presence_version).await
}
