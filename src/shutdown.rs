//! The end of a server, in order: not ready, no new sockets, everybody is told, what is pending is written, all actors end.
use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::{Instant, timeout};

use crate::actors::{Drained, Engine};
use crate::http::serve::Serve;
use crate::http::socketio::Wire;
use crate::jobs::Jobs;

/// The parts of a server that runs.
pub struct Running {
    /// One per address it listens on.
    pub serves: Vec<Serve>,
    pub socketio: Option<Wire>,
    pub engine: Engine,
    pub jobs: Jobs,
}

/// How long clients are told to wait before they come back.
const COME_BACK_MS: u64 = 1_000;
/// What is kept back of the whole time for each step behind the first ones.
const LEAST: Duration = Duration::from_millis(500);

impl Running {
    /// Ends everything within `drain`, or a little more where that is 0.
    pub async fn stop(self, drain: Duration) {
        let Self { serves, socketio, engine, jobs } = self;
        let ends = Instant::now() + drain;
        let left = || ends.saturating_duration_since(Instant::now()).max(LEAST);
        engine.health().drain();
        tokio::join!(jobs.stop(left()), end(serves, socketio, engine, left));
    }
}

async fn end(serves: Vec<Serve>, socketio: Option<Wire>, engine: Engine, left: impl Fn() -> Duration) {
    engine.say_going_away(COME_BACK_MS, LEAST).await;
    let half = left() / 2;
    let drained = join_all(serves.into_iter().map(|serve| serve.drain(half)));
    let closed = async {
        if let Some(socketio) = socketio {
            // the transport is closed, not the namespace: then clients come back by themselves
            if timeout(half, socketio.close()).await.is_err() {
                tracing::debug!("not every session of Socket.IO was closed in time");
            }
        }
        engine.close_all(half).await;
    };
    let (left_behind, ()) = tokio::join!(drained, closed);
    let requests: usize = left_behind.iter().map(|left| left.requests).sum();
    if requests > 0 {
        tracing::warn!(http.requests = requests, "requests were cut");
    }
    if engine.drain_journal(left()).await == Drained::Partly {
        tracing::error!("not everything was written: what was acknowledged is safe");
    }
    engine.stop(left()).await;
}
