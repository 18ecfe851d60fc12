//! Editing, deleting and reacting to what was said, be it shown, under way, or long past.
use super::Room;
use super::authorize::Need;
use super::chat::Reaction;
use super::command::{Ask, Command, On};
use super::effect::{Effect, Effects};
use super::event::{Answer, Event};
use super::ids::{MessageId, No, SeatId};
use super::permissions::Right;
use super::queue::{Amend, Amendment, Deed};
use super::record::{Change, ChatKind};
use super::rules::REACTIONS;
use super::say::{Known, Memory, Recollection};
use super::text;
use super::turn::{Ruling, Turn, Verdict, Who};
use crate::fault::Fault;
use std::sync::Arc;
use uuid::Uuid;

/// What is asked of a message.
#[derive(Debug)]
pub(super) enum Wish {
    Edit(Arc<str>),
    Delete,
    React(Arc<str>, On),
}

impl Room {
    pub(super) fn amend(
        &mut self,
        turn: Turn,
        message: MessageId,
        wish: Wish,
        memory: Memory,
        fx: &mut Effects,
    ) -> Ruling {
        self.may_wish(turn.who, &wish)?;
        // an owner by REST is no seat: it reads what everyone may read
        let reader = self.seat_of(turn.who).unwrap_or(SeatId(Uuid::nil()));
        let known = match self.recollect(message, reader, &memory) {
            Recollection::Known(known) => known,
            Recollection::None => return Err(Fault::NoSuchTarget),
            Recollection::Ask => {
                let ask = Ask { from: turn.from, reply: turn.reply, command: wish.into_command(message) };
                fx.push(Effect::Recall { message, ask: Box::new(ask) });
                return Ok(Verdict::Later);
            }
        };
        let how = self.amendment(turn, reader, wish, known)?;
        let change = how.change(message);
        let amend = Amend { message, readers: known.readers, how, doomed: false };
        match self.chat {
            ChatKind::Durable => {
                let seat = self.seat_of(turn.who);
                self.queue.admit(seat)?;
                let no = self.queue.next_no();
                self.persist(turn, no, change, Deed::Amend(amend), fx);
                Ok(Verdict::Later)
            }
            ChatKind::Ephemeral => {
                let no = self.book.find(message).map_or(No(0), |line| line.message.no);
                Ok(Verdict::Now(self.show_amended(amend, no, fx)))
            }
        }
    }

    fn may_wish(&self, who: Who, wish: &Wish) -> Result<(), Fault> {
        match wish {
            Wish::Edit(new) => {
                self.authorize(who, Need::Right(Right::Chat))?;
                text::chat(new)
            }
            Wish::Delete if who == Who::Anyone => Err(Fault::NotFound),
            Wish::Delete => Ok(()), // one's own always; whose it is shows below
            Wish::React(emoji, _) => {
                self.authorize(who, Need::Right(Right::Chat))?;
                text::emoji(emoji)
            }
        }
    }

    /// The change, if this asker may make it of a message it may read.
    fn amendment(&self, turn: Turn, reader: SeatId, wish: Wish, known: Known) -> Result<Amendment, Fault> {
        match wish {
            Wish::Edit(_) if known.author != reader => Err(Fault::NoSuchTarget),
            Wish::Edit(text) => Ok(Amendment::Edit { text, at: turn.now }),
            Wish::Delete => {
                if known.author != reader {
                    self.authorize(turn.who, Need::Right(Right::Moderate))?;
                }
                Ok(Amendment::Delete { by: self.by(turn.who) })
            }
            Wish::React(emoji, on) => {
                let seat = self.roster.at(turn.slot()?);
                if on == On::On && known.reactions >= REACTIONS {
                    return Err(Fault::Quota);
                }
                Ok(Amendment::React { seat: seat.id, peer: seat.peer.clone(), emoji, on })
            }
        }
    }

    /// Changes the message, where it is in memory, and shows the change to its readers.
    pub(super) fn show_amended(&mut self, amend: Amend, no: No, fx: &mut Effects) -> Answer {
        let Amend { message, readers, how, doomed: _ } = amend;
        let kept = self.book.change(message, no);
        let event = match how {
            Amendment::Edit { text, at } => {
                if let Some(kept) = kept {
                    kept.text = text.clone();
                    kept.edited_at = Some(at);
                }
                Event::ChatEdited { message, text, edited_at: at, no }
            }
            Amendment::Delete { by } => {
                if let Some(kept) = kept {
                    kept.deleted = true;
                    kept.text = Arc::from("");
                    kept.reactions.clear();
                }
                Event::ChatDeleted { message, by, no }
            }
            Amendment::React { seat, peer, emoji, on } => {
                if let Some(kept) = kept {
                    kept.reactions.retain(|reaction| reaction.seat != seat || reaction.emoji != emoji);
                    if on == On::On {
                        kept.reactions.push(Reaction { emoji: emoji.clone(), seat, peer: peer.clone() });
                    }
                }
                Event::ChatReaction { message, peer, emoji, on, no }
            }
        };
        let seq = self.show(event, readers, fx);
        Answer::Shown { no, seq }
    }
}

impl Wish {
    fn into_command(self, message: MessageId) -> Command {
        match self {
            Self::Edit(text) => Command::ChatEdit { message, text },
            Self::Delete => Command::ChatDelete { message },
            Self::React(emoji, on) => Command::ChatReact { message, emoji, on },
        }
    }
}

impl Amendment {
    /// As it is to be kept.
    fn change(&self, message: MessageId) -> Change {
        match self {
            Self::Edit { text, at } => Change::Edited { message, text: text.clone(), at: *at },
            Self::Delete { .. } => Change::Deleted { message },
            Self::React { seat, peer, emoji, on: On::On } => {
                Change::Reacted { message, emoji: emoji.clone(), seat: *seat, peer: peer.clone() }
            }
            Self::React { seat, emoji, on: On::Off, .. } => {
                Change::Unreacted { message, emoji: emoji.clone(), seat: *seat }
            }
        }
    }
}
