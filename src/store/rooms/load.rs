//! Loads a sleeping room: its record, the seats of a server that was only just away, its last messages, its place in history.
use super::super::cohosts;
use super::super::journal::CHANGES_OF_MESSAGES;
use super::super::messages::with_reactions;
use super::super::sealed::open_pins;
use super::super::servers::AliveCutoff;
use super::super::{Store, StoreError, rows, within};
use crate::room::chat::Message;
use crate::room::ids::{MessageId, Millis, No, PeerId, RoomId};
use crate::room::record::{CallRecord, ChatKind, Keys, Loaded, Owner, RoomRecord, SeatRecord, Settings};
use convene_entity::{call, event, message, room, room_key, seat};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::sync::Arc;

/// Messages a room wakes up with.
const LAST_MESSAGES: usize = 200;
/// Changes of them that it looks at; who missed more than that reads the older ones as they were.
const LAST_CHANGES: u64 = 1_000;

/// Everything the room wakes up with, or `None` if there is no such room.
///
/// The caller sees to it that nothing of this room is on its way into the database meanwhile.
pub async fn load(store: &Store, id: RoomId, cutoff: AliveCutoff) -> Result<Option<Loaded>, StoreError> {
    let Some(room) = record(store, id).await? else { return Ok(None) };
    let seats = seats(store, id, cutoff).await?;
    let call = if seats.is_empty() { None } else { open_call(store, id).await? };
    let (messages, more) = match room.chat {
        ChatKind::Durable => last_messages(store, id).await?,
        ChatKind::Ephemeral => (Vec::new(), false),
    };
    let changed = match messages.first() {
        Some(oldest) => last_changes(store, id, oldest.no).await?,
        None => Vec::new(),
    };
    let last_no = last_no(store, id).await?;
    Ok(Some(Loaded { room, seats, messages, changed, more, last_no, call }))
}

/// The room alone, without its people and its chat.
pub async fn record(store: &Store, id: RoomId) -> Result<Option<RoomRecord>, StoreError> {
    let Some(row) = within(room::Entity::find_by_id(id.to_string()).one(&store.read)).await? else {
        return Ok(None);
    };
    let find = room_key::Entity::find().filter(room_key::Column::RoomId.eq(id.to_string()));
    let keys = keys_of(&within(find.all(&store.read)).await?)?;
    let cohosts = cohosts::of(store, id).await?;
    Ok(Some(RoomRecord { cohosts, ..record_of(store, &row, keys)? }))
}

pub(in crate::store) fn record_of(
    store: &Store,
    row: &room::Model,
    keys: Keys,
) -> Result<RoomRecord, StoreError> {
    let id = rows::id("room", &row.id)?;
    Ok(RoomRecord {
        id,
        keys,
        owner: owner_of(row)?,
        cohosts: Vec::new(), // told apart by `record` alone
        settings: settings_of(row),
        version: No(row.version),
        chat: rows::chat_of(&row.chat_kind)?,
        pins: open_pins(&store.keys, id, &row.pins)?,
        needs_pin: row.needs_pin,
        created_at: Millis(row.created_at),
        ended_at: row.ended_at.map(Millis),
    })
}

fn settings_of(row: &room::Model) -> Settings {
    Settings {
        name: row.name.as_str().into(),
        capacity: rows::counted(row.capacity),
        max_video: rows::counted(row.max_video),
        locked: row.locked,
        audio: row.audio,
        video: row.video,
        screen: row.screen,
        chat: row.chat_on,
        spotlight: row.spotlight.as_deref().map(|peer| PeerId(peer.into())),
    }
}

/// A room's keys from its rows.
pub(in crate::store) fn keys_of(found: &[room_key::Model]) -> Result<Keys, StoreError> {
    let key = |kind: &str| -> Result<Arc<str>, StoreError> {
        let row = found.iter().find(|row| row.kind == kind);
        row.map(|row| row.key.as_str().into()).ok_or_else(|| StoreError::Unreadable {
            table: "room_key",
            why: format!("a room has no {kind} key"),
        })
    };
    let mesibo = key("mesibo")?.parse().map_err(|_| StoreError::Unreadable {
        table: "room_key",
        why: "a mesibo key is no number".to_owned(),
    })?;
    Ok(Keys { native: key("native")?, meet: key("meet")?, mesibo, hundredms: key("hundredms")? })
}

fn owner_of(row: &room::Model) -> Result<Owner, StoreError> {
    let secret = if row.owner_hash.is_empty() { None } else { Some(rows::hash("room", &row.owner_hash)?) };
    let account = row.owner_user.as_deref().map(|user| rows::id("room", user)).transpose()?;
    Ok(Owner { secret, account })
}

/// A row without a peer was made by a change before the seat itself was written: it is no seat yet.
async fn seats(store: &Store, id: RoomId, cutoff: AliveCutoff) -> Result<Vec<SeatRecord>, StoreError> {
    let find = seat::Entity::find()
        .filter(seat::Column::RoomId.eq(id.to_string()))
        .filter(seat::Column::ReleasedAt.is_null())
        .filter(seat::Column::WrittenAt.gte(cutoff.0.0))
        .filter(seat::Column::Peer.ne(""))
        .order_by_asc(seat::Column::JoinedAt)
        .order_by_asc(seat::Column::Id);
    within(find.all(&store.read)).await?.into_iter().map(rows::seat_of).collect()
}

async fn open_call(store: &Store, id: RoomId) -> Result<Option<CallRecord>, StoreError> {
    let find = call::Entity::find()
        .filter(call::Column::RoomId.eq(id.to_string()))
        .filter(call::Column::EndedAt.is_null())
        .order_by_desc(call::Column::StartedAt)
        .limit(1);
    within(find.one(&store.read)).await?.map(rows::call_of).transpose()
}

async fn last_messages(store: &Store, id: RoomId) -> Result<(Vec<Message>, bool), StoreError> {
    let find = message::Entity::find()
        .filter(message::Column::RoomId.eq(id.to_string()))
        .order_by_desc(message::Column::No)
        .limit(LAST_MESSAGES as u64 + 1);
    let mut found = within(find.all(&store.read)).await?;
    let more = found.len() > LAST_MESSAGES;
    found.truncate(LAST_MESSAGES);
    found.reverse();
    Ok((with_reactions(store, found).await?, more))
}

/// The last changes of messages after that place, newest first; a message may be among them more than once.
async fn last_changes(store: &Store, id: RoomId, after: No) -> Result<Vec<(MessageId, No)>, StoreError> {
    let find = event::Entity::find()
        .select_only()
        .columns([event::Column::No, event::Column::Body])
        .filter(event::Column::RoomId.eq(id.to_string()))
        .filter(event::Column::Kind.is_in(CHANGES_OF_MESSAGES))
        .filter(event::Column::No.gt(after.0))
        .order_by_desc(event::Column::No)
        .limit(LAST_CHANGES)
        .into_tuple::<(i64, String)>();
    within(find.all(&store.read)).await?.into_iter().map(|(no, body)| changed_message(no, &body)).collect()
}

fn changed_message(no: i64, body: &str) -> Result<(MessageId, No), StoreError> {
    #[derive(serde::Deserialize)]
    struct Changed {
        message: String,
    }
    let changed: Changed = serde_json::from_str(body).map_err(|_| StoreError::Unreadable {
        table: "event",
        why: "a change names no message".to_owned(),
    })?;
    Ok((rows::id("event", &changed.message)?, No(no)))
}

/// The highest number that is taken, by a message or another change.
async fn last_no(store: &Store, id: RoomId) -> Result<No, StoreError> {
    let said = message::Entity::find()
        .select_only()
        .column_as(message::Column::No.max(), "no")
        .filter(message::Column::RoomId.eq(id.to_string()))
        .into_tuple::<Option<i64>>();
    let changed = event::Entity::find()
        .select_only()
        .column_as(event::Column::No.max(), "no")
        .filter(event::Column::RoomId.eq(id.to_string()))
        .into_tuple::<Option<i64>>();
    let said = within(said.one(&store.read)).await?.flatten();
    let changed = within(changed.one(&store.read)).await?.flatten();
    Ok(No(said.max(changed).unwrap_or(0)))
}
