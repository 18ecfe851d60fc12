//! What a room tells, as native frames: pushes of the log and whispers outside it.
use super::snapshot::SnapshotBody;
use super::views::{MediaBody, MessageBody, ParticipantBody, PinsBody, RightsBody, RoomBody, Time};
use super::words::{by_word, flag_word, presence_word, source_word};
use super::write::{Kind, body, object};
use crate::room::command::{On, RawJson};
use crate::room::event::{Event, Left, Polite, Push, Whisper};
use crate::room::signal::{SignalBody, Sources};
use serde::Serialize;
use serde_json::value::RawValue;

/// Appends a push as a JSON object.
pub(super) fn push(out: &mut Vec<u8>, push: &Push) {
    let at = |word| Kind::Logged(word, push.epoch, push.seq);
    match &push.event {
        Event::ParticipantJoined(who) => {
            let participant = ParticipantBody::of(who).towards(Polite::Impolite);
            object(out, at("participant_joined"), &body! { participant: participant });
        }
        Event::ParticipantLeft { peer, reason, .. } => {
            object(out, at("participant_left"), &body! { peer: &*peer.0, reason: left_word(*reason) });
        }
        Event::StateChanged { peer, state } => {
            object(out, at("participant_changed"), &body! { peer: &*peer.0, state: presence_word(*state) });
        }
        Event::MediaChanged { peer, media } => {
            object(out, at("participant_changed"), &body! { peer: &*peer.0, media: MediaBody::of(*media) });
        }
        Event::ProfileChanged { peer, name, avatar } => {
            object(out, at("participant_changed"), &body! { peer: &*peer.0, name: name, avatar: avatar });
        }
        Event::AttributesChanged { peer, attributes } => {
            object(out, at("participant_changed"), &body! { peer: &*peer.0, attributes: attributes });
        }
        Event::HandRaised { peer, rank, since } => {
            object(out, at("hand_raised"), &body! { peer: &*peer.0, rank: rank, since: Time(*since) });
        }
        Event::HandLowered { peer, by } => {
            object(out, at("hand_lowered"), &body! { peer: &*peer.0, by: by_word(by) });
        }
        Event::Reaction { peer, emoji } => {
            object(out, at("reaction"), &body! { peer: &*peer.0, emoji: emoji })
        }
        Event::RoomChanged { room, by } => {
            object(out, at("room_changed"), &body! { room: RoomBody::of(room), by: by_word(by) });
        }
        Event::RoomEnded { by } => object(out, at("room_ended"), &body! { by: by_word(by) }),
        Event::RightsChanged { peer, rights, by } => {
            let rights = RightsBody(*rights);
            object(out, at("rights_changed"), &body! { peer: &*peer.0, rights: rights, by: by_word(by) });
        }
        Event::RoleChanged { peer, role, rights, by } => {
            let (role, rights) = (role.word(), RightsBody(*rights));
            object(
                out,
                at("role_changed"),
                &body! { peer: &*peer.0, role: role, rights: rights, by: by_word(by) },
            );
        }
        Event::Muted { peer, source, by } => {
            object(out, at("muted"), &body! { peer: &*peer.0, source: flag_word(*source), by: by_word(by) });
        }
        Event::ChatMessage(message) => {
            object(out, at("chat_message"), &body! { message: MessageBody::of(message) });
        }
        Event::ChatEdited { message, text, edited_at, no } => {
            let message = message.to_string();
            object(
                out,
                at("chat_edited"),
                &body! { message: message, text: text, edited_at: Time(*edited_at), no: no.0 },
            );
        }
        Event::ChatDeleted { message, by, no } => {
            object(
                out,
                at("chat_deleted"),
                &body! { message: message.to_string(), by: by_word(by), no: no.0 },
            );
        }
        Event::ChatReaction { message, peer, emoji, on, no } => {
            let message = message.to_string();
            object(
                out,
                at("chat_reaction"),
                &body! { message: message, peer: &*peer.0, emoji: emoji, on: is_on(*on), no: no.0 },
            );
        }
        Event::ChatRead { peer, no } => object(out, at("chat_read"), &body! { peer: &*peer.0, no: no.0 }),
        Event::Broadcast { from, topic, body } => {
            object(out, at("broadcast"), &body! { from: &*from.0, topic: topic, body: raw(body) });
        }
    }
}

/// Appends a whisper as a JSON object.
pub(super) fn whisper(out: &mut Vec<u8>, whisper: &Whisper) {
    match whisper {
        Whisper::Signal { from, generation, n, body, wire: _ } => signal(out, &from.0, *generation, *n, body),
        Whisper::Message { from, body } => {
            object(out, Kind::Plain("signal"), &body! { from: &*from.0, body: raw(body) });
        }
        Whisper::Typing { peer, on } => {
            object(out, Kind::Plain("typing"), &body! { peer: &*peer.0, on: is_on(*on) });
        }
        Whisper::UnmuteAsked { source, by } => {
            object(out, Kind::Plain("unmute_asked"), &body! { source: flag_word(*source), by: by_word(by) });
        }
        Whisper::PeerCut { peer, sources, mids } => {
            let sources: Vec<_> = sources.iter().map(|source| source_word(*source)).collect();
            object(out, Kind::Plain("peer_cut"), &body! { peer: &*peer.0, sources: sources, mids: mids });
        }
        Whisper::Pins(pins) => object(out, Kind::Plain("room_pins"), &body! { pins: PinsBody::of(pins) }),
        Whisper::Restarted(snapshot) => {
            let epoch = snapshot.at.epoch.to_string();
            let snapshot = SnapshotBody::of(snapshot, None);
            object(out, Kind::Plain("room_restarted"), &body! { epoch: epoch, snapshot: snapshot });
        }
    }
}

fn signal(out: &mut Vec<u8>, from: &str, generation: u64, n: u64, signal: &SignalBody) {
    match signal {
        SignalBody::Offer { sdp, sources } => {
            let sources = SourcesBody(sources);
            object(
                out,
                Kind::Plain("offer"),
                &body! { from: from, r#gen: generation, n: n, sdp: sdp, sources: sources },
            );
        }
        SignalBody::Answer { sdp, sources } => {
            let sources = SourcesBody(sources);
            object(
                out,
                Kind::Plain("answer"),
                &body! { from: from, r#gen: generation, n: n, sdp: sdp, sources: sources },
            );
        }
        SignalBody::Candidate { candidate } => {
            let candidate = raw(candidate);
            object(
                out,
                Kind::Plain("candidate"),
                &body! { from: from, r#gen: generation, n: n, candidate: candidate },
            );
        }
        SignalBody::EndOfCandidates => {
            object(out, Kind::Plain("end_of_candidates"), &body! { from: from, r#gen: generation, n: n });
        }
        SignalBody::Opaque => {} // is never put on this wire
        SignalBody::IceRestart => {
            object(out, Kind::Plain("renegotiate"), &body! { from: from, n: n, reason: "ice_restart" });
        }
    }
}

/// `{mid: source}`.
struct SourcesBody<'a>(&'a Sources);

impl Serialize for SourcesBody<'_> {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.0.iter().map(|(mid, source)| (mid, source_word(*source))))
    }
}

/// A body that passes as it came. It was checked to be JSON on its way in.
fn raw(json: &RawJson) -> Option<&RawValue> {
    serde_json::from_str(json).ok()
}

fn is_on(on: On) -> bool {
    on == On::On
}

fn left_word(left: Left) -> &'static str {
    match left {
        Left::Left => "left",
        Left::Lost => "lost",
        Left::Kicked => "kicked",
        Left::Replaced => "replaced",
        Left::Ended => "ended",
        Left::Revoked => "revoked",
    }
}
