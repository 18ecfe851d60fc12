//! Entering a room: by a join, or by coming back to a seat. The reader waits for the decision, so that frames behind it know where they go.
use std::sync::Arc;

use tokio::sync::OwnedSemaphorePermit;

use crate::dialect::native::{JoinFrame, ResumeFrame};
use crate::fault::Fault;
use crate::room::command::{Ask, Asker, Command};
use crate::room::ids::RoomId;
use crate::room::join::{Join, PinTry, Resume};
use crate::room::pins::Pin;
use crate::seal::sha256;

use super::super::engine;
use super::super::fresh;
use super::super::gate::{Guess, Principal};
use super::super::line::Place;
use super::super::room_ref::{Carried, Ticket};
use super::reader::{Reader, reply_to};

/// The longest key of a room, in bytes; longer ones are none.
const KEY_BYTES: usize = 64;

pub(super) async fn join(reader: &Reader, id: Option<u64>, join: JoinFrame, permit: OwnedSemaphorePermit) {
    let room = match may_enter(reader).await {
        Ok(()) => find(reader, &join.room).await,
        Err(fault) => Err(fault),
    };
    let room = match room {
        Ok(room) => room,
        Err(fault) => return reader.refuse(id, fault),
    };
    let principal = reader.line.principal();
    if let Err(fault) = still(reader, &principal) {
        return reader.refuse(id, fault);
    }
    let (pin, guess) = pin(reader, room, join.pin.as_deref());
    let command = Command::Join(Box::new(Join {
        conn: reader.line.conn,
        seat: fresh::seat(),
        peer: fresh::peer(),
        call: fresh::call(),
        face: reader.line.dialect.face(reader.world.settings.grace_ms),
        name: principal.name.clone().unwrap_or(join.name),
        avatar: join.avatar,
        media: join.media,
        pin,
        owner: join.owner_secret.map(|secret| sha256(secret.as_bytes())),
        footing: principal.footing.clone(),
        grant: principal.grant,
        trusted: reader.line.trusted,
    }));
    send(reader, id, room, command, guess, permit).await;
}

pub(super) async fn resume(
    reader: &Reader,
    id: Option<u64>,
    resume: ResumeFrame,
    permit: OwnedSemaphorePermit,
) {
    if let Err(fault) = may_enter(reader).await {
        return reader.refuse(id, fault);
    }
    let room = resume.session.room;
    let command = Command::Resume(Box::new(Resume {
        conn: reader.line.conn,
        seat: resume.session.seat,
        secret: resume.secret,
        seen: resume.seen,
        trusted: reader.line.trusted,
    }));
    send(reader, id, room, command, None, permit).await;
}

/// One seat per socket, no newcomers while draining, and not too often from one source.
async fn may_enter(reader: &Reader) -> Result<(), Fault> {
    if reader.world.health.is_draining() {
        return Err(Fault::Unavailable);
    }
    match reader.line.settled().await {
        Place::Nowhere => reader.world.gate.enter(reader.line.source),
        Place::Seated { .. } | Place::Between | Place::Gone => Err(Fault::IdentityInUse),
    }
}

/// Whether what was shown at `hello` still lets someone enter: it may have ended since, by time or by somebody.
fn still(reader: &Reader, principal: &Principal) -> Result<(), Fault> {
    if principal.until.is_some_and(|until| until <= reader.world.clock.now()) {
        return Err(Fault::TokenInvalid);
    }
    reader.world.gate.still(principal)
}

async fn find(reader: &Reader, key: &str) -> Result<RoomId, Fault> {
    if key.len() > KEY_BYTES {
        return Err(Fault::NoSuchRoom);
    }
    engine::resolve(&reader.world, Arc::from(key)).await?.ok_or(Fault::NoSuchRoom)
}

/// A shown PIN rides in the join, with the guess it costs if it is wrong.
fn pin(reader: &Reader, room: RoomId, shown: Option<&str>) -> (PinTry, Option<Guess>) {
    let Some(shown) = shown else { return (PinTry::None, None) };
    match reader.world.gate.guess(reader.line.source, room) {
        Err(Fault::RateLimited { retry_after_ms }) => (PinTry::OutOfGuesses { retry_after_ms }, None),
        Err(_) => (PinTry::OutOfGuesses { retry_after_ms: 1_000 }, None),
        Ok(guess) => (Pin::parse(shown).map_or(PinTry::Garbled, PinTry::Shown), Some(guess)),
    }
}

/// Sends to a room, awake or not, and waits until it has answered.
async fn send(
    reader: &Reader,
    id: Option<u64>,
    room: RoomId,
    command: Command,
    guess: Option<Guess>,
    permit: OwnedSemaphorePermit,
) {
    let conn = reader.line.conn;
    let ask = Ask { from: Asker::Connection(conn), reply: reply_to(conn, id), command };
    let (mut ticket, decision) = Ticket::deciding(reader.line.clone(), id, permit);
    ticket.guess = guess;
    match engine::carry(&reader.world, room, Carried { ask, ticket }).await {
        // Answered, or dropped by a room that died: then the ticket has answered for it.
        Ok(()) => drop(decision.await),
        Err((carried, fault)) => reader.answer(carried, fault),
    }
}
