//! The faces of the server: HTTP and WebSocket.
pub mod context;
pub mod origin;
mod problem;
pub mod serve;
pub mod ws;
