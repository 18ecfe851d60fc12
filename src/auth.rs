//! Credentials and budgets: what people prove themselves with, how it is parsed, hashed and signed, and how often one may try.
pub mod app_token;
pub mod code;
pub mod email;
pub mod guesses;
pub mod limiter;
pub mod password;
pub mod phone;
pub mod room_token;
pub mod session;
pub mod strength;
pub mod throttle;
pub mod username;
