//! Conversations: reading them, members' own copies, read marks, mentions and recall.

pub(super) mod mentions;
pub(super) mod own_copy;
pub(super) mod queries;
pub(super) mod read_marks;
pub(super) mod recall;
