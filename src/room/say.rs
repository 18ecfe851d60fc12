//! Saying something in chat: shown at once where chat is ephemeral, once it is committed where it is kept.
use super::Room;
use super::authorize::Need;
use super::chat::{Message, Recipient};
use super::command::{Ask, ChatSend, Command};
use super::effect::{Effect, Effects};
use super::event::{Answer, Event};
use super::ids::{MessageId, No, PeerId, SeatId, Seq, Slot};
use super::join::Trusted;
use super::log::Readers;
use super::permissions::Right;
use super::queue::Deed;
use super::record::{Change, ChatKind};
use super::text;
use super::turn::{Ruling, Turn, Verdict};
use crate::fault::Fault;
use std::sync::Arc;

/// What is known of a message that a command names.
#[derive(Debug)]
pub(super) enum Memory {
    /// The store was not asked yet.
    Fresh,
    /// It was: this is what it had.
    Asked(Option<Box<Message>>),
}

impl Room {
    pub(super) fn say(
        &mut self,
        turn: Turn,
        said: Box<ChatSend>,
        memory: Memory,
        fx: &mut Effects,
    ) -> Ruling {
        let slot = turn.slot()?;
        self.authorize(turn.who, Need::Right(Right::Chat))?;
        if said.to.is_some() {
            self.authorize(turn.who, Need::Right(Right::ChatPrivate))?;
        }
        text::chat(&said.text)?;
        text::client_id(&said.client_id.0)?;
        if matches!(memory, Memory::Fresh) {
            self.charge_chat(turn, slot)?;
        }
        let author = self.roster.at(slot).id;
        if let Some(line) = self.book.of_client(author, &said.client_id) {
            return Ok(Verdict::Now(said_before(&line.message, line.seq)));
        }
        if let Some(joined) = self.queue.join(author, &said.client_id, turn.reply, turn.now) {
            return joined.map(|()| Verdict::Later);
        }
        let to = said.to.as_ref().map(|to| self.recipient(slot, to)).transpose()?;
        if let Some(target) = said.reply_to {
            match self.recollect(target, author, &memory) {
                Recollection::Known(_) => {}
                Recollection::Ask => {
                    let ask = Ask { from: turn.from, reply: turn.reply, command: Command::ChatSend(said) };
                    fx.push(Effect::Recall { message: target, ask: Box::new(ask) });
                    return Ok(Verdict::Later);
                }
                Recollection::None => return Err(Fault::NoSuchTarget),
            }
        }
        match self.chat {
            ChatKind::Durable => {
                self.queue.admit(Some(author))?;
                let no = self.queue.next_no();
                let message = Arc::new(self.compose(turn, slot, no, *said, to));
                self.persist(turn, no, Change::Said(message.clone()), Deed::Say(message), fx);
                Ok(Verdict::Later)
            }
            ChatKind::Ephemeral => {
                let no = self.book.next_no();
                let message = Arc::new(self.compose(turn, slot, no, *said, to));
                Ok(Verdict::Now(self.show_message(message, fx)))
            }
        }
    }

    /// Keeps the message and shows it to its readers.
    pub(super) fn show_message(&mut self, message: Arc<Message>, fx: &mut Effects) -> Answer {
        let (id, no, at) = (message.id, message.no, message.at);
        let seq = self.show(Event::ChatMessage(message.clone()), Readers::of(&message), fx);
        self.book.keep(message, seq);
        Answer::Said { message: id, no, seq, at }
    }

    /// What is known of a message that this seat may read: in memory, under way, or from the store.
    pub(super) fn recollect(&self, id: MessageId, reader: SeatId, memory: &Memory) -> Recollection {
        let known = match self.book.find(id) {
            Some(line) => Some(&*line.message),
            None => self.queue.said(id).map(|said| &**said),
        };
        let known = match (known, memory) {
            (Some(message), _) => Some(message),
            (None, Memory::Asked(stored)) => stored.as_deref(),
            (None, Memory::Fresh) if self.chat == ChatKind::Durable && self.book.torn_at().is_some() => {
                return Recollection::Ask;
            }
            (None, Memory::Fresh) => None,
        };
        let open = known.filter(|message| {
            Readers::of(message).include(reader) && !message.deleted && !self.queue.deletes(message.id)
        });
        open.map_or(Recollection::None, |message| {
            Recollection::Known(Known {
                author: message.author,
                readers: Readers::of(message),
                reactions: message.reactions.len(),
            })
        })
    }

    fn recipient(&self, from: Slot, to: &PeerId) -> Result<Recipient, Fault> {
        let slot = self.target(to)?;
        if slot == from {
            return Err(Fault::NoSuchTarget);
        }
        Ok(Recipient { seat: self.roster.at(slot).id, peer: to.clone() })
    }

    fn compose(&self, turn: Turn, slot: Slot, no: No, said: ChatSend, to: Option<Recipient>) -> Message {
        let seat = self.roster.at(slot);
        Message {
            id: said.id,
            no,
            author: seat.id,
            from: seat.peer.clone(),
            name: seat.name.clone(),
            client_id: said.client_id,
            text: said.text,
            to,
            reply_to: said.reply_to,
            at: turn.now,
            edited_at: None,
            deleted: false,
            reactions: Vec::new(),
            claim: said.claim,
        }
    }

    fn charge_chat(&mut self, turn: Turn, slot: Slot) -> Result<(), Fault> {
        let rate = self.rules.rates.chat;
        let budget = &mut self.roster.at_mut(slot).budget;
        match budget.trusted {
            Trusted::Yes => Ok(()),
            Trusted::No => budget.chat.take(turn.now, rate),
        }
    }
}

/// What the room knows of a message someone names.
pub(super) enum Recollection {
    Known(Known),
    /// It isn't in memory; the store may have it.
    Ask,
    /// There is none, or none for this reader.
    None,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    pub(super) author: SeatId,
    pub(super) readers: Readers,
    pub(super) reactions: usize,
}

fn said_before(message: &Message, seq: Seq) -> Answer {
    Answer::Said { message: message.id, no: message.no, seq, at: message.at }
}
