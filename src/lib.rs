//! Convene: a self-hosted, actor-based real-time engine for conferencing.
//!
//! ```text
//! main ── cli ── boot ──────────────── the one composition root
//!   http     routes, sockets, page     (warp lives here only)
//!   service  use cases shared by all REST faces
//!   actors   room, connection, directory, journal, outbox (ractor lives here only)
//!   dialect  pure translation: wire frames to commands, events to wire frames
//!   store    the database (sea-orm lives here only)      auth, jobs, mail, sms
//!   room     PURE: a room is a function                  seal, post, config, fault, telemetry
//! ```

pub mod actors;
pub mod auth;
pub mod boot;
pub mod cli;
pub mod config;
pub mod dialect;
pub mod fault;
pub mod http;
pub mod jobs;
pub mod mail;
pub mod post;
pub mod room;
pub mod seal;
pub mod service;
pub mod shutdown;
pub mod sms;
pub mod store;
pub mod telemetry;
