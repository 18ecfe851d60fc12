//! Use cases shared by all REST faces: who asks, may they, ask the room or the store.
pub mod accounts;
pub mod caller;
pub mod gate;
pub mod identity;
pub mod limits;
pub mod pin_trail;
pub mod rooms;
pub mod scopes;
mod sockets;
pub mod token_ends;
pub mod tokens;
