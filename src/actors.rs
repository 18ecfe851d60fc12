//! What moves commands to rooms and effects from them: actors and the outboxes of connections.
pub mod gate;
pub mod outbox;
