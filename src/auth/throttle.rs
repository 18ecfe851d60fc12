//! How fast passwords may be guessed at one login: some at once, then each wait twice as long as the one before.
use crate::room::ids::Millis;
use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

/// OWASP Authentication: growing waits instead of a lock that anybody could turn against the owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Wrong ones in a row that cost no wait.
    pub free: u32,
    /// The first wait; each further failure doubles it.
    pub first_ms: i64,
    /// The longest wait.
    pub longest_ms: i64,
    /// Wrong ones in a row after which passwords open nothing any more (NIST SP 800-63B, 5.2.2): a code or a reset does.
    pub stop: u32,
    /// After so long without a failure it begins anew.
    pub forget_ms: i64,
    /// Keys remembered; beyond, the longest known is forgotten.
    pub most_keys: usize,
}

impl Default for Settings {
    fn default() -> Self {
        let minute = 60_000;
        Self {
            free: 5,
            first_ms: 1_000,
            longest_ms: 15 * minute,
            stop: 100,
            forget_ms: 24 * 60 * minute,
            most_keys: 100_000,
        }
    }
}

/// Not yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    pub retry_after_ms: i64,
}

/// Failures in a row, by key. A guess is counted before its outcome is known, so that guesses at the same time share no budget.
#[derive(Debug)]
pub struct Throttle<K> {
    settings: Settings,
    failed: HashMap<K, Failed>,
    /// All keys of `failed`, and some that are no longer there, in the order they will be looked at for forgetting.
    round: VecDeque<K>,
}

#[derive(Debug, Clone, Copy)]
struct Failed {
    count: u32,
    last: Millis,
}

impl<K: Hash + Eq + Clone> Throttle<K> {
    pub fn new(settings: Settings) -> Self {
        Self { settings, failed: HashMap::new(), round: VecDeque::new() }
    }

    /// Counts a guess. `earlier`: how many failed in a row before this process began, and the last of them.
    ///
    /// # Errors
    /// [`Wait`] if it comes too early; then it isn't counted.
    pub fn reserve(&mut self, key: K, earlier: Option<(u32, Millis)>, now: Millis) -> Result<(), Wait> {
        let earlier = earlier.map(|(count, last)| Failed { count, last });
        let known = self.failed.get(&key).copied().or(earlier);
        let failed = known.filter(|failed| {
            failed.count >= self.settings.stop || now.since(failed.last) < self.settings.forget_ms
        });
        let failed = failed.unwrap_or(Failed { count: 0, last: now });
        let left = self.wait_ms(failed.count) - now.since(failed.last);
        if failed.count >= self.settings.stop {
            return Err(Wait { retry_after_ms: self.settings.longest_ms });
        }
        if left > 0 {
            return Err(Wait { retry_after_ms: left });
        }
        let counted = Failed { count: failed.count + 1, last: now };
        if self.failed.insert(key.clone(), counted).is_none() {
            self.round.push_back(key);
            self.forget_some(now);
        }
        Ok(())
    }

    /// Nothing was compared: the guess doesn't count.
    pub fn give_back(&mut self, key: &K) {
        if let Some(failed) = self.failed.get_mut(key) {
            failed.count = failed.count.saturating_sub(1);
        }
    }

    /// The guess was right, or its owner has shown in another way who they are: all before it is forgotten.
    pub fn forgive(&mut self, key: &K) {
        if let Some(failed) = self.failed.get_mut(key) {
            failed.count = 0;
        }
    }

    /// After so many failures.
    fn wait_ms(&self, count: u32) -> i64 {
        let Some(beyond) = count.checked_sub(self.settings.free) else { return 0 };
        let doubled = 1_i64 << beyond.min(40); // far beyond the longest wait, and far from overflowing
        self.settings.first_ms.saturating_mul(doubled).min(self.settings.longest_ms)
    }

    /// Looks at two keys per new one, so that old ones go faster than new ones come.
    fn forget_some(&mut self, now: Millis) {
        for _ in 0..2 {
            let Some(key) = self.round.pop_front() else { return };
            let is_over = self.failed.get(&key).is_none_or(|failed| {
                failed.count < self.settings.stop && now.since(failed.last) >= self.settings.forget_ms
            });
            if is_over || self.round.len() >= self.settings.most_keys {
                self.failed.remove(&key);
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

    fn throttle() -> Throttle<u32> {
        Throttle::new(Settings { most_keys: 50, ..Settings::default() })
    }

    #[test]
    fn five_are_free_then_each_wait_is_twice_as_long() {
        let (mut throttle, mut now) = (throttle(), Millis(1_000_000));
        for _ in 0..5 {
            throttle.reserve(1, None, now).unwrap();
        }
        for wait in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900].map(|seconds| seconds * 1_000) {
            assert_eq!(throttle.reserve(1, None, now), Err(Wait { retry_after_ms: wait }));
            assert!(throttle.reserve(1, None, now.plus(wait - 1)).is_err());
            now = now.plus(wait);
            throttle.reserve(1, None, now).unwrap();
        }
        assert!(throttle.reserve(2, None, now).is_ok(), "another login has its own");
    }

    #[test]
    fn right_ones_begin_anew_and_what_was_not_compared_does_not_count() {
        let (mut throttle, now) = (throttle(), Millis(1_000_000));
        for _ in 0..50 {
            throttle.reserve(1, None, now).unwrap();
            throttle.forgive(&1);
            throttle.reserve(2, None, now).unwrap();
            throttle.give_back(&2);
        }
    }

    #[test]
    fn a_hundred_in_a_row_close_it_until_it_is_forgiven() {
        let (mut throttle, mut now) = (throttle(), Millis(1_000_000));
        for _ in 0..100 {
            now = now.plus(900_000);
            throttle.reserve(1, None, now).unwrap();
        }
        let much_later = now.plus(10 * 24 * 3_600_000);
        assert!(throttle.reserve(1, None, much_later).is_err());
        throttle.forgive(&1);
        assert!(throttle.reserve(1, None, much_later).is_ok());
    }

    #[test]
    fn failures_of_before_a_restart_count() {
        let (mut throttle, now) = (throttle(), Millis(1_000_000));
        assert!(throttle.reserve(1, Some((8, now.plus(-1))), now).is_err());
        assert!(throttle.reserve(2, Some((100, now.plus(-1))), now).is_err());
        assert!(throttle.reserve(3, Some((4, now.plus(-1))), now).is_ok());
        throttle.forgive(&3);
        assert!(throttle.reserve(3, Some((100, now.plus(-1))), now).is_ok(), "what is known here is newer");
    }

    proptest! {
        #[test]
        fn memory_is_bounded(keys in prop::collection::vec(any::<u32>(), 1..1000)) {
            let mut throttle = throttle();
            for key in keys {
                let _ = throttle.reserve(key, None, Millis(1_000_000));
                prop_assert!(throttle.failed.len() <= 52 && throttle.round.len() <= 52);
            }
        }
    }
}
