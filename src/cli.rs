//! The command line: what was asked, and the commands that are not the server itself.
mod arguments;

pub use arguments::{Asked, Command, Misuse, config_file, parse};

/// Exit code when all went well.
pub const DONE: u8 = 0;
/// Exit code when something went wrong while running.
pub const FAILED: u8 = 1;
/// Exit code for a wrong command line, a wrong configuration, or a place (address, folder, database) that can't be used.
pub const UNUSABLE: u8 = 2;
