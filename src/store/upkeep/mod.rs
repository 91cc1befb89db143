//! Upkeep of the database: backup, check, monitoring and trimming the log.

pub(super) mod backup;
pub(super) mod check;
pub(super) mod monitoring;
pub(super) mod trimming;
