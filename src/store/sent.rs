//! Budgets that survive a restart: how often something was sent to a target, or asked for by a source, lately.
use super::settle::{commit, settle};
use super::sql::{self, Change, Target};
use super::{Store, StoreError, within};
use crate::room::ids::Millis;
use convene_entity::sent::{ActiveModel, Column, Entity};
use convene_entity::sent_turn;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

/// No window may be longer: older rows are forgotten.
pub const LONGEST_MS: i64 = 24 * 60 * 60 * 1000;

/// Whoever writes this row holds it until the end of its transaction: of many who ask at once for one target each is
/// counted after the one before.
const TURNS: Target = Target {
    table: "sent_turn",
    columns: &["target_hash", "at"],
    upsert: &[Change::New("at")],
    key: &["target_hash"],
};

/// At most so many within so long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    pub ms: i64,
    pub most: u64,
}

/// What is asked of one target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Budget {
    /// A keyed hash of the address or source, 64 hex digits.
    pub target_hash: String,
    /// What is counted, at most 24 characters; each kind has its own count.
    pub kind: &'static str,
    pub windows: Vec<Window>,
}

/// What became of the wish to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// Counted in every budget.
    Yes,
    /// Counted in none: one is used up for so long.
    UsedUp { retry_after_ms: i64 },
}

/// Takes one from each budget, or from none. Of any number who ask at once no more come through than each window lets.
pub async fn take(store: &Store, at: Millis, budgets: &[Budget]) -> Result<Taken, StoreError> {
    let mut budgets: Vec<&Budget> = budgets.iter().collect();
    budgets.sort_by(|a, b| a.target_hash.cmp(&b.target_hash)); // the same order in each transaction: nobody waits in a ring
    settle(|| async {
        let transaction = store.begin().await?;
        for budget in &budgets {
            let turn = [budget.target_hash.as_str().into(), at.0.into()];
            within(sql::insert(&transaction, &TURNS, turn.into())).await?;
        }
        let mut wait = 0;
        for budget in &budgets {
            for window in &budget.windows {
                wait = wait.max(wait_for(&transaction, at, budget, *window).await?);
            }
        }
        if wait > 0 {
            return Ok(Taken::UsedUp { retry_after_ms: wait });
        }
        let rows = budgets.iter().map(|budget| row_of(at, budget));
        within(Entity::insert_many(rows).exec_without_returning(&transaction)).await?;
        commit(store, transaction, &[]).await?;
        Ok(Taken::Yes)
    })
    .await
}

/// How long until the window lets one more through; 0 if it does now.
async fn wait_for(
    transaction: &DatabaseTransaction,
    at: Millis,
    budget: &Budget,
    window: Window,
) -> Result<i64, StoreError> {
    if window.most == 0 {
        return Ok(window.ms);
    }
    // the one that must leave the window before another may come in
    let find = Entity::find()
        .filter(Column::TargetHash.eq(budget.target_hash.as_str()))
        .filter(Column::Kind.eq(budget.kind))
        .filter(Column::At.gt(at.0.saturating_sub(window.ms)))
        .order_by_desc(Column::At)
        .offset(window.most - 1)
        .limit(1);
    let found = within(find.one(transaction)).await?;
    Ok(found.map_or(0, |row| row.at.saturating_add(window.ms).saturating_sub(at.0).max(1)))
}

fn row_of(at: Millis, budget: &Budget) -> ActiveModel {
    ActiveModel {
        id: Set(Uuid::now_v7().as_simple().to_string()),
        target_hash: Set(budget.target_hash.clone()),
        kind: Set(budget.kind.to_owned()),
        at: Set(at.0),
    }
}

/// Counts one of this kind for each target, without asking whether there is room.
pub async fn note(
    store: &Store,
    at: Millis,
    kind: &'static str,
    targets: &[String],
) -> Result<(), StoreError> {
    let budget = |target: &String| Budget { target_hash: target.clone(), kind, windows: Vec::new() };
    let rows: Vec<ActiveModel> = targets.iter().map(|target| row_of(at, &budget(target))).collect();
    within(Entity::insert_many(rows).exec_without_returning(&store.write)).await.map(drop)
}

/// What was counted of a kind since then, by target, the oldest first; the newest 100,000.
pub async fn since(store: &Store, kind: &str, since: Millis) -> Result<Vec<(String, Millis)>, StoreError> {
    let find = Entity::find()
        .select_only()
        .columns([Column::TargetHash, Column::At])
        .filter(Column::Kind.eq(kind))
        .filter(Column::At.gt(since.0))
        .order_by_desc(Column::At)
        .limit(100_000);
    let found: Vec<(String, i64)> = within(find.into_tuple().all(&store.read)).await?;
    Ok(found.into_iter().rev().map(|(target, at)| (target, Millis(at))).collect())
}

/// Forgets what no window reaches any more; gives how many.
pub async fn sweep(store: &Store, now: Millis) -> Result<u64, StoreError> {
    let before = now.0 - LONGEST_MS;
    let turns = sent_turn::Entity::delete_many().filter(sent_turn::Column::At.lt(before));
    within(turns.exec(&store.write)).await?;
    let old = Entity::delete_many().filter(Column::At.lt(before));
    Ok(within(old.exec(&store.write)).await?.rows_affected)
}
