//! What may wait in an outbox, and what may happen to it there.
use std::time::Duration;

/// What may wait in an outbox after a write was tried.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Frames.
    pub items: usize,
    /// Bytes; one snapshot may exceed them.
    pub bytes: usize,
    /// How long a remainder may make no progress, and how long a closing one may take as a whole.
    pub stall: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { items: 256, bytes: 1 << 20, stall: Duration::from_secs(5) }
    }
}

/// What may happen to a frame that waits for a slow reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// It is delivered, or the connection ends.
    Must,
    /// A newer frame with the same key makes it needless (levels, typing, presence, pongs).
    Stale(u64),
    /// The whole state: one of them may exceed the limit in bytes.
    Snapshot,
}

impl Class {
    /// Pongs: only the newest must be answered (RFC 6455, 5.5.3). No other frame uses this key.
    pub const PONG: Self = Self::Stale(u64::MAX);
}

/// What became of a pushed frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pushed {
    /// It waits in order.
    Queued,
    /// The outbox is closed; the frame was dropped.
    Refused,
}
