//! The service's policy from the operator's configuration, and the clock of this machine.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::config::{Config, RegistrationSetting};
use super::files;
use crate::model::Timestamp;
use crate::service::{Cost, Policy};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Returns what the configuration means for the service. Every key is named here, so that a new one
/// does not compile until it has a use.
pub fn policy(config: &Config) -> Policy {
    let Config {
        data,
        database,
        registration,
        contacts,
        sign_in_days,
        hold_seconds,
        websocket,
        retention_days,
        attempts_per_minute,
        messages_per_minute,
        group_ceiling,
        // The edge uses these: see `run`, `connections` and `logging`.
        address: _,
        public_url: _,
        metrics_address: _,
        trusted_proxies: _,
        connections: _,
        connections_per_address: _,
        head_seconds: _,
        head_kilobytes: _,
        body_seconds: _,
        idle_seconds: _,
        unread_seconds: _,
        log: _,
        log_format: _,
    } = config;
    Policy {
        data: data.clone(),
        database: database.clone(),
        registration_open: *registration == RegistrationSetting::Open,
        contacts: *contacts,
        secure_cookies: config.is_https(),
        sign_in_lives: DAY * *sign_in_days,
        hold: Duration::from_secs((*hold_seconds).into()),
        websocket: *websocket,
        retention: DAY * *retention_days,
        attempts_per_minute: *attempts_per_minute,
        messages_per_minute: *messages_per_minute,
        group_ceiling: (*group_ceiling).into(),
        password_cost: Cost::default(),
        build: build(),
    }
}

/// Returns the time of this machine's clock.
pub fn system_clock() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// Returns the name of this build; pages of another one are offered a reload. The version is not
/// enough, because two builds of one version can differ. It adds the hash of an embedded site, or
/// else the time at which the binary was made.
fn build() -> String {
    if files::embedded().is_some() {
        return format!("{}-{}", env!("CARGO_PKG_VERSION"), files::HASH);
    }
    let made = std::env::current_exe()
        .and_then(|exe| exe.metadata()?.modified())
        .ok()
        .and_then(|made| made.duration_since(UNIX_EPOCH).ok())
        .unwrap_or_default();
    format!("{}-{:x}", env!("CARGO_PKG_VERSION"), made.as_millis())
}
