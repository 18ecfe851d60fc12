//! Token buckets by key: so many at once, then so many in a time. Time is an input, memory is bounded.
use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::time::{Duration, Instant};

/// How fast: `burst` at once after a rest, then one per `every`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    pub burst: u32,
    pub every: Duration,
}

impl Rate {
    /// `count` in each `per`, and as many as `burst` at once. Both at least 1.
    pub fn new(count: u32, per: Duration, burst: u32) -> Self {
        Self { burst: burst.max(1), every: per / count.max(1) }
    }

    fn depth(self) -> Duration {
        self.every * self.burst
    }
}

/// Too fast: the same will be let through after this time, if nothing else is asked meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooFast {
    pub retry_after: Duration,
}

/// One bucket per key, all of one rate. A key costs its size twice and 16 bytes; a bucket that is full again is
/// forgotten, which nobody can tell from keeping it. When even so more than `most` keys are in use, the longest known is forgotten.
///
/// Kept as the moment each bucket will be full (generic cell rate algorithm): one number a key, all steps O(1) amortised.
#[derive(Debug)]
pub struct Limiter<K> {
    rate: Rate,
    most: usize,
    full_at: HashMap<K, Instant>,
    /// All keys of `full_at`, in the order they will be looked at for forgetting.
    round: VecDeque<K>,
}

impl<K: Hash + Eq + Clone> Limiter<K> {
    pub fn new(rate: Rate, most: usize) -> Self {
        Self { rate, most: most.max(1), full_at: HashMap::new(), round: VecDeque::new() }
    }

    /// Takes one token of `key`. A refusal takes nothing.
    ///
    /// # Errors
    /// [`TooFast`] with the time after which a token is there.
    pub fn take(&mut self, key: &K, now: Instant) -> Result<(), TooFast> {
        let full_at = self.full_at.get(key).map_or(now, |at| (*at).max(now));
        let after = full_at + self.rate.every;
        let latest = now + self.rate.depth();
        if after > latest {
            return Err(TooFast { retry_after: after - latest });
        }
        if self.full_at.insert(key.clone(), after).is_none() {
            self.round.push_back(key.clone());
            self.forget_some(now);
        }
        Ok(())
    }

    /// How many keys are remembered.
    pub fn len(&self) -> usize {
        self.full_at.len()
    }

    pub fn is_empty(&self) -> bool {
        self.full_at.is_empty()
    }

    /// Looks at two keys per new one, so that full buckets go faster than keys come.
    fn forget_some(&mut self, now: Instant) {
        for _ in 0..2 {
            let Some(key) = self.round.pop_front() else { return };
            let is_full = self.full_at.get(&key).is_none_or(|at| *at <= now);
            if is_full || self.full_at.len() > self.most {
                self.full_at.remove(&key);
            } else {
                self.round.push_back(key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const RATE: Rate = Rate { burst: 5, every: Duration::from_millis(100) };

    /// The plain book-keeping that the limiter must not differ from: tokens as a number, refilled by the time passed.
    struct Plain {
        tokens: f64,
        at: Instant,
    }

    impl Plain {
        fn take(&mut self, now: Instant) -> bool {
            let passed = (now - self.at).as_secs_f64() / RATE.every.as_secs_f64();
            self.tokens = (self.tokens + passed).min(f64::from(RATE.burst));
            self.at = now;
            let enough = self.tokens > 1.0 - 1e-6;
            if enough {
                self.tokens -= 1.0;
            }
            enough
        }
    }

    proptest! {
        #[test]
        fn it_answers_like_plain_buckets(asks in prop::collection::vec((0_u64..60, 0_u8..4), 1..300)) {
            let start = Instant::now();
            let mut limiter = Limiter::new(RATE, 100);
            let mut plain: HashMap<u8, Plain> = HashMap::new();
            let mut now = start;
            for (wait, key) in asks {
                now += Duration::from_millis(wait);
                let book = plain.entry(key).or_insert(Plain { tokens: f64::from(RATE.burst), at: now });
                prop_assert_eq!(limiter.take(&key, now).is_ok(), book.take(now));
            }
        }

        #[test]
        fn no_span_of_time_gets_more_than_burst_and_refill(waits in prop::collection::vec(0_u64..300, 1..200)) {
            let mut now = Instant::now();
            let mut limiter = Limiter::new(RATE, 100);
            let mut let_through = Vec::new();
            for wait in waits {
                now += Duration::from_millis(wait);
                if limiter.take(&(), now).is_ok() {
                    let_through.push(now);
                }
            }
            for (i, from) in let_through.iter().enumerate() {
                for (j, to) in let_through.iter().enumerate().skip(i) {
                    let most = 5 + (*to - *from).as_millis() / 100;
                    prop_assert!((j - i + 1) as u128 <= most, "{} in {:?}", j - i + 1, *to - *from);
                }
            }
        }

        #[test]
        fn memory_is_bounded_whatever_comes(keys in prop::collection::vec(any::<u16>(), 1..2000)) {
            let now = Instant::now();
            let mut limiter = Limiter::new(RATE, 50);
            for key in keys {
                let _ = limiter.take(&key, now);
                prop_assert!(limiter.len() <= 51 && limiter.round.len() == limiter.len());
            }
        }
    }

    #[test]
    fn the_time_to_wait_is_exact() {
        let now = Instant::now();
        let mut limiter = Limiter::new(RATE, 10);
        for _ in 0..5 {
            limiter.take(&1, now).unwrap();
        }
        let later = now + Duration::from_millis(30);
        let refused = limiter.take(&1, later).unwrap_err();
        assert_eq!(refused.retry_after, Duration::from_millis(70));
        assert!(limiter.take(&1, later + refused.retry_after - Duration::from_millis(1)).is_err());
        assert!(limiter.take(&1, later + refused.retry_after).is_ok());
        assert!(limiter.take(&2, now).is_ok(), "another key has its own bucket");
    }

    #[test]
    fn full_buckets_are_forgotten() {
        let start = Instant::now();
        let mut limiter = Limiter::new(RATE, 1_000_000);
        for key in 0..10_000_u32 {
            limiter.take(&key, start + Duration::from_millis(u64::from(key))).unwrap();
        }
        assert!(limiter.len() < 500, "{} are remembered, of which 100 are not full", limiter.len());
    }
}
