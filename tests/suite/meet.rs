//! Meet (PHP): every row of its contract, asked as its pages ask; the rows' ids stand in docs/COMPATIBILITY.md.
#[path = "meet/calls.rs"]
mod calls;
#[path = "meet/door.rs"]
mod door;
#[path = "meet/guards.rs"]
mod guards;
#[path = "meet/junk.rs"]
mod junk;
#[path = "meet/links.rs"]
mod links;
#[path = "meet/login.rs"]
mod login;
#[path = "meet/mixed.rs"]
mod mixed;
#[path = "meet/noise.rs"]
pub(crate) mod noise;
#[path = "meet/page.rs"]
pub(crate) mod page;
#[path = "meet/paths.rs"]
mod paths;
#[path = "meet/relay.rs"]
mod relay;
#[path = "meet/signup.rs"]
mod signup;
#[path = "meet/tables.rs"]
pub(crate) mod tables;
#[path = "meet/wire.rs"]
mod wire;
