//! The time that rooms are told: the wall clock at the start, moved on by the monotonic one, so that a jump of the wall clock ends no grace and no deadline.
use std::time::{SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

use crate::room::ids::Millis;

/// A clock that never goes back. Clones agree.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    wall: Millis,
    started: Instant,
}

impl Clock {
    /// A clock set by the system's.
    #[must_use]
    pub fn start() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { wall: Millis(whole(since)), started: Instant::now() }
    }

    /// Milliseconds since the Unix epoch.
    #[must_use]
    pub fn now(&self) -> Millis {
        self.wall.plus(whole(self.started.elapsed()))
    }
}

fn whole(duration: std::time::Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn it_follows_the_runtime_and_not_the_wall() {
        let clock = Clock::start();
        let before = clock.now();
        tokio::time::advance(std::time::Duration::from_secs(3600)).await;
        assert_eq!(clock.now().since(before), 3_600_000);
    }
}
