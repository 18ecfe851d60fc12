//! Which frames a newer one makes needless while they wait for a slow reader: whole levels of one peer, never chat, membership or signals.
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::room::event::{Event, Whisper};
use crate::room::ids::PeerId;

use super::outbox::Class;

/// A connection's position: only the last one counts.
pub(super) const HEARTBEAT: u64 = 1;
/// A ping that was not even written yet.
pub(super) const PING: u64 = 2;

/// The class of a push.
pub(super) fn class(event: &Event) -> Class {
    match event {
        Event::StateChanged { peer, .. } => of("state", peer),
        Event::MediaChanged { peer, .. } => of("media", peer),
        Event::ProfileChanged { peer, .. } => of("profile", peer),
        Event::AttributesChanged { peer, .. } => of("attributes", peer),
        Event::ParticipantJoined(_)
        | Event::ParticipantLeft { .. }
        | Event::HandRaised { .. }
        | Event::HandLowered { .. }
        | Event::Reaction { .. }
        | Event::RoomChanged { .. }
        | Event::RoomEnded { .. }
        | Event::RightsChanged { .. }
        | Event::RoleChanged { .. }
        | Event::Muted { .. }
        | Event::ChatMessage(_)
        | Event::ChatEdited { .. }
        | Event::ChatDeleted { .. }
        | Event::ChatReaction { .. }
        | Event::ChatRead { .. }
        | Event::Broadcast { .. } => Class::Must,
    }
}

/// The class of a whisper.
pub(super) fn class_of_whisper(whisper: &Whisper) -> Class {
    match whisper {
        Whisper::Typing { peer, .. } => of("typing", peer),
        Whisper::Restarted(_) => Class::Snapshot,
        Whisper::Signal { .. }
        | Whisper::Message { .. }
        | Whisper::UnmuteAsked { .. }
        | Whisper::PeerCut { .. }
        | Whisper::Pins(_) => Class::Must,
    }
}

fn of(kind: &str, peer: &PeerId) -> Class {
    let mut hasher = DefaultHasher::new();
    (kind, peer).hash(&mut hasher);
    Class::Stale(hasher.finish())
}
