//! Foreign dialects read: whatever comes is read or refused, and nobody enters without having named a room.
use convene::dialect::animo::{Identity, State, Style};
use convene::dialect::{Wanted, meet};
use convene::room::ids::{MessageId, PeerId};
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use uuid::Uuid;

const FRESH: MessageId = MessageId(Uuid::from_u128(42));
const FIELDS: [&str; 12] = [
    "roomID",
    "roomId",
    "room",
    "username",
    "name",
    "audioEnabled",
    "peerVideoEnabled",
    "kind",
    "status",
    "sender",
    "data",
    "time",
];

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        ".{0,20}",
        Just("https://x/%ff%00/\u{0}".to_owned()),
        Just("{\"sdp\":{\"type\":7}}".to_owned())
    ]
}

/// Any JSON, of the fields that events have more often than not.
fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 6, |inner| {
        let name = prop_oneof![prop::sample::select(&FIELDS[..]).prop_map(str::to_owned), text()];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((name, inner), 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// A page's frame, or nearly one: of this room, that one or none.
fn of_meet() -> impl Strategy<Value = String> {
    let room = prop::sample::select(&["r", "s", ""][..]).prop_map(str::to_owned);
    let kind = prop::sample::select(&["offer", "answer", "candidate", "wave"][..]).prop_map(str::to_owned);
    let fields = prop::collection::vec((text(), json()), 0..3);
    let room = prop_oneof![4 => room.prop_map(Value::from), 1 => json()];
    let kind = prop_oneof![4 => kind.prop_map(Value::from), 1 => json()];
    (room, kind, json(), fields).prop_map(|(room, kind, body, fields)| {
        let mut frame: Map<String, Value> = fields.into_iter().collect();
        let named = kind.as_str().unwrap_or("offer").to_owned();
        frame.insert(named, body);
        frame.insert("room_id".to_owned(), room);
        frame.insert("type".to_owned(), kind);
        Value::Object(frame).to_string()
    })
}

/// Whether a room stands where a join names it.
fn names_a_room(argument: Option<&Value>) -> bool {
    match argument {
        Some(Value::String(room)) => !room.is_empty(),
        Some(Value::Object(fields)) => ["roomID", "roomId", "room"]
            .iter()
            .any(|name| fields.get(*name).and_then(Value::as_str).is_some_and(|room| !room.is_empty())),
        _ => false,
    }
}

proptest! {
    #[test]
    fn any_event_is_read_or_refused(
        events in prop::collection::vec((
            prop_oneof![
                Just("join-call"), Just("signal"), Just("toggle-media"), Just("chat-message"), Just("leave-call"),
                Just("x"), Just("")
            ],
            prop::collection::vec(json(), 0..4),
        ), 1..6),
    ) {
        let mut state = State::new(PeerId("me".into()), Identity::Guest, Style::Unknown);
        for (event, arguments) in events {
            let Ok(wanted) = state.decode(event, &arguments, FRESH) else { continue };
            let enters = wanted.iter().any(|one| matches!(one, Wanted::Enter(_)));
            prop_assert!(!enters || (event == "join-call" && names_a_room(arguments.first())));
            prop_assert_eq!(enters, event == "join-call");
        }
    }

    #[test]
    fn any_bytes_on_a_raw_socket_seat_nobody_who_names_no_room(
        frames in prop::collection::vec(prop_oneof![
            prop::collection::vec(any::<u8>(), 0..60).prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
            json().prop_map(|value| value.to_string()),
            text(),
            of_meet(),
            of_meet(),
        ], 1..8),
        good in prop::sample::select(&["r", "s"][..]),
    ) {
        let frame = json!({"room_id": good, "type": "offer", "offer": {"type": "offer", "sdp": "v=0"}}).to_string();
        let read = meet::decode(&mut meet::State::default(), &frame).expect("a good frame is read");
        prop_assert_eq!(&*read.room, good);
        let mut state = meet::State::default();
        let mut first = None;
        for frame in frames {
            let Some(said) = meet::decode(&mut state, &frame) else { continue };
            let value: Value = serde_json::from_str(&frame).expect("what is read is JSON");
            prop_assert!(value["room_id"].as_str().is_some_and(|room| *room == *said.room && !room.is_empty()));
            let first = first.get_or_insert_with(|| said.room.clone());
            prop_assert_eq!(&*said.room, &**first, "a socket has one room");
        }
    }
}
