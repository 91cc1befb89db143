//! The one rule of what a member may see of a conversation, in the two forms in which it is
//! needed: for the log and for history, both as a condition on `m`, the member's row.
//!
//! A member sees from joining to leaving, without what they cleared. Who left and joined again sees
//! from then on.

/// For an event `e` of the conversation.
pub const EVENT: &str =
    "(e.id >= m.joined_event AND (m.left_event IS NULL OR e.id <= m.left_event))";

/// For a message `x` of the conversation.
pub const MESSAGE: &str = "(x.seq > m.joined_seq AND x.seq > m.cleared_seq \
     AND (m.left_seq IS NULL OR x.seq <= m.left_seq))";

/// For what happens now: the member hears it.
pub const PRESENT: &str = "m.left_event IS NULL";
