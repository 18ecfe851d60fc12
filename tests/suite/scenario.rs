//! Whole walks through a running server: people on sockets, a real database, and everything that can go wrong between.
#[path = "scenario/calls.rs"]
mod calls;
#[path = "scenario/deaths.rs"]
mod deaths;
#[path = "scenario/edges.rs"]
mod edges;
#[path = "scenario/ending.rs"]
mod ending;
#[path = "scenario/forgeries.rs"]
pub(crate) mod forgeries;
#[path = "scenario/forgetting.rs"]
mod forgetting;
#[path = "scenario/refusals.rs"]
mod refusals;
#[path = "scenario/resuming.rs"]
mod resuming;
#[path = "scenario/servers.rs"]
mod servers;
#[path = "scenario/sessions.rs"]
pub(crate) mod sessions;
#[path = "scenario/shares.rs"]
mod shares;
#[path = "scenario/slow.rs"]
mod slow;
#[path = "scenario/storage.rs"]
mod storage;
#[path = "scenario/tokens.rs"]
mod tokens;
