//! The fast way: all entries in one transaction, rows of a kind in statements of many rows.
use super::super::sql::{self, Target};
use super::super::{Store, StoreError, messages::fold, within};
use super::{Failure, change, end, kept_whole, plain};
use crate::room::chat::Message;
use crate::room::ids::RoomId;
use crate::room::record::{Change, Entry};
use convene_entity::room;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Value};
use std::collections::HashSet;

pub(super) const MESSAGES: Target = Target {
    table: "message",
    columns: &[
        "room_id",
        "no",
        "id",
        "author",
        "peer",
        "name",
        "client_id",
        "text",
        "folded",
        "to_seat",
        "to_peer",
        "reply_to",
        "at",
    ],
    upsert: &[],
    key: &[],
};

pub(super) const EVENTS: Target = Target {
    table: "event",
    columns: &["room_id", "no", "kind", "author", "at", "body"],
    upsert: &[],
    key: &[],
};

/// Keeps all entries or none.
pub(super) async fn write(store: &Store, entries: &[Entry]) -> Result<(), Failure> {
    if entries.iter().any(|entry| kept_whole(entry).is_err()) {
        return Err(StoreError::Row("a text holds a NUL character".to_owned()).into());
    }
    if plain::takes(store, entries) {
        return plain::write(store, entries).await;
    }
    let transaction = store.begin().await?;
    within(async {
        let rooms: HashSet<RoomId> = entries.iter().map(|entry| entry.room).collect();
        if existing(&transaction, &rooms).await?.len() < rooms.len() {
            return Err(StoreError::Row("a room is gone".to_owned()));
        }
        let (said, changed) = rows_of(entries);
        sql::insert(&transaction, &MESSAGES, said).await?;
        for entry in entries {
            change::apply(&transaction, &store.keys, entry).await?;
        }
        sql::insert(&transaction, &EVENTS, changed).await?;
        Ok(())
    })
    .await?;
    end(transaction).await
}

/// The values of all new messages, and of all events.
fn rows_of(entries: &[Entry]) -> (Vec<Value>, Vec<Value>) {
    let mut said = Vec::with_capacity(entries.len() * MESSAGES.columns.len());
    let mut changed = Vec::new();
    for entry in entries {
        match &entry.change {
            Change::Said(message) => push_message(&mut said, entry, message),
            other => push_event(&mut changed, entry, other),
        }
    }
    (said, changed)
}

pub(super) fn push_message(values: &mut Vec<Value>, entry: &Entry, message: &Message) {
    let folded = fold(&message.text);
    let to = message.to.as_ref();
    values.extend([
        text(entry.room.to_string()),
        entry.no.0.into(),
        text(message.id.to_string()),
        text(message.author.to_string()),
        text(&*message.from.0),
        text(&*message.name),
        text(&*message.client_id.0),
        text(&*message.text),
        Value::String((folded != *message.text).then_some(folded)),
        Value::String(to.map(|to| to.seat.to_string())),
        Value::String(to.map(|to| to.peer.to_string())),
        Value::String(message.reply_to.map(|id| id.to_string())),
        message.at.0.into(),
    ]);
}

pub(super) fn push_event(values: &mut Vec<Value>, entry: &Entry, changed: &Change) {
    let Some((kind, body)) = change::event_of(changed) else { return };
    values.extend([
        text(entry.room.to_string()),
        entry.no.0.into(),
        text(kind),
        Value::String(entry.by.map(|seat| seat.to_string())),
        entry.at.0.into(),
        text(body.to_string()),
    ]);
}

/// Which of these rooms there are.
pub(super) async fn existing(
    connection: &impl ConnectionTrait,
    rooms: &HashSet<RoomId>,
) -> Result<HashSet<RoomId>, StoreError> {
    let mut left: Vec<String> = rooms.iter().map(|room| room.to_string()).collect();
    let mut found = HashSet::with_capacity(rooms.len());
    while !left.is_empty() {
        let part = left.split_off(left.len() - sql::at_once(left.len()));
        let find = room::Entity::find().select_only().column(room::Column::Id);
        let ids: Vec<String> = find.filter(room::Column::Id.is_in(part)).into_tuple().all(connection).await?;
        for id in ids {
            found.insert(super::super::rows::id("room", &id)?);
        }
    }
    Ok(found)
}

fn text(text: impl Into<String>) -> Value {
    Value::String(Some(text.into()))
}
