//! The database, the same tests on each system.
mod fixture;
mod history;
mod journal;
mod lives;
mod migrating;
mod outage;
mod outbox;
pub(crate) mod proxy;
mod rooms;
