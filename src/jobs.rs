//! What the server does by itself beside its rooms: each job one loop in one file, started by boot, ended with the server.
mod calls;
mod expiry;

use tokio::task::JoinSet;

use crate::actors::Clock;
use crate::actors::directory::Directory;
use crate::store::Store;
use crate::store::servers::Life;

/// What the jobs work with.
#[derive(Clone)]
pub struct Parts {
    pub store: Store,
    pub directory: Directory,
    pub clock: Clock,
    /// This life of the server.
    pub life: Life,
    /// How long the seats of the life before may be taken up again.
    pub grace_ms: i64,
    /// How long a guests' room is kept after its last use.
    pub guest_expiry_ms: i64,
}

/// The running jobs; dropped, they end.
pub struct Jobs(JoinSet<()>);

impl Jobs {
    #[must_use]
    pub fn start(parts: Parts) -> Self {
        let mut jobs = JoinSet::new();
        jobs.spawn(calls::run(parts.clone()));
        jobs.spawn(expiry::run(parts));
        Self(jobs)
    }

    /// Ends them at once: each is safe to cut anywhere.
    pub async fn stop(mut self) {
        self.0.shutdown().await;
    }
}
