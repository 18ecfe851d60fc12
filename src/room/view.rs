//! What someone may see of a room: participants, settings, and the whole of it as a snapshot.
use super::Room;
use super::chat::Message;
use super::command::Position;
use super::event::{Hand, Participant, Polite, Presence, RoomView, Snapshot};
use super::ids::{No, SeatId, Slot};
use super::links::Yields;
use super::log::Readers;
use super::permissions::Role;
use super::record::ChatKind;
use super::rules::{JOIN_MESSAGES, RESUME_MESSAGES};
use super::seat::{Line, Seat};
use std::collections::HashMap;
use std::sync::Arc;

/// From where the chat of a snapshot is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ChatFrom {
    /// The last messages, for a newcomer.
    Latest,
    /// What came after this, for one who was here.
    After(No),
}

impl Room {
    pub(super) fn participant(&self, slot: Slot) -> Participant {
        self.seen_as(self.roster.at(slot), self.hands.of(slot))
    }

    fn seen_as(&self, seat: &Seat, hand: Option<Hand>) -> Participant {
        Participant {
            peer: seat.peer.clone(),
            name: seat.name.clone(),
            handle: seat.handle.clone(),
            avatar: seat.avatar.clone(),
            role: seat.standing.role,
            rights: self.rights_of(seat),
            link: seat.face.link,
            state: match seat.line {
                Line::Here(_) => Presence::Here,
                Line::Away { .. } => Presence::Away,
            },
            media: seat.media,
            hand,
            attributes: seat.attributes.clone(),
            joined_at: seat.joined_at,
        }
    }

    /// In join order.
    pub fn participants(&self) -> Vec<Participant> {
        let hands: HashMap<Slot, Hand> = self.hands.iter().collect();
        self.roster.iter().map(|(slot, seat)| self.seen_as(seat, hands.get(&slot).copied())).collect()
    }

    /// The room as a role sees it: other systems' keys for owner and cohosts, PINs for owners, neither for `None`.
    pub(super) fn room_view(&self, reader: Option<Role>) -> RoomView {
        let sees_keys = matches!(reader, Some(Role::Owner | Role::Cohost));
        RoomView {
            id: self.id,
            code: self.keys.native.clone(),
            settings: self.house.settings.clone(),
            chat: self.chat,
            version: self.house.version,
            created_at: self.created_at,
            needs_pin: self.needs_pin,
            keys: sees_keys.then(|| self.keys.clone()),
            pins: (reader == Some(Role::Owner)).then(|| self.house.pins.clone()),
        }
    }

    /// Where the room stands: what a client has seen once it has read an answer made now.
    pub(super) fn position(&self) -> Position {
        Position { epoch: self.epoch, seq: self.log.last(), no: self.queue.shown() }
    }

    pub(super) fn snapshot(&self, slot: Slot, chat: ChatFrom) -> Box<Snapshot> {
        let me = self.roster.at(slot);
        let hands: HashMap<Slot, Hand> = self.hands.iter().collect();
        let others = self.roster.iter().filter(|(other, _)| *other != slot).map(|(other, seat)| {
            let polite = match me.yields_to(seat) {
                Yields::Yes => Polite::Polite,
                Yields::No => Polite::Impolite,
            };
            (self.seen_as(seat, hands.get(&other).copied()), polite)
        });
        let (messages, more) = match (self.chat, chat) {
            // positions in an ephemeral room's chat are nobody's: all of it is told
            (ChatKind::Ephemeral, ChatFrom::After(_)) | (_, ChatFrom::Latest) => self.latest(me.id),
            (ChatKind::Durable, ChatFrom::After(no)) => self.said_after(no, me.id),
        };
        Box::new(Snapshot {
            me: self.seen_as(me, hands.get(&slot).copied()),
            room: self.room_view(Some(me.standing.role)),
            others: others.collect(),
            messages,
            more,
            at: self.position(),
        })
    }

    fn latest(&self, reader: SeatId) -> (Vec<Arc<Message>>, bool) {
        let limit = match self.chat {
            ChatKind::Durable => JOIN_MESSAGES,
            ChatKind::Ephemeral => usize::MAX,
        };
        let mut readable = self.book.messages().rev().filter(|message| Readers::of(message).include(reader));
        let mut messages: Vec<_> = readable.by_ref().take(limit).cloned().collect();
        messages.reverse();
        let older = self.chat == ChatKind::Durable && self.book.torn_at().is_some();
        (messages, older || readable.next().is_some())
    }

    fn said_after(&self, seen: No, reader: SeatId) -> (Vec<Arc<Message>>, bool) {
        if self.book.torn_at().is_some_and(|from| from.0 > seen.0.saturating_add(1)) {
            return (Vec::new(), true); // what came first isn't in memory: all of it is to be read from the history
        }
        let readable = |message: &&Arc<Message>| Readers::of(message).include(reader);
        let mut missed = self.book.messages().filter(|message| message.no > seen).filter(readable);
        let mut messages: Vec<_> = self.book.changed_since(seen).filter(readable).cloned().collect();
        messages.extend(missed.by_ref().take(RESUME_MESSAGES).cloned());
        (messages, missed.next().is_some())
    }
}
