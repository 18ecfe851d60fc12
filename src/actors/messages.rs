//! Every message of every actor, on one page.
use std::collections::HashSet;
use std::sync::Arc;

use ractor::{ActorId, ActorRef, RpcReplyPort};

use crate::fault::Fault;
use crate::room::chat::Message;
use crate::room::command::Ask;
use crate::room::effect::ReplyTo;
use crate::room::event::Answer;
use crate::room::footing::{Cause, Ended};
use crate::room::ids::{Epoch, LoginId, No, RoomId, SeatId};
use crate::room::record::{Behind, Entry, Keys, Loaded, Outcome};

use super::line::Line;
use super::pulse::Beat;
use super::room_ref::{Carried, RoomRef};
use super::turns::Turn;

/// To a room.
pub(super) enum RoomMsg {
    /// A command, with whoever waits for its answer.
    Ask(Carried),
    /// What the store knows of it; `None`: there is no such room.
    Loaded(Result<Option<Box<Loaded>>, Fault>),
    /// The journal's answers, one per entry, in the order they were persisted.
    Settled { epoch: Epoch, outcomes: Vec<(No, Outcome)> },
    /// A message was read that wasn't in memory (or isn't there): its command is applied anew.
    Recalled { message: Option<Box<Message>>, ask: Box<Ask> },
    /// A read for one asker is done.
    Read { to: ReplyTo, result: Result<Answer, Fault> },
    /// It is this room's turn to write what has come together.
    Flush(Turn),
    /// The shared tick.
    Beat(Beat),
}

/// To a connection: control only, frames never pass through here.
pub(super) enum ConnectionMsg {
    /// The room it was seated in has died.
    RoomLost { room: RoomId, seat: SeatId },
}

/// To the directory.
pub(super) enum DirectoryMsg {
    /// Where a room lives; it is woken if it sleeps.
    Find { room: RoomId, reply: RpcReplyPort<Result<RoomRef, Fault>> },
    /// Which awake room has this key.
    Resolve { key: Arc<str>, reply: RpcReplyPort<Option<RoomId>> },
    /// What may end somebody's seat in a room.
    Tied { room: RoomId, ties: Vec<Ended> },
    /// A user, a session or an API key has ended.
    End { ended: Ended, cause: Cause },
    /// The sessions somebody may sit on.
    Logins(RpcReplyPort<HashSet<LoginId>>),
    /// All rooms in memory.
    AllAwake(RpcReplyPort<HashSet<RoomId>>),
    /// A connection that outlived its room wants its seat back.
    Reattach { line: Arc<Line>, room: RoomId, seat: SeatId },
    /// A room is awake and has these keys.
    Awake { room: RoomId, keys: Keys },
    /// A room has closed its door and stops.
    Retired { room: RoomId, actor: ActorId },
    /// The shared tick, to be passed on to all rooms.
    Beat(Beat),
}

/// To the journal.
pub(super) enum JournalMsg {
    /// One durable change; its outcome goes back to the room.
    Persist { room: ActorRef<RoomMsg>, entry: Entry },
    /// A row that nobody waits for.
    Behind(Behind),
    /// Read a room as soon as no row of it waits here.
    Load { room: RoomId, to: ActorRef<RoomMsg> },
    /// A group is done; the database is there or not.
    Done(super::journal::Done),
    /// The database was asked whether it is there.
    Pinged(Result<(), Fault>),
    /// The shared tick.
    Beat(Beat),
    /// Answer when everything taken so far is written or refused.
    Drain(RpcReplyPort<()>),
}

/// To the switchboard, which supervises all connections.
pub(super) enum SwitchboardMsg {
    /// A new connection, linked to the switchboard.
    Opened { actor: ActorId, line: Arc<Line> },
    /// The shared tick: pings, pongs, deadlines.
    Beat(Beat),
    /// Close every connection that stands on what has ended; `of`: on tokens of that room.
    End { ended: Ended, of: Option<RoomId>, cause: Cause },
    /// The sessions by which somebody is connected.
    Logins(RpcReplyPort<HashSet<LoginId>>),
    /// Tell everybody that the server goes away in so many ms.
    GoingAway { after_ms: u64, reply: RpcReplyPort<()> },
    /// Close every socket and answer when all are gone.
    CloseAll(RpcReplyPort<()>),
}
