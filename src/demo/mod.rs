//! Fills a data folder with a dozen people who know each other and talk in two languages, for
//! `kith demo`, the browser tests and measurements. The content is the same each time; its times
//! count back from now.
//!
//! Passwords are hashed far more cheaply than a real Kith does, or making thousands would take
//! minutes: do not measure signing in on it, and keep nothing in it.

mod cast;
mod script;
mod story;

use std::error::Error;
use std::sync::atomic::{AtomicI64, Ordering};

use crate::model::Timestamp;
use crate::service::{Cost, Kith, Policy};
use story::Story;

pub use cast::{PASSWORD, VISITORS};

/// How much there is of everything.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// People in all; those beyond the dozen are person0013, person0014 …, each a friend of the
    /// next.
    pub people: usize,
    /// How many of these others are friends of ann; each has said hello to her.
    pub friends: usize,
    /// Messages of small talk between ann and meili.
    pub messages: usize,
}

impl Default for Size {
    fn default() -> Self {
        Self { people: cast::PEOPLE.len(), friends: 0, messages: 240 }
    }
}

/// What the clock of the demo says: it moves with the story.
static NOW: AtomicI64 = AtomicI64::new(0);

fn clock() -> Timestamp {
    Timestamp(NOW.load(Ordering::SeqCst))
}

/// Sets the clock of the demo to so many milliseconds before `now`.
fn set_clock(Timestamp(now): Timestamp, before_ms: i64) {
    NOW.store(now - before_ms, Ordering::SeqCst);
}

/// Tells the whole story, up to `now`, in the data folder of `policy`, which nobody has used yet.
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
    story.join().await?;
    story.meet(&lines).await?;
    story.found().await?;
    story.crowd(size).await?;
    story.tell(&lines, now).await?;
    set_clock(now, 40 * 60_000);
    story.wait_for_answers().await?;
    kith.end();
    Ok(())
}
