//! What an operator runs and watches.

mod admin_command;
mod backup;
mod check;
mod command_line;
mod metrics;
