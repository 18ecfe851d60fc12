//! The small numbers by which some systems name users: 1 and up, given once, never again.
use super::{Store, StoreError, within};
use crate::room::ids::UserId;
use convene_entity::user_number::{ActiveModel, Column, Entity};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

/// The user's number; the first to ask for it makes it.
pub async fn of(store: &Store, user: UserId) -> Result<i64, StoreError> {
    if let Some(number) = look(store, user).await? {
        return Ok(number);
    }
    let transaction = store.begin().await?;
    let row = ActiveModel { number: NotSet, user_id: Set(user.to_string()) };
    let made = within(Entity::insert(row).exec_without_returning(&transaction)).await;
    match made {
        Ok(_) => within(transaction.commit()).await?,
        Err(StoreError::Row(_)) => drop(transaction), // another was faster
        Err(other) => return Err(other),
    }
    let gone = || StoreError::Unreadable { table: "user_number", why: "the user is gone".into() };
    look(store, user).await?.ok_or_else(gone)
}

async fn look(store: &Store, user: UserId) -> Result<Option<i64>, StoreError> {
    let find =
        Entity::find().select_only().column(Column::Number).filter(Column::UserId.eq(user.to_string()));
    within(find.into_tuple().one(&store.read)).await
}
