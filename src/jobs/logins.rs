//! Looks once a minute whether the sessions behind live sockets are still good, and writes that they are in use.
use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use super::Parts;
use crate::actors::directory::{Cause, Ended};
use crate::store::StoreError;
use crate::store::sessions::{self, Good};

/// Between two rounds.
const ROUND: Duration = Duration::from_secs(60);

pub(super) async fn run(parts: Parts) {
    let mut rounds = interval(ROUND);
    rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        rounds.tick().await;
        round(&parts).await;
    }
}

/// Looks at all of them.
pub(super) async fn round(parts: &Parts) {
    if let Err(error) = look(parts).await {
        tracing::warn!(%error, "the sessions of live sockets could not be looked at this time");
    }
}

async fn look(parts: &Parts) -> Result<(), StoreError> {
    let logins: Vec<_> = parts.directory.logins().await.into_iter().collect();
    let good = Good { now: parts.clock.now(), idle_ms: parts.idle_ms };
    let lapsed = sessions::check(&parts.store, &logins, good).await?;
    for login in lapsed.expired {
        parts.directory.end(Ended::Login(login), Cause::Expired);
    }
    for login in lapsed.gone {
        parts.directory.end(Ended::Login(login), Cause::Revoked);
    }
    Ok(())
}
