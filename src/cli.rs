//! The command line: what was asked, and each command from its start to its exit code.
mod arguments;
mod check;
mod database;
mod migrate;
mod operate;
mod serve;

use std::fmt::Display;

pub use arguments::{Asked, Command, Deed, Misuse, Order, config_file, parse};
pub use check::check;
pub use migrate::migrate;
pub use operate::operate;
pub use serve::serve;

/// Exit code when all went well.
pub const DONE: u8 = 0;
/// Exit code when something went wrong while running.
pub const FAILED: u8 = 1;
/// Exit code for a wrong command line, a wrong configuration, or a place (address, folder, database) that can't be used.
pub const UNUSABLE: u8 = 2;

/// Why a command can't do its work, in one line and without secrets. It ends the program with [`UNUSABLE`].
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Unusable(String);

impl Unusable {
    fn new(reason: impl Display) -> Self {
        Self(reason.to_string().replace(['\n', '\r'], " "))
    }
}

/// Writes to standard output; false when nobody takes it.
#[must_use]
pub fn print(text: &str) -> bool {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).is_ok()
}

/// One line on standard error.
pub fn complain(reason: &dyn Display) {
    use std::io::Write;
    let _nobody_reads = writeln!(std::io::stderr(), "convene: {reason}");
}
