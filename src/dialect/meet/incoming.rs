//! What Meet's pages say: a room, and offers, answers and candidates for whoever else is in it.
use super::WORD;
use crate::dialect::{Entry, Wanted};
use crate::room::command::Command;
use crate::room::media::MediaPatch;
use crate::room::signal::{Relay, SignalBody, To, Wire};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::sync::Arc;

/// What is known of one socket: its first frame decides the room.
#[derive(Debug, Default)]
pub struct State {
    room: Option<Arc<str>>,
}

/// One frame as it came.
#[derive(Debug, PartialEq, Eq)]
pub struct Said {
    /// The room it names, which is the socket's.
    pub room: Arc<str>,
    /// Whether a page begins with it: only such a frame makes somebody a member.
    pub kind: Kind,
    body: Option<SignalBody>,
}

/// What a frame is for the one who sends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The first frame of this socket, or an offer.
    Beginning,
    Further,
}

/// Who sits there.
#[derive(Debug, Clone)]
pub struct Name {
    pub name: Arc<str>,
    /// A username.
    pub handle: Option<Arc<str>>,
}

#[derive(Deserialize)]
struct Frame<'a> {
    room_id: Option<String>,
    #[serde(rename = "type", borrow, default)]
    kind: Option<&'a RawValue>,
    #[serde(borrow, default)]
    offer: Option<&'a RawValue>,
    #[serde(borrow, default)]
    answer: Option<&'a RawValue>,
    #[serde(borrow, default)]
    candidate: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Description {
    #[serde(rename = "type")]
    kind: String,
    sdp: String,
}

/// Reads a frame. `None` for what isn't JSON, names no room or another one than the socket's first, or says offer, answer or
/// candidate and carries none: two readers could understand that differently.
pub fn decode(state: &mut State, text: &str) -> Option<Said> {
    let frame: Frame<'_> = object(text)?;
    let named = frame.room_id.filter(|room| !room.is_empty())?;
    let is_first = state.room.is_none();
    let room = state.room.get_or_insert_with(|| named.as_str().into()).clone();
    if *room != *named {
        return None;
    }
    let kind: Option<String> = frame.kind.and_then(|kind| serde_json::from_str(kind.get()).ok());
    let body =
        match kind.as_deref() {
            Some("offer") => description(frame.offer, "offer")
                .map(|sdp| SignalBody::Offer { sdp, sources: Arc::default() }),
            Some("answer") => description(frame.answer, "answer")
                .map(|sdp| SignalBody::Answer { sdp, sources: Arc::default() }),
            Some("candidate") => {
                let is_object = |candidate: &&RawValue| candidate.get().starts_with('{');
                let candidate = frame.candidate.filter(is_object);
                candidate.map(|candidate| SignalBody::Candidate { candidate: candidate.get().into() })
            }
            _ => Some(SignalBody::Opaque), // an extension, which pages of today pass over
        };
    let begins = is_first || matches!(body, Some(SignalBody::Offer { .. }));
    Some(Said { room, kind: if begins { Kind::Beginning } else { Kind::Further }, body })
}

/// What the sender of a frame wants of the engine, in order.
pub fn wanted(said: Said, text: &str, name: &Name) -> Vec<Wanted> {
    let Said { room, kind, body } = said;
    let entry = (kind == Kind::Beginning).then(|| Wanted::Enter(Box::new(entry(room, name))));
    let relay = body.map(|body| {
        let wire = Wire { word: WORD, frame: text.into() };
        Wanted::Ask(Box::new(Command::Relay(Box::new(Relay { to: To::Partner, body, wire }))))
    });
    entry.into_iter().chain(relay).collect()
}

/// The page always sends both, and says nothing when it mutes.
fn entry(room: Arc<str>, name: &Name) -> Entry {
    let media = MediaPatch {
        audio: Some(true),
        video: Some(true),
        audio_available: Some(true),
        video_available: Some(true),
        ..MediaPatch::default()
    };
    Entry { room, peer: None, name: name.name.clone(), handle: name.handle.clone(), media }
}

/// What an object holds; a list would be read as its fields in their order.
fn object<'a, T: Deserialize<'a>>(text: &'a str) -> Option<T> {
    let is_object = text.trim_start_matches([' ', '\t', '\r', '\n']).starts_with('{');
    if is_object { serde_json::from_str(text).ok() } else { None }
}

fn description(given: Option<&RawValue>, kind: &str) -> Option<Arc<str>> {
    let description: Description = object(given?.get())?;
    (description.kind == kind).then(|| description.sdp.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const OFFER: &str = r#"{"room_id":"r","type":"offer","offer":{"type":"offer","sdp":"v=0"}}"#;
    const CANDIDATE: &str = r#"{"room_id":"r","type":"candidate","candidate":{ "candidate":"c", "sdpMid":"0","sdpMLineIndex":0 }}"#;

    fn name() -> Name {
        Name { name: "Guest".into(), handle: None }
    }

    #[test]
    fn the_first_frame_enters_and_decides_the_room() {
        let mut state = State::default();
        let said = decode(&mut state, OFFER).unwrap();
        let wanted = wanted(said, OFFER, &name());
        let [Wanted::Enter(entry), Wanted::Ask(command)] = &wanted[..] else { panic!("{wanted:?}") };
        assert_eq!((&*entry.room, &entry.peer, entry.media.video), ("r", &None, Some(true)));
        let Command::Relay(relay) = &**command else { panic!("{command:?}") };
        assert_eq!((&relay.to, relay.wire.word, &*relay.wire.frame), (&To::Partner, "meet", OFFER));
        assert!(matches!(&relay.body, SignalBody::Offer { sdp, .. } if &**sdp == "v=0"));
        let elsewhere = OFFER.replace("\"r\"", "\"s\"");
        assert_eq!(decode(&mut state, &elsewhere), None, "another room's frame is passed over");
    }

    #[test]
    fn what_comes_behind_is_passed_on_and_enters_nothing() {
        let mut state = State::default();
        decode(&mut state, OFFER).unwrap();
        let said = decode(&mut state, CANDIDATE).unwrap();
        assert_eq!(said.kind, Kind::Further);
        let Some(SignalBody::Candidate { candidate }) = &said.body else { panic!("{said:?}") };
        assert_eq!(&**candidate, r#"{ "candidate":"c", "sdpMid":"0","sdpMLineIndex":0 }"#);
        assert_eq!(wanted(said, CANDIDATE, &name()).len(), 1);
        assert_eq!(
            decode(&mut state, OFFER).unwrap().kind,
            Kind::Beginning,
            "it may have been refused before"
        );
    }

    #[test]
    fn extensions_are_passed_on_and_what_lies_about_itself_is_not() {
        let body = |text: &str| decode(&mut State::default(), text).map(|said| said.body);
        for opaque in [
            r#"{"room_id":"r"}"#,
            r#"{"room_id":"r","type":"wave"}"#,
            r#"{"room_id":"r","type":null}"#,
            r#"{"room_id":"r","type":5,"offer":{}}"#,
        ] {
            assert_eq!(body(opaque), Some(Some(SignalBody::Opaque)), "{opaque}");
        }
        for nothing in [
            r#"{"room_id":"r","type":"offer"}"#,
            r#"{"room_id":"r","type":"offer","offer":"v=0"}"#,
            r#"{"room_id":"r","type":"offer","offer":["offer","v=0"]}"#,
            r#"{"room_id":"r","type":"offer","offer":{"type":"offer","sdp":["v=0"]}}"#,
            r#"{"room_id":"r","type":"offer","offer":{"type":"answer","sdp":"v=0"}}"#,
            r#"{"room_id":"r","type":"answer","offer":{"type":"offer","sdp":"v=0"}}"#,
            r#"{"room_id":"r","type":"candidate","candidate":"c"}"#,
            r#"{"room_id":"r","type":"candidate","candidate":null}"#,
        ] {
            assert_eq!(body(nothing), Some(None), "{nothing}");
        }
        for junk in [
            "",
            "{",
            "[]",
            r#"["r"]"#,
            r#"["r","offer",{"type":"offer","sdp":"v=0"}]"#,
            "7",
            "null",
            r#"{"type":"offer"}"#,
            r#"{"room_id":""}"#,
            r#"{"room_id":7}"#,
            r#"{"room_id":{"$ne":1}}"#,
            r#"{"room_id":"r","room_id":"s"}"#,
            r#"{"room_id":"r","type":"wave","type":"offer"}"#,
        ] {
            assert_eq!(body(junk), None, "{junk}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_passed_over(text in "\\PC{0,80}|\\{\"room_id\":\"r\",\"type\":\"(offer|answer|candidate|wave)\"(,\"x\":\"[a-z]{0,9}\")?\\}") {
            let mut state = State::default();
            let is_whole = text.starts_with("{\"room_id\":\"r\",\"type\":");
            let said = decode(&mut state, &text);
            prop_assert_eq!(said.is_some(), is_whole, "{}", text);
            if let Some(said) = said {
                prop_assert_eq!(&*said.room, "r");
                if said.body.is_none() {
                    prop_assert!(!text.contains("wave"));
                }
                prop_assert!(!wanted(said, &text, &name()).is_empty());
            }
        }
    }
}
