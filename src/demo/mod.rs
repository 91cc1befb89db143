//! Fills a data folder with a dozen people who know each other and talk in two languages. `kith
//! demo`, the browser tests and measurements use it. The content is always the same, with times
//! relative to now.
//!
//! Passwords are hashed far more cheaply than in a real Kith, or making thousands of accounts would
//! take minutes. So do not measure sign-ins on it, and keep no real data in it.

mod cast;
mod script;
mod story;

use std::error::Error;
use std::sync::atomic::{AtomicI64, Ordering};

use crate::model::Timestamp;
use crate::service::{Cost, Kith, Policy};
use story::Story;

pub use cast::{PASSWORD, VISITORS};

/// The size of the demo.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// People in total. Beyond the first dozen they are extras: person0013, person0014 …, friends
    /// in pairs.
    pub people: usize,
    /// How many of the extras are friends of ann. Each has sent her a greeting.
    pub friends: usize,
    /// Messages of small talk between ann and meili.
    pub messages: usize,
}

impl Default for Size {
    fn default() -> Self {
        Self { people: cast::PEOPLE.len(), friends: 0, messages: 240 }
    }
}

/// The time of the demo's clock, in milliseconds. It moves with the story.
static NOW: AtomicI64 = AtomicI64::new(0);

fn clock() -> Timestamp {
    Timestamp(NOW.load(Ordering::SeqCst))
}

/// Sets the demo's clock to `before_ms` milliseconds before `now`.
fn set_clock(Timestamp(now): Timestamp, before_ms: i64) {
    NOW.store(now - before_ms, Ordering::SeqCst);
}

/// Plays the whole story, up to `now`, in the unused data folder of `policy`.
pub async fn fill(policy: Policy, size: Size, now: Timestamp) -> Result<(), Box<dyn Error>> {
    let policy = Policy {
        database: None,
        messages_per_minute: 0,
        password_cost: Cost { memory_kib: 64, passes: 1 },
        ..policy
    };
    let lines = script::lines(size.messages)?;
    let first = lines.first().map_or(0, |line| line.before_ms);
    set_clock(now, first + 60_000);
    let kith = Kith::open(policy, clock).await?;
    let mut story = Story::new(kith.clone());
    story.create_people().await?;
    story.make_friends(&lines).await?;
    story.create_groups().await?;
    story.add_extras(size).await?;
    story.send_messages(&lines, now).await?;
    set_clock(now, 40 * 60_000);
    story.send_requests().await?;
    kith.end();
    Ok(())
}
