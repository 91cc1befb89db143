//! Messages under failures. The clients run the outbox and the receive loop of the browser; the
//! server is the program itself, which is killed, cut off, or left without disk. At the end every
//! acknowledged message is stored once, and every client has received it once and in order.
//!
//! A short version runs with all tests, a long one with `make torture`. Random choices follow from
//! the printed seed: `KITH_TORTURE_SEED` repeats them, as far as the machine's timing allows.

mod checks;
mod client;
mod connection;
mod proxy;
mod receiving;
mod sending;
mod stored;
mod testbed;

mod broken_connections;
mod clock_set_back;
mod fsync;
mod full_disk;
mod killed_server;
mod locked_database;
mod older_backup;
mod stalled;

use std::fmt;
use std::time::Duration;

use rand::SeedableRng;
use rand::rngs::StdRng;

/// Factor by which waits of the outbox and the receive loop are shortened. The server lives for
/// half a second, and many clients must retry within that time. Timeouts of requests are not
/// shortened.
const SPEED_UP: u32 = 50;

/// One run of one test.
#[derive(Debug, Clone, Copy)]
struct Trial {
    name: &'static str,
    seed: u64,
    /// The number of rounds of `make torture`; `None` in the short version.
    rounds: Option<u32>,
}

impl Trial {
    /// Takes the seed of `KITH_TORTURE_SEED`, or a new one, and prints it.
    fn new(name: &'static str) -> Self {
        let seed =
            variable("KITH_TORTURE_SEED").unwrap_or_else(|| u64::from(rand::random::<u32>()));
        let rounds = variable("KITH_TORTURE_ROUNDS").and_then(|rounds| rounds.try_into().ok());
        let trial = Self { name, seed, rounds };
        eprintln!("{trial}");
        trial
    }

    /// The random choices of one participant, by its number.
    fn choices(&self, of: u64) -> StdRng {
        StdRng::seed_from_u64(self.seed ^ of.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

    fn is_long(&self) -> bool {
        self.rounds.is_some()
    }

    /// The number of failures: `short`, or the number of `make torture`.
    fn rounds(&self, short: u32) -> u32 {
        self.rounds.unwrap_or(short)
    }

    /// How long a failure lasts.
    fn lasts(&self, short: Duration, long: Duration) -> Duration {
        if self.is_long() { long } else { short }
    }
}

impl fmt::Display for Trial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "torture ({}): KITH_TORTURE_SEED={}", self.name, self.seed)
    }
}

fn variable(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}")))
}
