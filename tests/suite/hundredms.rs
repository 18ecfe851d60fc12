//! Apps made for a 100ms backend: every row of its contract, asked as they ask; the rows' ids stand in docs/COMPATIBILITY.md.
#[path = "hundredms/app.rs"]
mod app;
#[path = "hundredms/attacks.rs"]
mod attacks;
#[path = "hundredms/mixed.rs"]
mod mixed;
#[path = "hundredms/modes.rs"]
mod modes;
#[path = "hundredms/presence.rs"]
mod presence;
#[path = "hundredms/rooms.rs"]
mod rooms;
#[path = "hundredms/scope.rs"]
mod scope;
#[path = "hundredms/tokens.rs"]
mod tokens;
#[path = "hundredms/upstream.rs"]
mod upstream;
