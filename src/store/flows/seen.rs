//! Flows as they stand: what a page is told of one before a try is counted, and which of them are still open.
use super::{Column, Entity, Flow, Kind, TRIES, flow_of};
use crate::room::ids::{FlowId, Millis};
use crate::store::{Store, StoreError, within};
use convene_entity::flow::Model;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

/// A flow, and whether its code was shown already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    pub flow: Flow,
    pub is_done: bool,
}

/// The flow, done or not, tried too often or over.
pub async fn see(store: &Store, id: FlowId) -> Result<Option<Seen>, StoreError> {
    within(Entity::find_by_id(id.to_string()).one(&store.read)).await?.map(seen).transpose()
}

/// The last flow of this kind that was begun for an address, folded.
pub async fn newest(store: &Store, kind: Kind, target: &str) -> Result<Option<Seen>, StoreError> {
    let find = Entity::find()
        .filter(Column::TargetKey.eq(target))
        .filter(Column::Kind.eq(kind.word()))
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Id)
        .limit(1);
    within(find.one(&store.read)).await?.map(seen).transpose()
}

fn seen(row: Model) -> Result<Seen, StoreError> {
    let is_done = row.done_at.is_some();
    flow_of(row).map(|flow| Seen { flow, is_done })
}

/// Those flows of this kind and address whose code can still be shown.
pub(in crate::store) fn open_ones(kind: Kind, target: &str, now: Millis) -> Condition {
    Condition::all()
        .add(Column::TargetKey.eq(target))
        .add(Column::Kind.eq(kind.word()))
        .add(Column::DoneAt.is_null())
        .add(Column::Tries.lt(TRIES))
        .add(Column::ExpiresAt.gt(now.0))
}

/// Ends them: no code of theirs fits any more.
pub(in crate::store) async fn void_in(
    transaction: &DatabaseTransaction,
    kind: Kind,
    target: &str,
    now: Millis,
) -> Result<(), StoreError> {
    let void = Entity::update_many()
        .col_expr(Column::ExpiresAt, Expr::value(now.0))
        .filter(open_ones(kind, target, now));
    within(void.exec(transaction)).await.map(drop)
}
