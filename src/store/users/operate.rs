//! What the operator does to an account: shut it, open it, make it an administrator's.
use super::super::audit::{self, Action, By};
use super::super::control::{self, News};
use super::super::sessions::drop_all_in;
use super::super::settle::{commit, settle};
use super::super::{Store, StoreError, within};
use super::Status;
use crate::room::ids::UserId;
use convene_entity::user::{Column, Entity};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, UpdateMany};

/// What an account may do beside its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rank {
    Member,
    Admin,
}

/// Shuts the account: its sessions end, its live sockets too. False if there is no such user.
pub async fn disable(store: &Store, by: &By, id: UserId) -> Result<bool, StoreError> {
    settle(|| async {
        let transaction = store.begin().await?;
        let update = of(id).col_expr(Column::Status, Expr::value(Status::Disabled.word()));
        if within(update.exec(&transaction)).await?.rows_affected != 1 {
            return Ok(false);
        }
        drop_all_in(&transaction, id).await?;
        control::put(&transaction, by.at, News::UserDisabled(id)).await?;
        audit::note(&transaction, by, id, Action::Disabled).await?;
        commit(store, transaction, &[]).await?;
        Ok(true)
    })
    .await
}

/// Opens the account again. False if there is no such user.
pub async fn enable(store: &Store, by: &By, id: UserId) -> Result<bool, StoreError> {
    let update = of(id).col_expr(Column::Status, Expr::value(Status::Active.word()));
    noted(store, by, (id, update), Action::Enabled).await
}

/// False if there is no such user.
pub async fn set_rank(store: &Store, by: &By, id: UserId, rank: Rank) -> Result<bool, StoreError> {
    let update = of(id).col_expr(Column::IsAdmin, Expr::value(rank == Rank::Admin));
    let action = match rank {
        Rank::Admin => Action::MadeAdmin,
        Rank::Member => Action::AdminEnded,
    };
    noted(store, by, (id, update), action).await
}

async fn noted(
    store: &Store,
    by: &By,
    (id, update): (UserId, UpdateMany<Entity>),
    action: Action,
) -> Result<bool, StoreError> {
    settle(|| async {
        let transaction = store.begin().await?;
        if within(update.clone().exec(&transaction)).await?.rows_affected != 1 {
            return Ok(false);
        }
        audit::note(&transaction, by, id, action).await?;
        commit(store, transaction, &[]).await?;
        Ok(true)
    })
    .await
}

fn of(id: UserId) -> UpdateMany<Entity> {
    Entity::update_many().filter(Column::Id.eq(id.to_string()))
}
