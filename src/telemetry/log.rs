//! Log lines, written by a thread of their own: a full or stuck sink loses lines (counted), it never stalls the server.
use std::{
    io::{self, IsTerminal, Write},
    panic::{self, PanicHookInfo},
};

use tracing::{Level, Subscriber, level_filters::LevelFilter};
use tracing_appender::non_blocking::{ErrorCounter, NonBlocking, NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::{
    Layer, Registry, filter::Targets, fmt, layer::SubscriberExt, util::SubscriberInitExt,
};

/// Lines that may wait for the sink; further ones are dropped and counted.
const WAITING_LINES: usize = 8192;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Pretty,
    /// One object a line, for machines.
    Json,
}

/// How to log.
#[derive(Debug, Clone, Copy)]
pub struct Logging {
    pub format: LogFormat,
    /// The least level of our own lines. Libraries are heard from `warn` up, at `trace` fully.
    pub level: Level,
}

/// Lines lost so far because the sink did not keep up.
#[derive(Debug, Clone)]
pub struct DroppedLines(ErrorCounter);

impl DroppedLines {
    #[must_use]
    pub fn count(&self) -> u64 {
        u64::try_from(self.0.dropped_lines()).unwrap_or(u64::MAX)
    }
}

/// Writes what is waiting when dropped, for at most about a second. Keep it until the process ends.
#[derive(Debug)]
pub struct LogGuard(#[expect(dead_code, reason = "held for its drop")] WorkerGuard);

/// Logs to standard error from here on, panics too.
///
/// # Panics
/// When called twice in one process.
#[must_use]
pub fn start_logging(logging: Logging) -> (LogGuard, DroppedLines) {
    let (writer, guard, dropped) = bounded(io::stderr(), WAITING_LINES);
    let colours = io::stderr().is_terminal();
    Registry::default().with(layer(logging, writer, colours)).init();
    panic::set_hook(Box::new(log_panic));
    (LogGuard(guard), dropped)
}

fn bounded<W: Write + Send + 'static>(sink: W, lines: usize) -> (NonBlocking, WorkerGuard, DroppedLines) {
    let builder = NonBlockingBuilder::default().lossy(true).buffered_lines_limit(lines).thread_name("log");
    let (writer, guard) = builder.finish(sink);
    let dropped = DroppedLines(writer.error_counter());
    (writer, guard, dropped)
}

fn layer<S>(logging: Logging, writer: NonBlocking, colours: bool) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'a> tracing_subscriber::registry::LookupSpan<'a> + Send + Sync,
{
    let lines = fmt::layer().with_writer(writer);
    match logging.format {
        LogFormat::Pretty => lines.with_ansi(colours).with_filter(heard(logging.level)).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).with_filter(heard(logging.level)).boxed(),
    }
}

fn heard(level: Level) -> Targets {
    let others = if level == Level::TRACE { level } else { level.min(Level::WARN) };
    Targets::new().with_default(LevelFilter::from_level(others)).with_target(env!("CARGO_CRATE_NAME"), level)
}

fn log_panic(info: &PanicHookInfo<'_>) {
    let message = info.payload_as_str().unwrap_or("(not a text)");
    let location = info.location().map(ToString::to_string).unwrap_or_default();
    tracing::error!(panic.message = message, panic.location = location, "something panicked");
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex, mpsc};

    use super::*;

    /// A sink that takes nothing until its gate is closed.
    struct Stuck(mpsc::Receiver<()>);

    impl Write for Stuck {
        fn write(&mut self, line: &[u8]) -> io::Result<usize> {
            let _gate_closed = self.0.recv();
            Ok(line.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[derive(Clone, Default)]
    struct Page(Arc<Mutex<Vec<u8>>>);

    impl Write for Page {
        fn write(&mut self, line: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(line);
            Ok(line.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn logged(logging: Logging, say: impl FnOnce()) -> String {
        let page = Page::default();
        let (writer, guard, _) = bounded(page.clone(), 100);
        let lines = Registry::default().with(layer(logging, writer, false));
        tracing::subscriber::with_default(lines, say);
        drop(guard);
        let written = page.0.lock().unwrap().clone();
        String::from_utf8(written).unwrap()
    }

    #[test]
    fn a_stuck_sink_stalls_nobody_and_what_is_lost_is_counted() {
        let (gate, closed) = mpsc::channel();
        let (mut writer, guard, dropped) = bounded(Stuck(closed), 4);
        for _ in 0..100 {
            writer.write_all(b"line\n").unwrap();
        }
        assert!(dropped.count() >= 90, "only {} of 100 lines were dropped", dropped.count());
        drop(gate);
        drop(guard);
    }

    #[test]
    fn json_lines_are_one_object_each_whatever_they_hold() {
        let logging = Logging { format: LogFormat::Json, level: Level::INFO };
        let text = logged(logging, || tracing::info!(room.name = "a\"b\nc\u{1b}[31m", "made"));
        assert_eq!(text.lines().count(), 1);
        let line: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(line["room.name"], "a\"b\nc\u{1b}[31m");
        assert_eq!(line["level"], "INFO");
    }

    #[test]
    fn libraries_are_heard_from_warn_up() {
        let logging = Logging { format: LogFormat::Pretty, level: Level::DEBUG };
        let text = logged(logging, || {
            tracing::debug!("ours");
            tracing::info!(target: "sqlx", "theirs");
            tracing::warn!(target: "sqlx", "their warning");
        });
        assert!(text.contains("ours") && text.contains("their warning"), "{text}");
        assert!(!text.contains("theirs"), "{text}");
    }

    #[test]
    fn only_errors_means_only_errors() {
        let logging = Logging { format: LogFormat::Pretty, level: Level::ERROR };
        let text = logged(logging, || {
            tracing::warn!("a warning");
            tracing::warn!(target: "sqlx", "their warning");
        });
        assert_eq!(text, "");
    }
}
