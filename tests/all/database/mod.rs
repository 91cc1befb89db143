//! What the database is asked to do, and by whom at once.

mod statements;
mod writers;
