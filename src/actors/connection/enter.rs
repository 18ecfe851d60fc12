//! Entering a room: by a join, or by coming back to a seat. The reader waits for the decision, so that frames behind it know where they go.
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;
use uuid::Uuid;

use crate::dialect::native::{JoinFrame, ResumeFrame};
use crate::dialect::{ENTRY, Entry};
use crate::fault::Fault;
use crate::room::command::{Ask, Asker, Command};
use crate::room::ids::{PeerId, RoomId};
use crate::room::join::{Join, PinTry, Resume, is_guessable};
use crate::room::media::MediaPatch;
use crate::room::pins::Pin;
use crate::seal::sha256;

use super::super::engine;
use super::super::fresh;
use super::super::gate::{Guess, Principal};
use super::super::line::Place;
use super::super::room_ref::{Carried, RoomRef, Ticket};
use super::reader::{Reader, reply_to};

/// The longest key of a room, in bytes; longer ones are none.
const KEY_BYTES: usize = 64;
/// How long a join waits for the database: without it the room judges by what is shown alone.
const LOOK_UP: Duration = Duration::from_secs(2);

pub(super) async fn join(reader: &Reader, id: Option<u64>, join: JoinFrame, permit: OwnedSemaphorePermit) {
    let wish = Wish {
        peer: fresh::peer(),
        name: join.name,
        handle: None,
        avatar: join.avatar,
        media: join.media,
        pin: join.pin,
        owner: join.owner_secret.map(|secret| sha256(secret.as_bytes())),
    };
    match open_door(reader, &join.room).await {
        Ok(room) => knock(reader, id, (room, &join.room), wish, permit).await,
        Err(Fault::NoSuchRoom) if is_guessable(&join.room) => {
            reader.refuse(id, wrong_number(reader, &join.room, &wish))
        }
        Err(fault) => reader.refuse(id, fault),
    }
}

/// The same by a foreign dialect. In the room where it sits already nothing happens; another one it leaves first.
pub(super) async fn by_entry(reader: &Reader, entry: Entry, permit: OwnedSemaphorePermit) {
    let room = match find(reader, &entry.room).await {
        Ok(room) => room,
        Err(fault) => return reader.refuse(Some(ENTRY), fault),
    };
    if let Place::Seated { room: here } = reader.line.settled().await {
        if here.id == room {
            return;
        }
        leave(reader, here).await;
    }
    if let Err(fault) = may_enter(reader).await {
        return reader.refuse(Some(ENTRY), fault);
    }
    let wish = Wish {
        peer: entry.peer.unwrap_or_else(fresh::peer),
        name: entry.name,
        handle: entry.handle,
        avatar: None,
        media: entry.media,
        pin: None,
        owner: None,
    };
    knock(reader, Some(ENTRY), (room, &entry.room), wish, permit).await;
}

/// What someone brings to a room beside its credentials.
struct Wish {
    peer: PeerId,
    name: Arc<str>,
    handle: Option<Arc<str>>,
    avatar: Option<Arc<str>>,
    media: MediaPatch,
    pin: Option<String>,
    owner: Option<[u8; 32]>,
}

async fn open_door(reader: &Reader, key: &str) -> Result<RoomId, Fault> {
    may_enter(reader).await?;
    find(reader, key).await
}

/// Waits until it is gone from there; a room that has died holds it no longer.
pub(super) async fn leave(reader: &Reader, from: RoomRef) {
    let conn = reader.line.conn;
    let Ok(permit) = reader.line.permits.clone().acquire_owned().await else { return };
    let ask = Ask { from: Asker::Connection(conn), reply: reply_to(conn, None), command: Command::Leave };
    let (ticket, decision) = Ticket::deciding(reader.line.clone(), None, permit);
    if from.send(Carried { ask, ticket }).is_ok() {
        drop(decision.await);
    }
}

/// At the room of that key.
async fn knock(
    reader: &Reader,
    id: Option<u64>,
    (room, key): (RoomId, &str),
    wish: Wish,
    permit: OwnedSemaphorePermit,
) {
    let principal = reader.line.principal();
    if let Err(fault) = still(reader, &principal) {
        return reader.refuse(id, fault);
    }
    let member = membership(reader, room, &wish, &principal).await;
    let (pin, guess) = match wish.pin.as_deref() {
        None if is_guessable(key) => (PinTry::NoneByNumber, None),
        shown => pin(reader, room, shown),
    };
    let command = Command::Join(Box::new(Join {
        conn: reader.line.conn,
        seat: fresh::seat(),
        peer: wish.peer,
        call: fresh::call(),
        face: reader.line.dialect().face(reader.world.settings.grace_ms),
        name: principal.name.clone().unwrap_or(wish.name),
        handle: principal.handle.clone().or(wish.handle),
        avatar: wish.avatar,
        media: wish.media,
        pin,
        member,
        owner: wish.owner,
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

/// What an account that shows nothing else has shown to this room before. While that can't be looked up it is as if it
/// had shown nothing.
async fn membership(reader: &Reader, room: RoomId, wish: &Wish, principal: &Principal) -> Option<[u8; 32]> {
    let user = principal.footing.user()?;
    if wish.pin.is_some() || wish.owner.is_some() {
        return None;
    }
    let kept = timeout(LOOK_UP, reader.world.gate.membership(room, user)).await;
    kept.ok().flatten()
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

/// A number that is no room's is refused as one of a room would be, and a PIN costs as much: numbers are found by nobody.
fn wrong_number(reader: &Reader, key: &str, wish: &Wish) -> Fault {
    if wish.owner.is_some() {
        return Fault::TokenInvalid;
    }
    if reader.line.principal().grant.is_some() {
        return Fault::Forbidden { right: "join" };
    }
    if wish.pin.is_none() {
        return Fault::WrongPin;
    }
    let nowhere = RoomId(Uuid::from_u128(key.parse().unwrap_or_default()));
    match reader.world.gate.guess(reader.line.source, nowhere) {
        Err(fault @ Fault::RateLimited { .. }) => fault,
        Ok(_) | Err(_) => Fault::WrongPin,
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
