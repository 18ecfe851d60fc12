//! Who entered a room by its PIN: kept with the room, gone with it or with the account.
use super::rooms::{keys_of, record_of};
use super::sealed::hex;
use super::sql::{self, Change, Target};
use super::{Store, StoreError, rows, within};
use crate::room::ids::{Millis, RoomId, UserId};
use crate::room::record::RoomRecord;
use convene_entity::member::{Column, Entity, Model};
use convene_entity::{room, room_key, user};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashMap;

/// A later PIN takes the place of the one before.
const INTO: Target = Target {
    table: "member",
    columns: &["room_id", "user_id", "proof", "joined_at"],
    upsert: &[Change::New("proof"), Change::New("joined_at")],
    key: &["room_id", "user_id"],
};

/// Ids in one statement.
const BATCH: usize = 200;

/// Somebody who has shown a PIN.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub room: RoomId,
    pub user: UserId,
    /// A keyed hash of that PIN: the room tells by it what the member is, if anything still.
    pub proof: [u8; 32],
    pub joined_at: Millis,
}

/// A member as others see them in a group.
#[derive(Clone, PartialEq, Eq)]
pub struct Fellow {
    pub user: UserId,
    pub proof: [u8; 32],
    pub joined_at: Millis,
    /// E.164, if they have confirmed a number.
    pub phone: Option<String>,
}

/// Keeps that somebody showed this PIN just now.
pub async fn keep(store: &Store, member: &Member) -> Result<(), StoreError> {
    let row = [
        member.room.to_string().into(),
        member.user.to_string().into(),
        hex(&member.proof).into(),
        member.joined_at.0.into(),
    ];
    within(sql::insert(&store.write, &INTO, row.into())).await
}

/// What somebody has shown to this room, if anything.
pub async fn find(store: &Store, room: RoomId, user: UserId) -> Result<Option<Member>, StoreError> {
    let key = (room.to_string(), user.to_string());
    within(Entity::find_by_id(key).one(&store.read)).await?.map(member_of).transpose()
}

/// The rooms somebody has shown a PIN to and that have not ended, the last shown first.
pub async fn of_user(
    store: &Store,
    user: UserId,
    limit: u64,
) -> Result<Vec<(Member, RoomRecord)>, StoreError> {
    let find = Entity::find()
        .filter(Column::UserId.eq(user.to_string()))
        .order_by_desc(Column::JoinedAt)
        .order_by_desc(Column::RoomId)
        .limit(limit);
    let members = within(find.all(&store.read)).await?;
    let mut rooms = HashMap::new();
    for some in members.chunks(BATCH) {
        let ids: Vec<&str> = some.iter().map(|member| member.room_id.as_str()).collect();
        let these = room_key::Column::RoomId.is_in(ids.iter().copied());
        let mut keys: HashMap<String, Vec<room_key::Model>> = HashMap::new();
        for key in within(room_key::Entity::find().filter(these).all(&store.read)).await? {
            keys.entry(key.room_id.clone()).or_default().push(key);
        }
        let open =
            room::Entity::find().filter(room::Column::Id.is_in(ids)).filter(room::Column::EndedAt.is_null());
        for row in within(open.all(&store.read)).await? {
            let keys = keys_of(keys.get(&row.id).map_or(&[], Vec::as_slice))?;
            rooms.insert(row.id.clone(), record_of(store, &row, keys)?);
        }
    }
    let both = members.into_iter().filter_map(|member| {
        let room = rooms.remove(&member.room_id)?;
        Some(member_of(member).map(|member| (member, room)))
    });
    both.collect()
}

/// Everybody who has shown a PIN to this room, the first shown first.
pub async fn of_room(store: &Store, room: RoomId, limit: u64) -> Result<Vec<Fellow>, StoreError> {
    let find = Entity::find()
        .filter(Column::RoomId.eq(room.to_string()))
        .order_by_asc(Column::JoinedAt)
        .order_by_asc(Column::UserId)
        .limit(limit);
    let members = within(find.all(&store.read)).await?;
    let mut phones: HashMap<String, Option<String>> = HashMap::new();
    for some in members.chunks(BATCH) {
        let these = user::Column::Id.is_in(some.iter().map(|member| member.user_id.as_str()));
        let find =
            user::Entity::find().select_only().columns([user::Column::Id, user::Column::Phone]).filter(these);
        phones.extend(within(find.into_tuple::<(String, Option<String>)>().all(&store.read)).await?);
    }
    let fellows = members.into_iter().map(|row| {
        let phone = phones.remove(&row.user_id).flatten();
        let Member { user, proof, joined_at, .. } = member_of(row)?;
        Ok(Fellow { user, proof, joined_at, phone })
    });
    fellows.collect()
}

fn member_of(row: Model) -> Result<Member, StoreError> {
    Ok(Member {
        room: rows::id("member", &row.room_id)?,
        user: rows::id("member", &row.user_id)?,
        proof: rows::hash("member", &row.proof)?,
        joined_at: Millis(row.joined_at),
    })
}
