//! The native dialect: docs/PROTOCOL.md, in and out.
#![allow(non_camel_case_types)] // `body!` names a type parameter after each field
mod decode;
mod incoming;
mod push;
mod reply;
mod shapes;
mod snapshot;
pub mod views;
mod words;
mod write;

pub use decode::{Decoded, Hello, Inbound, JoinFrame, ResumeFrame, decode};

use super::frame;
use crate::fault::Fault;
use crate::room::command::Position;
use crate::room::event::{Answer, Push, Whisper};
use crate::room::ids::Millis;
use crate::room::join::Face;
use crate::room::signal::SignalBody;
use bytes::Bytes;
use snapshot::IceBody;
use write::{Kind, body, json, object};

/// The version of the protocol that `hello` names.
pub const PROTOCOL: u32 = 1;
/// The optional parts this server speaks.
pub const FEATURES: [&str; 6] = ["resume", "chat", "hands", "moderation", "data", "pins"];

/// STUN and TURN servers for one person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IceServers {
    pub servers: Vec<IceServer>,
    pub relay_only: bool,
    /// When the credentials end; `None` if there are none that do.
    pub expires: Option<Millis>,
}

/// For answers that carry no servers.
pub const NO_ICE: IceServers = IceServers { servers: Vec::new(), relay_only: false, expires: None };

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IceServer {
    pub urls: Vec<String>,
    pub username: Option<String>,
    pub credential: Option<String>,
}

/// What `welcome` says of the limits, in bytes, characters and people.
#[derive(Debug, Clone, Copy, serde::Serialize)]
pub struct Limits {
    pub frame_bytes: usize,
    pub chat_bytes: usize,
    pub sdp_bytes: usize,
    pub candidate_bytes: usize,
    pub data_bytes: usize,
    pub name_chars: usize,
    pub room_people: u32,
}

pub(super) fn face(grace_ms: i64) -> Face {
    Face { grace_ms, ..Face::NATIVE }
}

pub fn push(event: &Push) -> Bytes {
    framed(512, |out| push::push(out, event))
}

/// `None` for a signal that only its own dialect understands.
pub fn whisper(whisper: &Whisper) -> Option<Bytes> {
    let is_opaque = matches!(whisper, Whisper::Signal { body: SignalBody::Opaque, .. });
    (!is_opaque).then(|| framed(512, |out| push::whisper(out, whisper)))
}

pub fn reply(id: Option<u64>, result: &Result<Answer, Fault>, ice: &IceServers) -> Bytes {
    framed(192, |out| reply::reply(out, id, result, ice))
}

/// The answer to `hello`.
pub fn welcome(id: Option<u64>, as_word: &str, heartbeat_ms: u64, limits: &Limits) -> Bytes {
    let server = concat!("convene/", env!("CARGO_PKG_VERSION"));
    let welcome = body! {
        protocol: PROTOCOL, server: server, features: FEATURES, heartbeat_ms: heartbeat_ms, identity: as_word, limits: limits
    };
    framed(512, |out| reply::ok(out, id, |out| json(out, &welcome)))
}

/// The last position sent to a seat, beside each ping.
pub fn heartbeat(at: Position) -> Bytes {
    framed(96, |out| {
        object(out, Kind::Plain("heartbeat"), &body! { epoch: at.epoch.to_string(), seq: at.seq.0 });
    })
}

/// A beat for a connection without a seat.
pub fn idle_heartbeat() -> Bytes {
    framed(96, |out| object(out, Kind::Plain("heartbeat"), &body! { epoch: None::<&str>, seq: 0 }))
}

/// Fresh ICE servers, before the old credentials end.
pub fn ice_servers(ice: &IceServers) -> Bytes {
    framed(512, |out| object(out, Kind::Plain("ice_servers"), &IceBody::of(ice)))
}

/// The account's session ends at `at`: sign in anew and send `token_refresh`.
pub(super) fn token_expiring(at: Millis) -> Bytes {
    framed(96, |out| object(out, Kind::Plain("token_expiring"), &body! { at: views::Time(at) }))
}

/// The answer to `token_refresh`.
pub fn refreshed(id: Option<u64>) -> Bytes {
    framed(64, |out| reply::ok(out, id, |out| out.extend_from_slice(b"{}")))
}

/// The server is about to go: come back after `after_ms`, by `resume`.
pub fn going_away(after_ms: u64) -> Bytes {
    framed(96, |out| object(out, Kind::Plain("going_away"), &body! { action: "resume", after_ms: after_ms }))
}

/// Why the connection is being closed, for clients that can't read close codes.
pub fn bye(code: u16, reason: &str) -> Bytes {
    framed(96, |out| object(out, Kind::Plain("bye"), &body! { code: code, reason: reason }))
}

fn framed(room_for: usize, write: impl FnOnce(&mut Vec<u8>)) -> Bytes {
    let mut out = Vec::with_capacity(room_for);
    write(&mut out);
    frame::text(&out)
}
