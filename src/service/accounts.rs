//! Accounts: signing up and in, codes, passwords, devices, API keys; what people may do about themselves.
mod budgets;
mod by_email;
mod callers;
mod code;
mod delete;
mod entry;
mod events;
mod export;
mod factors;
mod guessing;
mod input;
mod keys;
mod login;
mod me;
mod named;
mod password;
mod register;
mod resend;
mod reset;
mod short;
mod view;

pub use budgets::Budgets;
pub use entry::Way;
pub use export::Export;
pub use keys::NewKey;
pub use me::Profile;
pub use named::{NamedAccount, username_key};
pub use register::NewAccount;
pub use reset::{Known, Links, Reset, Spelt};
pub use short::{Begun, ByWhom, KnownAddress, ShortRules, ShortWish, Shown};
pub use view::{Account, Device, Entered, Happened, KeyInfo, Opened};

pub use crate::post::ResetPage;
pub use crate::store::resets::Earlier;
pub use crate::store::users::Factor;

use super::limits::{Limits, too_fast};
use crate::auth::guesses::{Failures, OutOfGuesses};
use crate::auth::password::Hasher;
use crate::auth::throttle::Throttle;
use crate::fault::Fault;
use crate::room::ids::{Millis, UserId};
use crate::room::record::System;
use crate::seal::{KeyRing, Purpose};
use crate::service::limits::Source;
use crate::store::audit::{Actor, By};
use crate::store::{Store, StoreError};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How the operator wants accounts to be; times in milliseconds.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Characters of a new password at least.
    pub password_least: usize,
    /// How long a code is good.
    pub code_ms: i64,
    /// How long a link to a new password is good.
    pub reset_ms: i64,
    /// How long a session is good at most, and unused.
    pub session_ms: i64,
    pub idle_ms: i64,
    /// How long a session of mesibo's clients is good, used or not.
    pub mesibo_session_ms: i64,
    /// How long an account that is to be deleted can still be kept.
    pub delete_grace_ms: i64,
    /// API keys of one account.
    pub keys: u64,
    pub budgets: Budgets,
}

/// The use cases. Cheap to clone.
#[derive(Clone)]
pub struct Accounts(Arc<Inner>);

struct Inner {
    store: Store,
    ring: Arc<KeyRing>,
    limits: Arc<Limits>,
    hasher: Hasher,
    /// Wrong passwords by what was typed as login, whether that is anybody's or not.
    throttle: Mutex<Throttle<[u8; 32]>>,
    /// Wrong passwords, codes and links by where they came from.
    failures: Mutex<Failures<Source>>,
    /// Keys of rooms that are none, by who tried them.
    keys_tried: Mutex<Failures<UserId>>,
    /// Failures of before are read from the database.
    started_at: Millis,
    settings: Settings,
}

/// Where a request comes from, and what its sender says it is (at most 200 characters).
#[derive(Debug, Clone)]
pub struct Visit {
    pub from: IpAddr,
    pub device: String,
    /// By whose wire it comes.
    pub system: System,
}

impl Accounts {
    pub fn new(
        store: Store,
        ring: Arc<KeyRing>,
        limits: Arc<Limits>,
        hasher: Hasher,
        settings: Settings,
    ) -> Self {
        let throttle = Mutex::new(Throttle::new(settings.budgets.throttle()));
        let failures = Mutex::new(Failures::new(settings.budgets.failures(), budgets::REMEMBERED));
        let keys_tried = Mutex::new(Failures::new(settings.budgets.failures(), budgets::REMEMBERED));
        let started_at = now();
        let inner =
            Inner { store, ring, limits, hasher, throttle, failures, keys_tried, started_at, settings };
        Self(Arc::new(inner))
    }

    fn by(&self, actor: Actor, visit: &Visit) -> By {
        By { actor, source: Some(visit.from.to_string().into()), at: now() }
    }

    /// A keyed hash of a target, so that what is counted names nobody.
    fn target_hash(&self, kind: &str, target: &str) -> [u8; 32] {
        self.0.ring.derive(Purpose::Target, &[kind.as_bytes(), target.as_bytes()])
    }

    /// Before anything dear is done for someone who may be guessing.
    ///
    /// # Errors
    /// [`Fault::RateLimited`]
    fn may_fail(&self, visit: &Visit) -> Result<(), Fault> {
        let mut failures = self.0.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let open = failures.check(&Source::of(visit.from), Instant::now());
        open.map_err(|OutOfGuesses { retry_after }| too_fast(retry_after))
    }

    /// Before somebody who is signed in tries the key of a room.
    ///
    /// # Errors
    /// [`Fault::RateLimited`]
    pub fn may_guess(&self, visit: &Visit) -> Result<(), Fault> {
        self.may_fail(visit)
    }

    /// There is no such room.
    pub fn guessed_wrong(&self, visit: &Visit) {
        self.failed(visit);
    }

    /// The same by their account alone, for keys that are too long to be found by trying: who shares an address with
    /// somebody who guesses isn't held to it.
    ///
    /// # Errors
    /// [`Fault::RateLimited`]
    pub fn may_try_key(&self, user: UserId) -> Result<(), Fault> {
        let mut tried = self.0.keys_tried.lock().unwrap_or_else(PoisonError::into_inner);
        let open = tried.check(&user, Instant::now());
        open.map_err(|OutOfGuesses { retry_after }| too_fast(retry_after))
    }

    /// It led nowhere.
    pub fn tried_in_vain(&self, user: UserId) {
        let mut tried = self.0.keys_tried.lock().unwrap_or_else(PoisonError::into_inner);
        tried.count(user, Instant::now());
    }

    /// What was shown was wrong.
    fn failed(&self, visit: &Visit) {
        let mut failures = self.0.failures.lock().unwrap_or_else(PoisonError::into_inner);
        failures.count(Source::of(visit.from), Instant::now());
    }
}

impl std::fmt::Debug for Accounts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Accounts")
    }
}

/// The wall clock, for rows.
fn now() -> Millis {
    Millis(jiff::Timestamp::now().as_millisecond())
}

fn away(error: StoreError) -> Fault {
    tracing::warn!(%error, "an account could not be looked up or changed");
    error.fault()
}

fn minutes(ms: i64) -> u32 {
    u32::try_from(ms / 60_000).unwrap_or(u32::MAX)
}

/// Come again after so long.
fn after(retry_after_ms: i64) -> Fault {
    too_fast(Duration::from_millis(retry_after_ms.unsigned_abs()))
}
