//! The one switchboard: every command to its verb, every verb's verdict to its answer.
use super::Room;
use super::amend::Wish;
use super::command::{Ask, Asker, Command};
use super::effect::Effects;
use super::event::Answer;
use super::ids::Millis;
use super::join::Trusted;
use super::permissions::Role;
use super::say::Memory;
use super::standing::Shift;
use super::turn::{DONE, Ruling, Turn, Verdict, Who, reply};
use crate::fault::Fault;

impl Room {
    /// One command, one answer: at once, or with the entry it waits for.
    pub(super) fn take(&mut self, now: Millis, ask: Ask, memory: Memory, fx: &mut Effects) {
        let to = ask.reply;
        match self.judge(now, ask, memory, fx) {
            Ok(Verdict::Now(answer)) => reply(fx, to, Ok(answer)),
            Ok(Verdict::Later) => {}
            Err(fault) => reply(fx, to, Err(fault)),
        }
    }

    fn judge(&mut self, now: Millis, ask: Ask, memory: Memory, fx: &mut Effects) -> Ruling {
        let Ask { from, reply, command } = ask;
        let command = match command {
            Command::Join(join) => return self.join(now, reply, *join, fx),
            Command::Resume(resume) => return self.resume(now, reply, *resume, fx),
            Command::Reattach(back) if from == Asker::Host || from == Asker::Connection(back.conn) => {
                return self.reattach(back, fx);
            }
            other => other,
        };
        if from == Asker::Host {
            return self.serve(now, command, fx);
        }
        let turn = Turn { now, from, who: self.who(from)?, reply };
        if matches!(memory, Memory::Fresh) {
            self.charge(turn, &command)?;
        }
        self.obey(turn, command, memory, fx)
    }

    /// What only the host may ask.
    fn serve(&mut self, now: Millis, command: Command, fx: &mut Effects) -> Ruling {
        match command {
            Command::Settled { epoch, outcomes } => self.settle(now, epoch, outcomes, fx),
            Command::Overdue => self.tell_overdue(now, fx),
            Command::Tick => self.tick(now, fx),
            Command::Dismiss { ended, cause } => self.dismiss(now, &ended, cause, fx),
            Command::Recalled { message, ask } => self.take(now, *ask, Memory::Asked(message), fx),
            Command::Describe => return self.describe(Who::Owner),
            Command::Participants => return Ok(Verdict::Now(Answer::Participants(self.participants()))),
            _ => return Err(Fault::Unsupported), // people ask those
        }
        DONE
    }

    fn obey(&mut self, turn: Turn, command: Command, memory: Memory, fx: &mut Effects) -> Ruling {
        match command {
            Command::Renew { user, login } => self.renew(turn, user, login, fx),
            Command::ResumedOk { n } => self.resumed_ok(turn, n, fx),
            Command::Leave => self.leave(turn, fx),
            Command::Detach => self.detach(turn, fx),
            Command::Update(patch) => self.update(turn, patch, fx),
            Command::RotatePins { pin, spin } => self.rotate_pins(turn, pin, spin, fx),
            Command::Claim { user } => self.claim(turn, user, fx),
            Command::End => self.end(turn, fx),
            Command::SetProfile { name, avatar } => self.set_profile(turn, name, avatar, fx),
            Command::SetMedia(patch) => self.set_media(turn, patch, fx),
            Command::SetAttributes(patch) => self.set_attributes(turn, patch, fx),
            Command::RaiseHand => self.raise_hand(turn, fx),
            Command::LowerHand { peer } => self.lower_hand(turn, peer, fx),
            Command::React { emoji } => self.react(turn, emoji, fx),
            Command::Grant { peer, rights } => self.shift(turn, &peer, Shift::Grant(rights), fx),
            Command::Revoke { peer, rights } => self.shift(turn, &peer, Shift::Revoke(rights), fx),
            Command::SetRole { peer, role } => self.shift(turn, &peer, Shift::Role(role), fx),
            Command::Mute { peer, source } => self.mute(turn, &peer, source, fx),
            Command::MuteAll { source } => self.mute_all(turn, source, fx),
            Command::AskUnmute { peer, source } => self.ask_unmute(turn, &peer, source, fx),
            Command::Kick { peer } => self.kick(turn, &peer, fx),
            Command::Signal(signal) => self.signal(turn, *signal, fx),
            Command::Relay(relay) => self.relay(turn, *relay, fx),
            Command::Message { to, body } => self.message(turn, &to, body, fx),
            Command::Broadcast { topic, body } => self.broadcast(turn, topic, body, fx),
            Command::ChatSend(said) => self.say(turn, said, memory, fx),
            Command::ChatEdit { message, text } => self.amend(turn, message, Wish::Edit(text), memory, fx),
            Command::ChatDelete { message } => self.amend(turn, message, Wish::Delete, memory, fx),
            Command::ChatReact { message, emoji, on } => {
                self.amend(turn, message, Wish::React(emoji, on), memory, fx)
            }
            Command::ChatHistory(query) => self.history(turn, query, fx),
            Command::ChatRead { no } => self.chat_read(turn, no, fx),
            Command::Typing { on, to } => self.typing(turn, on, to, fx),
            Command::Describe => self.describe(turn.who),
            Command::Participants if turn.who == Who::Anyone => Err(Fault::NotFound),
            Command::Participants => Ok(Verdict::Now(Answer::Participants(self.participants()))),
            Command::Join(_)
            | Command::Resume(_)
            | Command::Reattach(_)
            | Command::Settled { .. }
            | Command::Overdue
            | Command::Recalled { .. }
            | Command::Dismiss { .. }
            | Command::Tick => Err(Fault::Unsupported), // taken before, or the host's
        }
    }

    fn describe(&self, who: Who) -> Ruling {
        if self.ended_at.is_some() {
            return Err(Fault::Ended);
        }
        let reader = match who {
            Who::Seat(slot) => Some(self.roster.at(slot).standing.role),
            Who::Owner => Some(Role::Owner),
            Who::Anyone => None,
        };
        let people = self.roster.len() as u32;
        Ok(Verdict::Now(Answer::Room { room: Box::new(self.room_view(reader)), people }))
    }

    fn who(&self, from: Asker) -> Result<Who, Fault> {
        match from {
            Asker::Connection(conn) => self.roster.of_conn(conn).map(Who::Seat).ok_or(Fault::NotJoined),
            Asker::OwnerSecret(shown) if self.is_owner_secret(&shown) => Ok(Who::Owner),
            Asker::OwnerSecret(_) => Err(Fault::NotFound),
            Asker::User(user) if self.belongs_to(user) => Ok(Who::Owner),
            Asker::User(_) => Err(Fault::NotFound),
            Asker::Operator => Ok(Who::Owner),
            Asker::Seat(seat) => self.roster.of_seat(seat).map(Who::Seat).ok_or(Fault::NotFound),
            Asker::Anyone | Asker::Host => Ok(Who::Anyone),
        }
    }

    /// Every frame of a connection takes a token; signals have buckets of their own, and going is free.
    fn charge(&mut self, turn: Turn, command: &Command) -> Result<(), Fault> {
        let free =
            matches!(command, Command::Signal(_) | Command::Relay(_) | Command::Leave | Command::Detach);
        let (Asker::Connection(_), Who::Seat(slot), false) = (turn.from, turn.who, free) else {
            return Ok(());
        };
        let rate = self.rules.rates.frames;
        let budget = &mut self.roster.at_mut(slot).budget;
        match budget.trusted {
            Trusted::Yes => Ok(()),
            Trusted::No => budget.frames.take(turn.now, rate),
        }
    }
}
