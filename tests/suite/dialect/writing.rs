//! Golden frames: what the native dialect writes, byte for byte as PROTOCOL.md shows it.
use convene::dialect::native::{self, IceServer, IceServers};
use convene::fault::Fault;
use convene::room::chat::{Message, Reaction};
use convene::room::command::{On, Position};
use convene::room::event::{Answer, By, Event, Hand, Left, Participant, Presence, Push, Whisper};
use convene::room::ids::{ClientId, Epoch, MessageId, Millis, No, PeerId, SeatId, Seq};
use convene::room::media::{Link, Media, Source};
use convene::room::permissions::Role;
use convene::room::signal::SignalBody;
use std::sync::Arc;
use uuid::Uuid;

const NOON: Millis = Millis(1_763_726_400_123);

/// The text of an unmasked, unfragmented text frame (RFC 6455, 5.2).
fn text(frame: &[u8]) -> String {
    assert_eq!(frame[0], 0x81, "a final text frame");
    let head = match frame[1] {
        0..=125 => 2,
        126 => 4,
        127 => 10,
        _ => panic!("a server's frame is not masked"),
    };
    String::from_utf8(frame[head..].to_vec()).unwrap()
}

fn peer(id: &str) -> PeerId {
    PeerId(id.into())
}

fn pushed(event: Event) -> String {
    text(&native::push(&Push { epoch: Epoch(0xabc), seq: Seq(7), event }))
}

fn whispered(whisper: Whisper) -> String {
    text(&native::whisper(&whisper).expect("it has words for it"))
}

fn replied(id: Option<u64>, result: Result<Answer, Fault>) -> String {
    text(&native::reply(id, &result, &IceServers::default()))
}

#[test]
fn a_push_says_where_it_stands() {
    assert_eq!(
        pushed(Event::ParticipantLeft {
            peer: peer("p_a"),
            reason: Left::Kicked,
            name: "Ana".into(),
            handle: Some("ana".into()),
        }),
        r#"{"type":"participant_left","epoch":"0000000000000abc","seq":7,"peer":"p_a","reason":"kicked"}"#
    );
    assert_eq!(
        pushed(Event::HandRaised { peer: peer("p_a"), rank: 2, since: NOON }),
        r#"{"type":"hand_raised","epoch":"0000000000000abc","seq":7,"peer":"p_a","since":"2025-11-21T12:00:00.123Z","rank":2}"#
            .replace(r#""since":"2025-11-21T12:00:00.123Z","rank":2"#, r#""rank":2,"since":"2025-11-21T12:00:00.123Z""#)
    );
    assert_eq!(
        pushed(Event::Muted { peer: peer("p_a"), source: Source::Camera, by: By::Owner }),
        r#"{"type":"muted","epoch":"0000000000000abc","seq":7,"peer":"p_a","source":"video","by":"owner"}"#
    );
}

#[test]
fn a_newcomer_is_told_whole() {
    let ana = Participant {
        peer: peer("p_a"),
        name: "Ana \"A\"".into(),
        handle: Some("ana".into()),
        avatar: None,
        role: Role::Viewer,
        rights: Role::Viewer.rights(),
        link: Link::Full,
        state: Presence::Here,
        media: Media { audio_available: true, ..Media::default() },
        hand: Some(Hand { rank: 1, since: NOON }),
        attributes: [("k".into(), "v".into())].into(),
        joined_at: NOON,
    };
    assert_eq!(
        pushed(Event::ParticipantJoined(Box::new(ana))),
        concat!(
            r#"{"type":"participant_joined","epoch":"0000000000000abc","seq":7,"participant":{"peer":"p_a","name":"Ana \"A\"","#,
            r#""avatar":null,"role":"viewer","rights":["subscribe","chat","raise_hand"],"link":"full","state":"here","#,
            r#""media":{"audio":false,"video":false,"screen":false,"audio_available":true,"video_available":false},"#,
            r#""hand":{"rank":1,"since":"2025-11-21T12:00:00.123Z"},"attributes":{"k":"v"},"joined_at":"2025-11-21T12:00:00.123Z","#,
            r#""polite":false}}"#
        )
    );
}

#[test]
fn a_message_is_shown_with_its_reactions_by_emoji() {
    let reaction =
        |emoji: &str, who: &str| Reaction { emoji: emoji.into(), seat: SeatId(Uuid::nil()), peer: peer(who) };
    let message = Message {
        id: MessageId(Uuid::from_u128(1)),
        no: No(12),
        author: SeatId(Uuid::nil()),
        from: peer("p_a"),
        name: "Ana".into(),
        client_id: ClientId("c1".into()),
        text: "hi\n".into(),
        to: None,
        reply_to: None,
        at: NOON,
        edited_at: None,
        deleted: false,
        reactions: vec![reaction("👍", "p_a"), reaction("🎉", "p_b"), reaction("👍", "p_b")],
        claim: None,
    };
    assert_eq!(
        pushed(Event::ChatMessage(Arc::new(message))),
        concat!(
            r#"{"type":"chat_message","epoch":"0000000000000abc","seq":7,"message":{"message":"00000000000000000000000000000001","#,
            r#""no":12,"from":"p_a","name":"Ana","text":"hi\n","to":null,"reply_to":null,"at":"2025-11-21T12:00:00.123Z","#,
            r#""edited_at":null,"deleted":false,"reactions":{"🎉":["p_b"],"👍":["p_a","p_b"]},"client_id":"c1"}}"#
        )
    );
}

#[test]
fn signals_pass_and_have_no_place_in_the_log() {
    let offer = SignalBody::Offer { sdp: "v=0\r\n".into(), sources: [("0".into(), Source::Mic)].into() };
    assert_eq!(
        whispered(Whisper::Signal { from: peer("p_a"), generation: 2, n: 5, body: offer, wire: None }),
        r#"{"type":"offer","from":"p_a","gen":2,"n":5,"sdp":"v=0\r\n","sources":{"0":"mic"}}"#
    );
    let candidate = SignalBody::Candidate { candidate: r#"{"candidate": "x"}"#.into() };
    assert_eq!(
        whispered(Whisper::Signal { from: peer("p_a"), generation: 2, n: 6, body: candidate, wire: None }),
        r#"{"type":"candidate","from":"p_a","gen":2,"n":6,"candidate":{"candidate": "x"}}"#
    );
    assert_eq!(
        whispered(Whisper::PeerCut {
            peer: peer("p_a"),
            sources: vec![Source::Screen],
            mids: vec!["2".into()]
        }),
        r#"{"type":"peer_cut","peer":"p_a","sources":["screen"],"mids":["2"]}"#
    );
    assert_eq!(
        whispered(Whisper::Typing { peer: peer("p_a"), on: On::On }),
        r#"{"type":"typing","peer":"p_a","on":true}"#
    );
}

#[test]
fn replies_carry_the_id_and_refusals_their_extras() {
    assert_eq!(replied(Some(7), Ok(Answer::Done)), r#"{"id":7,"ok":{}}"#);
    assert_eq!(replied(Some(8), Ok(Answer::Kept { no: No(3) })), r#"{"id":8,"ok":{"no":3}}"#);
    assert_eq!(
        replied(None, Err(Fault::RateLimited { retry_after_ms: 250 })),
        r#"{"id":null,"err":{"code":"rate_limited","message":"too fast: wait and try again","retry_after_ms":250}}"#
    );
    assert_eq!(
        replied(Some(9), Err(Fault::Forbidden { right: "chat" })),
        r#"{"id":9,"err":{"code":"forbidden","message":"you may not do this here","right":"chat"}}"#
    );
    assert_eq!(
        replied(Some(9), Err(Fault::StaleGeneration { generation: 4 })),
        r#"{"id":9,"err":{"code":"stale_generation","message":"this belongs to an older negotiation","gen":4}}"#
    );
}

#[test]
fn frames_of_the_connection_itself() {
    let at = Position { epoch: Epoch(1), seq: Seq(45), no: No(2) };
    assert_eq!(text(&native::heartbeat(at)), r#"{"type":"heartbeat","epoch":"0000000000000001","seq":45}"#);
    assert_eq!(text(&native::going_away(500)), r#"{"type":"going_away","action":"resume","after_ms":500}"#);
    let ice = IceServers {
        servers: vec![IceServer {
            urls: vec!["turn:a".into()],
            username: Some("u".into()),
            credential: Some("c".into()),
        }],
        relay_only: true,
        expires: Some(NOON),
    };
    assert_eq!(
        text(&native::ice_servers(&ice)),
        r#"{"type":"ice_servers","ice_servers":[{"urls":["turn:a"],"username":"u","credential":"c"}],"ice_policy":"relay","ice_expires":"2025-11-21T12:00:00.123Z"}"#
    );
}
