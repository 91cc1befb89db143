//! The limits on connections: how many there may be, and how long each may take for its part.

use std::sync::Arc;
use std::time::Duration;

use ipnet::IpNet;

use crate::server::config::Config;
use crate::service::process::{THIS_PROCESS, Usage};

/// File descriptors that connections leave to everything else: the database, the control socket,
/// the metrics and files.
const RESERVED: usize = 128;

/// The limit on file descriptors where the system does not say it.
const DESCRIPTORS: usize = 1_024;

/// Maximum connections where there is no limit on file descriptors.
const CONNECTIONS_MAX: usize = 1_000_000;

/// Maximum connections to the metrics, in all and from one address. They come out of [`RESERVED`].
const METRICS_CONNECTIONS: usize = 32;
const METRICS_PER_ADDRESS: usize = 16;

/// The operator's limits on the connections of one listener.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Timeout for the head of a request, from its first byte on. The first request of a connection
    /// has it from the opening on.
    pub head: Duration,
    /// Maximum size of a head, in bytes. At least 8192.
    pub head_bytes: usize,
    /// Timeout for the next request, from the last answer on.
    pub idle: Duration,
    /// Timeout for a client that takes nothing of its answer.
    pub unread: Duration,
    /// Maximum open connections in all.
    pub connections: usize,
    /// Maximum open connections from one address. Wider networks have a multiple of it.
    pub per_address: usize,
    /// Networks whose addresses are not counted: a proxy has the connections of everybody.
    pub trusted: Arc<[IpNet]>,
}

impl Limits {
    /// Returns the limits that the configuration sets, as far as this process has file descriptors.
    pub fn of(config: &Config) -> Self {
        let most = connections_for(descriptors());
        let connections = match size(config.connections) {
            0 => most,
            wanted => most.min(wanted),
        };
        let per_address = match size(config.connections_per_address) {
            0 => usize::MAX,
            // One address must leave connections to the others.
            wanted => wanted.min((connections / 4 * 3).max(1)),
        };
        Self {
            head: seconds(config.head_seconds),
            head_bytes: size(config.head_kilobytes) * 1024,
            idle: seconds(config.idle_seconds),
            unread: seconds(config.unread_seconds),
            connections,
            per_address,
            trusted: config.trusted_proxies.clone().into(),
        }
    }

    /// Returns the limits of the metrics' listener.
    pub fn for_metrics(&self) -> Self {
        Self { connections: METRICS_CONNECTIONS, per_address: METRICS_PER_ADDRESS, ..self.clone() }
    }
}

fn seconds(seconds: u32) -> Duration {
    Duration::from_secs(seconds.into())
}

fn size(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// Returns how many files this process may have open.
fn descriptors() -> usize {
    Usage::of(THIS_PROCESS).map_or(DESCRIPTORS, |usage| usage.max_files as usize)
}

/// Returns how many connections this number of file descriptors is enough for.
fn connections_for(descriptors: usize) -> usize {
    let reserved = RESERVED.min(descriptors / 2);
    (descriptors - reserved).clamp(1, CONNECTIONS_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_file_descriptors_to_the_rest() {
        for (descriptors, connections) in
            [(65_536, 65_408), (1_024, 896), (256, 128), (64, 32), (1, 1), (usize::MAX, 1_000_000)]
        {
            assert_eq!(connections_for(descriptors), connections, "{descriptors}");
        }
    }

    #[test]
    fn one_address_leaves_connections_to_others() {
        let of = |connections, connections_per_address| {
            let config = Config { connections, connections_per_address, ..Config::default() };
            let limits = Limits::of(&config);
            (limits.connections, limits.per_address)
        };
        assert_eq!(of(100, 4_096), (100, 75));
        assert_eq!(of(100, 10), (100, 10));
        assert_eq!(of(1, 1), (1, 1));
        assert_eq!(of(100, 0), (100, usize::MAX), "no limit");
        let (connections, per_address) = of(0, 4_096);
        assert!(connections > 1 && per_address < connections, "{per_address} of {connections}");
    }
}
