//! The dialect of Meet's pages: raw JSON frames that say nothing but offer, answer and candidate.
mod incoming;

pub use incoming::{Kind, Name, Said, State, decode, wanted};

use super::{Company, frame};
use crate::room::event::Whisper;
use crate::room::signal::SignalBody;
use bytes::Bytes;
use serde_json::json;

/// The word of this dialect's [`crate::room::signal::Wire`].
pub const WORD: &str = "meet";

/// A signal as it came from another Meet page, or built for this one; everything else has no words here.
pub(super) fn whisper(whisper: &Whisper, company: &Company<'_>) -> Option<Bytes> {
    let Whisper::Signal { body, wire, .. } = whisper else { return None };
    if let Some(wire) = wire.as_ref().filter(|wire| wire.word == WORD) {
        return Some(frame::text(wire.frame.as_bytes()));
    }
    let room = &*company.room.keys().meet;
    let body = match body {
        SignalBody::Offer { sdp, .. } => {
            json!({"room_id": room, "type": "offer", "offer": {"type": "offer", "sdp": &**sdp}})
        }
        SignalBody::Answer { sdp, .. } => {
            json!({"room_id": room, "type": "answer", "answer": {"type": "answer", "sdp": &**sdp}})
        }
        SignalBody::Candidate { candidate } => {
            let candidate: serde_json::Value = serde_json::from_str(candidate).ok()?;
            json!({"room_id": room, "type": "candidate", "candidate": candidate})
        }
        SignalBody::EndOfCandidates | SignalBody::IceRestart | SignalBody::Opaque => return None,
    };
    Some(frame::text(body.to_string().as_bytes()))
}
