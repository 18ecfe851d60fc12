//! Forgets, once a minute, what accounts leave behind: codes, sign-ups, links, sessions and budgets that are over, old
//! trails, and the accounts themselves when their grace is over, their rooms and pictures first.
use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use super::Parts;
use crate::fault::Fault;
use crate::room::command::{Asker, Command};
use crate::room::ids::{Millis, UserId};
use crate::store::audit::{Actor, By};
use crate::store::sessions::Good;
use crate::store::users::When;
use crate::store::{
    StoreError, audit, control, flows, resets, rooms, sent, sessions, signups, token_ends, users,
};
use crate::telemetry::Round;

/// Between two rounds, usually.
pub const ROUND: Duration = Duration::from_secs(60);

/// Accounts removed in one round; the rest goes with the next.
const REMOVED: u64 = 50;

/// How long things are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keeping {
    /// A session unused for so long has ended.
    pub idle_ms: i64,
    /// Security events.
    pub audit_ms: i64,
}

pub(super) async fn run(parts: Parts) {
    let mut rounds = interval(parts.round);
    rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        rounds.tick().await;
        let ended = match round(&parts).await {
            Ok(()) => Round::Done,
            Err(error) => {
                tracing::warn!(%error, "not everything of accounts was forgotten this time");
                Round::Failed
            }
        };
        parts.metrics.round("accounts", ended);
    }
}

/// One failure keeps nothing else from being forgotten.
async fn round(parts: &Parts) -> Result<(), StoreError> {
    let (store, now) = (&parts.store, parts.clock.now());
    let good = Good { now, idle_ms: parts.keeping.idle_ms };
    let swept = [
        flows::sweep(store, now).await,
        signups::sweep(store, now).await,
        resets::sweep(store, now).await,
        sessions::sweep(store, good).await,
        sent::sweep(store, now).await,
        token_ends::sweep(store, now).await,
        control::sweep(store, now).await,
        audit::sweep(store, now.plus(-parts.keeping.audit_ms)).await,
        remove_due(parts, now).await,
        users::forget_the_gone(store).await,
    ];
    swept.into_iter().try_for_each(|swept| swept.map(drop))
}

/// Removes the accounts whose grace is over; gives how many.
async fn remove_due(parts: &Parts, now: Millis) -> Result<u64, StoreError> {
    let by = By { actor: Actor::Nobody, source: None, at: now };
    let mut removed = 0;
    for user in users::due(&parts.store, now, REMOVED).await? {
        if !end_rooms(parts, user).await? {
            continue; // the next round tries again
        }
        if let Err(error) = parts.albums.forget(user).await {
            tracing::warn!(%error, "the pictures of an account that goes could not be deleted");
            continue;
        }
        if users::remove(&parts.store, &by, user, When::Due(now)).await? {
            removed += 1;
        }
    }
    if removed > 0 {
        tracing::info!(users.removed = removed, "accounts whose grace was over were removed");
    }
    Ok(removed)
}

/// Ends the user's rooms, so that those awake let their people go. False if one could not be reached.
async fn end_rooms(parts: &Parts, user: UserId) -> Result<bool, StoreError> {
    for room in rooms::owned_by(&parts.store, user).await? {
        match parts.directory.ask(room, Asker::Operator, Command::End).await {
            Ok(_) | Err(Fault::Ended | Fault::NoSuchRoom) => {}
            Err(fault) => {
                tracing::warn!(room.id = %room, %fault, "a room of an account that goes could not be ended");
                return Ok(false);
            }
        }
    }
    Ok(true)
}
