//! Rooms, messages and entries as the tests write them.
use convene::room::chat::{Message, Recipient};
use convene::room::footing::Footing;
use convene::room::ids::{CallId, ClientId, Epoch, MessageId, Millis, No, PeerId, RoomId, SeatId};
use convene::room::media::Media;
use convene::room::permissions::Role;
use convene::room::pins::{Pin, Pins};
use convene::room::record::{
    Behind, CallRecord, Change, ChatKind, Entry, Keys, Loaded, Outcome, SeatRecord, Settings, System,
};
use convene::store::rooms::{self, Created, Expiry, NewRoom};
use convene::store::servers::AliveCutoff;
use convene::store::{Store, journal};
use std::sync::Arc;
use uuid::Uuid;

pub(crate) const NOON: Millis = Millis(1_795_262_400_000);

pub(crate) fn seat(n: u128) -> SeatId {
    SeatId(Uuid::from_u128(n))
}

pub(crate) fn message_id(n: u128) -> MessageId {
    MessageId(Uuid::from_u128(n))
}

pub(crate) fn peer(n: u128) -> PeerId {
    PeerId(format!("p_{n}").into())
}

pub(crate) fn settings(name: &str) -> Settings {
    Settings {
        name: name.into(),
        capacity: 50,
        max_video: 8,
        locked: false,
        audio: true,
        video: true,
        screen: true,
        chat: true,
        spotlight: None,
    }
}

pub(crate) fn new_room(n: u128) -> NewRoom {
    NewRoom {
        id: RoomId(Uuid::from_u128(n)),
        keys: Keys {
            native: format!("abc-defg-{n:03}").into(),
            meet: format!("{n:016x}").into(),
            mesibo: 1000 + u32::try_from(n).unwrap(),
            hundredms: format!("{n:024x}").into(),
        },
        owner: [u8::try_from(n % 200).unwrap(); 32].into(),
        settings: settings("Weekly"),
        chat: ChatKind::Durable,
        pins: Pins { pin: Pin::parse("12345678").unwrap(), spin: Pin::parse("87654321").unwrap() },
        needs_pin: false,
        system: System::Native,
        expiry: Expiry::AfterLastUse,
        created_at: NOON,
    }
}

/// A room in the database.
pub(crate) async fn room(store: &Store, n: u128) -> RoomId {
    let new = new_room(n);
    assert_eq!(rooms::create(store, &new, None).await.unwrap(), Created::Made);
    new.id
}

pub(crate) async fn load(store: &Store, room: RoomId) -> Loaded {
    rooms::load(store, room, AliveCutoff::NONE).await.unwrap().expect("the room is there")
}

/// Seat 1 of the room says `text` as number `no`; its message id and client id are made of `no`.
pub(crate) fn said(room: RoomId, no: i64, text: &str) -> Entry {
    let n = u128::try_from(no).unwrap();
    let message = Message {
        id: message_id((room.0.as_u128() << 32) + n),
        no: No(no),
        author: seat(1),
        from: peer(1),
        name: "Ana".into(),
        client_id: ClientId(format!("c{no}").into()),
        text: text.into(),
        to: None,
        reply_to: None,
        at: NOON.plus(no),
        edited_at: None,
        deleted: false,
        reactions: Vec::new(),
        claim: None,
    };
    entry(room, no, Change::Said(Arc::new(message)))
}

pub(crate) fn entry(room: RoomId, no: i64, change: Change) -> Entry {
    Entry { room, epoch: Epoch(1), no: No(no), at: NOON.plus(no), by: Some(seat(1)), change }
}

pub(crate) fn message(entry: &Entry) -> Message {
    let Change::Said(message) = &entry.change else { panic!("no message: {entry:?}") };
    (**message).clone()
}

/// The same entry with its message changed.
pub(crate) fn but(mut entry: Entry, change: impl FnOnce(&mut Message)) -> Entry {
    let mut changed = message(&entry);
    change(&mut changed);
    entry.change = Change::Said(Arc::new(changed));
    entry
}

pub(crate) fn to(n: u128) -> Option<Recipient> {
    Some(Recipient { seat: seat(n), peer: peer(n) })
}

pub(crate) async fn commit_all(store: &Store, entries: &[Entry]) {
    for outcome in journal::commit(store, entries).await {
        assert_eq!(outcome, Outcome::Committed);
    }
}

pub(crate) fn texts(messages: &[Message]) -> Vec<&str> {
    messages.iter().map(|message| &*message.text).collect()
}

pub(crate) fn taken_seat(n: u128) -> SeatRecord {
    SeatRecord {
        seat: seat(n),
        peer: peer(n),
        face: "native".into(),
        name: format!("Zoë {n}").into(),
        avatar: None,
        role: Role::Participant,
        rights: Role::Participant.rights(),
        media: Media { audio: true, video_available: true, ..Media::default() },
        resume_n: 3,
        joined_at: NOON.plus(i64::try_from(n).unwrap()),
        released_at: None,
        footing: Footing::Guest,
    }
}

pub(crate) async fn write_seat(store: &Store, room: RoomId, seat: SeatRecord) {
    journal::write_behind(store, &[Behind::Seat { room, seat }]).await.unwrap();
}

pub(crate) fn call(n: u128) -> CallRecord {
    let started_at = NOON.plus(i64::try_from(n).unwrap() * 1000);
    CallRecord { id: CallId(Uuid::from_u128(n)), started_at, paired_at: None, ended_at: None, peak: 1 }
}
