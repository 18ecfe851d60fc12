//! Removes guests' rooms a while after their last use, with everything they own.
use super::super::{Store, StoreError, rows, within};
use crate::room::ids::{Millis, RoomId};
use convene_entity::{event, message, reaction, room};
use sea_orm::sea_query::{Expr, ExprTrait, Func};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashSet;

/// Rooms removed in one transaction.
const BATCH: u64 = 50;

/// Which rooms go.
#[derive(Debug, Clone)]
pub struct Unused {
    pub now: Millis,
    /// How long a guest's room stays unused; a room with a span of its own stays for that.
    pub guests_ms: i64,
    /// Rooms awake at the moment: they stay, whatever their rows say.
    pub awake: HashSet<RoomId>,
}

/// Removes all unused rooms and gives how many they were. Safe to stop and repeat at any point.
pub async fn expire(store: &Store, unused: &Unused) -> Result<u64, StoreError> {
    let mut removed = 0;
    let mut after = String::new();
    loop {
        let find =
            candidates(unused.now, unused.guests_ms).filter(room::Column::Id.gt(after.as_str())).limit(BATCH);
        let found: Vec<String> = within(find.into_tuple().all(&store.read)).await?;
        let Some(last) = found.last().cloned() else { return Ok(removed) };
        let mut asleep = Vec::with_capacity(found.len());
        for text in found {
            if !unused.awake.contains(&rows::id::<RoomId>("room", &text)?) {
                asleep.push(text);
            }
        }
        removed += remove(store, asleep, unused).await?;
        after = last;
    }
}

fn candidates(now: Millis, guests_ms: i64) -> sea_orm::Select<room::Entity> {
    let ends = Expr::col(room::Column::LastUsedAt)
        .add(Func::coalesce([Expr::col(room::Column::ExpireMs), Expr::val(guests_ms)]));
    room::Entity::find()
        .select_only()
        .column(room::Column::Id)
        .filter(room::Column::Expires.eq(true))
        .filter(ends.lt(now.0))
        .order_by_asc(room::Column::Id)
}

/// Looks again inside the transaction: a room may have been used since it was listed.
async fn remove(store: &Store, rooms: Vec<String>, unused: &Unused) -> Result<u64, StoreError> {
    if rooms.is_empty() {
        return Ok(0);
    }
    let transaction = store.begin().await?;
    let still = candidates(unused.now, unused.guests_ms).filter(room::Column::Id.is_in(rooms)).into_tuple();
    let still: Vec<String> = within(still.all(&transaction)).await?;
    let of = &still;
    within(async {
        let reactions = reaction::Entity::delete_many().filter(reaction::Column::RoomId.is_in(of));
        reactions.exec(&transaction).await?;
        let messages = message::Entity::delete_many().filter(message::Column::RoomId.is_in(of));
        messages.exec(&transaction).await?;
        event::Entity::delete_many().filter(event::Column::RoomId.is_in(of)).exec(&transaction).await?;
        // keys, seats and calls go with the room by their foreign keys
        room::Entity::delete_many().filter(room::Column::Id.is_in(of)).exec(&transaction).await
    })
    .await?;
    within(transaction.commit()).await?;
    Ok(still.len() as u64)
}
