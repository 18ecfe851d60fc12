//! The program: command line, configuration, logging, runtime, server; then waiting for a signal, and the exit code.
use std::{env, io, process::ExitCode};

use convene::cli::{self, Asked, Command};
use convene::config::Config;
use tokio::runtime::{Builder, Runtime};

fn main() -> ExitCode {
    let (command, file) = match cli::parse(env::args_os().skip(1)) {
        Ok(Asked::Run { command, config }) => (command, config),
        Ok(Asked::Print(text)) => return if cli::print(&text) { cli::DONE } else { cli::FAILED }.into(),
        Err(misuse) => return unusable(&misuse),
    };
    let file = cli::config_file(file, env::var_os("CONVENE_CONFIG"), ".".as_ref());
    let config = match Config::load(file.as_deref(), env::vars_os()) {
        Ok(config) => config,
        Err(invalid) => return unusable(&invalid),
    };
    let runtime = match runtime(config.http.worker_threads()) {
        Ok(runtime) => runtime,
        Err(error) => return unusable(&error),
    };
    let ended = runtime.block_on(async {
        match command {
            Command::Serve => cli::serve(config).await,
            Command::Check => cli::check(&config).await,
            Command::Migrate => cli::migrate(&config).await,
            Command::Operate(order) => cli::operate(&config, &order).await,
        }
    });
    runtime.shutdown_background(); // what is still under way now has had its time
    match ended {
        Ok(code) => code.into(),
        Err(error) => unusable(&error),
    }
}

/// One line on standard error, then the exit code for what can't be used.
fn unusable(reason: &dyn std::fmt::Display) -> ExitCode {
    cli::complain(reason);
    cli::UNUSABLE.into()
}

/// Never two workers on one core: a single one runs on this thread, without the cost of a pool.
fn runtime(workers: usize) -> io::Result<Runtime> {
    let mut builder = if workers == 1 { Builder::new_current_thread() } else { Builder::new_multi_thread() };
    builder.worker_threads(workers).enable_all().build()
}
