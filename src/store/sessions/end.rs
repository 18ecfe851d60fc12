//! Ends of sessions: one, all but one, all; each leaves news for whoever holds their live sockets.
use super::super::audit::{self, Action, By};
use super::super::control::{self, News};
use super::super::settle::{commit, settle};
use super::super::{Store, StoreError, rows, within};
use super::Good;
use crate::room::ids::{LoginId, Millis, UserId};
use convene_entity::session::{Column, Entity};
use sea_orm::{ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect};
use serde_json::json;

/// Which session outlives the end of all others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Except {
    None,
    This(LoginId),
}

/// Ends one session of this user. False if the user has no such session.
pub async fn end(
    store: &Store,
    by: &By,
    user: UserId,
    id: LoginId,
    action: Action,
) -> Result<bool, StoreError> {
    settle(|| async {
        let transaction = store.begin().await?;
        let delete = Entity::delete_many()
            .filter(Column::Id.eq(id.to_string()))
            .filter(Column::UserId.eq(user.to_string()));
        if within(delete.exec(&transaction)).await?.rows_affected != 1 {
            return Ok(false);
        }
        control::put(&transaction, by.at, News::SessionEnded(id)).await?;
        let detail = json!({ "session": id.to_string() });
        audit::put(&transaction, by, Some(user), action, detail).await?;
        commit(store, transaction, &[]).await?;
        Ok(true)
    })
    .await
}

/// Ends all sessions of this user but the named one; gives which.
pub async fn end_all(
    store: &Store,
    by: &By,
    user: UserId,
    except: Except,
) -> Result<Vec<LoginId>, StoreError> {
    settle(|| async {
        let transaction = store.begin().await?;
        let ended = end_all_in(&transaction, by.at, user, except).await?;
        let detail = json!({ "sessions": ended.len() });
        audit::put(&transaction, by, Some(user), Action::SessionsEnded, detail).await?;
        commit(store, transaction, &[]).await?;
        Ok(ended)
    })
    .await
}

/// The same within a transaction, with news but no line in the trail.
pub(in crate::store) async fn end_all_in(
    transaction: &DatabaseTransaction,
    at: Millis,
    user: UserId,
    except: Except,
) -> Result<Vec<LoginId>, StoreError> {
    let mut which = Condition::all().add(Column::UserId.eq(user.to_string()));
    if let Except::This(kept) = except {
        which = which.add(Column::Id.ne(kept.to_string()));
    }
    let find = Entity::find().select_only().column(Column::Id).filter(which.clone()).into_tuple();
    let found: Vec<String> = within(find.all(transaction)).await?;
    let ended = found.iter().map(|id| rows::id("session", id)).collect::<Result<Vec<LoginId>, _>>()?;
    within(Entity::delete_many().filter(which).exec(transaction)).await?;
    match except {
        // also those whose sign-in was committed between the look and the deletion
        Except::None => control::put(transaction, at, News::SessionsEnded(user)).await?,
        Except::This(_) => {
            for id in &ended {
                control::put(transaction, at, News::SessionEnded(*id)).await?;
            }
        }
    }
    Ok(ended)
}

/// Deletes the sessions of a user whose end is news by itself.
pub(in crate::store) async fn drop_all_in(
    transaction: &DatabaseTransaction,
    user: UserId,
) -> Result<(), StoreError> {
    let delete = Entity::delete_many().filter(Column::UserId.eq(user.to_string()));
    within(delete.exec(transaction)).await.map(drop)
}

/// Forgets sessions that have ended by age or by idleness; gives how many. Their sockets hear of it.
pub async fn sweep(store: &Store, good: Good) -> Result<u64, StoreError> {
    let over = Condition::any().add(Column::ExpiresAt.lte(good.now.0)).add(good.is_fresh().not());
    settle(|| async {
        let transaction = store.begin().await?;
        let find = Entity::find().select_only().column(Column::Id).filter(over.clone()).limit(BATCH);
        let found: Vec<String> = within(find.into_tuple().all(&transaction)).await?;
        for id in &found {
            control::put(&transaction, good.now, News::SessionEnded(rows::id("session", id)?)).await?;
        }
        let delete = Entity::delete_many().filter(Column::Id.is_in(&found)).filter(over.clone());
        within(delete.exec(&transaction)).await?;
        commit(store, transaction, &[]).await?;
        Ok(found.len() as u64)
    })
    .await
}

/// Sessions forgotten at once; the rest goes with the next round.
const BATCH: u64 = 500;
