//! People who talk while everything goes wrong. Their pages are Kith's own outbox and receive loop,
//! as in the browser; the server is the program itself, killed, cut off, starved of its disk. In the
//! end every message that was said to be sent is stored once and was heard by everybody once, in one
//! order.
//!
//! A short version runs with all tests; `make torture` takes its time. What is random follows from
//! the seed that is printed: `KITH_TORTURE_SEED` plays the same again, as far as the machine lets it.

mod checks;
mod client;
mod crew;
mod line;
mod proxy;
mod receiving;
mod sending;
mod stored;

mod clock;
mod cut;
mod deaf;
mod full;
mod killed;
mod locked;
mod restored;
mod synced;

use std::fmt;
use std::time::Duration;

use rand::SeedableRng;
use rand::rngs::StdRng;

/// Waits are so many times shorter than what the outbox and the receive loop ask for, so that many
/// pages are there again in the half second that the server lives. Nothing else is scaled: a request is given up when the browser would.
const HASTE: u32 = 50;

/// One run of one test.
#[derive(Debug, Clone, Copy)]
struct Trial {
    name: &'static str,
    seed: u64,
    /// What `make torture` asks for; nothing where the short version runs.
    rounds: Option<u32>,
}

impl Trial {
    /// Takes the seed that was asked for, or a new one, and says which.
    fn new(name: &'static str) -> Self {
        let seed =
            variable("KITH_TORTURE_SEED").unwrap_or_else(|| u64::from(rand::random::<u32>()));
        let rounds = variable("KITH_TORTURE_ROUNDS").and_then(|rounds| rounds.try_into().ok());
        let trial = Self { name, seed, rounds };
        eprintln!("{trial}");
        trial
    }

    /// The choices of one of those who take part, who each have their own.
    fn choices(&self, of: u64) -> StdRng {
        StdRng::seed_from_u64(self.seed ^ of.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

    fn is_long(&self) -> bool {
        self.rounds.is_some()
    }

    /// How often it goes wrong: so often, or as often as `make torture` wants it.
    fn rounds(&self, short: u32) -> u32 {
        self.rounds.unwrap_or(short)
    }

    /// For how long it goes wrong.
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
