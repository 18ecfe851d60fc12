//! The time that rooms are told: the wall clock at the start, moved on by the monotonic one, so that a jump of the wall clock ends no grace and no deadline.
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

use crate::room::ids::Millis;

/// A clock that never goes back. Clones agree. Whoever makes one may set it forward, to see what a server does hours
/// later; serving never does.
#[derive(Debug, Clone)]
pub struct Clock {
    wall: Millis,
    started: Instant,
    /// How far it was set forward, in ms.
    ahead: Arc<AtomicI64>,
}

impl Clock {
    /// A clock set by the system's.
    #[must_use]
    pub fn start() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { wall: Millis(whole(since)), started: Instant::now(), ahead: Arc::default() }
    }

    /// Milliseconds since the Unix epoch.
    #[must_use]
    pub fn now(&self) -> Millis {
        self.wall.plus(whole(self.started.elapsed())).plus(self.ahead.load(Ordering::Relaxed))
    }

    /// Sets it and all its clones forward. Timers of the runtime are not moved by it.
    pub fn set_forward(&self, by: Duration) {
        self.ahead.fetch_add(whole(by), Ordering::Relaxed);
    }
}

fn whole(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn it_follows_the_runtime_and_not_the_wall() {
        let clock = Clock::start();
        let before = clock.now();
        tokio::time::advance(Duration::from_secs(3600)).await;
        assert_eq!(clock.now().since(before), 3_600_000);
    }

    #[tokio::test(start_paused = true)]
    async fn it_is_set_forward_with_all_its_clones() {
        let clock = Clock::start();
        let (clone, before) = (clock.clone(), clock.now());
        clock.set_forward(Duration::from_secs(60));
        assert_eq!((clock.now(), clone.now()), (before.plus(60_000), before.plus(60_000)));
    }
}
