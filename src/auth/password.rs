//! Passwords: hashed and verified a few at a time, off the runtime's threads, so that a flood of sign-ins leaves calls alone.
mod bench;
mod kept;

use crate::fault::Fault;
use prometheus_client::metrics::counter::Counter;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

pub use kept::is_outdated;

/// Characters of a password; more are refused before any work (OWASP: at least 64, and a bound against long-password floods).
pub const MOST_CHARS: usize = 128;

/// What someone chose or typed. Never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// Takes any text of 1 to 128 characters without control characters.
    ///
    /// # Errors
    /// [`Fault::WeakPassword`] (`short` if empty, `long`), [`Fault::InvalidField`] for control characters.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        if text.is_empty() {
            return Err(Fault::WeakPassword { reason: "short" });
        }
        if text.len() > 4 * MOST_CHARS || text.chars().count() > MOST_CHARS {
            return Err(Fault::WeakPassword { reason: "long" });
        }
        if text.chars().any(char::is_control) {
            return Err(Fault::field("password", "no control characters, please"));
        }
        Ok(Self(text.to_owned()))
    }

    /// As it was typed.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// What a comparison says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Wrong,
    Right,
    /// Right, but kept in an older way than today's: hash it anew and keep that.
    RightButOutdated,
}

/// How much hashing there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Hashes at once; each takes a core and 19 MiB.
    pub at_once: usize,
    /// How many wait beside those.
    pub queue: usize,
    /// How long one waits.
    pub wait: Duration,
}

impl Default for Settings {
    /// Half the cores this process may use, at least one; 64 wait, each up to 5 s.
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self { at_once: (cores / 2).max(1), queue: 64, wait: Duration::from_secs(5) }
    }
}

/// Hashes and verifies. Cheap to clone; clones share their places.
#[derive(Clone)]
pub struct Hasher(Arc<Inner>);

struct Inner {
    wait: Duration,
    /// Those at work and those waiting.
    places: Arc<Semaphore>,
    /// Those at work.
    benches: Arc<Semaphore>,
    workers: bench::Workers,
    /// What unknown users are compared with, so that they cost the same.
    dummy: Arc<str>,
    done: Counter,
}

impl Hasher {
    /// Each hash made or compared is counted in `done`. Makes one itself, at once (about 30 ms).
    pub fn new(settings: Settings, done: Counter) -> Self {
        let at_once = settings.at_once.max(1);
        Self(Arc::new(Inner {
            wait: settings.wait,
            places: Arc::new(Semaphore::new(at_once + settings.queue)),
            benches: Arc::new(Semaphore::new(at_once)),
            workers: bench::Workers::start(at_once),
            dummy: kept::dummy().into(),
            done,
        }))
    }

    /// What to keep of a password: a PHC string of argon2id.
    ///
    /// # Errors
    /// [`Fault::Busy`] if too many wait, or it waited too long.
    pub async fn hash(&self, password: Password) -> Result<String, Fault> {
        self.work(move || kept::hash(&password)).await
    }

    /// Compares with what was kept; with `None` (no such user, or one without password) as much work is done for nothing.
    ///
    /// # Errors
    /// [`Fault::Busy`] if too many wait, or it waited too long.
    pub async fn verify(&self, password: Password, kept: Option<&str>) -> Result<Verdict, Fault> {
        let Some(kept) = kept.map(Arc::<str>::from) else {
            let dummy = self.0.dummy.clone();
            self.work(move || kept::verify(&password, &dummy)).await?;
            return Ok(Verdict::Wrong);
        };
        self.work(move || kept::verify(&password, &kept)).await
    }

    /// How many were made or compared since the start.
    pub fn done(&self) -> u64 {
        self.0.done.get()
    }

    /// Does a piece of work when a bench is free. It goes on to its end even if nobody waits for it any more.
    async fn work<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Fault> {
        let permits = self.enter().await?;
        let done = self.0.done.clone();
        let (tell, told) = oneshot::channel();
        self.0.workers.take(Box::new(move || {
            let outcome = work();
            done.inc();
            drop(permits);
            drop(tell.send(outcome)); // nobody waits for it any more
        }));
        told.await.map_err(|error| {
            tracing::error!(%error, "a password could not be hashed");
            Fault::Internal
        })
    }

    async fn enter(&self) -> Result<(OwnedSemaphorePermit, OwnedSemaphorePermit), Fault> {
        let place = self.0.places.clone().try_acquire_owned().map_err(|_| Fault::Busy)?;
        let bench = tokio::time::timeout(self.0.wait, self.0.benches.clone().acquire_owned()).await;
        Ok((place, bench.map_err(|_| Fault::Busy)?.map_err(|_| Fault::Unavailable)?))
    }
}

impl fmt::Debug for Hasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hasher")
    }
}

#[cfg(test)]
mod tests;
