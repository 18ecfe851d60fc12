//! Native frames read: what each becomes, and how a bad one is refused.
use convene::dialect::native::{Decoded, Inbound, decode};
use convene::fault::Fault;
use convene::room::command::{Command, On, SettingsPatch};
use convene::room::ids::{MessageId, PeerId};
use convene::room::media::Source;
use convene::room::permissions::{Right, Rights, Role};
use convene::room::signal::SignalBody;
use proptest::prelude::*;
use uuid::Uuid;

const FRESH: MessageId = MessageId(Uuid::from_u128(42));

fn read(text: &str) -> Decoded {
    decode(text, FRESH)
}

fn command(text: &str) -> Command {
    match read(text).what {
        Ok(Inbound::Room(command)) => command,
        other => panic!("{text} is for the room, got {other:?}"),
    }
}

fn refusal(text: &str) -> (Option<u64>, &'static str, String) {
    let decoded = read(text);
    let fault = decoded.what.expect_err(text);
    (decoded.id, fault.code(), fault.message().into_owned())
}

#[test]
fn ids_are_integers_that_json_keeps() {
    assert_eq!(read(r#"{"id":0,"type":"raise_hand"}"#).id, Some(0));
    assert_eq!(read(r#"{"type":"raise_hand"}"#).id, None);
    assert_eq!(read(r#"{"id":9007199254740991,"type":"raise_hand"}"#).id, Some(9_007_199_254_740_991));
    for id in ["-1", "0.1", "9007199254740992", "\"7\"", "1e2", "[]", "18446744073709551616"] {
        let (id, code, message) = refusal(&format!(r#"{{"id":{id},"type":"raise_hand"}}"#));
        assert_eq!((id, code), (None, "invalid_field"), "{message}");
        assert!(message.starts_with("id: "), "{message}");
    }
}

#[test]
fn what_is_no_object_with_a_type_is_malformed() {
    for text in [
        "",
        "{",
        "[]",
        "[1]",
        "7",
        "null",
        "{}",
        r#"{"type":7}"#,
        r#"{"id":1}"#,
        "\u{feff}{}",
        "{}{}",
        r#"{"type":"end"} x"#,
    ] {
        assert_eq!(refusal(text).1, "malformed", "{text}");
    }
}

#[test]
fn a_body_may_not_be_nested_without_end() {
    let nested = |depth: usize| {
        format!(r#"{{"type":"broadcast","topic":"t","body":{}"]"{}}}"#, "[".repeat(depth), "]".repeat(depth))
    };
    assert!(matches!(command(&nested(64)), Command::Broadcast { .. }));
    for depth in [65, 100_000] {
        assert!(
            read(&nested(depth))
                .what
                .is_err_and(|fault| fault == Fault::field("body", "is nested deeper than 64"))
        );
    }
}

#[test]
fn an_unknown_type_is_unsupported_and_keeps_its_id() {
    assert_eq!(
        refusal(r#"{"id":3,"type":"knock_knock"}"#),
        (Some(3), "unsupported", "no such type of frame, or not one of this version".into())
    );
}

#[test]
fn a_bad_field_is_named() {
    let cases = [
        (r#"{"id":1,"type":"chat_send","text":"hi"}"#, "client_id: is missing"),
        (
            r#"{"id":1,"type":"chat_send","client_id":"c","text":7}"#,
            "text: invalid type: integer `7`, expected a string",
        ),
        (r#"{"id":1,"type":"join","room":"r","profile":{}}"#, "profile.name: is missing"),
        (
            r#"{"id":1,"type":"join","room":"r","profile":{"name":"A"},"media":{"audio":1}}"#,
            "media.audio: invalid type: integer `1`, expected a boolean",
        ),
        (r#"{"id":1,"type":"grant","peer":"p","rights":["fly"]}"#, "rights: holds a word that is no right"),
        (r#"{"id":1,"type":"mute","peer":"p","source":"mic"}"#, "source: must be audio, video or screen"),
        (
            r#"{"id":1,"type":"offer","to":"p","gen":1,"sdp":"v=0","sources":{"0":"audio"}}"#,
            "sources: must name mic, camera or screen for each mid",
        ),
        (r#"{"id":1,"type":"chat_edit","message":"x","text":"t"}"#, "message: is no message id"),
        (
            r#"{"id":1,"type":"set_role","peer":"p","role":"king"}"#,
            "role: must be owner, cohost, participant or viewer",
        ),
        (r#"{"id":1,"type":"chat_read","no":0.5}"#, "no: invalid type: floating point `0.5`, expected i64"),
    ];
    for (text, message) in cases {
        assert_eq!(refusal(text), (Some(1), "invalid_field", message.into()), "{text}");
    }
}

#[test]
fn unknown_fields_are_ignored() {
    assert!(matches!(command(r#"{"type":"raise_hand","later":{"a":[1]}}"#), Command::RaiseHand));
}

#[test]
fn chat_takes_the_fresh_id() {
    let Command::ChatSend(send) = command(r#"{"type":"chat_send","client_id":"c1","text":"hé","to":"p_b"}"#)
    else {
        panic!()
    };
    assert_eq!(
        (send.id, &*send.client_id.0, &*send.text, send.to),
        (FRESH, "c1", "hé", Some(PeerId("p_b".into())))
    );
}

#[test]
fn signals_keep_their_bodies() {
    let Command::Signal(offer) =
        command(r#"{"type":"offer","to":"p","gen":3,"sdp":"v=0\r\n","sources":{"1":"screen","0":"mic"}}"#)
    else {
        panic!()
    };
    let SignalBody::Offer { sdp, sources } = &offer.body else { panic!() };
    assert_eq!((offer.generation, &**sdp), (3, "v=0\r\n"));
    assert_eq!(**sources, [("0".into(), Source::Mic), ("1".into(), Source::Screen)]);
    let text = r#"{"type":"candidate","to":"p","gen":3,"candidate":{ "candidate":"a",  "sdpMid":null}}"#;
    let Command::Signal(candidate) = command(text) else { panic!() };
    assert_eq!(
        candidate.body,
        SignalBody::Candidate { candidate: r#"{ "candidate":"a",  "sdpMid":null}"#.into() }
    );
}

#[test]
fn settings_tell_null_from_absent() {
    let Command::Update(patch) = command(r#"{"type":"room_update","policy":{"chat":false},"version":4}"#)
    else {
        panic!()
    };
    assert_eq!((patch.chat, patch.name, patch.version.map(|no| no.0)), (Some(false), None, Some(4)));
    let Command::Update(patch) = command(r#"{"type":"spotlight","peer":null}"#) else { panic!() };
    assert_eq!(patch, SettingsPatch { spotlight: Some(None), ..Default::default() });
    let Command::SetProfile { name: None, avatar: Some(None) } =
        command(r#"{"type":"set_profile","avatar":null}"#)
    else {
        panic!()
    };
    let Command::SetProfile { avatar: None, .. } = command(r#"{"type":"set_profile","name":"B"}"#) else {
        panic!()
    };
}

#[test]
fn moderation_reads_words() {
    let Command::Revoke { rights, .. } =
        command(r#"{"type":"revoke","peer":"p","rights":["publish_audio","chat"]}"#)
    else {
        panic!()
    };
    assert_eq!(rights, Rights::of(&[Right::PublishAudio, Right::Chat]));
    let Command::SetRole { role: Role::Cohost, .. } =
        command(r#"{"type":"set_role","peer":"p","role":"cohost"}"#)
    else {
        panic!()
    };
    let Command::Mute { source: Source::Mic, .. } = command(r#"{"type":"mute","peer":"p","source":"audio"}"#)
    else {
        panic!()
    };
    let Command::Typing { on: On::Off, to: None } = command(r#"{"type":"typing","on":false}"#) else {
        panic!()
    };
}

#[test]
fn a_foreign_session_is_an_unknown_one() {
    let text =
        r#"{"id":1,"type":"resume","session":"../../etc","secret":"1.x","epoch":"0","seq":0,"last_no":0}"#;
    assert_eq!(refusal(text).1, "unknown_session");
}

proptest! {
    #[test]
    fn reading_never_panics(text in ".{0,200}") {
        let _ = read(&text);
    }

    #[test]
    fn any_fields_under_a_known_type_are_read_or_refused(
        kind in prop::sample::select(&["hello", "join", "resume", "offer", "candidate", "chat_send", "chat_react", "room_update", "grant", "typing", "set_attributes", "signal"][..]),
        field in prop::sample::select(&["to", "gen", "sdp", "sources", "text", "client_id", "profile", "rights", "on", "attributes", "body", "policy", "epoch"][..]),
        value in prop::sample::select(&["null", "true", "0", "-1", "1e400", "\"\"", "\"\\u0000\"", "[]", "{}", "[[]]", "{\"a\":{}}", "\"\\ud800\""][..]),
    ) {
        let _ = read(&format!(r#"{{"id":1,"type":"{kind}","{field}":{value}}}"#));
    }
}
