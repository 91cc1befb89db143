//! Sets up the log. It never holds a password, a token or the text of a message.

use std::io::{IsTerminal, stderr};

use tracing_subscriber::EnvFilter;

use super::config::{Config, LogFormat};

/// Starts the log on standard error.
pub fn start(config: &Config) {
    let filter = EnvFilter::new(&config.log);
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(stderr);
    // Programs that read the log, such as fail2ban, would not find words between colour codes.
    let log = log.with_ansi(stderr().is_terminal());
    // A log that cannot be written (its disk is full) would be reported on standard error. Where
    // that is the log itself, the call or the writer that logs would panic.
    let log = log.log_internal_errors(false);
    match config.log_format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }
}
