//! The numbers at `/metrics`: one handle each, to be cloned once and counted with an atomic; names and meaning in docs/OPERATIONS.md.
use std::{fmt, sync::Arc};

use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric, text::encode},
    metrics::{
        counter::{ConstCounter, Counter},
        family::Family,
        gauge::{ConstGauge, Gauge},
        histogram::{Histogram, exponential_buckets},
    },
    registry::{Registry, Unit},
};
use tokio::runtime::Handle;

use super::DroppedLines;

/// The media type of [`Metrics::render`].
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Kind {
    kind: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Code {
    code: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Job {
    job: &'static str,
    outcome: &'static str,
}

/// How a round of a job ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Round {
    Done,
    /// Not all of it; the next round tries again.
    Failed,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Status {
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Way {
    channel: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Try {
    channel: &'static str,
    outcome: &'static str,
}

/// `messages_total` by kind.
#[derive(Debug, Clone)]
pub struct Messages {
    /// Frames that came from clients.
    pub received: Counter,
    /// Frames queued for clients.
    pub delivered: Counter,
    /// Chat messages shown.
    pub chat: Counter,
    /// Addressed signals passed on.
    pub signal: Counter,
}

impl Messages {
    fn new(family: &Family<Kind, Counter>) -> Self {
        let of = |kind| family.get_or_create_owned(&Kind { kind });
        Self { received: of("received"), delivered: of("delivered"), chat: of("chat"), signal: of("signal") }
    }
}

/// All metrics. Clones count into the same numbers.
#[derive(Debug, Clone)]
pub struct Metrics {
    /// Open sockets.
    pub connections: Gauge,
    /// Rooms awake in memory.
    pub rooms: Gauge,
    /// Taken seats, away ones too.
    pub participants: Gauge,
    pub messages: Messages,
    /// Seconds from a journal entry being taken up to its commit.
    pub commit_seconds: Histogram,
    /// Journal entries waiting or under way.
    pub journal_queue: Gauge,
    /// Bytes waiting for sockets that did not take them at once.
    pub outbox_bytes: Gauge,
    /// Rooms rebuilt after a panic.
    pub room_restarts: Counter,
    post: Family<Try, Counter>,
    post_waiting: Family<Way, Gauge>,
    /// Passwords hashed or compared.
    pub password_hashes: Counter,
    refusals: Family<Code, Counter>,
    http_requests: Family<Status, Counter>,
    job_rounds: Family<Job, Counter>,
    registry: Arc<Registry>,
}

impl Metrics {
    /// Metrics that also report the log lines lost.
    #[must_use]
    pub fn new(dropped: Option<DroppedLines>) -> Self {
        let mut registry = Registry::with_prefix("convene");
        let messages = Family::default();
        let commit_seconds = Histogram::new(exponential_buckets(0.000_5, 2.0, 14));
        let mut metrics = Self {
            connections: Gauge::default(),
            rooms: Gauge::default(),
            participants: Gauge::default(),
            messages: Messages::new(&messages),
            commit_seconds,
            journal_queue: Gauge::default(),
            outbox_bytes: Gauge::default(),
            room_restarts: Counter::default(),
            post: Family::default(),
            post_waiting: Family::default(),
            password_hashes: Counter::default(),
            refusals: Family::default(),
            http_requests: Family::default(),
            job_rounds: Family::default(),
            registry: Arc::default(),
        };
        registry.register("messages", "Messages by kind", messages);
        metrics.register(&mut registry);
        registry.register_collector(Box::new(AtScrape { dropped }));
        metrics.registry = Arc::new(registry);
        metrics
    }

    fn register(&self, to: &mut Registry) {
        to.register("connections", "Open sockets", self.connections.clone());
        to.register("rooms", "Rooms awake in memory", self.rooms.clone());
        to.register("participants", "Taken seats, away ones too", self.participants.clone());
        let commit = self.commit_seconds.clone();
        to.register_with_unit(
            "commit",
            "Time from taking up journal entries to their commit",
            Unit::Seconds,
            commit,
        );
        to.register("journal_queue", "Journal entries waiting or under way", self.journal_queue.clone());
        to.register("outbox_bytes", "Bytes waiting for slow sockets", self.outbox_bytes.clone());
        to.register("post", "Tries to send a mail or text message by outcome", self.post.clone());
        to.register("post_waiting", "Mails and text messages that wait", self.post_waiting.clone());
        to.register("refusals", "Refusals by code", self.refusals.clone());
        to.register("room_restarts", "Rooms rebuilt after a panic", self.room_restarts.clone());
        to.register("password_hashes", "Passwords hashed or compared", self.password_hashes.clone());
        to.register("http_requests", "Answered HTTP requests by status", self.http_requests.clone());
        to.register("job_rounds", "Rounds of the server's own jobs by outcome", self.job_rounds.clone());
    }

    /// Counts a refusal by its stable code, on the socket and over REST alike.
    pub fn refused(&self, code: &'static str) {
        self.refusals.get_or_create(&Code { code }).inc();
    }

    /// Counts a try to send a mail or text message.
    pub fn posted(&self, channel: &'static str, outcome: &'static str) {
        self.post.get_or_create(&Try { channel, outcome }).inc();
    }

    /// How many mails or text messages wait or are under way.
    pub fn post_waits(&self, channel: &'static str, waiting: u64) {
        let waiting = i64::try_from(waiting).unwrap_or(i64::MAX);
        self.post_waiting.get_or_create(&Way { channel }).set(waiting);
    }

    /// Counts an answered HTTP request by its status.
    pub fn answered(&self, status: u16) {
        self.http_requests.get_or_create(&Status { status }).inc();
    }

    /// Counts a round of a job.
    pub fn round(&self, job: &'static str, ended: Round) {
        let outcome = match ended {
            Round::Done => "done",
            Round::Failed => "failed",
        };
        self.job_rounds.get_or_create(&Job { job, outcome }).inc();
    }

    /// The OpenMetrics text, see [`CONTENT_TYPE`].
    #[must_use]
    pub fn render(&self) -> String {
        let mut text = String::new();
        encode(&mut text, &self.registry).expect("writing to a string does not fail");
        text
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new(None)
    }
}

/// What is read when somebody asks, not counted along the way.
#[derive(Debug)]
struct AtScrape {
    dropped: Option<DroppedLines>,
}

impl Collector for AtScrape {
    fn encode(&self, mut to: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let lost = ConstCounter::new(self.dropped.as_ref().map_or(0, DroppedLines::count));
        lost.encode(to.encode_descriptor(
            "log_dropped",
            "Log lines lost to a slow sink",
            None,
            lost.metric_type(),
        )?)?;
        let Ok(runtime) = Handle::try_current() else { return Ok(()) };
        let alive = i64::try_from(runtime.metrics().num_alive_tasks()).unwrap_or(i64::MAX);
        let tasks = ConstGauge::new(alive);
        tasks.encode(to.encode_descriptor("tasks", "Tasks alive in the server", None, tasks.metric_type())?)
    }
}

#[cfg(test)]
mod tests {
    use super::{Metrics, Round};

    #[test]
    fn what_was_counted_is_rendered_under_its_documented_name() {
        let metrics = Metrics::default();
        let connection = metrics.clone();
        connection.connections.inc();
        connection.messages.chat.inc_by(3);
        metrics.commit_seconds.observe(0.002);
        metrics.refused("room_full");
        metrics.answered(404);
        metrics.round("accounts", Round::Failed);
        metrics.posted("mail", "sent");
        metrics.post_waits("sms", 2);
        let text = metrics.render();
        for line in [
            "convene_connections 1",
            "convene_messages_total{kind=\"chat\"} 3",
            "convene_messages_total{kind=\"signal\"} 0",
            "convene_commit_seconds_count 1",
            "convene_refusals_total{code=\"room_full\"} 1",
            "convene_http_requests_total{status=\"404\"} 1",
            "convene_job_rounds_total{job=\"accounts\",outcome=\"failed\"} 1",
            "convene_post_total{channel=\"mail\",outcome=\"sent\"} 1",
            "convene_post_waiting{channel=\"sms\"} 2",
            "convene_room_restarts_total 0",
            "convene_log_dropped_total 0",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is missing in\n{text}");
        }
        assert!(text.ends_with("# EOF\n"));
    }
}
