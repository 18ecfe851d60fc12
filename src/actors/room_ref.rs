//! Where a room lives, and the commands on their way to it with whoever waits for their answers.
use std::sync::Arc;

use ractor::{ActorRef, MessagingErr};
use tokio::sync::{OwnedSemaphorePermit, oneshot};

use crate::dialect::Beside;
use crate::dialect::close::Close;
use crate::fault::Fault;
use crate::room::command::{Ask, Asker, Command};
use crate::room::effect::ReplyTo;
use crate::room::event::Answer;
use crate::room::ids::{ConnId, RoomId};

use super::admission::{Admission, Barred, Passage};
use super::gate::Guess;
use super::line::{Line, Place};
use super::messages::RoomMsg;

/// A room's address. It outlives the room: whoever finds it gone asks the directory again.
#[derive(Clone)]
pub(super) struct RoomRef {
    pub(super) id: RoomId,
    pub(super) actor: ActorRef<RoomMsg>,
    pub(super) admission: Arc<Admission>,
}

/// A command and its ticket.
pub(super) struct Carried {
    pub(super) ask: Ask,
    pub(super) ticket: Ticket,
}

/// Who waits for the answer of one command. Dropped unanswered (its room has died), it answers `internal`.
pub(super) struct Ticket {
    waiting: Waiting,
    /// The guess at a PIN that rides in the command.
    pub(super) guess: Option<Guess>,
    passage: Option<Passage>,
    permit: Option<OwnedSemaphorePermit>,
}

/// Whether a command was done, and why not.
pub(super) type Decision = Result<(), Fault>;

enum Waiting {
    Line {
        line: Arc<Line>,
        id: Option<u64>,
        decided: Option<oneshot::Sender<Decision>>,
    },
    Port(oneshot::Sender<Result<Answer, Fault>>),
    /// A connection that takes its seat again in a rebuilt room.
    Reattaching(Arc<Line>),
    Nobody,
}

impl RoomRef {
    /// Sends a command.
    ///
    /// # Errors
    /// The command comes back if the room is gone. A full room answers `busy` itself.
    pub(super) fn send(&self, mut carried: Carried) -> Result<(), Box<Carried>> {
        match self.admission.enter() {
            Ok(passage) => carried.ticket.passage = Some(passage),
            Err(Barred::Full) => {
                carried.ticket.answer(Err(Fault::Busy), Beside::NOTHING);
                return Ok(());
            }
            Err(Barred::Retired) => return Err(Box::new(carried)),
        }
        self.send_anyway(carried)
    }

    /// The socket of `conn` is gone: past the admission, for there is one of these per connection at most.
    pub(super) fn detach(&self, conn: ConnId) {
        let ask = Ask { from: Asker::Connection(conn), reply: ReplyTo::Nobody, command: Command::Detach };
        if self.send_anyway(Carried { ask, ticket: Ticket::nobody() }).is_err() {
            tracing::debug!(room.id = %self.id, "detached from a room that is gone already");
        }
    }

    /// Past the admission.
    pub(super) fn send_anyway(&self, carried: Carried) -> Result<(), Box<Carried>> {
        match self.actor.send_message(RoomMsg::Ask(carried)) {
            Err(MessagingErr::SendErr(RoomMsg::Ask(mut back))) => {
                back.ticket.passage = None;
                Err(Box::new(back))
            }
            _ => Ok(()), // sent; the other errors can't happen with a typed, local actor
        }
    }
}

impl Ticket {
    pub(super) fn line(line: Arc<Line>, id: Option<u64>, permit: OwnedSemaphorePermit) -> Self {
        Self::of(Waiting::Line { line, id, decided: None }, Some(permit))
    }

    /// As `line`, and tells what the answer is when it is given.
    pub(super) fn deciding(
        line: Arc<Line>,
        id: Option<u64>,
        permit: OwnedSemaphorePermit,
    ) -> (Self, oneshot::Receiver<Decision>) {
        let (decided, decision) = oneshot::channel();
        (Self::of(Waiting::Line { line, id, decided: Some(decided) }, Some(permit)), decision)
    }

    pub(super) fn port(port: oneshot::Sender<Result<Answer, Fault>>) -> Self {
        Self::of(Waiting::Port(port), None)
    }

    pub(super) fn reattaching(line: Arc<Line>) -> Self {
        Self::of(Waiting::Reattaching(line), None)
    }

    pub(super) fn nobody() -> Self {
        Self::of(Waiting::Nobody, None)
    }

    fn of(waiting: Waiting, permit: Option<OwnedSemaphorePermit>) -> Self {
        Self { waiting, guess: None, passage: None, permit }
    }

    /// The command was applied: others may come in.
    pub(super) fn free(&mut self) {
        self.passage = None;
        self.permit = None;
    }

    /// The connection that asks, if one does.
    pub(super) fn asker(&self) -> Option<&Arc<Line>> {
        match &self.waiting {
            Waiting::Line { line, .. } | Waiting::Reattaching(line) => Some(line),
            Waiting::Port(_) | Waiting::Nobody => None,
        }
    }

    /// Whether an answer is awaited.
    pub(super) fn waits(&self) -> bool {
        !matches!(self.waiting, Waiting::Nobody)
    }

    /// Gives the answer. On a line it is written, not flushed.
    pub(super) fn answer(&mut self, result: Result<Answer, Fault>, beside: Beside<'_>) {
        match std::mem::replace(&mut self.waiting, Waiting::Nobody) {
            Waiting::Line { line, id, decided } => {
                line.answer(id, &result, beside);
                if let Some(decided) = decided {
                    // A reader that is gone awaits nothing.
                    let _: Result<(), Decision> = decided.send(result.map(drop));
                }
            }
            Waiting::Port(port) => {
                if port.send(result).is_err() {
                    tracing::debug!("whoever asked by a port has given up");
                }
            }
            Waiting::Reattaching(line) => {
                if let Err(fault) = result {
                    not_reattached(&line, &fault);
                }
            }
            Waiting::Nobody => {}
        }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let line = self.asker().cloned();
        self.answer(Err(Fault::Internal), Beside::NOTHING);
        if let Some(line) = line {
            line.outbox.flush();
        }
    }
}

/// It can't go on on this socket: the code of the close tells its client what to do.
fn not_reattached(line: &Line, fault: &Fault) {
    if line.move_to(Place::Nowhere).is_ok() {
        line.outbox.close(match fault {
            Fault::UnknownSession => Close::SessionUnknown,
            Fault::Ended => Close::RoomEnded,
            _ => Close::ServerError, // it may resume
        });
    }
}
