//! Upkeep of the database: backup, check, erasing, monitoring and trimming the log.

pub(super) mod backup;
pub(super) mod check;
mod erasing;
pub(super) mod monitoring;
pub(super) mod trimming;
