//! The one rule of what a member may see of a conversation: as a condition on `m`, the member's
//! row, for the log, for history and for live events.
//!
//! A member sees the conversation from joining to leaving, except what they cleared. A former
//! member who joins again sees it from then on.

/// For an event `e` of the conversation.
pub const EVENT: &str =
    "(e.id >= m.joined_event AND (m.left_event IS NULL OR e.id <= m.left_event))";

/// For a message `x` of the conversation.
pub const MESSAGE: &str = "(x.seq > m.joined_seq AND x.seq > m.cleared_seq \
     AND (m.left_seq IS NULL OR x.seq <= m.left_seq))";

/// For an event that happens now: the member is in the conversation.
pub const PRESENT: &str = "m.left_event IS NULL";
