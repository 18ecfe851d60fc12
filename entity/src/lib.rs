//! One sea-orm entity per table; the columns are decided in the migrations.
pub mod call;
pub mod event;
pub mod idempotency;
pub mod message;
pub mod outbox;
pub mod reaction;
pub mod room;
pub mod room_key;
pub mod seat;
pub mod server;
