//! The slow way: each entry in a savepoint of its own, so that one that can't be kept takes none of the others with it.
use super::super::sql;
use super::super::{Store, StoreError, rows, within};
use super::group::{EVENTS, MESSAGES, existing, push_event, push_message};
use super::{Failure, change, end, kept_whole};
use crate::fault::Fault;
use crate::room::chat::Message;
use crate::room::ids::{Millis, No};
use crate::room::record::{Change, Entry, Outcome};
use convene_entity::{event, message};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, TransactionTrait};

/// Keeps what can be kept. Entries that are in already are found to be committed, so this may be repeated.
pub(super) async fn write(store: &Store, entries: &[Entry]) -> Result<Vec<Outcome>, Failure> {
    let transaction = store.begin().await?;
    let rooms = entries.iter().map(|entry| entry.room).collect();
    let rooms = within(existing(&transaction, &rooms)).await?;
    let mut outcomes = Vec::with_capacity(entries.len());
    for entry in entries {
        let outcome = if !rooms.contains(&entry.room) {
            Outcome::Refused(Fault::NoSuchRoom)
        } else if let Err(fault) = kept_whole(entry) {
            Outcome::Refused(fault)
        } else {
            within(one(store, &transaction, entry)).await?
        };
        outcomes.push(outcome);
    }
    end(transaction).await?;
    Ok(outcomes)
}

async fn one(store: &Store, transaction: &DatabaseTransaction, entry: &Entry) -> Result<Outcome, StoreError> {
    if let Some(outcome) = in_already(transaction, entry).await? {
        return Ok(outcome);
    }
    let savepoint = transaction.begin().await?;
    let Err(error) = keep(store, &savepoint, entry).await else {
        savepoint.commit().await?;
        return Ok(Outcome::Committed);
    };
    match error {
        // away, or in another's way: nothing more can be done in this transaction
        StoreError::Away(_) | StoreError::Again(_) => Err(error),
        StoreError::Row(_) | StoreError::Other(_) | StoreError::Unreadable { .. } => {
            savepoint.rollback().await?;
            // a transaction whose end we hadn't heard may have come in between
            if let Some(outcome) = in_already(transaction, entry).await? {
                return Ok(outcome);
            }
            tracing::warn!(%error, room.id = %entry.room, no = entry.no.0, "a change can't be kept");
            Ok(Outcome::Refused(error.fault()))
        }
    }
}

async fn keep(store: &Store, savepoint: &DatabaseTransaction, entry: &Entry) -> Result<(), StoreError> {
    let mut values = Vec::new();
    match &entry.change {
        Change::Said(message) => {
            push_message(&mut values, entry, message);
            sql::insert(savepoint, &MESSAGES, values).await?;
        }
        other => {
            push_event(&mut values, entry, other);
            change::apply(savepoint, &store.keys, entry).await?;
            sql::insert(savepoint, &EVENTS, values).await?;
        }
    }
    Ok(())
}

/// What stands where this entry would go, if anything does.
async fn in_already(transaction: &DatabaseTransaction, entry: &Entry) -> Result<Option<Outcome>, StoreError> {
    match &entry.change {
        Change::Said(message) => said_already(transaction, entry, message).await,
        other => {
            let place = (entry.room.to_string(), entry.no.0);
            let found = event::Entity::find_by_id(place).one(transaction).await?;
            let ours = change::event_of(other).map(|(kind, body)| (kind, entry.at.0, body.to_string()));
            Ok(found.map(|row| match ours {
                Some((kind, at, body)) if row.kind == kind && row.at == at && row.body == body => {
                    Outcome::Committed
                }
                _ => Outcome::Refused(Fault::Internal), // its place belongs to something else
            }))
        }
    }
}

async fn said_already(
    transaction: &DatabaseTransaction,
    entry: &Entry,
    message: &Message,
) -> Result<Option<Outcome>, StoreError> {
    let find = message::Entity::find()
        .filter(message::Column::RoomId.eq(entry.room.to_string()))
        .filter(message::Column::Author.eq(message.author.to_string()))
        .filter(message::Column::ClientId.eq(&*message.client_id.0));
    let Some(row) = find.one(transaction).await? else { return Ok(None) };
    if row.id == message.id.to_string() {
        return Ok(Some(Outcome::Committed));
    }
    let id = rows::id("message", &row.id)?;
    Ok(Some(Outcome::Duplicate { message: id, no: No(row.no), at: Millis(row.at) }))
}
