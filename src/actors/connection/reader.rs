//! What a socket's frames become: commands on their way to its room, in order, as many as it has permits for.
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, timeout};

use crate::dialect::Beside;
use crate::dialect::native::{self, Inbound};
use crate::fault::Fault;
use crate::room::command::{Ask, Asker, Command};
use crate::room::effect::ReplyTo;
use crate::room::ids::ConnId;
use crate::room::join::Trusted;
use crate::room::pins::Pin;
use crate::seal::random_bytes;

use super::super::fresh;
use super::super::line::{Line, Place};
use super::super::room_ref::{Carried, Ticket};
use super::super::world::World;
use super::{enter, hello};

/// Bytes of one frame.
pub const FRAME_BYTES: usize = 64 << 10;
const MINUTE: Duration = Duration::from_secs(60);
/// How long frames wait for a room that is being rebuilt.
const REBUILD: Duration = Duration::from_secs(5);

/// The reading side of a connection. Dropped, it ends the connection's actor, and so its seat becomes detached.
pub struct Reader {
    pub(super) world: Arc<World>,
    pub(super) line: Arc<Line>,
    /// Frames that reach no room, which has rates of its own: how many since when.
    idle_frames: (u32, Instant),
}

impl Reader {
    pub(in crate::actors) fn new(world: Arc<World>, line: Arc<Line>) -> Self {
        Self { world, line, idle_frames: (0, Instant::now()) }
    }

    /// One frame. Waits while too much of this socket is on its way, so that nothing more is read.
    pub async fn text(&mut self, text: &str) {
        self.world.metrics.messages.received.inc();
        let Ok(permit) = self.line.permits.clone().acquire_owned().await else { return };
        let frame = native::decode(text, fresh::message());
        let id = frame.id;
        let greeted = self.line.is_greeted();
        if let Err(fault) = self.pace() {
            return self.refuse(id, fault);
        }
        match frame.what {
            Err(fault) => self.refuse(id, fault),
            Ok(Inbound::Hello(hello)) => Box::pin(hello::greet(self, id, hello)).await, // boxed: rare
            Ok(Inbound::Resume(resume)) => {
                self.line.greet();
                Box::pin(enter::resume(self, id, *resume, permit)).await; // boxed: rare, and large
            }
            Ok(_) if !greeted => self.refuse(id, Fault::Unauthenticated),
            Ok(Inbound::Join(join)) => Box::pin(enter::join(self, id, *join, permit)).await,
            Ok(Inbound::TokenRefresh(token)) => Box::pin(hello::refresh(self, id, token, permit)).await,
            Ok(Inbound::Leave) => self.pass_on(id, Command::Leave, permit).await,
            Ok(Inbound::RotatePins { pin, spin }) => {
                let rotate = Command::RotatePins { pin: pin.then(fresh_pin), spin: spin.then(fresh_pin) };
                self.pass_on(id, rotate, permit).await;
            }
            Ok(Inbound::Room(command)) => self.pass_on(id, command, permit).await,
        }
    }

    /// Counts a frame of a connection without a seat.
    pub(super) fn pace(&mut self) -> Result<(), Fault> {
        let is_seated = matches!(self.line.place(), Place::Seated { .. } | Place::Between);
        if is_seated || self.line.trusted == Trusted::Yes {
            return Ok(());
        }
        let (count, since) = &mut self.idle_frames;
        if since.elapsed() >= MINUTE {
            (*count, *since) = (0, Instant::now());
        }
        *count += 1;
        if *count <= self.world.settings.rules.rates.frames.per_minute {
            return Ok(());
        }
        let wait = MINUTE.saturating_sub(since.elapsed());
        Err(Fault::RateLimited { retry_after_ms: u64::try_from(wait.as_millis()).unwrap_or(u64::MAX) })
    }

    /// The client has answered a ping.
    pub fn pong(&mut self) {
        self.line.pong();
    }

    pub(super) fn refuse(&self, id: Option<u64>, fault: Fault) {
        self.world.metrics.refused(fault.code());
        self.line.refuse(id, fault);
    }

    /// Sends a command to the room this connection sits in.
    pub(super) async fn pass_on(&self, id: Option<u64>, command: Command, permit: OwnedSemaphorePermit) {
        self.bring(id, command, Ticket::line(self.line.clone(), id, permit)).await;
    }

    /// The same with a ticket of one's own.
    pub(super) async fn bring(&self, id: Option<u64>, command: Command, ticket: Ticket) {
        let ask =
            Ask { from: Asker::Connection(self.line.conn), reply: reply_to(self.line.conn, id), command };
        let carried = Carried { ask, ticket };
        let carried = match self.line.place() {
            Place::Seated { room } => match room.send(carried) {
                Ok(()) => return,
                Err(back) => *back,
            },
            Place::Between => carried,
            Place::Nowhere | Place::Gone => return self.answer(carried, Fault::NotJoined),
        };
        Box::pin(self.pass_on_later(carried)).await; // boxed: rare, and large
    }

    /// Sends a command once the room has been rebuilt.
    async fn pass_on_later(&self, mut carried: Carried) {
        loop {
            // Its death may be known here before it has told its people: they hear within the same turn.
            tokio::task::yield_now().await;
            let Ok(place) = timeout(REBUILD, self.line.settled()).await else {
                return self.answer(carried, Fault::Unavailable);
            };
            let Place::Seated { room } = place else {
                return self.answer(carried, Fault::NotJoined);
            };
            match room.send(carried) {
                Ok(()) => return,
                Err(back) => carried = *back,
            }
        }
    }

    pub(super) fn answer(&self, mut carried: Carried, fault: Fault) {
        self.world.metrics.refused(fault.code());
        carried.ticket.answer(Err(fault), Beside::NOTHING);
        self.line.outbox.flush();
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        match self.line.actor.get() {
            Some(actor) => actor.stop(None),
            None => drop(self.line.leave_for_good()),
        }
    }
}

/// Where the answer of a frame goes.
pub(super) fn reply_to(conn: ConnId, id: Option<u64>) -> ReplyTo {
    match id {
        Some(id) => ReplyTo::Frame { conn, id },
        None => ReplyTo::Quiet { conn },
    }
}

fn fresh_pin() -> Pin {
    Pin::from_random(u64::from_be_bytes(random_bytes()))
}
