//! What an operator asks of the database: a copy, a check, a look.

pub(super) mod backup;
pub(super) mod check;
pub(super) mod watching;
