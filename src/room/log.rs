//! The live log: the last visible changes, so that who was away for a moment hears exactly what it missed.
use super::chat::Message;
use super::event::{Event, Push};
use super::ids::{SeatId, Seq};
use super::rules::{DELTA_BYTES, LOG_BYTES, LOG_EVENTS};
use std::collections::VecDeque;
use std::sync::Arc;

/// Who may read an entry. By seat, not slot: a slot is reused, and its next holder must not see another's private messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Readers {
    All,
    Except(SeatId),
    Two(SeatId, SeatId),
}

impl Readers {
    pub(super) fn of(message: &Message) -> Self {
        message.to.as_ref().map_or(Self::All, |to| Self::Two(message.author, to.seat))
    }

    pub(super) fn include(self, seat: SeatId) -> bool {
        match self {
            Self::All => true,
            Self::Except(other) => seat != other,
            Self::Two(one, other) => seat == one || seat == other,
        }
    }
}

#[derive(Default)]
pub(super) struct Log {
    entries: VecDeque<Logged>,
    bytes: usize,
    last: Seq,
}

struct Logged {
    push: Arc<Push>,
    readers: Readers,
    bytes: usize,
}

impl Log {
    pub(super) fn last(&self) -> Seq {
        self.last
    }

    /// Takes the next position.
    pub(super) fn next(&mut self) -> Seq {
        self.last = Seq(self.last.0 + 1);
        self.last
    }

    pub(super) fn keep(&mut self, push: Arc<Push>, readers: Readers) {
        let bytes = weight(&push.event);
        self.bytes += bytes;
        self.entries.push_back(Logged { push, readers, bytes });
        while self.entries.len() > LOG_EVENTS || self.bytes > LOG_BYTES {
            let Some(oldest) = self.entries.pop_front() else { break };
            self.bytes -= oldest.bytes;
        }
    }

    /// Everything after `seen` that this seat may read; `None` if the log no longer holds it, never gave that position, or it is too large.
    pub(super) fn since(&self, seen: Seq, reader: SeatId) -> Option<Vec<Arc<Push>>> {
        let missed = usize::try_from(self.last.0.checked_sub(seen.0)?).ok()?;
        let from = self.entries.len().checked_sub(missed)?;
        let mut bytes = 0;
        let mut events = Vec::new();
        for logged in self.entries.range(from..).filter(|logged| logged.readers.include(reader)) {
            bytes += logged.bytes;
            if bytes > DELTA_BYTES {
                return None;
            }
            events.push(logged.push.clone());
        }
        Some(events)
    }
}

/// About how many bytes the event takes on the wire: a bound for memory and deltas, not an exact figure.
fn weight(event: &Event) -> usize {
    let text = match event {
        Event::ParticipantJoined(participant) => {
            let attributes: usize =
                participant.attributes.iter().map(|(key, value)| key.len() + value.len()).sum();
            600 + participant.avatar.as_ref().map_or(0, |avatar| avatar.len()) + attributes
        }
        Event::ProfileChanged { name, avatar, .. } => {
            name.len() + avatar.as_ref().map_or(0, |avatar| avatar.len())
        }
        Event::AttributesChanged { attributes, .. } => {
            attributes.iter().map(|(key, value)| key.len() + value.len()).sum()
        }
        Event::RoomChanged { .. } => 700,
        Event::ChatMessage(message) => 250 + message.text.len() + message.name.len(),
        Event::ChatEdited { text, .. } => text.len(),
        Event::Broadcast { topic, body, .. } => topic.len() + body.len(),
        Event::ParticipantLeft { .. }
        | Event::StateChanged { .. }
        | Event::MediaChanged { .. }
        | Event::HandRaised { .. }
        | Event::HandLowered { .. }
        | Event::Reaction { .. }
        | Event::RoomEnded { .. }
        | Event::RightsChanged { .. }
        | Event::RoleChanged { .. }
        | Event::Muted { .. }
        | Event::ChatDeleted { .. }
        | Event::ChatReaction { .. }
        | Event::ChatRead { .. } => 100,
    };
    120 + text
}
