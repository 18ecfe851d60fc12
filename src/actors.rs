//! What moves commands to rooms and effects from them: actors, and the outboxes of connections.
//!
//! ```text
//! root ─┬─ directory ──── room …         apply, then perform
//!       ├─ journal                       commits, in order per room
//!       └─ switchboard ── connection …   one per socket, control only
//! ```
mod admission;
mod clock;
mod connection;
pub mod directory;
mod engine;
mod fresh;
pub mod gate;
mod gather;
mod ice;
mod journal;
mod line;
mod members;
mod messages;
pub mod outbox;
mod perform;
mod pulse;
mod reads;
mod room;
mod room_ref;
mod root;
mod session;
mod share;
mod stale;
mod switchboard;
mod ties;
mod turns;
mod world;

pub use clock::Clock;
pub use connection::{FRAME_BYTES, Reader, Shown};
pub use engine::{Drained, Engine};
pub use ice::IceSettings;
pub use pulse::TICK;
pub use world::{Health, Parts, Settings};
