//! The operator's commands, checks, backups and metrics.

mod admin_command;
mod backup;
mod check;
mod command_line;
mod metrics;
