//! Drives Convene and a Socket.IO server with the same work, one after the other, and prints what each could carry.
mod args;
mod bench;
mod crowd;
mod frame;
mod joins;
mod load;
mod machine;
mod mark;
mod quick;
mod ramp;
mod report;
mod rooms;
mod server;
mod shape;
mod sign_ins;
mod socket;
mod speech;
mod swarm;

use std::error::Error;
use std::process::ExitCode;

/// What ends a run early, in words for the person at the terminal.
type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    let ran = args::read().and_then(|wish| bench::run(&wish));
    match ran {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report::say(&format!("convene-load: {error}"));
            ExitCode::FAILURE
        }
    }
}
