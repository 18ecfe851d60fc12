//! A server inside the test: own folder, own SQLite, a free port; stopped, nothing of it may be left running.
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use convene::actors::Clock;
use convene::actors::gate::Gate;
use convene::boot::{self, Server, Surroundings};
use convene::config::Config;
use convene::room::record::Keys;
use convene::telemetry::Metrics;
use reqwest::Client;
use reqwest::redirect::Policy;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Handle;
use tokio::time::timeout;

use super::db::TestDb;
use super::{Client as Person, columns, spill};

/// How long anything in a test may take.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) type Guard = fn(Arc<dyn Gate>) -> Arc<dyn Gate>;

/// The tick of a server whose heartbeat tests wait for: each 4 s, a pong within 2 s.
const QUICK: Duration = Duration::from_millis(100);

/// A running server. End it by [`Convene::stop`].
pub(crate) struct Convene {
    server: Option<Server>,
    home: Arc<Home>,
    changes: Vec<(String, String)>,
    tasks_before: usize,
    pub(crate) metrics: Metrics,
    /// The server's own; tests set it forward.
    pub(crate) clock: Clock,
}

/// What a server leaves to its next life: its folder, and its database if that is elsewhere.
pub(crate) struct Home {
    folder: TempDir,
    database: Option<Arc<TestDb>>,
}

/// A room that was made.
#[derive(Clone)]
pub(crate) struct Made {
    pub(crate) code: String,
    pub(crate) owner_secret: String,
    pub(crate) pin: String,
}

impl Convene {
    pub(crate) async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// With changed settings, named as in the environment: `("ROOMS__RETIRE_SECONDS", "1")`.
    pub(crate) async fn start_with(changes: &[(&str, &str)]) -> Self {
        Self::run(Home::fresh().await, owned(changes), Surroundings::default()).await
    }

    /// With something in front of the server's own gate.
    pub(crate) async fn start_guarded(guard: Guard) -> Self {
        Self::run(Home::fresh().await, Vec::new(), Surroundings { guard, ..Surroundings::default() }).await
    }

    /// With keys of rooms drawn otherwise.
    pub(crate) async fn start_drawing(draw: fn() -> Keys) -> Self {
        Self::run(Home::fresh().await, Vec::new(), Surroundings { draw, ..Surroundings::default() }).await
    }

    /// With a quick heartbeat.
    pub(crate) async fn start_quick(changes: &[(&str, &str)]) -> Self {
        let quick = Surroundings { tick: QUICK, ..Surroundings::default() };
        Self::run(Home::fresh().await, owned(changes), quick).await
    }

    /// Forgetting what is over many times a second.
    pub(crate) async fn start_forgetting(changes: &[(&str, &str)]) -> Self {
        let around = Surroundings { round: QUICK, ..Surroundings::default() };
        Self::run(Home::fresh().await, owned(changes), around).await
    }

    /// Another life on the same folder.
    pub(crate) async fn again(home: Arc<Home>, changes: Vec<(String, String)>) -> Self {
        Self::run(home, changes, Surroundings::default()).await
    }

    /// The next life of one that is killed at this moment: on a copy of what it would leave, or on the same database if
    /// that is no file.
    pub(crate) async fn as_if_killed(&self) -> Self {
        let database = self.home.database.clone();
        let files = if database.is_none() {
            &["convene.db", "convene.db-wal", "keys/1.key"][..]
        } else {
            &["keys/1.key"]
        };
        let copy = Home { folder: tempfile::tempdir().expect("a folder can be made"), database };
        std::fs::create_dir(copy.path().join("keys")).expect("a folder can be made");
        for name in files {
            std::fs::copy(self.home.path().join(name), copy.path().join(name)).expect(name);
        }
        Self::again(Arc::new(copy), self.changes.clone()).await
    }

    async fn run(home: Arc<Home>, changes: Vec<(String, String)>, around: Surroundings) -> Self {
        spill::listen();
        let tasks_before = alive();
        let config = config(&home, &changes);
        let metrics = Metrics::default();
        let clock = around.clock.clone();
        let server = boot::start_in(config, metrics.clone(), around).await.expect("the server starts");
        Self { server: Some(server), home, changes, tasks_before, metrics, clock }
    }

    /// Drains and ends it; clients must be gone or hear of it. Then nothing of it is left.
    pub(crate) async fn stop(mut self) -> (Arc<Home>, Vec<(String, String)>) {
        let server = self.server.take().expect("it runs");
        timeout(PATIENCE, server.shutdown()).await.expect("it stops in time");
        let gone = async {
            while alive() > self.tasks_before {
                tokio::task::yield_now().await;
            }
        };
        let left = timeout(PATIENCE, gone).await;
        assert!(left.is_ok(), "{} tasks are left running", alive() - self.tasks_before);
        let named = self.changes.iter().find(|(key, _)| key == "DATABASE__URL").map(|(_, url)| url.as_str());
        let server = named.or(self.home.database.as_ref().map(|database| database.url()));
        let mut spilled = spill::hits(self.home.path(), server.is_none(), &self.metrics.render());
        if let Some(url) = server {
            spilled.extend(spill::stored_hits(&columns::all(url).await));
        }
        assert!(spilled.is_empty(), "secrets were told:\n{}", spilled.join("\n"));
        (self.home.clone(), self.changes.clone())
    }

    /// Waits until something is so, by asking the server something harmless in between.
    pub(crate) async fn until(&self, what: &str, mut is_so: impl FnMut(&Self) -> bool) {
        let waiting = async {
            while !is_so(self) {
                http().get(self.url("http", "/healthz")).send().await.expect("an answer");
            }
        };
        timeout(PATIENCE, waiting).await.unwrap_or_else(|_| panic!("in vain: {what}"));
    }

    /// As [`Self::until`], for what is asked elsewhere.
    pub(crate) async fn until_so(&self, what: &str, is_so: impl AsyncFn() -> bool) {
        let waiting = async {
            while !is_so().await {
                http().get(self.url("http", "/healthz")).send().await.expect("an answer");
            }
        };
        timeout(PATIENCE, waiting).await.unwrap_or_else(|_| panic!("in vain: {what}"));
    }

    pub(crate) fn is_ready(&self) -> bool {
        self.server.as_ref().expect("it runs").is_ready()
    }

    pub(crate) fn url(&self, scheme: &str, path: &str) -> String {
        format!("{scheme}://{}{path}", self.server.as_ref().expect("it runs").addr)
    }

    /// Where Meet's own port listens, if there is one.
    pub(crate) fn beside(&self) -> Option<std::net::SocketAddr> {
        self.server.as_ref().expect("it runs").meet_addr
    }

    /// The file of a server on SQLite; keys and mailbox lie beside it on any database.
    pub(crate) fn database(&self) -> PathBuf {
        self.home.path().join("convene.db")
    }

    pub(crate) fn database_url(&self) -> String {
        match &self.home.database {
            Some(database) => database.url().to_owned(),
            None => format!("sqlite://{}", self.database().display()),
        }
    }

    /// Makes a room by REST.
    pub(crate) async fn room(&self, body: Value) -> Made {
        let made = self.post("/v1/rooms", None, body).await;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        Made {
            code: text(&made["room"]["code"]),
            owner_secret: text(&made["owner_secret"]),
            pin: text(&made["room"]["pins"]["pin"]),
        }
    }

    /// A room of durable chat, without PINs.
    pub(crate) async fn plain_room(&self) -> Made {
        self.room(json!({"name": "Weekly"})).await
    }

    pub(crate) async fn post(&self, path: &str, bearer: Option<&str>, body: Value) -> Value {
        let request = http()
            .post(self.url("http", path))
            .header("content-type", "application/json")
            .body(body.to_string());
        let request = match bearer {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        let answer = request.send().await.expect("an answer");
        let status = answer.status();
        let text = answer.text().await.expect("a body");
        assert!(status.is_success(), "{path}: {status} {text}");
        serde_json::from_str(&text).expect("JSON")
    }

    /// A greeted socket.
    pub(crate) async fn client(&self, name: &str) -> Person {
        let mut client = self.stranger(name).await;
        client.asks(json!({"type": "hello", "protocol": 1})).await;
        client
    }

    /// A socket that has said nothing.
    pub(crate) async fn stranger(&self, name: &str) -> Person {
        Person::connect(name, &self.url("ws", "/v1/connect")).await
    }

    /// Someone seated in the room.
    pub(crate) async fn joins(&self, name: &str, room: &Made) -> Person {
        let mut client = self.client(name).await;
        client.joins(&room.code).await;
        client
    }
}

impl Drop for Convene {
    fn drop(&mut self) {
        assert!(self.server.is_none() || std::thread::panicking(), "end the server by stop()");
    }
}

/// Asks anew each time, over a connection of its own. Making a client costs more than most questions.
pub(crate) fn http() -> &'static Client {
    static HTTP: LazyLock<Client> = LazyLock::new(|| {
        let client = Client::builder().pool_max_idle_per_host(0).redirect(Policy::none()).no_proxy();
        client.build().expect("a client")
    });
    &HTTP
}

impl Home {
    /// The folder.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// On the database that `CONVENE_TEST_SERVERS_ON` names: sqlite, postgres or mysql. So `scripts/test` runs the tests of
    /// accounts on each.
    async fn fresh() -> Arc<Self> {
        let database = match std::env::var("CONVENE_TEST_SERVERS_ON").as_deref() {
            Ok("postgres") => Some(Arc::new(TestDb::postgres().await)),
            Ok("mysql") => Some(Arc::new(TestDb::mysql().await)),
            Ok("sqlite") | Err(_) => None,
            Ok(other) => panic!("CONVENE_TEST_SERVERS_ON is {other}"),
        };
        Arc::new(Self { folder: tempfile::tempdir().expect("a folder can be made"), database })
    }
}

fn owned(changes: &[(&str, &str)]) -> Vec<(String, String)> {
    changes.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn alive() -> usize {
    Handle::current().metrics().num_alive_tasks()
}

fn config(home: &Home, changes: &[(String, String)]) -> Config {
    let set = |key: &str, value: &str| (OsString::from(format!("CONVENE__{key}")), OsString::from(value));
    let mut environment = vec![
        set("HTTP__BIND", "127.0.0.1:0"),
        set("DATA__DIR", &home.path().display().to_string()),
        set("DATABASE__CONNECT_TIMEOUT_SECONDS", "1"),
        set("SHUTDOWN__DRAIN_SECONDS", "5"),
    ];
    environment.extend(home.database.as_ref().map(|database| set("DATABASE__URL", database.url())));
    environment.extend(changes.iter().map(|(key, value)| set(key, value)));
    Config::load(None, environment).expect("the configuration is good")
}
