//! The database, the same tests on each system.
mod codes;
mod cohosts;
mod fixture;
mod guarding;
mod history;
mod journal;
mod lives;
mod migrating;
mod numbers;
mod outage;
mod outbox;
mod owning;
pub(crate) mod people;
pub(crate) mod proxy;
mod rooms;
mod short_codes;
mod signing_in;
mod signing_up;
