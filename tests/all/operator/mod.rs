//! The operator's commands, checks, backups, metrics and log, and the rights on files.

mod admin_command;
mod auth_log;
mod backup;
mod check;
mod command_line;
mod crowded;
mod file_rights;
mod metrics;
