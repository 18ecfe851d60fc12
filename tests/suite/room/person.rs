//! What people on a stage do and hear, so that tests read as dialogue.
use super::stage::{Heard, Person, Stage, Ticket, chat};
use convene::fault::Fault;
use convene::room::command::{Asker, ChatSend, Command, Position};
use convene::room::effect::Farewell;
use convene::room::event::{Answer, CaughtUp, Event, Left, Whisper};
use convene::room::ids::*;
use convene::room::join::{Resume, Trusted};
use convene::room::media::Source;
use convene::room::signal::{Signal, SignalBody};

impl Person {
    pub(super) fn sends(&self, command: Command) -> Ticket {
        self.stage.ask(Asker::Connection(self.conn), self.conn, command)
    }
    pub(super) fn asks(&self, command: Command) -> Result<Answer, Fault> {
        self.sends(command).answer()
    }

    pub(super) fn says(&self, text: &str) -> Ticket {
        self.sends(Command::ChatSend(Box::new(chat(&self.stage, text))))
    }
    pub(super) fn whispers_to(&self, other: &Person, text: &str) -> Ticket {
        let said = ChatSend { to: Some(other.peer.clone()), ..chat(&self.stage, text) };
        self.sends(Command::ChatSend(Box::new(said)))
    }

    pub(super) fn signals(&self, to: &Person, generation: u64, body: SignalBody) -> Result<Answer, Fault> {
        self.asks(Command::Signal(Box::new(Signal { to: to.peer.clone(), generation, body })))
    }
    pub(super) fn offers(&self, to: &Person, generation: u64) -> Result<Answer, Fault> {
        self.signals(to, generation, offer(&[]))
    }
    pub(super) fn answers(&self, to: &Person, generation: u64) -> Result<Answer, Fault> {
        self.signals(to, generation, SignalBody::Answer { sdp: "v=0 answer".into(), sources: [].into() })
    }

    /// What the others hear when it goes.
    pub(super) fn goes(&self, reason: Left) -> Event {
        let (name, handle) = (self.snapshot.me.name.clone(), self.snapshot.me.handle.clone());
        Event::ParticipantLeft { peer: self.peer.clone(), reason, name, handle }
    }

    /// The socket is gone.
    pub(super) fn drops(&self) {
        self.sends(Command::Detach);
    }

    /// Comes back by a new socket.
    pub(super) fn resumes(&mut self, seen: Position) -> Result<CaughtUp, Fault> {
        let secret = self.pass.secret.clone();
        self.resumes_with(&secret, Some(seen))
    }
    pub(super) fn resumes_with(&mut self, secret: &str, seen: Option<Position>) -> Result<CaughtUp, Fault> {
        let conn = ConnId(self.stage.fresh());
        let resume = Resume { conn, seat: self.seat, secret: secret.into(), seen, trusted: Trusted::Yes };
        let ticket = self.stage.ask(Asker::Connection(conn), conn, Command::Resume(Box::new(resume)));
        match ticket.answer()? {
            Answer::Resumed { pass, caught_up } => {
                self.conn = conn;
                self.pass = pass;
                Ok(caught_up)
            }
            other => panic!("a resume was answered by {other:?}"),
        }
    }

    /// Where this person stands, as the heartbeat says.
    pub(super) fn position(&self) -> Position {
        let world = self.stage.0.borrow();
        world.room.position_of(world.room.slot_of(self.seat).unwrap()).unwrap()
    }

    pub(super) fn heard(&self) -> Vec<Heard> {
        self.stage.0.borrow().heard.get(&self.conn).cloned().unwrap_or_default()
    }
    pub(super) fn events(&self) -> Vec<Event> {
        let pushes = self.heard().into_iter().filter_map(|heard| match heard {
            Heard::Push(push) => Some(push.event.clone()),
            _ => None,
        });
        pushes.collect()
    }
    pub(super) fn whispers(&self) -> Vec<Whisper> {
        let whispers = self.heard().into_iter().filter_map(|heard| match heard {
            Heard::Whisper(whisper) => Some(whisper),
            _ => None,
        });
        whispers.collect()
    }
    pub(super) fn texts(&self) -> Vec<String> {
        texts(&self.events())
    }
    pub(super) fn farewell(&self) -> Option<Farewell> {
        self.heard().into_iter().find_map(|heard| match heard {
            Heard::Closed(farewell) => Some(farewell),
            _ => None,
        })
    }
}

/// The texts of the messages among these events.
pub(super) fn texts(events: &[Event]) -> Vec<String> {
    let said = events.iter().filter_map(|event| match event {
        Event::ChatMessage(message) => Some(message.text.to_string()),
        _ => None,
    });
    said.collect()
}

/// An offer that declares these mids.
pub(super) fn offer(sources: &[(&str, Source)]) -> SignalBody {
    let sources = sources.iter().map(|(mid, source)| ((*mid).into(), *source)).collect();
    SignalBody::Offer { sdp: "v=0 offer".into(), sources }
}

pub(super) fn delta(caught_up: CaughtUp) -> Vec<Event> {
    match caught_up {
        CaughtUp::Delta { events, .. } => events.iter().map(|push| push.event.clone()).collect(),
        CaughtUp::Snapshot(_) => panic!("a snapshot where a delta was due"),
    }
}

/// A message's id and `no` out of its answer.
pub(super) fn said(answer: Result<Answer, Fault>) -> (MessageId, No) {
    match answer {
        Ok(Answer::Said { message, no, .. }) => (message, no),
        other => panic!("a message was answered by {other:?}"),
    }
}

pub(super) fn busy_stage(names: &[&str]) -> (Stage, Vec<Person>) {
    let stage = Stage::new();
    let people = names.iter().map(|name| stage.joins(name)).collect();
    stage.hush();
    (stage, people)
}
