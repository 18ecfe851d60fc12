//! The gate of the engine: who comes too fast, and who guesses too often.
use super::identity::Identity;
use super::limits::{Limits, Source, too_fast};
use super::pin_trail::{Keeping, PinTrail};
use crate::actors::gate::{Gate, Guess, Held, Principal};
use crate::auth::guesses::{Budget, Guesses, OutOfGuesses};
use crate::fault::Fault;
use crate::room::footing::Footing;
use crate::room::ids::{Millis, RoomId, TokenId, UserId};
use crate::room::join::Trusted;
use crate::store::members;
use futures_util::future::BoxFuture;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

pub(super) const WITHIN: Duration = Duration::from_secs(600);
/// Pairs of source and room remembered.
const REMEMBERED: usize = 100_000;

/// Wrong PINs in any 10 minutes, `limits.pin_guesses_*`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PinGuesses {
    /// Of one source at one room.
    pub per_source: usize,
    /// At one room from everywhere. Then its link is the way in: with 20 that is 2,880 guesses a day at 90 million PINs.
    pub per_room: usize,
}

impl PinGuesses {
    fn budgets(self) -> (Budget, Budget) {
        let of = |count: usize| Budget { count: count.max(1), within: WITHIN };
        (of(self.per_source), of(self.per_room))
    }
}

/// Rates and guessing budgets, in memory.
#[derive(Debug)]
pub struct Doorkeeper {
    limits: Arc<Limits>,
    identity: Identity,
    pins: PinGuesses,
    guesses: Arc<Mutex<Guesses<Source, RoomId>>>,
    /// `None`: guesses are forgotten with the process.
    trail: Option<Arc<PinTrail>>,
}

impl Doorkeeper {
    pub fn new(limits: Arc<Limits>, identity: Identity, pins: PinGuesses, trail: Option<PinTrail>) -> Self {
        let (per_source, per_room) = pins.budgets();
        let guesses = Arc::new(Mutex::new(Guesses::new(per_source, per_room, REMEMBERED)));
        Self { limits, identity, pins, guesses, trail: trail.map(Arc::new) }
    }
}

impl Gate for Doorkeeper {
    fn trusts(&self, source: IpAddr) -> Trusted {
        if self.limits.trusts(source) { Trusted::Yes } else { Trusted::No }
    }

    fn enter(&self, source: IpAddr) -> Result<(), Fault> {
        self.limits.join(source)
    }

    fn hold(&self, source: IpAddr, user: UserId) -> Result<Held, Fault> {
        self.limits.socket_of(user, source)
    }

    /// Trusted sources have no more guesses than others.
    fn guess(&self, source: IpAddr, room: RoomId) -> Result<Guess, Fault> {
        let source = Source::of(source);
        let mut guesses = self.guesses.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(trail) = &self.trail {
            let counted = guesses.counted(source, room, Instant::now());
            let before = trail.before(source, room, now());
            before.wait(counted, self.pins).map_or(Ok(()), |wait| Err(too_fast(wait)))?;
        }
        let reserved = guesses.reserve(source, room, Instant::now());
        let guess = reserved.map_err(|OutOfGuesses { retry_after }| too_fast(retry_after))?;
        let guesses = self.guesses.clone();
        let keeping = self.trail.clone().map(|trail| Keeping::new(trail, source, room, now()));
        Ok(Guess::new(move || {
            if let Some(keeping) = keeping {
                keeping.right();
            }
            guesses.lock().unwrap_or_else(PoisonError::into_inner).right(guess);
        }))
    }

    fn identify(&self, token: Arc<str>) -> BoxFuture<'static, Result<Principal, Fault>> {
        let identity = self.identity.clone();
        Box::pin(async move { identity.of(&token).await })
    }

    fn membership(&self, room: RoomId, user: UserId) -> BoxFuture<'static, Option<[u8; 32]>> {
        let store = self.identity.store.clone();
        Box::pin(async move {
            match members::find(&store, room, user).await {
                Ok(member) => member.map(|member| member.proof),
                Err(error) => {
                    tracing::debug!(%error, "a membership could not be looked up");
                    None
                }
            }
        })
    }

    fn still(&self, principal: &Principal) -> Result<(), Fault> {
        let (Some(grant), Footing::Token { token, subject, key }) = (principal.grant, &principal.footing)
        else {
            return Ok(()); // a session that ends closes its sockets
        };
        if self.identity.ends.include(grant.room, *token, subject, *key) {
            return Err(Fault::TokenInvalid);
        }
        Ok(())
    }

    fn spent(&self, room: RoomId, token: TokenId) {
        self.identity.spend(room, token);
    }
}

/// The wall clock, for rows.
fn now() -> Millis {
    Millis(jiff::Timestamp::now().as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actors::Clock;
    use crate::auth::room_token::{Algorithm, RoomTokens};
    use crate::seal::KeyRing;
    use crate::service::limits::Settings;
    use crate::store::{self, Store};
    use tempfile::TempDir;
    use uuid::Uuid;

    async fn doorkeeper(folder: &TempDir) -> Doorkeeper {
        let ring = Arc::new(KeyRing::ephemeral());
        let url = format!("sqlite://{}?mode=rwc", folder.path().join("convene.db").display());
        let identity = Identity {
            store: Store::connect(store::Settings::new(&url), ring.clone()).await.unwrap(),
            clock: Clock::start(),
            tokens: Arc::new(RoomTokens::new(&ring, Algorithm::Hs256)),
            ends: Arc::default(),
            app: None,
            idle_ms: 1_000,
        };
        let limits = Limits::new(Settings {
            requests_per_second: 50,
            requests_burst: 200,
            rooms_per_hour: 600,
            rooms_per_hour_per_account: 200,
            signups_per_hour: 300,
            joins_per_minute: 2,
            connections_per_account: 20,
            trusted_sources: vec!["10.0.0.0/8".parse().unwrap()],
        });
        Doorkeeper::new(Arc::new(limits), identity, PinGuesses { per_source: 5, per_room: 20 }, None)
    }

    #[tokio::test]
    async fn guesses_run_out_for_trusted_sources_too_unless_they_are_right() {
        let folder = tempfile::tempdir().unwrap();
        let (door, room) = (doorkeeper(&folder).await, RoomId(Uuid::from_u128(1)));
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

    #[tokio::test]
    async fn joins_have_a_rate_that_trusted_sources_have_not() {
        let folder = tempfile::tempdir().unwrap();
        let door = doorkeeper(&folder).await;
        let (stranger, trusted): (IpAddr, IpAddr) =
            ("192.0.2.1".parse().unwrap(), "10.0.0.1".parse().unwrap());
        assert!(
            door.enter(stranger).is_ok() && door.enter(stranger).is_ok() && door.enter(stranger).is_err()
        );
        assert!((0..9).all(|_| door.enter(trusted).is_ok()));
        assert_eq!((door.trusts(stranger), door.trusts(trusted)), (Trusted::No, Trusted::Yes));
    }
}
