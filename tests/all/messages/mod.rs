//! Messages, and the copy that each reader keeps.

mod erasing;
mod history;
mod mentions;
mod own_copy;
mod read_marks;
mod recalling;
mod sending;
