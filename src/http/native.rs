//! The native face over WebSocket: its sockets come in at `/v1/connect`.
pub mod connect;
