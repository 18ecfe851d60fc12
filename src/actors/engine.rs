//! The engine as others see it: where sockets come in, and where REST asks rooms.
use std::collections::HashSet;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use ractor::{Actor, ActorRef, RpcReplyPort};
use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::dialect::Dialect;
use crate::fault::Fault;
use crate::room::command::{Ask, Asker, Command};
use crate::room::effect::ReplyTo;
use crate::room::event::Answer;
use crate::room::footing::{Cause, Ended};
use crate::room::ids::{LoginId, RoomId};
use crate::store;

use super::clock::Clock;
use super::connection::{self, Reader};
use super::fresh;
use super::line::Line;
use super::messages::{DirectoryMsg, JournalMsg, SwitchboardMsg};
use super::outbox::Outbox;
use super::room_ref::{Carried, RoomRef, Ticket};
use super::root::{Root, RootMsg};
use super::world::{Health, Parts, World};

/// How long REST waits for a room, its commit included.
const ANSWER: Duration = Duration::from_secs(5);
/// How long the directory may take; it never waits for anything itself.
const FIND: Duration = Duration::from_secs(2);
/// Times a command is sent anew because its room had just retired.
const RETRIES: usize = 3;

/// All actors of a server. Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    world: Arc<World>,
    root: ActorRef<RootMsg>,
}

impl Engine {
    /// Starts the actors.
    ///
    /// # Errors
    /// [`Fault::Internal`] if the runtime starts none.
    pub async fn start(parts: Parts) -> Result<Self, Fault> {
        let world = World::new(parts);
        let (root, _) = Root::spawn(None, Root, world.clone()).await.map_err(|error| {
            tracing::error!(%error, "the engine's actors could not be started");
            Fault::Internal
        })?;
        Ok(Self { world, root })
    }

    /// Takes a new socket of `source`, with the session cookie that came along; frames may be written from here on.
    pub async fn open(
        &self,
        dialect: Dialect,
        source: IpAddr,
        cookie: Option<Arc<str>>,
        outbox: Arc<Outbox>,
    ) -> Reader {
        let trusted = self.world.gate.trusts(source);
        let line = Line::new(fresh::conn(), dialect, (source, trusted), cookie, outbox);
        connection::open(&self.world, line).await
    }

    /// The handle by which REST reaches rooms.
    #[must_use]
    pub fn directory(&self) -> Directory {
        Directory { world: self.world.clone() }
    }

    #[must_use]
    pub fn health(&self) -> &Arc<Health> {
        &self.world.health
    }

    #[must_use]
    pub fn clock(&self) -> Clock {
        self.world.clock.clone()
    }

    /// Tells every socket that the server goes away in so many ms.
    pub async fn say_going_away(&self, after_ms: u64, within: Duration) {
        self.switchboard(within, |reply| SwitchboardMsg::GoingAway { after_ms, reply }).await;
    }

    /// Closes every socket, and waits until all are gone.
    pub async fn close_all(&self, within: Duration) {
        self.switchboard(within, SwitchboardMsg::CloseAll).await;
    }

    /// Waits until everything taken so far is written or refused. Answers whether that was so within the time.
    pub async fn drain_journal(&self, within: Duration) -> Drained {
        let (reply, drained) = oneshot::channel();
        self.world.journal.cast(JournalMsg::Drain(reply.into()));
        match timeout(within, drained).await {
            Ok(Ok(())) => Drained::Wholly,
            Ok(Err(_)) | Err(_) => Drained::Partly,
        }
    }

    /// Ends all actors.
    pub async fn stop(self, within: Duration) {
        let stopped = self.root.stop_and_wait(None, Some(within)).await;
        if stopped.is_err() {
            tracing::warn!("the engine's actors did not stop in time");
        }
    }

    async fn switchboard(&self, within: Duration, message: impl FnOnce(RpcReplyPort<()>) -> SwitchboardMsg) {
        let (reply, done) = oneshot::channel();
        self.world.switchboard.cast(message(reply.into()));
        if timeout(within, done).await.is_err() {
            tracing::warn!("not every socket was closed in time");
        }
    }
}

/// Whether all of the journal was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drained {
    Wholly,
    Partly,
}

/// Rooms by their keys and ids, awake or not. Cheap to clone.
#[derive(Clone)]
pub struct Directory {
    world: Arc<World>,
}

impl Directory {
    /// The room with this key, of whatever system; `None` if there is none.
    ///
    /// # Errors
    /// [`Fault::StorageUnavailable`] if it isn't awake and the database doesn't answer.
    pub async fn resolve(&self, key: &str) -> Result<Option<RoomId>, Fault> {
        resolve(&self.world, Arc::from(key)).await
    }

    /// All rooms in memory; `None` if that can't be told now.
    pub async fn awake(&self) -> Option<HashSet<RoomId>> {
        let (reply, awake) = oneshot::channel();
        self.world.directory.cast(DirectoryMsg::AllAwake(reply.into()));
        timeout(FIND, awake).await.ok()?.ok()
    }

    /// A user, a session or an API key has ended: closes the sockets and releases the seats that stand on it.
    pub fn end(&self, ended: Ended, cause: Cause) {
        self.world.directory.cast(DirectoryMsg::End { ended: ended.clone(), cause });
        self.world.switchboard.cast(SwitchboardMsg::End { ended, of: None, cause });
    }

    /// Room tokens have ended: the same, in their room.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub async fn end_tokens(&self, room: RoomId, ended: Ended) -> Result<(), Fault> {
        let cause = Cause::Revoked;
        self.world.switchboard.cast(SwitchboardMsg::End { ended: ended.clone(), of: Some(room), cause });
        self.ask(room, Asker::Host, Command::Dismiss { ended, cause }).await.map(drop)
    }

    /// All sessions on which somebody sits or by which somebody is connected.
    pub async fn logins(&self) -> HashSet<LoginId> {
        let (reply, seated) = oneshot::channel();
        self.world.directory.cast(DirectoryMsg::Logins(reply.into()));
        let (reply, connected) = oneshot::channel();
        self.world.switchboard.cast(SwitchboardMsg::Logins(reply.into()));
        let mut logins = HashSet::new();
        for some in [seated, connected] {
            logins.extend(timeout(FIND, some).await.into_iter().flatten().flatten());
        }
        logins
    }

    /// Asks a room, waking it if it sleeps, and waits for its answer and the commit of it.
    ///
    /// # Errors
    /// What the room refuses; [`Fault::Busy`] when too much is on its way to it; [`Fault::StorageUnavailable`]
    /// when there is no answer within 5 s.
    pub async fn ask(&self, room: RoomId, from: Asker, command: Command) -> Result<Answer, Fault> {
        let (port, answer) = oneshot::channel();
        let ask = Ask { from, reply: ReplyTo::Port(fresh::port()), command };
        let asked = async {
            match carry(&self.world, room, Carried { ask, ticket: Ticket::port(port) }).await {
                Ok(()) => answer.await.unwrap_or(Err(Fault::Internal)),
                Err((_, fault)) => Err(fault),
            }
        };
        timeout(ANSWER, asked).await.unwrap_or(Err(Fault::StorageUnavailable))
    }
}

pub(super) async fn resolve(world: &Arc<World>, key: Arc<str>) -> Result<Option<RoomId>, Fault> {
    let (reply, found) = oneshot::channel();
    world.directory.cast(DirectoryMsg::Resolve { key: key.clone(), reply: reply.into() });
    if let Ok(Ok(Some(room))) = timeout(FIND, found).await {
        return Ok(Some(room));
    }
    let permit = world.loads.acquire().await;
    let room = store::rooms::find_by_key(&world.store, &key).await;
    drop(permit);
    Ok(room?)
}

/// Brings a command to its room, wherever it lives; a room that retires meanwhile is looked up anew.
pub(super) async fn carry(
    world: &Arc<World>,
    room: RoomId,
    mut carried: Carried,
) -> Result<(), (Carried, Fault)> {
    for _ in 0..RETRIES {
        let at = match find(world, room).await {
            Ok(at) => at,
            Err(fault) => return Err((carried, fault)),
        };
        match at.send(carried) {
            Ok(()) => return Ok(()),
            Err(back) => carried = *back,
        }
        tokio::task::yield_now().await;
    }
    Err((carried, Fault::Unavailable))
}

async fn find(world: &World, room: RoomId) -> Result<RoomRef, Fault> {
    let (reply, found) = oneshot::channel();
    world.directory.cast(DirectoryMsg::Find { room, reply: reply.into() });
    match timeout(FIND, found).await {
        Ok(Ok(found)) => found,
        Ok(Err(_)) | Err(_) => Err(Fault::Busy),
    }
}
