//! What all tests of a running server share: a server inside the test, and a client that speaks in sentences.
#[path = "common/client.rs"]
mod client;
#[path = "common/columns.rs"]
pub(crate) mod columns;
#[path = "common/db.rs"]
pub(crate) mod db;
#[path = "common/office.rs"]
pub(crate) mod office;
#[path = "common/server.rs"]
mod server;
#[path = "common/spill.rs"]
pub(crate) mod spill;

pub(crate) use client::Client;
pub(crate) use server::{Convene, Made, PATIENCE, http};
