//! `convene serve`: the server from its start to its exit code.
use tokio::signal::unix::{Signal, SignalKind, signal};
use tracing::{Level, info};

use crate::boot;
use crate::config::{self, Config};
use crate::telemetry::{self, LogFormat, Logging, Metrics};

use super::{DONE, FAILED, Unusable};

/// Serves until SIGTERM or SIGINT, then drains; a second signal ends the wait. Returns the exit code.
///
/// # Errors
/// What kept the server from starting.
pub async fn serve(config: Config) -> Result<u8, Unusable> {
    let (_log, dropped) = telemetry::start_logging(logging(&config.log));
    let mut terminate = signal(SignalKind::terminate()).map_err(Unusable::new)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(Unusable::new)?;
    let public_url = config.http.public_url.clone();
    let server = boot::start(config, Metrics::new(Some(dropped))).await.map_err(Unusable::new)?;
    let page = public_url.map_or_else(|| format!("http://{}", server.addr), |url| url.as_str().to_owned());
    info!(version = env!("CARGO_PKG_VERSION"), http.address = %server.addr, http.url = %page, "serving");
    told(&mut terminate, &mut interrupt).await;
    info!("told to stop: draining");
    tokio::select! {
        () = server.shutdown() => {
            info!("stopped");
            Ok(DONE)
        }
        () = told(&mut terminate, &mut interrupt) => {
            info!("told again: stopping at once");
            Ok(FAILED)
        }
    }
}

async fn told(terminate: &mut Signal, interrupt: &mut Signal) {
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}

fn logging(log: &config::Log) -> Logging {
    let format = match log.format {
        config::LogFormat::Pretty => LogFormat::Pretty,
        config::LogFormat::Json => LogFormat::Json,
    };
    let level = match log.level {
        config::Level::Error => Level::ERROR,
        config::Level::Warn => Level::WARN,
        config::Level::Info => Level::INFO,
        config::Level::Debug => Level::DEBUG,
        config::Level::Trace => Level::TRACE,
    };
    Logging { format, level }
}
