//! Rooms listed: an account's, or all.
use super::super::{Store, StoreError, rows, within};
use super::load::{keys_of, record_of};
use crate::room::ids::{Millis, RoomId, UserId};
use crate::room::record::RoomRecord;
use convene_entity::room::{Column, Entity};
use convene_entity::room_key;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashMap;

/// Whose rooms, or the calls in them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    User(UserId),
    Everybody,
}

/// The last room of the page before: the next one begins behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    pub created_at: Millis,
    pub room: RoomId,
}

/// A page of rooms, newest first.
#[derive(Debug, Clone)]
pub struct Page {
    pub rooms: Vec<RoomRecord>,
    /// Where the next page begins, if there is one.
    pub next: Option<Cursor>,
}

/// Rooms that have not ended, newest first; `limit` is kept between 1 and 100.
pub async fn list(
    store: &Store,
    whose: Whose,
    after: Option<Cursor>,
    limit: u32,
) -> Result<Page, StoreError> {
    let limit = limit.clamp(1, 100) as usize;
    let mut find = Entity::find()
        .filter(Column::EndedAt.is_null())
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Id)
        .limit(limit as u64 + 1);
    if let Whose::User(user) = whose {
        find = find.filter(Column::OwnerUser.eq(user.to_string()));
    }
    if let Some(after) = after {
        let same_time = Condition::all()
            .add(Column::CreatedAt.eq(after.created_at.0))
            .add(Column::Id.lt(after.room.to_string()));
        let earlier = Column::CreatedAt.lt(after.created_at.0);
        find = find.filter(Condition::any().add(earlier).add(same_time));
    }
    let mut found = within(find.all(&store.read)).await?;
    let more = found.len() > limit;
    found.truncate(limit);
    let of_these = room_key::Column::RoomId.is_in(found.iter().map(|row| row.id.as_str()));
    let mut keys: HashMap<String, Vec<room_key::Model>> = HashMap::new();
    for key in within(room_key::Entity::find().filter(of_these).all(&store.read)).await? {
        keys.entry(key.room_id.clone()).or_default().push(key);
    }
    let rooms = found
        .iter()
        .map(|row| record_of(store, row, keys_of(keys.get(&row.id).map_or(&[], Vec::as_slice))?))
        .collect::<Result<Vec<_>, StoreError>>()?;
    let next =
        rooms.last().filter(|_| more).map(|last| Cursor { created_at: last.created_at, room: last.id });
    Ok(Page { rooms, next })
}

/// Rooms of this account that have not ended: whoever removes the account ends them first.
pub async fn owned_by(store: &Store, user: UserId) -> Result<Vec<RoomId>, StoreError> {
    let find = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::OwnerUser.eq(user.to_string()))
        .filter(Column::EndedAt.is_null());
    let found: Vec<String> = within(find.into_tuple().all(&store.read)).await?;
    found.iter().map(|id| rows::id("room", id)).collect()
}

/// Codes that one answer lists at most: the oldest are left out then.
const MOST_CODES: u64 = 1_000;

/// The native codes of this account's rooms that have not ended, in the order they were made.
pub async fn codes_of(store: &Store, user: UserId) -> Result<Vec<String>, StoreError> {
    let newest = Entity::find()
        .select_only()
        .columns([Column::Id, Column::CreatedAt])
        .filter(Column::OwnerUser.eq(user.to_string()))
        .filter(Column::EndedAt.is_null())
        .order_by_desc(Column::CreatedAt)
        .limit(MOST_CODES);
    let rooms: Vec<(String, i64)> = within(newest.into_tuple().all(&store.read)).await?;
    let of_these = room_key::Column::RoomId.is_in(rooms.iter().map(|(id, _)| id.as_str()));
    let keys = room_key::Entity::find().filter(of_these).filter(room_key::Column::Kind.eq("native"));
    let keys = within(keys.all(&store.read)).await?;
    let mut codes: HashMap<String, String> = keys.into_iter().map(|key| (key.room_id, key.key)).collect();
    Ok(rooms.iter().rev().filter_map(|(id, _)| codes.remove(id)).collect())
}
