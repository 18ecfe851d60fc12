//! Forgets, once in a while: guests' rooms that nobody used for long, and the answers kept for repeated requests.
use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use super::Parts;
use crate::store::rooms::Unused;
use crate::store::{StoreError, idempotency, outbox, rooms};
use crate::telemetry::Round;

/// Between two rounds.
const ROUND: Duration = Duration::from_secs(600);

/// How long it is kept that a message was sent or given up: 30 days.
const SENT_KEPT_MS: i64 = 30 * 24 * 60 * 60 * 1000;

pub(super) async fn run(parts: Parts) {
    let mut rounds = interval(ROUND);
    rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        rounds.tick().await;
        let ended = match round(&parts).await {
            Ok(()) => Round::Done,
            Err(error) => {
                tracing::warn!(%error, "nothing was forgotten this time");
                Round::Failed
            }
        };
        parts.metrics.round("expiry", ended);
    }
}

async fn round(parts: &Parts) -> Result<(), StoreError> {
    let Some(awake) = parts.directory.awake().await else { return Ok(()) }; // the next round knows
    let unused = Unused { now: parts.clock.now(), guests_ms: parts.guest_expiry_ms, awake };
    let forgotten = rooms::expire(&parts.store, &unused).await?;
    if forgotten > 0 {
        tracing::info!(rooms.forgotten = forgotten, "guests' rooms were forgotten");
    }
    outbox::sweep(&parts.store, parts.clock.now().plus(-SENT_KEPT_MS)).await?;
    idempotency::sweep(&parts.store, parts.clock.now()).await.map(drop)
}
