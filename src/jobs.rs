//! What the server does by itself beside its rooms: each job one loop in one file, started by boot, ended with the server.
mod accounts;
mod calls;
mod expiry;
mod logins;
mod news;
mod outbox;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::actors::Clock;
use crate::actors::directory::Directory;
use crate::post::Channel;
use crate::service::albums::Albums;
use crate::service::token_ends::TokenEnds;
use crate::store::Store;
use crate::store::control::Reader;
use crate::store::servers::Life;
use crate::telemetry::Metrics;

pub use accounts::{Keeping, ROUND};
pub use outbox::Outgoing;

/// What the jobs work with.
#[derive(Clone)]
pub struct Parts {
    pub store: Store,
    pub directory: Directory,
    pub clock: Clock,
    /// The ways out for mails and text messages.
    pub outgoing: Arc<Outgoing>,
    pub metrics: Metrics,
    /// This life of the server.
    pub life: Life,
    /// How long the seats of the life before may be taken up again.
    pub grace_ms: i64,
    /// How long a guests' room is kept after its last use.
    pub guest_expiry_ms: i64,
    pub keeping: Keeping,
    /// Between two looks at what accounts leave behind.
    pub round: Duration,
    /// How long a session is good unused.
    pub idle_ms: i64,
    /// Room tokens that were ended.
    pub ends: Arc<TokenEnds>,
    /// Deleted with their accounts.
    pub albums: Albums,
}

/// The running jobs; dropped, they end.
pub struct Jobs {
    /// Safe to cut anywhere.
    loops: JoinSet<()>,
    /// Told to stop, they finish what is under way.
    senders: JoinSet<()>,
    stop: watch::Sender<Stop>,
}

/// Whether jobs go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stop {
    NotYet,
    Now,
}

impl Jobs {
    #[must_use]
    pub fn start(parts: Parts, news: Reader) -> Self {
        let (stop, stopped) = watch::channel(Stop::NotYet);
        let mut senders = JoinSet::new();
        for channel in Channel::ALL {
            senders.spawn(outbox::run(parts.clone(), channel, stopped.clone()));
        }
        let mut loops = JoinSet::new();
        loops.spawn(accounts::run(parts.clone()));
        loops.spawn(calls::run(parts.clone()));
        loops.spawn(expiry::run(parts.clone()));
        loops.spawn(logins::run(parts.clone()));
        loops.spawn(news::run(parts, news));
        Self { loops, senders, stop }
    }

    /// Ends them: at once, but what is on its way to somebody has until `limit` to arrive.
    pub async fn stop(self, limit: Duration) {
        let Self { mut loops, mut senders, stop } = self;
        stop.send_replace(Stop::Now);
        loops.shutdown().await;
        let finished = async { while senders.join_next().await.is_some() {} };
        if timeout(limit, finished).await.is_err() {
            tracing::warn!("messages were cut on their way out: they are sent again");
            senders.shutdown().await;
        }
    }
}
