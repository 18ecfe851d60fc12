//! Addressed signals: what they carry. How they are judged stands in `links`.
use super::command::RawJson;
use super::ids::PeerId;
use super::media::Source;
use std::sync::Arc;

/// A signal from one participant to another.
#[derive(Debug, Clone)]
pub struct Signal {
    pub to: PeerId,
    /// The negotiation of the pair this belongs to; a restart request has none.
    pub generation: u64,
    pub body: SignalBody,
}

/// A signal of a dialect that numbers no negotiations; the room does it for those who do.
#[derive(Debug, Clone)]
pub struct Relay {
    pub to: To,
    pub body: SignalBody,
    pub wire: Wire,
}

/// Whom an unnumbered signal is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum To {
    Peer(PeerId),
    /// The one the sender is linked with, if there is one.
    Partner,
}

/// A signal as it came: who speaks the same dialect gets exactly this.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wire {
    /// The dialect's word, as in its [`super::join::Face`].
    pub word: &'static str,
    pub frame: Arc<str>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignalBody {
    Offer {
        sdp: Arc<str>,
        sources: Sources,
    },
    Answer {
        sdp: Arc<str>,
        sources: Sources,
    },
    /// The candidate object, byte for byte.
    Candidate {
        candidate: RawJson,
    },
    EndOfCandidates,
    /// Asks the other side to offer with an ICE restart.
    IceRestart,
    /// What only a client of the same dialect understands.
    Opaque,
}

/// What each media section (mid) carries, as its sender says; undeclared video is a camera.
pub type Sources = Arc<[(Arc<str>, Source)]>;
