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
}

/// What each media section (mid) carries, as its sender says; undeclared video is a camera.
pub type Sources = Arc<[(Arc<str>, Source)]>;
