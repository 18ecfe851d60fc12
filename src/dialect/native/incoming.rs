//! The fields of each type of frame, and the command each becomes.
use super::decode::{Hello, Inbound, JoinFrame, ResumeFrame, fields};
use super::shapes::{
    Attributes, BroadcastWire, CandidateWire, Candidates, ChatReact, ChatSendWire, Delete, Described, Edit,
    Grant, HelloWire, History, JoinWire, Lock, MaybePeer, MediaWire, Message, Mute, MuteAll, N, Peer,
    PolicyWire, React, Read, ResumeWire, Rotate, SetProfile, SetRole, To, Token, Typing, Update,
};
use crate::fault::Fault;
use crate::room::command::{ChatSend, Command, HistoryQuery, Position, RawJson, SettingsPatch};
use crate::room::ids::{ClientId, MessageId, No, PeerId, Seq};
use crate::room::media::Source;
use crate::room::permissions::{Right, Rights, Role};
use crate::room::signal::{Signal, SignalBody, Sources};
use serde_json::value::RawValue;
use std::sync::Arc;

/// How deep a passed value may be nested.
const MAX_DEPTH: usize = 64;

/// Reads the frame of that type.
pub(super) fn read(kind: &str, text: &str, fresh: MessageId) -> Result<Inbound, Fault> {
    let command = match kind {
        "hello" => {
            return fields::<HelloWire>(text)
                .map(|it| Inbound::Hello(Hello { protocol: it.protocol, token: it.token }));
        }
        "join" => return join(fields(text)?),
        "resume" => return resume(fields(text)?),
        "leave" => return Ok(Inbound::Leave),
        "token_refresh" => return fields::<Token>(text).map(|it| Inbound::TokenRefresh(it.token)),
        "rotate_pins" => {
            return fields::<Rotate>(text).map(|it| Inbound::RotatePins { pin: it.pin, spin: it.spin });
        }
        "resumed_ok" => Command::ResumedOk { n: fields::<N>(text)?.n },
        "room_update" => update(fields(text)?),
        "lock" => Command::Update(SettingsPatch {
            locked: Some(fields::<Lock>(text)?.locked),
            ..Default::default()
        }),
        "end" => Command::End,
        "set_profile" => profile(fields(text)?),
        "set_media" => Command::SetMedia(fields::<MediaWire>(text)?.patch()),
        "set_attributes" => Command::SetAttributes(fields::<Attributes>(text)?.attributes),
        "raise_hand" => Command::RaiseHand,
        "lower_hand" => Command::LowerHand { peer: fields::<MaybePeer>(text)?.peer.map(PeerId) },
        "react" => Command::React { emoji: fields::<React>(text)?.emoji },
        "grant" => fields::<Grant>(text)?.command(|peer, rights| Command::Grant { peer, rights })?,
        "revoke" => fields::<Grant>(text)?.command(|peer, rights| Command::Revoke { peer, rights })?,
        "set_role" => set_role(fields(text)?)?,
        "mute" => fields::<Mute>(text)?.command(|peer, source| Command::Mute { peer, source })?,
        "ask_unmute" => fields::<Mute>(text)?.command(|peer, source| Command::AskUnmute { peer, source })?,
        "mute_all" => Command::MuteAll { source: flag_source(&fields::<MuteAll>(text)?.source)? },
        "spotlight" => {
            let peer = fields::<MaybePeer>(text)?.peer.map(PeerId);
            Command::Update(SettingsPatch { spotlight: Some(peer), ..Default::default() })
        }
        "kick" => Command::Kick { peer: PeerId(fields::<Peer>(text)?.peer) },
        "offer" => described(fields(text)?, |sdp, sources| SignalBody::Offer { sdp, sources })?,
        "answer" => described(fields(text)?, |sdp, sources| SignalBody::Answer { sdp, sources })?,
        "candidate" => candidate(fields(text)?)?,
        "end_of_candidates" => {
            let it = fields::<Candidates>(text)?;
            signal(it.to, it.generation, SignalBody::EndOfCandidates)
        }
        "ice_restart" => signal(fields::<To>(text)?.to, 0, SignalBody::IceRestart),
        "signal" => {
            let it = fields::<Message>(text)?;
            Command::Message { to: PeerId(it.to), body: body("body", &it.body)? }
        }
        "broadcast" => {
            let it = fields::<BroadcastWire>(text)?;
            Command::Broadcast { topic: it.topic, body: body("body", &it.body)? }
        }
        "chat_send" => chat_send(fields(text)?, fresh)?,
        "chat_edit" => {
            let it = fields::<Edit>(text)?;
            Command::ChatEdit { message: message_id("message", &it.message)?, text: it.text }
        }
        "chat_delete" => {
            Command::ChatDelete { message: message_id("message", &fields::<Delete>(text)?.message)? }
        }
        "chat_react" => {
            let it = fields::<ChatReact>(text)?;
            Command::ChatReact {
                message: message_id("message", &it.message)?,
                emoji: it.emoji,
                on: it.on.into(),
            }
        }
        "chat_history" => history(fields(text)?),
        "chat_read" => Command::ChatRead { no: No(fields::<Read>(text)?.no) },
        "typing" => {
            let it = fields::<Typing>(text)?;
            Command::Typing { on: it.on.into(), to: it.to.map(PeerId) }
        }
        _ => return Err(Fault::Unsupported), // an open set: types of other versions
    };
    Ok(Inbound::Room(command))
}

impl Grant {
    fn command(self, make: impl FnOnce(PeerId, Rights) -> Command) -> Result<Command, Fault> {
        let mut rights = Rights::NONE;
        for word in &self.rights {
            let right = Right::from_word(word)
                .ok_or_else(|| Fault::field("rights", "holds a word that is no right"))?;
            rights = rights.with(right);
        }
        Ok(make(PeerId(self.peer), rights))
    }
}

impl Mute {
    fn command(self, make: impl FnOnce(PeerId, Source) -> Command) -> Result<Command, Fault> {
        Ok(make(PeerId(self.peer), flag_source(&self.source)?))
    }
}

fn join(it: JoinWire) -> Result<Inbound, Fault> {
    Ok(Inbound::Join(Box::new(JoinFrame {
        room: it.room,
        name: it.profile.name,
        avatar: it.profile.avatar,
        media: it.media.patch(),
        pin: it.pin,
        owner_secret: it.owner_secret,
    })))
}

fn resume(it: ResumeWire) -> Result<Inbound, Fault> {
    // what can't be a session of ours is answered like one that is gone
    let session = it.session.parse().map_err(|_| Fault::UnknownSession)?;
    let seen = it.epoch.parse().ok().map(|epoch| Position { epoch, seq: Seq(it.seq), no: No(it.last_no) });
    Ok(Inbound::Resume(Box::new(ResumeFrame { session, secret: it.secret, seen })))
}

fn update(it: Update) -> Command {
    let PolicyWire { audio, video, screen, chat } = it.policy;
    let (name, capacity, max_video) = (it.name, it.capacity, it.max_video);
    let version = it.version.map(No);
    Command::Update(SettingsPatch {
        version,
        name,
        capacity,
        max_video,
        locked: None,
        audio,
        video,
        screen,
        chat,
        spotlight: None,
    })
}

fn profile(it: SetProfile) -> Command {
    Command::SetProfile { name: it.name, avatar: it.avatar }
}

fn set_role(it: SetRole) -> Result<Command, Fault> {
    let role = Role::from_word(&it.role)
        .ok_or_else(|| Fault::field("role", "must be owner, cohost, participant or viewer"))?;
    Ok(Command::SetRole { peer: PeerId(it.peer), role })
}

fn signal(to: Arc<str>, generation: u64, body: SignalBody) -> Command {
    Command::Signal(Box::new(Signal { to: PeerId(to), generation, body }))
}

fn described(it: Described, make: impl FnOnce(Arc<str>, Sources) -> SignalBody) -> Result<Command, Fault> {
    let sources: Result<Vec<_>, Fault> =
        it.sources.into_iter().map(|(mid, word)| Ok((mid, link_source(&word)?))).collect();
    Ok(signal(it.to, it.generation, make(it.sdp, sources?.into())))
}

fn candidate(it: CandidateWire) -> Result<Command, Fault> {
    let candidate = body("candidate", &it.candidate)?;
    Ok(signal(it.to, it.generation, SignalBody::Candidate { candidate }))
}

/// A JSON value that will pass byte for byte: nested no deeper than its readers can be trusted to follow.
fn body(field: &'static str, raw: &RawValue) -> Result<RawJson, Fault> {
    let (mut depth, mut in_string, mut escaped) = (0usize, false, false);
    for byte in raw.get().bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => depth += 1,
            b']' | b'}' if !in_string => depth -= 1,
            _ => {} // all other bytes leave the depth alone
        }
        if depth > MAX_DEPTH {
            return Err(Fault::field(field, "is nested deeper than 64"));
        }
    }
    Ok(raw.get().into())
}

fn chat_send(it: ChatSendWire, fresh: MessageId) -> Result<Command, Fault> {
    let reply_to = it.reply_to.map(|id| message_id("reply_to", &id)).transpose()?;
    let (client_id, to) = (ClientId(it.client_id), it.to.map(PeerId));
    Ok(Command::ChatSend(Box::new(ChatSend {
        id: fresh,
        client_id,
        text: it.text,
        to,
        reply_to,
        claim: None,
    })))
}

fn history(it: History) -> Command {
    let (before, after) = (it.before.map(No), it.after.map(No));
    Command::ChatHistory(HistoryQuery { before, after, limit: it.limit.unwrap_or(50), search: it.search })
}

fn message_id(field: &'static str, text: &str) -> Result<MessageId, Fault> {
    text.parse().map_err(|_| Fault::field(field, "is no message id"))
}

fn flag_source(word: &str) -> Result<Source, Fault> {
    match word {
        "audio" => Ok(Source::Mic),
        "video" => Ok(Source::Camera),
        "screen" => Ok(Source::Screen),
        _ => Err(Fault::field("source", "must be audio, video or screen")), // an open set
    }
}

fn link_source(word: &str) -> Result<Source, Fault> {
    match word {
        "mic" => Ok(Source::Mic),
        "camera" => Ok(Source::Camera),
        "screen" => Ok(Source::Screen),
        _ => Err(Fault::field("sources", "must name mic, camera or screen for each mid")), // an open set
    }
}
