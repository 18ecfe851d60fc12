//! An account's end: asked for by its owner, undone by signing in while the grace lasts, then for good.
use super::super::audit::{self, Action, Actor, By};
use super::super::control::{self, News};
use super::super::sessions::{Except, end_all_in};
use super::super::settle::{Mail, commit, settle};
use super::super::{Store, StoreError, rows, within};
use crate::room::ids::{Millis, UserId};
use convene_entity::user::{Column, Entity};
use convene_entity::{audit as trail, message, room, seat};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;

/// What stands where the name of somebody stood whose account is gone.
const NOBODY: &str = "deleted account";

/// Seats, or users, taken at once.
const BATCH: u64 = 100;

/// Marks the account to go at `delete_after` and ends its sessions. Signing in before then undoes it. False if there is
/// no such user.
pub async fn ask_deletion(
    store: &Store,
    by: &By,
    id: UserId,
    delete_after: Millis,
    mail: &[Mail],
) -> Result<bool, StoreError> {
    settle(|| async {
        let transaction = store.begin().await?;
        let update = Entity::update_many()
            .col_expr(Column::DeleteAfter, Expr::value(delete_after.0))
            .filter(Column::Id.eq(id.to_string()));
        if within(update.exec(&transaction)).await?.rows_affected != 1 {
            return Ok(false);
        }
        end_all_in(&transaction, by.at, id, Except::None).await?;
        audit::note(&transaction, by, id, Action::DeletionAsked).await?;
        commit(store, transaction, mail).await?;
        Ok(true)
    })
    .await
}

/// Accounts whose grace is over, at most `limit`.
pub async fn due(store: &Store, now: Millis, limit: u64) -> Result<Vec<UserId>, StoreError> {
    let find = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::DeleteAfter.lte(now.0))
        .order_by_asc(Column::DeleteAfter)
        .limit(limit);
    let found: Vec<String> = within(find.into_tuple().all(&store.read)).await?;
    found.iter().map(|id| rows::id("user", id)).collect()
}

/// Which accounts may be removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Whatever it says.
    Now,
    /// Only if its grace is over at this instant: its owner may have come back meanwhile.
    Due(Millis),
}

/// Removes the account for good: its sessions, codes and keys, its name in calls and chat, its trail. Its rooms end and go
/// like guests' rooms. False if there is no such user, or it isn't due.
///
/// Rooms that are awake are the caller's to end first, through their actors.
pub async fn remove(store: &Store, by: &By, id: UserId, when: When) -> Result<bool, StoreError> {
    let removed = settle(|| remove_user(store, by, id, when)).await?;
    if removed {
        forget_traces(store, id).await?;
    }
    Ok(removed)
}

async fn remove_user(store: &Store, by: &By, id: UserId, when: When) -> Result<bool, StoreError> {
    let transaction = store.begin().await?;
    let mut delete = Entity::delete_many().filter(Column::Id.eq(id.to_string()));
    if let When::Due(now) = when {
        delete = delete.filter(Column::DeleteAfter.lte(now.0));
    }
    // sessions, codes, links and keys go with the user by their foreign keys
    if within(delete.exec(&transaction)).await?.rows_affected != 1 {
        return Ok(false);
    }
    leave_rooms(&transaction, id, by.at).await?;
    forget_trail(&transaction, id).await?;
    control::put(&transaction, by.at, News::UserDeleted(id)).await?;
    let by = By { actor: without(by.actor, id), ..by.clone() };
    audit::put(&transaction, &by, None, Action::AccountDeleted, json!({})).await?;
    commit(store, transaction, &[]).await?;
    Ok(true)
}

async fn leave_rooms(transaction: &DatabaseTransaction, id: UserId, at: Millis) -> Result<(), StoreError> {
    let leave = room::Entity::update_many()
        .col_expr(room::Column::OwnerUser, Expr::value(Option::<String>::None))
        .col_expr(room::Column::Expires, Expr::value(true))
        .col_expr(room::Column::EndedAt, Expr::col(room::Column::EndedAt).if_null(at.0))
        .filter(room::Column::OwnerUser.eq(id.to_string()));
    within(leave.exec(transaction)).await.map(drop)
}

async fn forget_trail(transaction: &DatabaseTransaction, id: UserId) -> Result<(), StoreError> {
    let delete = trail::Entity::delete_many().filter(trail::Column::UserId.eq(id.to_string()));
    within(delete.exec(transaction)).await.map(drop)
}

/// Takes the name from the seats and messages of users who are gone: what a removal that was cut short left, and seats
/// that were written behind it. Gives how many users they were.
pub async fn forget_the_gone(store: &Store) -> Result<u64, StoreError> {
    let of_somebody = Query::select()
        .expr(Expr::val(1))
        .from(Entity)
        .and_where(Expr::col((Entity, Column::Id)).equals((seat::Entity, seat::Column::UserId)))
        .to_owned();
    let find = seat::Entity::find()
        .select_only()
        .column(seat::Column::UserId)
        .distinct()
        .filter(seat::Column::UserId.is_not_null())
        .filter(Expr::not_exists(of_somebody))
        .limit(BATCH);
    let gone: Vec<String> = within(find.into_tuple().all(&store.read)).await?;
    for id in &gone {
        forget_traces(store, rows::id("seat", id)?).await?;
    }
    Ok(gone.len() as u64)
}

/// In small transactions: somebody may have sat in thousands of calls.
async fn forget_traces(store: &Store, id: UserId) -> Result<(), StoreError> {
    let find = seat::Entity::find().filter(seat::Column::UserId.eq(id.to_string())).limit(BATCH);
    loop {
        let seats = within(find.clone().all(&store.write)).await?;
        if seats.is_empty() {
            return Ok(());
        }
        settle(|| async {
            let transaction = store.begin().await?;
            for seat in &seats {
                within(forget_seat(&transaction, seat)).await?;
            }
            within(transaction.commit()).await
        })
        .await?;
    }
}

async fn forget_seat(transaction: &DatabaseTransaction, seat: &seat::Model) -> Result<(), StoreError> {
    message::Entity::update_many()
        .col_expr(message::Column::Name, Expr::value(NOBODY))
        .filter(message::Column::RoomId.eq(seat.room_id.as_str()))
        .filter(message::Column::Author.eq(seat.id.as_str()))
        .exec(transaction)
        .await?;
    seat::Entity::update_many()
        .col_expr(seat::Column::Name, Expr::value(NOBODY))
        .col_expr(seat::Column::Avatar, Expr::value(Option::<String>::None))
        .col_expr(seat::Column::UserId, Expr::value(Option::<String>::None))
        .filter(seat::Column::RoomId.eq(seat.room_id.as_str()))
        .filter(seat::Column::Id.eq(seat.id.as_str()))
        .exec(transaction)
        .await?;
    Ok(())
}

/// The trail of what is gone names nobody.
fn without(actor: Actor, id: UserId) -> Actor {
    match actor {
        Actor::User(user) if user == id => Actor::Nobody,
        other => other,
    }
}
