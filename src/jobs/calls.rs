//! Ends, after a restart, the calls that nobody took up again: at the instant the server was last alive.
use std::time::Duration;

use tokio::time::sleep;

use super::Parts;
use crate::store::calls;

/// How long after the end of all grace it is looked again.
const AFTER: Duration = Duration::from_secs(5);

pub(super) async fn run(parts: Parts) {
    let Some(before) = parts.life.before else { return };
    let grace = Duration::from_millis(u64::try_from(parts.grace_ms).unwrap_or_default());
    for pause in [Duration::ZERO, grace + AFTER] {
        sleep(pause).await;
        let cutoff = parts.life.cutoff(parts.clock.now(), parts.grace_ms);
        match calls::close_left_open(&parts.store, cutoff, before.alive_at).await {
            Ok(0) => {}
            Ok(ended) => tracing::info!(calls.ended = ended, "calls of an earlier life were ended"),
            Err(error) => tracing::warn!(%error, "calls of an earlier life could not be ended"),
        }
    }
}
