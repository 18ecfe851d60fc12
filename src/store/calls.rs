//! Calls, newest first: of a room, or of an account with the people in them; and the ends of those that a server left open when it went.
mod made;
mod mine;

pub use made::{MadeRoom, made_by};
pub use mine::{MyCall, MyPage, Person, mine};

use super::servers::AliveCutoff;
use super::{Store, StoreError, rows, within};
use crate::room::ids::{CallId, Millis, RoomId};
use crate::room::record::CallRecord;
use convene_entity::call::{Column, Entity};
use convene_entity::seat;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// The last call of the page before: the next one begins behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    pub started_at: Millis,
    pub call: CallId,
}

/// A page of calls, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    pub calls: Vec<CallRecord>,
    /// Where the next page begins, if there is one.
    pub next: Option<Cursor>,
}

/// Calls of a room, newest first; `limit` is kept between 1 and 100.
pub async fn list(
    store: &Store,
    room: RoomId,
    after: Option<Cursor>,
    limit: u32,
) -> Result<Page, StoreError> {
    let limit = limit.clamp(1, 100) as usize;
    let mut find = Entity::find()
        .filter(Column::RoomId.eq(room.to_string()))
        .order_by_desc(Column::StartedAt)
        .order_by_desc(Column::Id)
        .limit(limit as u64 + 1);
    if let Some(after) = after {
        find = find.filter(behind(after));
    }
    let found = within(find.all(&store.read)).await?;
    let more = found.len() > limit;
    let calls = found.into_iter().take(limit).map(rows::call_of).collect::<Result<Vec<_>, StoreError>>()?;
    let next =
        calls.last().filter(|_| more).map(|last| Cursor { started_at: last.started_at, call: last.id });
    Ok(Page { calls, next })
}

/// What comes after the last call of the page before.
fn behind(after: Cursor) -> Condition {
    let same_time = Condition::all()
        .add(Column::StartedAt.eq(after.started_at.0))
        .add(Column::Id.lt(after.call.to_string()));
    Condition::any().add(Column::StartedAt.lt(after.started_at.0)).add(same_time)
}

/// Ends, at the instant the server was last alive, the calls that an earlier life left open and that nobody took up
/// again: neither the call nor one of the seats it had was written since `cutoff`. Gives how many.
///
/// To be called at the start and once more when the grace of the seats is over.
pub async fn close_left_open(
    store: &Store,
    cutoff: AliveCutoff,
    alive_at: Millis,
) -> Result<u64, StoreError> {
    let resumed = Query::select()
        .expr(Expr::val(1))
        .from(seat::Entity)
        .and_where(Expr::col((seat::Entity, seat::Column::RoomId)).equals((Entity, Column::RoomId)))
        .and_where(Expr::col((seat::Entity, seat::Column::JoinedAt)).lt(cutoff.0.0))
        .and_where(Expr::col((seat::Entity, seat::Column::WrittenAt)).gte(cutoff.0.0))
        .to_owned();
    let ended = Expr::case(Column::StartedAt.gt(alive_at.0), Expr::col(Column::StartedAt))
        .finally(Expr::val(alive_at.0));
    let close = Entity::update_many()
        .col_expr(Column::EndedAt, ended.into())
        .filter(Column::EndedAt.is_null())
        .filter(Column::WrittenAt.lt(cutoff.0.0))
        .filter(Expr::not_exists(resumed));
    Ok(within(close.exec(&store.write)).await?.rows_affected)
}
