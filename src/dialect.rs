//! Pure translation between the room's commands and events and the wire protocols that are spoken with it.
pub mod close;
pub mod frame;
