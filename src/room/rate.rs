//! A token bucket without a clock: time is an input.
use super::ids::Millis;
use super::rules::Rate;
use crate::fault::Fault;

/// One token in the bucket's unit: what a rate of one a minute gives in that many milliseconds.
const TOKEN: i64 = 60_000;

/// How much was taken and not yet given back, and when that was so. Kept this way round because the rate comes with each
/// use: when a room grows, its larger burst is there at once.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bucket {
    taken: i64,
    at: Millis,
}

impl Bucket {
    pub(super) fn new(now: Millis) -> Self {
        Self { taken: 0, at: now }
    }

    /// Takes one token, or says how long to wait for it.
    pub(super) fn take(&mut self, now: Millis, rate: Rate) -> Result<(), Fault> {
        let given = now.since(self.at).max(0).saturating_mul(i64::from(rate.per_minute));
        self.taken = self.taken.saturating_sub(given).max(0);
        self.at = self.at.max(now);
        let short = self.taken + TOKEN - i64::from(rate.burst) * TOKEN;
        if short <= 0 {
            self.taken += TOKEN;
            return Ok(());
        }
        Err(Fault::RateLimited { retry_after_ms: (short as u64).div_ceil(u64::from(rate.per_minute.max(1))) })
    }
}

impl Rate {
    /// The same rate for that many people together.
    pub(super) fn times(self, people: usize) -> Self {
        let people = u32::try_from(people).unwrap_or(u32::MAX);
        Self { burst: self.burst.saturating_mul(people), per_minute: self.per_minute.saturating_mul(people) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_then_a_steady_rate_and_an_honest_wait() {
        let rate = Rate::per_second(20, 3);
        let mut bucket = Bucket::new(Millis(0));
        assert!((0..3).all(|_| bucket.take(Millis(0), rate).is_ok()));
        assert_eq!(bucket.take(Millis(0), rate), Err(Fault::RateLimited { retry_after_ms: 50 }));
        assert_eq!(bucket.take(Millis(49), rate), Err(Fault::RateLimited { retry_after_ms: 1 }));
        assert_eq!(bucket.take(Millis(50), rate), Ok(()));
        assert!((0..3).all(|_| bucket.take(Millis(3_600_000), rate).is_ok()));
        assert!(bucket.take(Millis(3_600_000), rate).is_err(), "rest gives no more than the burst");
    }

    #[test]
    fn a_clock_that_goes_back_gives_nothing() {
        let rate = Rate::per_second(1, 1);
        let mut bucket = Bucket::new(Millis(5_000));
        assert_eq!(bucket.take(Millis(5_000), rate), Ok(()));
        assert!(bucket.take(Millis(0), rate).is_err() && bucket.take(Millis(5_999), rate).is_err());
        assert_eq!(bucket.take(Millis(6_000), rate), Ok(()));
    }
}
