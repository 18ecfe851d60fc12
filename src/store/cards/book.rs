//! The numbers somebody has of others: looked up within a day's quota, and which of them belong to users.
use super::{Card, card_of, make, row_in, user_of};
use crate::room::ids::{Millis, UserId};
use crate::store::settle::{commit, settle};
use crate::store::users::Status;
use crate::store::{Store, StoreError, within};
use convene_entity::contact::{ActiveModel, Column, Entity};
use convene_entity::{card, user};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use std::collections::{HashMap, HashSet};

/// Numbers in one statement.
const BATCH: usize = 200;
/// How long new numbers count.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// Numbers that one account keeps.
const MOST_KEPT: u64 = 10_000;

/// A user whom somebody has in their book.
#[derive(Clone, PartialEq, Eq)]
pub struct Found {
    pub user: UserId,
    pub name: String,
    /// E.164.
    pub phone: String,
    pub card: Card,
    /// When they came, or last changed what they show.
    pub changed_at: Millis,
}

/// Puts numbers (E.164) into somebody's book and gives those that belong to users. New ones beyond the day's quota are left
/// out, as if nobody had them.
pub async fn look_up(
    store: &Store,
    owner: UserId,
    numbers: &[String],
    per_day: u64,
    at: Millis,
) -> Result<Vec<Found>, StoreError> {
    let kept = settle(|| async {
        let transaction = store.begin().await?;
        let kept = keep(&transaction, owner, numbers, per_day, at).await?;
        commit(store, transaction, &[]).await?;
        Ok(kept)
    })
    .await?;
    let mut found = users_of(store, &kept).await?;
    let place: HashMap<&str, usize> =
        numbers.iter().enumerate().rev().map(|(place, number)| (number.as_str(), place)).collect();
    found.sort_by_key(|found| place.get(found.phone.as_str()).copied());
    Ok(found)
}

/// All numbers in somebody's book (E.164).
pub async fn numbers_of(store: &Store, owner: UserId) -> Result<Vec<String>, StoreError> {
    let find = Entity::find()
        .select_only()
        .column(Column::Phone)
        .filter(Column::UserId.eq(owner.to_string()))
        .order_by_asc(Column::Phone)
        .limit(MOST_KEPT);
    within(find.into_tuple().all(&store.read)).await
}

/// Those in somebody's book who came or changed since then, the earliest change first, at most `limit`.
pub async fn since(
    store: &Store,
    owner: UserId,
    since: Millis,
    limit: usize,
) -> Result<Vec<Found>, StoreError> {
    let numbers = numbers_of(store, owner).await?;
    let mut found = users_of(store, &numbers).await?;
    found.retain(|found| found.changed_at >= since);
    found.sort_by(|a, b| (a.changed_at, &a.phone).cmp(&(b.changed_at, &b.phone)));
    found.truncate(limit);
    Ok(found)
}

/// Takes numbers out of somebody's book.
pub async fn forget(store: &Store, owner: UserId, numbers: &[String]) -> Result<(), StoreError> {
    for some in numbers.chunks(BATCH) {
        let delete = Entity::delete_many()
            .filter(Column::UserId.eq(owner.to_string()))
            .filter(Column::Phone.is_in(some));
        within(delete.exec(&store.write)).await?;
    }
    Ok(())
}

/// Empties somebody's book. What was looked up today still counts.
pub async fn forget_all(store: &Store, owner: UserId) -> Result<(), StoreError> {
    let delete = Entity::delete_many().filter(Column::UserId.eq(owner.to_string()));
    within(delete.exec(&store.write)).await.map(drop)
}

/// Those of the numbers that are in the book now: old ones, and new ones as far as the quota goes.
async fn keep(
    transaction: &DatabaseTransaction,
    owner: UserId,
    numbers: &[String],
    per_day: u64,
    at: Millis,
) -> Result<Vec<String>, StoreError> {
    // whoever writes this row first has the account's turn: nothing may be read before
    let turn = card::Entity::update_many()
        .col_expr(card::Column::UserId, Expr::value(owner.to_string()))
        .filter(card::Column::UserId.eq(owner.to_string()));
    let row = match within(turn.exec(transaction)).await?.rows_affected {
        0 => make(transaction, owner, at).await?, // one that another makes now is waited for
        _ => row_in(transaction, owner, at).await?,
    };
    let is_over = row.looked_since.saturating_add(DAY_MS) <= at.0;
    let (since, before) = if is_over { (at.0, 0) } else { (row.looked_since, row.looked_up) };
    let mut old: HashSet<String> = HashSet::new();
    for some in numbers.chunks(BATCH) {
        let find = Entity::find()
            .select_only()
            .column(Column::Phone)
            .filter(Column::UserId.eq(owner.to_string()))
            .filter(Column::Phone.is_in(some));
        old.extend(within(find.into_tuple::<String>().all(transaction)).await?);
    }
    let left = per_day.saturating_sub(u64::try_from(before).unwrap_or_default());
    let mut seen = HashSet::new();
    let fresh = numbers.iter().filter(|number| !old.contains(*number) && seen.insert(number.as_str()));
    let new: Vec<String> = fresh.take(usize::try_from(left).unwrap_or(usize::MAX)).cloned().collect();
    for some in new.chunks(BATCH) {
        let rows = some
            .iter()
            .map(|number| ActiveModel { user_id: Set(owner.to_string()), phone: Set(number.clone()) });
        within(Entity::insert_many(rows).exec_without_returning(transaction)).await?;
    }
    let count = card::Entity::update_many()
        .col_expr(card::Column::LookedSince, Expr::value(since))
        .col_expr(card::Column::LookedUp, Expr::value(before.saturating_add(new.len() as i64)))
        .filter(card::Column::UserId.eq(owner.to_string()));
    within(count.exec(transaction)).await?;
    Ok(old.into_iter().chain(new).collect())
}

async fn users_of(store: &Store, numbers: &[String]) -> Result<Vec<Found>, StoreError> {
    let mut found = Vec::new();
    for some in numbers.chunks(BATCH) {
        let find = user::Entity::find()
            .filter(user::Column::Phone.is_in(some))
            .filter(user::Column::Status.eq(Status::Active.word()))
            .order_by_asc(user::Column::Id);
        let users = within(find.all(&store.read)).await?;
        let of = card::Column::UserId.is_in(users.iter().map(|user| user.id.as_str()));
        let cards = within(card::Entity::find().filter(of).all(&store.read)).await?;
        let mut cards: HashMap<String, Card> =
            cards.into_iter().map(|row| (row.user_id.clone(), card_of(row))).collect();
        for user in users {
            let Some(phone) = user.phone else { continue };
            let card = cards.remove(&user.id).unwrap_or_default();
            let changed_at = card.changed_at.unwrap_or(Millis(user.created_at));
            found.push(Found { user: user_of(&user.id)?, name: user.name, phone, card, changed_at });
        }
    }
    Ok(found)
}
