//! Messages, and what each reader keeps of them.

mod history;
mod mentions;
mod own_copy;
mod read_marks;
mod recalling;
mod sending;
