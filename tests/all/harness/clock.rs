//! A clock that a test can move. Kith takes a plain function, so each test takes its own.

use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::time::Duration;

use kith::model::Timestamp;
use kith::server::system_clock;
use kith::store::Clock;

const CLOCKS: [Clock; 20] = [
    reading::<0>,
    reading::<1>,
    reading::<2>,
    reading::<3>,
    reading::<4>,
    reading::<5>,
    reading::<6>,
    reading::<7>,
    reading::<8>,
    reading::<9>,
    reading::<10>,
    reading::<11>,
    reading::<12>,
    reading::<13>,
    reading::<14>,
    reading::<15>,
    reading::<16>,
    reading::<17>,
    reading::<18>,
    reading::<19>,
];
static AHEAD_MS: [AtomicI64; CLOCKS.len()] = [const { AtomicI64::new(0) }; CLOCKS.len()];
static TAKEN: AtomicUsize = AtomicUsize::new(0);

fn reading<const N: usize>() -> Timestamp {
    Timestamp(system_clock().0 + AHEAD_MS[N].load(Ordering::SeqCst))
}

/// The clock of one test.
#[derive(Debug, Clone, Copy)]
pub struct MovedClock(usize);

impl MovedClock {
    /// Takes a clock that no other test has.
    pub fn take() -> Self {
        let taken = TAKEN.fetch_add(1, Ordering::SeqCst);
        assert!(taken < CLOCKS.len(), "more tests move the clock than there are clocks: add one");
        Self(taken)
    }

    /// The function that the application reads the time with.
    pub fn clock(self) -> Clock {
        CLOCKS[self.0]
    }

    /// Sets the clock to this time, from which it goes on.
    pub fn set(self, time: Timestamp) {
        AHEAD_MS[self.0].store(time.0 - system_clock().0, Ordering::SeqCst);
    }

    pub fn forward(self, by: Duration) {
        let ms = i64::try_from(by.as_millis()).expect("a time that fits");
        AHEAD_MS[self.0].fetch_add(ms, Ordering::SeqCst);
    }

    pub fn back(self, by: Duration) {
        let ms = i64::try_from(by.as_millis()).expect("a time that fits");
        AHEAD_MS[self.0].fetch_sub(ms, Ordering::SeqCst);
    }
}
