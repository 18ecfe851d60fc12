//! Socket.IO 5 over Engine.IO 4 on the main port: who may come in, how much, and in which order; what is said is a face's matter.
mod library;
mod packets;
mod queue;
mod seat;
mod session;
mod wire;

pub use packets::{Packets, Sent};
pub use queue::Over;
pub use seat::{Accept, Happened, Opening, Prefix, Receive};
pub use wire::{Around, Credential, MayCome, Wire};

use std::time::Duration;

/// Bytes of one WebSocket message, as on our own wire.
const MESSAGE_BYTES: usize = 64 << 10;
/// Bytes of one polling request or answer, which may hold several messages.
const PAYLOAD_BYTES: u64 = 128 << 10;
/// Packets that wait for a client that reads slowly, or polls: as many as another may send in a burst.
const PACKETS: usize = EVENTS;
/// Binary parts of an event: none of ours has any, and who sends some is told so.
const BINARY_PARTS: usize = 4;
const BINARY_BYTES: usize = 64 << 10;
const BINARY_WITHIN: Duration = Duration::from_secs(5);
/// From the handshake to the first CONNECT.
const CONNECT_WITHIN: Duration = Duration::from_secs(10);
/// From the begin of an upgrade to its end.
const UPGRADE_WITHIN: Duration = Duration::from_secs(10);
/// Between two pings, and until the answer; what Engine.IO's own server does.
const PING_EVERY: Duration = Duration::from_secs(25);
const PONG_WITHIN: Duration = Duration::from_secs(20);
/// Events of one socket that wait to be acted on, and their bytes; who sends faster is cut off.
const EVENTS: usize = 4096;
const EVENT_BYTES: usize = 2 << 20;
