//! What is drawn when a list of messages opens: enough to fill the window, and no more.

use leptos::prelude::*;

use crate::client::browser;
use crate::client::cache::conversation::{ConversationCache, ReadingPosition};
use crate::client::machines::anchor::Anchor;
use crate::client::machines::stretch::Stretch;
use crate::ui::text::time::Alive;

/// So much is drawn at first where it is not known how high the window is, in pixels.
const ROOM_PX: usize = 800;
/// So much of the window's height others take, or more, in pixels: the header and the box.
const OTHERS_PX: usize = 110;

/// What is drawn when a conversation is opened: what was seen when it was left, else the newest
/// messages with whatever is unread.
pub fn drawn_at_first(conversation: ConversationCache) -> Stretch {
    let Alive(alive) = expect_context();
    let room_px = if alive.get_untracked() { room_px() } else { ROOM_PX };
    let unread_after = conversation.unread_after();
    conversation.with_messages_untracked(|messages| match conversation.place.get_untracked() {
        ReadingPosition::Away { anchors: [Some(Anchor { seq, .. }), _], .. } => {
            Stretch::up_from(messages, seq, room_px)
        }
        _ => Stretch::newest(messages, unread_after, room_px),
    })
}

/// What is drawn when one goes to the newest message.
pub fn drawn_at_newest(conversation: ConversationCache) -> Stretch {
    conversation.with_messages_untracked(|messages| Stretch::newest(messages, None, room_px()))
}

/// How high the list may be at most, in pixels.
fn room_px() -> usize {
    browser::window_height().map_or(ROOM_PX, |height| height.saturating_sub(OTHERS_PX))
}
