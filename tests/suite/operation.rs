//! How the server is run: configuration, the command line, and the pages that describe them.
#[path = "operation/config.rs"]
mod config;
#[path = "operation/documented.rs"]
mod documented;
