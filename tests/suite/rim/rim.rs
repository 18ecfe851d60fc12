//! The rim against raw sockets: framing, handshake, deadlines, limits, slow readers, draining.
mod autobahn;
pub(crate) mod client;
mod deadlines;
mod handshake;
mod limits;
mod messages;
mod peers;
mod requests;
mod server;
mod silence;
