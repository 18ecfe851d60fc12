//! The rooms somebody made, newest first, and how long the call lasted that each was made for.
use super::super::{Store, StoreError, rows, within};
use crate::room::ids::{Millis, UserId};
use convene_entity::{call, room, room_key};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashMap;
use std::sync::Arc;

/// A room that somebody made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadeRoom {
    /// Its key in Meet: 16 hex digits.
    pub meet: Arc<str>,
    pub created_at: Millis,
    /// Of the first call that had two people in it, once it is over: from when the second came to its end, in ms. Whoever
    /// meets there again makes no other call of it.
    pub met_ms: Option<i64>,
}

/// The user's rooms, whether they are open or not; `limit` is kept between 1 and 100.
pub async fn made_by(store: &Store, user: UserId, limit: u64) -> Result<Vec<MadeRoom>, StoreError> {
    let find = room::Entity::find()
        .select_only()
        .columns([room::Column::Id, room::Column::CreatedAt])
        .filter(room::Column::OwnerUser.eq(user.to_string()))
        .order_by_desc(room::Column::CreatedAt)
        .order_by_desc(room::Column::Id)
        .limit(limit.clamp(1, 100));
    let made: Vec<(String, i64)> = within(find.into_tuple().all(&store.read)).await?;
    let rooms = || made.iter().map(|(id, _)| id.as_str());
    let keys = room_key::Entity::find()
        .filter(room_key::Column::RoomId.is_in(rooms()))
        .filter(room_key::Column::Kind.eq("meet"));
    let keys: HashMap<String, Arc<str>> =
        within(keys.all(&store.read)).await?.into_iter().map(|row| (row.room_id, row.key.into())).collect();
    let met = call::Entity::find()
        .filter(call::Column::RoomId.is_in(rooms()))
        .filter(call::Column::PairedAt.is_not_null())
        .order_by_desc(call::Column::StartedAt)
        .order_by_desc(call::Column::Id);
    // of each room the one that comes last, its first, is kept
    let met: HashMap<String, Option<i64>> =
        within(met.all(&store.read)).await?.into_iter().filter_map(together).collect();
    let found = made.iter().filter_map(|(id, created_at)| {
        let meet = keys.get(id)?.clone();
        Some(MadeRoom { meet, created_at: Millis(*created_at), met_ms: met.get(id).copied().flatten() })
    });
    Ok(found.collect())
}

/// The room and how long its people were together, if they no longer are.
fn together(row: call::Model) -> Option<(String, Option<i64>)> {
    let room = row.room_id.clone();
    let call = rows::call_of(row).ok()?;
    let paired = call.paired_at?;
    Some((room, call.ended_at.map(|ended| ended.since(paired).max(0))))
}
