//! What a room's effects do: the only hands of a room.
use std::sync::Arc;

use crate::dialect::{Beside, Company};
use crate::fault::Fault;
use crate::room::Room;
use crate::room::command::Position;
use crate::room::effect::{Audience, Effect, ReplyTo};
use crate::room::event::{Answer, CaughtUp, Event, Push, Whisper};
use crate::room::footing::Ended;
use crate::room::ids::{ConnId, Millis, SeatId, Slot};

use super::gather::{Due, Encoded, Gather};
use super::line::{Line, Place};
use super::members::Members;
use super::messages::{DirectoryMsg, JournalMsg};
use super::outbox::Class;
use super::pulse::{Beat, SLICES};
use super::room_ref::{RoomRef, Ticket};
use super::turns::{LINES, Turn};
use super::world::World;
use super::{reads, share, stale};

/// The room's side of the world.
pub(super) struct Host {
    world: Arc<World>,
    address: RoomRef,
    members: Members,
    gather: Gather,
    /// The command at hand.
    current: Option<(ReplyTo, Ticket)>,
    /// Commands that wait for a commit or a read; few, so they are searched.
    unanswered: Vec<(ReplyTo, Ticket)>,
    /// Lines that left in this apply, or still wait for an answer: their last frame may still come.
    leaving: Vec<Arc<Line>>,
    people: i64,
}

impl Host {
    pub(super) fn new(world: Arc<World>, address: RoomRef) -> Self {
        world.metrics.rooms.inc();
        Self {
            members: Members::new(address.id),
            world,
            address,
            gather: Gather::default(),
            current: None,
            unanswered: Vec::new(),
            leaving: Vec::new(),
            people: 0,
        }
    }

    pub(super) fn world(&self) -> &Arc<World> {
        &self.world
    }

    /// Takes a command in hand, before it is applied: should that panic, its ticket says so.
    pub(super) fn begin(&mut self, to: ReplyTo, ticket: Ticket) {
        self.current = Some((to, ticket));
    }

    /// It is applied: another may come in.
    pub(super) fn applied(&mut self) {
        if let Some((_, ticket)) = &mut self.current {
            ticket.free();
        }
    }

    /// All effects of an apply are performed.
    pub(super) fn end(&mut self, people: usize) {
        if let Some((to, mut ticket)) = self.current.take() {
            if let Some(guess) = ticket.guess.take() {
                guess.right();
            }
            if ticket.waits() {
                self.unanswered.push((to, ticket));
            }
        }
        let unanswered = &self.unanswered;
        self.leaving.retain(|line| {
            unanswered.iter().filter_map(|(_, ticket)| ticket.asker()).any(|asker| asker.conn == line.conn)
        });
        let people = i64::try_from(people).unwrap_or(i64::MAX);
        self.world.metrics.participants.inc_by(people - self.people);
        self.people = people;
        self.flush_soon();
    }

    /// Does what the room wants; `room` is as it is after the whole change.
    pub(super) fn perform(&mut self, effect: Effect, room: &Room) {
        match effect {
            Effect::Reply { to, result } => self.reply(to, result, Some(room)),
            Effect::Broadcast { push, to } => self.broadcast(&push, &to, room),
            Effect::Whisper { slot, whisper } => self.whisper(&[slot], &whisper, room),
            Effect::WhisperMany { slots, whisper } => self.whisper(&slots, &whisper, room),
            Effect::Seated { slot, conn, seat, ties } => {
                self.seat(slot, conn, seat, &ties);
                self.world.tie(self.address.id, ties);
            }
            Effect::Unseated { slot, conn } => self.unseat(slot, conn),
            Effect::Close { conn, close } => {
                if let Some(line) = self.line_of(conn) {
                    line.outbox.close(line.dialect().farewell(close));
                }
            }
            Effect::Persist(entry) => {
                self.world.journal.cast(JournalMsg::Persist { room: self.address.actor.clone(), entry });
            }
            Effect::Behind(row) => self.world.journal.cast(JournalMsg::Behind(row)),
            Effect::Recall { message, ask } => {
                let to = ask.reply;
                if let Err(busy) = reads::recall(&self.world, &self.address, message, ask) {
                    self.reply(to, Err(busy), Some(room));
                }
            }
            Effect::History { to, reader, query } => {
                if let Err(busy) = reads::history(&self.world, &self.address, to, reader, query) {
                    self.reply(to, Err(busy), Some(room));
                }
            }
            Effect::TokenSpent { token } => self.world.gate.spent(self.address.id, token),
            Effect::WrongPin { .. } => self.keep_guess(),
        }
    }

    /// An answer that comes outside of an apply.
    pub(super) fn answer(&mut self, to: ReplyTo, result: Result<Answer, Fault>) {
        self.reply(to, result, None);
        self.flush_soon();
    }

    /// Its turn has come; what is left waits for the next one.
    pub(super) fn flush(&mut self, turn: Turn) {
        turn.wrote(self.gather.arrived(LINES));
        self.flush_soon();
    }

    /// Tells a slice of the members their position, and gives them new ICE credentials in time.
    pub(super) fn heartbeat(&mut self, beat: Beat, now: Millis, position: impl Fn(Slot) -> Option<Position>) {
        for slot in (beat.slice() as usize..self.members.slots()).step_by(SLICES as usize) {
            let Some(line) = self.members.line(slot) else { continue };
            if let Some(at) = position(Slot(slot as u32)) {
                self.gather.tell(line, |dialect| dialect.heartbeat(at), Class::Stale(stale::HEARTBEAT));
            }
            if line.needs_ice(now) {
                let ice = self.world.issue_ice(line, now);
                self.gather.tell(line, |dialect| dialect.ice_servers(&ice), Class::Must);
            }
        }
        self.flush_soon();
    }

    /// Whether someone still waits for an answer.
    pub(super) fn is_awaited(&self) -> bool {
        !self.unanswered.is_empty()
    }

    /// Closes the door, if nobody is on the way; answers whether it is closed.
    pub(super) fn retire(&self) -> bool {
        let closed = self.address.admission.retire();
        if closed {
            self.say_retired();
        }
        closed
    }

    /// The directory forgets this room: whoever comes later asks anew.
    pub(super) fn say_retired(&self) {
        let retired = DirectoryMsg::Retired { room: self.address.id, actor: self.address.actor.get_id() };
        self.world.directory.cast(retired);
    }

    fn reply(&mut self, to: ReplyTo, result: Result<Answer, Fault>, room: Option<&Room>) {
        let Some(mut ticket) = self.take_ticket(to) else { return };
        if let Err(fault) = &result {
            self.world.metrics.refused(fault.code());
        }
        let Some(line) = ticket.asker().cloned() else {
            ticket.answer(result, Beside::NOTHING);
            return;
        };
        let company = room.map(|room| Company { room, heard: &self.members });
        let beside = Beside { company: company.as_ref(), ..Beside::NOTHING };
        match &result {
            Ok(Answer::Joined { .. } | Answer::Resumed { caught_up: CaughtUp::Snapshot(_), .. }) => {
                let ice = self.world.issue_ice(&line, self.world.clock.now());
                ticket.answer(result, Beside { ice: &ice, ..beside });
            }
            Ok(Answer::Resumed { .. }) => {
                line.renew_ice_at(self.world.clock.now()); // a delta carries no servers: the next heartbeat brings them
                ticket.answer(result, beside);
            }
            _ => ticket.answer(result, beside),
        }
        self.gather.mark(&line);
    }

    /// The ticket that waits at `to`. A guess stays with the command at hand until its apply is done.
    fn take_ticket(&mut self, to: ReplyTo) -> Option<Ticket> {
        if let Some((current, ticket)) = &mut self.current
            && *current == to
            && ticket.waits()
        {
            let mut taken = std::mem::replace(ticket, Ticket::nobody());
            ticket.guess = taken.guess.take();
            return Some(taken);
        }
        let index = self.unanswered.iter().position(|(waiting, _)| *waiting == to)?;
        Some(self.unanswered.remove(index).1)
    }

    fn broadcast(&mut self, push: &Arc<Push>, to: &Audience, room: &Room) {
        if let Event::ChatMessage(_) = &push.event {
            self.world.metrics.messages.chat.inc();
        }
        match to {
            Audience::All => self.deliver(0..self.members.slots(), push, room),
            Audience::Except(Slot(but)) => {
                let but = *but as usize;
                self.deliver((0..self.members.slots()).filter(|slot| *slot != but), push, room);
            }
            Audience::Only(slots) => self.deliver(slots.iter().map(|Slot(slot)| *slot as usize), push, room),
        }
    }

    fn deliver(&mut self, slots: impl Iterator<Item = usize>, push: &Arc<Push>, room: &Room) {
        let class = stale::class(&push.event);
        let company = Company { room, heard: &self.members };
        let mut encoded = Encoded::default();
        let (mut heard, mut bytes) = (0, 0);
        for line in slots.filter_map(|slot| self.members.line(slot)) {
            let Some(frame) = encoded.of(line.dialect(), |dialect| dialect.push(push, &company)) else {
                continue;
            };
            bytes = frame.len();
            heard += 1;
            self.gather.push(line, frame, class);
        }
        self.gather.count(bytes);
        self.world.metrics.messages.delivered.inc_by(heard);
    }

    fn whisper(&mut self, slots: &[Slot], whisper: &Whisper, room: &Room) {
        let class = stale::class_of_whisper(whisper);
        let company = Company { room, heard: &self.members };
        let mut encoded = Encoded::default();
        for line in slots.iter().filter_map(|Slot(slot)| self.members.line(*slot as usize)) {
            let Some(frame) = encoded.of(line.dialect(), |dialect| dialect.whisper(whisper, &company)) else {
                continue;
            };
            self.gather.count(frame.len());
            self.gather.push(line, frame, class);
            self.world.metrics.messages.delivered.inc();
        }
        if let Whisper::Signal { .. } = whisper {
            self.world.metrics.messages.signal.inc();
        }
    }

    fn seat(&mut self, slot: Slot, conn: ConnId, seat: SeatId, ties: &[Ended]) {
        let Some(line) = self.line_of(conn) else { return };
        share::count_seat(&self.world, &line, ties);
        if line.move_to(Place::Seated { room: self.address.clone() }).is_err() {
            self.address.detach(conn); // it went while its join was on the way
            return;
        }
        self.members.sit(slot, line, seat);
    }

    fn unseat(&mut self, slot: Slot, conn: ConnId) {
        let Some(line) = self.members.rise(slot, conn) else { return };
        // Gone or not, it sits here no longer.
        if line.move_to(Place::Nowhere).is_ok() {
            self.leaving.push(line);
        }
    }

    fn line_of(&self, conn: ConnId) -> Option<Arc<Line>> {
        let asking = self.current.as_ref().and_then(|(_, ticket)| ticket.asker());
        let waiting = self.unanswered.iter().filter_map(|(_, ticket)| ticket.asker());
        let known = asking.into_iter().chain(&self.leaving).chain(waiting);
        known.into_iter().find(|line| line.conn == conn).or_else(|| self.members.of(conn)).cloned()
    }

    /// The guess that came with the command at hand was wrong.
    fn keep_guess(&mut self) {
        if let Some((_, ticket)) = &mut self.current {
            ticket.guess = None;
        }
    }

    fn flush_soon(&mut self) {
        match self.gather.due() {
            Due::No => {}
            Due::Now => {
                self.gather.write(usize::MAX);
            }
            Due::Soon => self.world.turns.wait(self.address.actor.clone()),
        }
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.gather.write(usize::MAX);
        self.world.metrics.participants.dec_by(self.people);
        self.world.metrics.rooms.dec();
    }
}
