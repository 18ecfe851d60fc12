//! Who may run a room beside its owner, by account: kept with the room, gone with it or with the account.
use super::{Store, StoreError, rows, within};
use crate::room::ids::{Millis, RoomId, UserId};
use convene_entity::cohost::{ActiveModel, Column, Entity};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

/// Makes the account a co-host; it may be one already.
pub async fn add(store: &Store, room: RoomId, user: UserId, at: Millis) -> Result<(), StoreError> {
    let row =
        ActiveModel { room_id: Set(room.to_string()), user_id: Set(user.to_string()), created_at: Set(at.0) };
    let mut once = OnConflict::columns([Column::RoomId, Column::UserId]);
    let insert =
        Entity::insert(row).on_conflict(once.do_nothing_on([Column::RoomId, Column::UserId]).to_owned());
    match within(insert.exec_without_returning(&store.write)).await {
        Ok(_) => Ok(()),
        Err(error) => {
            if has(store, room, user).await? {
                Ok(())
            } else {
                Err(error)
            }
        }
    }
}

/// Takes it back; it may never have been one.
pub async fn remove(store: &Store, room: RoomId, user: UserId) -> Result<(), StoreError> {
    let row = Entity::delete_by_id((room.to_string(), user.to_string()));
    within(row.exec(&store.write)).await.map(drop)
}

/// All co-hosts of the room.
pub async fn of(store: &Store, room: RoomId) -> Result<Vec<UserId>, StoreError> {
    let found = within(Entity::find().filter(Column::RoomId.eq(room.to_string())).all(&store.read)).await?;
    found.iter().map(|row| rows::id("cohost", &row.user_id)).collect()
}

/// Whether the account is a co-host of the room.
pub async fn has(store: &Store, room: RoomId, user: UserId) -> Result<bool, StoreError> {
    let find = Entity::find()
        .filter(Column::RoomId.eq(room.to_string()))
        .filter(Column::UserId.eq(user.to_string()));
    Ok(within(find.one(&store.read)).await?.is_some())
}
