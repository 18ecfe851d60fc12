//! Rooms by the face on which they were made: for faces that list theirs.
use super::super::{Store, StoreError, rows, within};
use super::Whose;
use crate::room::ids::{Millis, RoomId};
use crate::room::record::System;
use convene_entity::room::{Column, Entity};
use convene_entity::room_key;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashMap;

/// Rooms asked for at once, so that no database is handed more values than it takes.
const BATCH: usize = 500;

/// A room that has not ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub room: RoomId,
    /// Its key in the system of that face.
    pub key: String,
    pub name: String,
    pub created_at: Millis,
    pub last_used_at: Millis,
    pub goes: Goes,
}

/// When an unused room goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goes {
    Never,
    /// So many ms after its last use.
    After(i64),
    /// As long after it as the operator gives guests' rooms.
    LikeGuests,
}

/// The system on whose face the room was made, as its word; `None` too if there is no such room.
pub async fn made_on(store: &Store, room: RoomId) -> Result<Option<String>, StoreError> {
    let row = within(Entity::find_by_id(room.to_string()).one(&store.read)).await?;
    Ok(row.and_then(|row| row.face))
}

/// The newest `most` of the rooms made there, in the order in which they were made.
pub async fn of_face(
    store: &Store,
    system: System,
    whose: Whose,
    most: u64,
) -> Result<Vec<Listed>, StoreError> {
    let mut find = Entity::find()
        .filter(Column::Face.eq(system.word()))
        .filter(Column::EndedAt.is_null())
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Id)
        .limit(most);
    if let Whose::User(user) = whose {
        find = find.filter(Column::OwnerUser.eq(user.to_string()));
    }
    let mut found = within(find.all(&store.read)).await?;
    found.reverse();
    let mut keys: HashMap<String, String> = HashMap::new();
    for some in found.chunks(BATCH) {
        let of_these = room_key::Column::RoomId.is_in(some.iter().map(|row| row.id.as_str()));
        let find = room_key::Entity::find().filter(of_these);
        let find = find.filter(room_key::Column::Kind.eq(system.word()));
        keys.extend(within(find.all(&store.read)).await?.into_iter().map(|row| (row.room_id, row.key)));
    }
    let listed = found.into_iter().filter_map(|row| {
        let key = keys.remove(&row.id)?; // it went meanwhile
        let goes = match (row.expires, row.expire_ms) {
            (false, _) => Goes::Never,
            (true, Some(ms)) => Goes::After(ms),
            (true, None) => Goes::LikeGuests,
        };
        let (created_at, last_used_at) = (Millis(row.created_at), Millis(row.last_used_at));
        let room = rows::id("room", &row.id);
        Some(room.map(|room| Listed { room, key, name: row.name, created_at, last_used_at, goes }))
    });
    listed.collect()
}
