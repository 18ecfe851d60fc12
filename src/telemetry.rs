//! What the server says about itself: log lines on standard error, and numbers for Prometheus.
mod log;
mod metrics;

pub use log::{DroppedLines, LogFormat, LogGuard, Logging, start_logging};
pub use metrics::{CONTENT_TYPE, Messages, Metrics, Round};
