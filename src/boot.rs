//! The one composition root: from a configuration to a running server.
mod faces;
mod hundredms;
mod keys;
mod mesibo;
mod parts;
mod post;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;

use crate::actors::gate::Gate;
use crate::actors::{self, Clock, Engine};
use crate::auth::password::{self, Hasher};
use crate::auth::room_token::RoomTokens;
use crate::config::Config;
use crate::http;
use crate::http::origin::{Origins, Ports};
use crate::http::rest::route::Rest;
use crate::jobs::{self, Jobs};
use crate::room::record::Keys;
use crate::service::accounts::Accounts;
use crate::service::gate::Doorkeeper;
use crate::service::identity::Identity;
use crate::service::limits::Limits;
use crate::service::pin_trail::PinTrail;
use crate::service::rooms::{Rooms, draw_keys};
use crate::service::token_ends::TokenEnds;
use crate::service::tokens::Tokens;
use crate::shutdown;
use crate::store::{self, Store};
use crate::telemetry::Metrics;

/// Why a server could not start: one line for the operator. Never contains a secret.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("{0}")]
    Io(#[from] std::io::Error),
    #[error("cannot listen on {address}: {error}; http.bind names another address")]
    Listen { address: SocketAddr, error: std::io::Error },
    #[error("cannot listen on {address}: {error}; dialects.meet.bind names another address")]
    ListenBeside { address: SocketAddr, error: std::io::Error },
    #[error("{0}")]
    Keys(#[from] keys::KeyError),
    #[error("{0}")]
    Database(#[from] store::ConnectError),
    #[error("the database could not be brought up to date: {0}")]
    Migration(sea_orm::DbErr),
    #[error("the database does not answer: {0}")]
    Store(#[from] store::StoreError),
    #[error("{0}")]
    Origin(#[from] http::origin::NotAnOrigin),
    #[error("{0}")]
    Post(#[from] post::PostError),
    #[error("{key}: {folder} can't be served: {error}")]
    Folder { key: &'static str, folder: String, error: std::io::Error },
    #[error("{0}")]
    Upstream(#[from] crate::service::hundredms::NotUsable),
    #[error("the engine could not start: {0}")]
    Engine(crate::fault::Fault),
}

/// A running server.
pub struct Server {
    /// Where it listens; the real port where the configuration said 0.
    pub addr: SocketAddr,
    /// Where Meet's sockets come in beside that, if they have a port of their own.
    pub meet_addr: Option<SocketAddr>,
    running: shutdown::Running,
    store: Store,
    drain: Duration,
}

impl Server {
    /// Drains and stops: everybody is told, what is pending is written. Takes at most `shutdown.drain_seconds`.
    pub async fn shutdown(self) {
        self.running.stop(self.drain).await;
        if let Err(error) = self.store.close().await {
            tracing::warn!(%error, "the database was not closed in order");
        }
    }

    /// Whether `/readyz` would say yes.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        parts::ready(self.running.engine.health()).is_ok()
    }
}

/// Starts everything: schema, keys, actors, jobs, and last the listener.
///
/// # Errors
/// The first thing that can't be used: address, folder, key, database.
pub async fn start(config: Config, metrics: Metrics) -> Result<Server, StartError> {
    start_in(config, metrics, Surroundings::default()).await
}

/// What lies around a server, and is not the operator's to configure: its time, its pulse, its luck, and what stands
/// before its gate.
pub struct Surroundings {
    pub clock: Clock,
    /// Between two looks at pings and deadlines; the heartbeat comes each 40th.
    pub tick: Duration,
    pub guard: fn(Arc<dyn Gate>) -> Arc<dyn Gate>,
    /// Between two looks at which accounts, codes and sessions are over.
    pub round: Duration,
    /// Draws the keys of new rooms.
    pub draw: fn() -> Keys,
}

impl Default for Surroundings {
    fn default() -> Self {
        let (tick, round) = (actors::TICK, jobs::ROUND);
        Self { clock: Clock::start(), tick, guard: |gate| gate, round, draw: draw_keys }
    }
}

/// As [`start`], in other surroundings than the usual.
///
/// # Errors
/// As [`start`].
pub async fn start_in(config: Config, metrics: Metrics, around: Surroundings) -> Result<Server, StartError> {
    use_ring();
    let Surroundings { clock, tick, guard, round, draw } = around;
    let address = config.http.bind;
    let listener = TcpListener::bind(address).await.map_err(|error| StartError::Listen { address, error })?;
    let beside = faces::own_port(&config).await?;
    let outgoing = post::outgoing(&config, listener.local_addr()?)?;
    let origins = Origins::parse(parts::own_origins(&config))?;
    let keys = Arc::new(keys::ring(&config)?);
    let store = Store::connect(parts::database(&config), keys.clone()).await?;
    convene_migration::migrate(store.connection()).await.map_err(StartError::Migration)?;
    let life =
        store::servers::begin_life(&store, parts::SERVER, clock.now(), parts::actors(&config).grace_ms)
            .await?;
    let news = store::control::Reader::start(&store, clock.now()).await?;
    let ends = Arc::new(TokenEnds::remembered(&store, clock.now()).await?);
    let tokens = Arc::new(RoomTokens::new(&keys, parts::room_token_algorithm(&config)));
    let app = hundredms::app(&config, &keys);
    let identity = Identity {
        store: store.clone(),
        clock: clock.clone(),
        tokens: tokens.clone(),
        ends: ends.clone(),
        app: app.clone(),
        idle_ms: parts::accounts(&config).idle_ms,
    };
    let limits = Arc::new(Limits::new(parts::limits(&config)));
    let trail = PinTrail::load(store.clone(), keys.clone(), clock.now()).await?;
    let door = Doorkeeper::new(limits.clone(), identity, parts::pin_guesses(&config), Some(trail));
    let gate = guard(Arc::new(door));
    let engine = Engine::start(actors::Parts {
        settings: parts::actors(&config),
        clock: clock.clone(),
        tick,
        store: store.clone(),
        life,
        keys: keys.clone(),
        gate: gate.clone(),
        metrics: metrics.clone(),
    })
    .await
    .map_err(StartError::Engine)?;
    let hasher = Hasher::new(password::Settings::default(), metrics.password_hashes.clone());
    let accounts =
        Accounts::new(store.clone(), keys.clone(), limits.clone(), hasher, parts::accounts(&config));
    let rooms = Rooms::new(engine.directory(), store.clone(), limits, parts::rooms(&config, draw));
    let tokens = Tokens {
        rooms: rooms.clone(),
        directory: engine.directory(),
        store: store.clone(),
        clock: clock.clone(),
        tokens,
        ends: ends.clone(),
    };
    let albums = parts::albums(&config, &keys);
    let parts_of_jobs = jobs::Parts {
        outgoing: Arc::new(outgoing),
        metrics: metrics.clone(),
        store: store.clone(),
        directory: engine.directory(),
        clock: clock.clone(),
        life,
        grace_ms: parts::actors(&config).grace_ms,
        guest_expiry_ms: parts::guest_expiry_ms(&config),
        keeping: parts::keeping(&config),
        round,
        idle_ms: parts::accounts(&config).idle_ms,
        ends,
        albums: albums.clone(),
    };
    let jobs = Jobs::start(parts_of_jobs, news);
    let public_url = config.http.public_url.as_ref().map(|url| Arc::from(url.as_str()));
    let origins = Arc::new(origins);
    let socketio = faces::socketio(&config, &engine, &rooms, &accounts, &origins);
    let made = mesibo::Made {
        rooms: rooms.clone(),
        accounts: accounts.clone(),
        store: store.clone(),
        keys,
        albums,
        gate,
        metrics: metrics.clone(),
    };
    let (mut faces, mut clients) = faces::all(&config, &rooms, &accounts, &origins, &metrics)?;
    // before Animo's, whose folder may answer every path
    faces.splice(0..0, mesibo::face(&config, made));
    if let Some(app) = app {
        let (rooms, accounts, engine, origins) = (&rooms, &accounts, &engine, &origins);
        let (store, clock, metrics) = (&store, &clock, &metrics);
        let shared = hundredms::Shared { rooms, accounts, engine, origins, store, clock, metrics };
        hundredms::mount(&config, app, &shared, (&mut faces, &mut clients))?;
    }
    let raw = |ports| http::raw::route(engine.clone(), origins.clone(), ports, clients.clone());
    let beside = match beside {
        Some(listener) => {
            let routes = http::sockets_alone(raw(Ports::Any));
            Some(http::listen(listener, routes, None, parts::serve(&config))?)
        }
        None => None,
    };
    let routes = http::routes(http::Parts {
        sockets: http::native::connect::route(engine.clone(), origins.clone()),
        raw: clients.are_some().then(|| raw(Ports::Same)),
        faces,
        api: http::rest::routes(Rest { rooms, accounts, tokens, origins, public_url }, metrics.clone()),
        watched: parts::watched(&engine, &config, metrics),
    });
    let serve = http::listen(listener, routes, socketio.clone(), parts::serve(&config))?;
    let (addr, meet_addr) = (serve.address(), beside.as_ref().map(http::serve::Serve::address));
    let serves = std::iter::once(serve).chain(beside).collect();
    let running = shutdown::Running { serves, socketio, engine, jobs };
    Ok(Server { addr, meet_addr, running, store, drain: config.shutdown.drain_seconds.seconds() })
}

/// Makes ring the process's cryptography for TLS, for clients that bring none of their own; once is enough, more do no harm.
pub fn use_ring() {
    // an error says only that there is one already
    let _ = rustls::crypto::ring::default_provider().install_default();
}
