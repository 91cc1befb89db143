//! The operator's commands, and the socket by which a running Kith receives them.

pub mod command;
pub mod execute;
mod listing;
pub mod socket;
