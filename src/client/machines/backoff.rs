//! Delays between attempts. They grow, they are random, and they stay under half a minute: clients
//! must not all return to a restarted server at the same moment.

/// Ceiling of the first delay, in milliseconds.
const FIRST_MS: f64 = 500.0;
/// Maximum of every delay, in milliseconds.
const MAX_MS: f64 = 30_000.0;

/// Exponential back-off with full jitter.
#[derive(Debug, Clone, Default)]
pub struct Backoff {
    failures: u32,
}

impl Backoff {
    /// Counts a failure and returns the delay in milliseconds: anything from 0 to a ceiling that
    /// doubles with each failure. `random` is from 0 to 1.
    pub fn next_ms(&mut self, random: f64) -> u32 {
        let doublings = self.failures.min(16) as i32;
        let ceiling = (FIRST_MS * 2f64.powi(doublings)).min(MAX_MS);
        self.failures = self.failures.saturating_add(1);
        (ceiling * random.clamp(0.0, 1.0)) as u32
    }

    /// Forgets the failures after a success.
    pub fn reset(&mut self) {
        self.failures = 0;
    }

    /// Number of failures since the last success.
    pub fn failures(&self) -> u32 {
        self.failures
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_double_up_to_half_a_minute() {
        let mut backoff = Backoff::default();
        let delays: Vec<u32> = (0..9).map(|_| backoff.next_ms(1.0)).collect();
        assert_eq!(delays, [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
    }

    #[test]
    fn a_delay_may_be_anything_down_to_zero() {
        let mut backoff = Backoff::default();
        assert_eq!(backoff.next_ms(0.0), 0);
        assert_eq!(backoff.next_ms(0.5), 500);
    }

    #[test]
    fn a_success_resets_the_delay() {
        let mut backoff = Backoff::default();
        for _ in 0..100 {
            backoff.next_ms(1.0);
        }
        backoff.reset();
        assert_eq!(backoff.next_ms(1.0), 500);
    }
}
