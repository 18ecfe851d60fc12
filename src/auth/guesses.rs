//! The budget of guesses at a secret: counted before the guess, given back when it was right.
use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::time::{Duration, Instant};

/// `count` wrong guesses in any span of `within`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    pub count: usize,
    pub within: Duration,
}

/// No guess is left; the next one is after this time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutOfGuesses {
    pub retry_after: Duration,
}

/// A guess that is counted. Hand it back by [`Guesses::right`] if it was right; dropping it leaves it counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guess<S, T> {
    source: S,
    target: T,
    at: Instant,
}

/// Guesses per source and target, and per target from all sources together. Unlike a bucket it keeps the moment of
/// each, so that no span of time sees more than the budget. Memory: at most `most` pairs and as many targets, each
/// with at most its budget of moments; beyond, the longest known is forgotten.
#[derive(Debug)]
pub struct Guesses<S, T> {
    per_pair: Moments<(S, T)>,
    per_target: Moments<T>,
}

impl<S: Hash + Eq + Clone, T: Hash + Eq + Clone> Guesses<S, T> {
    pub fn new(per_pair: Budget, per_target: Budget, most: usize) -> Self {
        Self { per_pair: Moments::new(per_pair, most), per_target: Moments::new(per_target, most) }
    }

    /// Counts a guess before its outcome is known, so that guesses at the same time can't share a budget.
    ///
    /// # Errors
    /// [`OutOfGuesses`] if either budget is used up; then neither is touched.
    pub fn reserve(&mut self, source: S, target: T, now: Instant) -> Result<Guess<S, T>, OutOfGuesses> {
        let pair = (source, target);
        let wait = self.per_pair.wait(&pair, now).max(self.per_target.wait(&pair.1, now));
        if let Some(retry_after) = wait {
            return Err(OutOfGuesses { retry_after });
        }
        self.per_pair.push(pair.clone(), now);
        self.per_target.push(pair.1.clone(), now);
        let (source, target) = pair;
        Ok(Guess { source, target, at: now })
    }

    /// How many count now: of the pair, and at the target from everywhere.
    pub fn counted(&mut self, source: S, target: T, now: Instant) -> (usize, usize) {
        let pair = (source, target);
        (self.per_pair.count(&pair, now), self.per_target.count(&pair.1, now))
    }

    /// The guess was right, or none was needed: it doesn't count.
    pub fn right(&mut self, guess: Guess<S, T>) {
        self.per_target.remove(&guess.target, guess.at);
        self.per_pair.remove(&(guess.source, guess.target), guess.at);
    }
}

/// Failures per source, counted when they have shown themselves as such: what goes well costs nothing, even while it is
/// under way. Memory as in [`Guesses`].
#[derive(Debug)]
pub struct Failures<K>(Moments<K>);

impl<K: Hash + Eq + Clone> Failures<K> {
    pub fn new(budget: Budget, most: usize) -> Self {
        Self(Moments::new(budget, most))
    }

    /// # Errors
    /// [`OutOfGuesses`] if the budget is used up.
    pub fn check(&mut self, key: &K, now: Instant) -> Result<(), OutOfGuesses> {
        self.0.wait(key, now).map_or(Ok(()), |retry_after| Err(OutOfGuesses { retry_after }))
    }

    pub fn count(&mut self, key: K, now: Instant) {
        let is_full = self.0.wait(&key, now).is_some();
        if !is_full {
            self.0.push(key, now);
        }
    }
}

/// The moments of the last guesses, by key.
#[derive(Debug)]
struct Moments<K> {
    budget: Budget,
    most: usize,
    moments: HashMap<K, VecDeque<Instant>>,
    /// All keys of `moments`, in the order they will be looked at for forgetting.
    round: VecDeque<K>,
}

impl<K: Hash + Eq + Clone> Moments<K> {
    fn new(budget: Budget, most: usize) -> Self {
        Self { budget, most: most.max(1), moments: HashMap::new(), round: VecDeque::new() }
    }

    fn count(&mut self, key: &K, now: Instant) -> usize {
        let Some(moments) = self.moments.get_mut(key) else { return 0 };
        while moments.front().is_some_and(|first| *first + self.budget.within <= now) {
            moments.pop_front();
        }
        moments.len()
    }

    /// How long until a guess is free; `None` if one is.
    fn wait(&mut self, key: &K, now: Instant) -> Option<Duration> {
        self.count(key, now);
        let moments = self.moments.get(key)?;
        let used_up = moments.len() >= self.budget.count;
        moments.front().filter(|_| used_up).map(|first| *first + self.budget.within - now)
    }

    fn push(&mut self, key: K, now: Instant) {
        if let Some(moments) = self.moments.get_mut(&key) {
            moments.push_back(now);
            return;
        }
        self.moments.insert(key.clone(), VecDeque::from([now]));
        self.round.push_back(key);
        for _ in 0..2 {
            let Some(key) = self.round.pop_front() else { return };
            let last = self.moments.get(&key).and_then(VecDeque::back);
            let is_over = last.is_none_or(|last| *last + self.budget.within <= now);
            if is_over || self.moments.len() > self.most {
                self.moments.remove(&key);
            } else {
                self.round.push_back(key);
            }
        }
    }

    fn remove(&mut self, key: &K, at: Instant) {
        let Some(moments) = self.moments.get_mut(key) else { return };
        if let Some(index) = moments.iter().position(|moment| *moment == at) {
            moments.remove(index);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const WITHIN: Duration = Duration::from_secs(600);

    fn guesses() -> Guesses<u8, u8> {
        Guesses::new(Budget { count: 5, within: WITHIN }, Budget { count: 20, within: WITHIN }, 1000)
    }

    #[test]
    fn five_of_one_source_and_twenty_of_all() {
        let (mut guesses, now) = (guesses(), Instant::now());
        for source in 0..4 {
            for _ in 0..5 {
                guesses.reserve(source, 1, now).unwrap();
            }
            assert_eq!(guesses.reserve(source, 1, now), Err(OutOfGuesses { retry_after: WITHIN }));
        }
        assert!(guesses.reserve(9, 1, now).is_err(), "the target's own budget is used up");
        assert!(guesses.reserve(9, 2, now).is_ok(), "another target has its own");
        let later = now + WITHIN - Duration::from_secs(1);
        assert_eq!(guesses.reserve(9, 1, later), Err(OutOfGuesses { retry_after: Duration::from_secs(1) }));
        assert!(guesses.reserve(9, 1, now + WITHIN).is_ok());
    }

    #[test]
    fn right_guesses_cost_nothing_but_count_while_they_are_open() {
        let (mut guesses, now) = (guesses(), Instant::now());
        for _ in 0..100 {
            let guess = guesses.reserve(1, 1, now).unwrap();
            guesses.right(guess);
        }
        let open: Vec<_> = (0..5).map(|_| guesses.reserve(1, 1, now).unwrap()).collect();
        assert!(guesses.reserve(1, 1, now).is_err(), "five at the same time share no budget");
        guesses.right(open[0]);
        assert!(guesses.reserve(1, 1, now).is_ok());
    }

    #[test]
    fn failures_close_the_source_and_nothing_else_does() {
        let mut failures = Failures::new(Budget { count: 2, within: WITHIN }, 10);
        let now = Instant::now();
        assert!((0..100).all(|_| failures.check(&1, now).is_ok()));
        failures.count(1, now);
        failures.count(1, now);
        assert_eq!(failures.check(&1, now), Err(OutOfGuesses { retry_after: WITHIN }));
        assert!(failures.check(&2, now).is_ok() && failures.check(&1, now + WITHIN).is_ok());
    }

    proptest! {
        #[test]
        fn no_span_sees_more_than_the_budget(steps in prop::collection::vec((0_u64..200, 0_u8..6), 1..200)) {
            let mut guesses = guesses();
            let mut now = Instant::now();
            let mut wrong: Vec<(Instant, u8)> = Vec::new();
            for (wait, source) in steps {
                now += Duration::from_secs(wait);
                if guesses.reserve(source, 1, now).is_ok() {
                    wrong.push((now, source));
                }
                let recent: Vec<_> = wrong.iter().filter(|(at, _)| *at + WITHIN > now).collect();
                prop_assert!(recent.len() <= 20);
                prop_assert!(recent.iter().filter(|(_, of)| *of == source).count() <= 5);
            }
        }

        #[test]
        fn memory_is_bounded(pairs in prop::collection::vec(any::<(u8, u8)>(), 1..2000)) {
            let budget = Budget { count: 5, within: WITHIN };
            let mut guesses = Guesses::new(budget, budget, 20);
            let now = Instant::now();
            for (source, target) in pairs {
                let _ = guesses.reserve(source, target, now);
                prop_assert!(guesses.per_pair.moments.len() <= 21 && guesses.per_target.moments.len() <= 21);
            }
        }
    }
}
