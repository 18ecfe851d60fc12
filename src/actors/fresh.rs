//! Fresh ids: what a pure room needs but may not make.
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use uuid::Uuid;

use crate::room::ids::{CallId, ConnId, Epoch, MessageId, PeerId, PortId, SeatId};
use crate::seal::random_bytes;

static NEXT: AtomicU64 = AtomicU64::new(1);

/// A number this process has never given out.
fn next() -> u64 {
    NEXT.fetch_add(1, Ordering::Relaxed)
}

pub(super) fn conn() -> ConnId {
    ConnId(next())
}

pub(super) fn port() -> PortId {
    PortId(next())
}

pub(super) fn epoch() -> Epoch {
    Epoch(u64::from_be_bytes(random_bytes()))
}

pub(super) fn seat() -> SeatId {
    SeatId(Uuid::new_v4())
}

pub(super) fn call() -> CallId {
    CallId(Uuid::now_v7())
}

/// Rises with time, so that the newest messages lie together in an index.
pub(super) fn message() -> MessageId {
    MessageId(Uuid::now_v7())
}

/// `p_` and 20 hex digits.
pub(super) fn peer() -> PeerId {
    let bytes: [u8; 10] = random_bytes();
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    PeerId(Arc::from(format!("p_{digits}")))
}
