//! What every actor shares: time, keys, settings, the store, and where the engine's own actors live now.
use std::sync::{
    Arc, PoisonError, RwLock,
    atomic::{AtomicBool, Ordering},
};
use std::time::Duration;

use ractor::{ActorCell, ActorRef, Message};
use tokio::sync::Semaphore;

use crate::dialect::native::IceServers;
use crate::room::ids::Millis;
use crate::room::rules::Rules;
use crate::seal::KeyRing;
use crate::store::Store;
use crate::store::servers::Life;
use crate::telemetry::Metrics;

use super::clock::Clock;
use super::gate::Gate;
use super::ice::IceSettings;
use super::line::Line;
use super::messages::{DirectoryMsg, JournalMsg, SwitchboardMsg};
use super::turns::Turns;

/// What the operator decides of rooms and connections.
#[derive(Debug, Clone)]
pub struct Settings {
    pub rules: Arc<Rules>,
    pub ice: IceSettings,
    /// How long the seat of a lost connection is kept by dialects that know grace.
    pub grace_ms: i64,
    /// How long an empty room stays in memory.
    pub retire_ms: i64,
    /// This server's name in the table of servers.
    pub server: String,
}

/// What the engine is made of; boot gives it.
pub struct Parts {
    pub settings: Settings,
    pub clock: Clock,
    /// Between two looks at pings and deadlines; a 40th of the period of the heartbeat.
    pub tick: Duration,
    pub store: Store,
    /// This life of the server, begun in the store.
    pub life: Life,
    pub keys: Arc<KeyRing>,
    pub gate: Arc<dyn Gate>,
    pub metrics: Metrics,
}

/// Whether the engine can do its work, for `/readyz`.
#[derive(Debug, Default)]
pub struct Health {
    storage_away: AtomicBool,
    draining: AtomicBool,
}

impl Health {
    /// Whether the database answered when it was last asked.
    pub fn has_storage(&self) -> bool {
        !self.storage_away.load(Ordering::Relaxed)
    }

    /// Whether the server is on its way out.
    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }

    pub(super) fn storage(&self, away: bool) -> Changed {
        if self.storage_away.swap(away, Ordering::Relaxed) == away { Changed::No } else { Changed::Yes }
    }

    /// From here on nobody new comes in.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Changed {
    Yes,
    No,
}

/// Shared by all actors of one engine.
pub(super) struct World {
    pub(super) settings: Settings,
    pub(super) store: Store,
    pub(super) life: Life,
    pub(super) keys: Arc<KeyRing>,
    pub(super) gate: Arc<dyn Gate>,
    pub(super) metrics: Metrics,
    pub(super) clock: Clock,
    pub(super) tick: Duration,
    pub(super) health: Arc<Health>,
    pub(super) reads: Arc<Semaphore>,
    /// Rooms that are read at once.
    pub(super) loads: Semaphore,
    pub(super) turns: Turns,
    pub(super) directory: Post<DirectoryMsg>,
    pub(super) journal: Post<JournalMsg>,
    pub(super) switchboard: Post<SwitchboardMsg>,
}

impl World {
    pub(super) fn new(parts: Parts) -> Arc<Self> {
        Arc::new(Self {
            settings: parts.settings,
            store: parts.store,
            life: parts.life,
            keys: parts.keys,
            gate: parts.gate,
            metrics: parts.metrics,
            clock: parts.clock,
            tick: parts.tick,
            health: Arc::default(),
            reads: Arc::new(Semaphore::new(super::reads::AT_ONCE)),
            loads: Semaphore::new(super::reads::AT_ONCE),
            turns: Turns::start(),
            directory: Post::default(),
            journal: Post::default(),
            switchboard: Post::default(),
        })
    }

    /// New ICE servers for a connection, and when to renew them.
    pub(super) fn issue_ice(&self, line: &Line, now: Millis) -> IceServers {
        let issued = self.settings.ice.issue(now, line.conn);
        line.renew_ice_at(issued.expires.map_or(Millis(i64::MAX), |ends| self.settings.ice.renew_at(ends)));
        issued
    }
}

/// An office that one actor holds at a time: its successor, after a panic, is found at the same place.
pub(super) struct Post<M>(RwLock<Option<ActorRef<M>>>);

impl<M> Default for Post<M> {
    fn default() -> Self {
        Self(RwLock::new(None))
    }
}

impl<M: Message> Post<M> {
    pub(super) fn hold(&self, actor: ActorRef<M>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some(actor);
    }

    pub(super) fn holder(&self) -> Option<ActorRef<M>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn cell(&self) -> Option<ActorCell> {
        self.holder().map(|actor| actor.get_cell())
    }

    /// Sends; between a holder's death and its successor's start the message is lost, and whoever waits for an
    /// answer sees its port dropped.
    pub(super) fn cast(&self, message: M) {
        let sent = self.holder().map(|actor| actor.send_message(message));
        if !matches!(sent, Some(Ok(()))) {
            tracing::debug!(message.kind = std::any::type_name::<M>(), "nobody holds this post");
        }
    }
}
