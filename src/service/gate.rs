//! The gate of the engine: who comes too fast, and who guesses too often.
use super::limits::{Limits, Source};
use crate::actors::gate::{Gate, Guess};
use crate::auth::guesses::{Budget, Guesses, OutOfGuesses};
use crate::fault::Fault;
use crate::room::ids::RoomId;
use crate::room::join::Trusted;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

const WITHIN: Duration = Duration::from_secs(600);
/// Wrong PINs of one source at one room.
const PER_SOURCE: Budget = Budget { count: 5, within: WITHIN };
/// Wrong PINs at one room from everywhere. Then its link is the way in: 2,880 guesses a day at 90 million PINs.
const PER_ROOM: Budget = Budget { count: 20, within: WITHIN };
/// Pairs of source and room remembered.
const REMEMBERED: usize = 100_000;

/// Rates and guessing budgets, in memory.
#[derive(Debug)]
pub struct Doorkeeper {
    limits: Arc<Limits>,
    guesses: Arc<Mutex<Guesses<Source, RoomId>>>,
}

impl Doorkeeper {
    pub fn new(limits: Arc<Limits>) -> Self {
        Self { limits, guesses: Arc::new(Mutex::new(Guesses::new(PER_SOURCE, PER_ROOM, REMEMBERED))) }
    }
}

impl Gate for Doorkeeper {
    fn trusts(&self, source: IpAddr) -> Trusted {
        if self.limits.trusts(source) { Trusted::Yes } else { Trusted::No }
    }

    fn enter(&self, source: IpAddr) -> Result<(), Fault> {
        self.limits.join(source)
    }

    /// Trusted sources have no more guesses than others.
    fn guess(&self, source: IpAddr, room: RoomId) -> Result<Guess, Fault> {
        let mut guesses = self.guesses.lock().unwrap_or_else(PoisonError::into_inner);
        let reserved = guesses.reserve(Source::of(source), room, Instant::now());
        let guess = reserved.map_err(|OutOfGuesses { retry_after }| Fault::RateLimited {
            retry_after_ms: u64::try_from(retry_after.as_millis()).unwrap_or(u64::MAX).max(1),
        })?;
        let guesses = self.guesses.clone();
        Ok(Guess::new(move || guesses.lock().unwrap_or_else(PoisonError::into_inner).right(guess)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::limits::Settings;
    use uuid::Uuid;

    fn doorkeeper() -> Doorkeeper {
        Doorkeeper::new(Arc::new(Limits::new(Settings {
            requests_per_second: 50,
            requests_burst: 200,
            rooms_per_hour: 600,
            rooms_per_hour_per_account: 200,
            signups_per_hour: 300,
            joins_per_minute: 2,
            trusted_sources: vec!["10.0.0.0/8".parse().unwrap()],
        })))
    }

    #[test]
    fn guesses_run_out_for_trusted_sources_too_unless_they_are_right() {
        let (door, room) = (doorkeeper(), RoomId(Uuid::from_u128(1)));
        for source in ["192.0.2.1", "10.0.0.1"] {
            let source: IpAddr = source.parse().unwrap();
            for _ in 0..10 {
                door.guess(source, room).unwrap().right();
            }
            for _ in 0..5 {
                drop(door.guess(source, room).unwrap());
            }
            let Err(Fault::RateLimited { retry_after_ms }) = door.guess(source, room) else {
                panic!("{source}")
            };
            assert!((590_000..=600_000).contains(&retry_after_ms));
        }
    }

    #[test]
    fn joins_have_a_rate_that_trusted_sources_have_not() {
        let door = doorkeeper();
        let (stranger, trusted): (IpAddr, IpAddr) =
            ("192.0.2.1".parse().unwrap(), "10.0.0.1".parse().unwrap());
        assert!(
            door.enter(stranger).is_ok() && door.enter(stranger).is_ok() && door.enter(stranger).is_err()
        );
        assert!((0..9).all(|_| door.enter(trusted).is_ok()));
        assert_eq!((door.trusts(stranger), door.trusts(trusted)), (Trusted::No, Trusted::Yes));
    }
}
