//! The protocol's words for what the room names by its own types.
use crate::room::event::{By, Presence};
use crate::room::media::{Link, Source};

/// Who did it: a peer id, `owner` for the owner by REST, null for the engine.
pub(super) fn by_word(by: &By) -> Option<&str> {
    match by {
        By::Peer(peer) => Some(&peer.0),
        By::Owner => Some("owner"),
        By::Engine => None,
    }
}

pub(super) fn presence_word(presence: Presence) -> &'static str {
    match presence {
        Presence::Here => "here",
        Presence::Away => "away",
    }
}

pub(super) fn link_word(link: Link) -> &'static str {
    match link {
        Link::Full => "full",
        Link::One => "one",
        Link::None => "none",
    }
}

/// A source in the words of negotiation.
pub(super) fn source_word(source: Source) -> &'static str {
    match source {
        Source::Mic => "mic",
        Source::Camera => "camera",
        Source::Screen => "screen",
    }
}

/// A source in the words of flags and moderation.
pub(super) fn flag_word(source: Source) -> &'static str {
    match source {
        Source::Mic => "audio",
        Source::Camera => "video",
        Source::Screen => "screen",
    }
}
