//! Conversations: reading them, and what each member keeps of them.

pub(super) mod mentions;
pub(super) mod own_copy;
pub(super) mod queries;
pub(super) mod read_marks;
pub(super) mod recalling;
