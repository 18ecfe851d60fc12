//! How the server is run: configuration, the command line, and the pages that describe them.
#[path = "operation/command_line.rs"]
mod command_line;
#[path = "operation/compatibility.rs"]
mod compatibility;
#[path = "operation/config.rs"]
mod config;
#[path = "operation/crowd.rs"]
mod crowd;
#[path = "operation/documented.rs"]
mod documented;
#[path = "operation/named.rs"]
mod named;
#[path = "operation/operator.rs"]
mod operator;
#[path = "operation/security.rs"]
mod security;
#[path = "operation/serving.rs"]
mod serving;
