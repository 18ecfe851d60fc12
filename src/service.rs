//! Use cases shared by all REST faces: who asks, may they, ask the room or the store.
pub mod accounts;
pub mod albums;
pub mod caller;
pub mod captcha;
pub mod contacts;
pub mod gate;
pub mod groups;
pub mod hundredms;
pub mod identity;
pub mod limits;
pub mod pictures;
pub mod pin_trail;
pub mod rooms;
pub mod scopes;
mod sockets;
pub mod token_ends;
pub mod tokens;
