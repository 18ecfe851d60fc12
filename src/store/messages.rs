//! Messages read back: one by its id, and pages of history with search, for one reader.
use super::{Store, StoreError, rows, within};
use crate::room::chat::Message;
use crate::room::command::HistoryQuery;
use crate::room::ids::{MessageId, No, RoomId, SeatId, UserId};
use convene_entity::{message, reaction, seat};
use sea_orm::sea_query::{Expr, ExprTrait, Func, JoinType, LikeExpr};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
};
use std::collections::HashMap;

/// Who reads: private messages are for their author and their recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    Seat(SeatId),
    /// Somebody without a seat: nothing private.
    Public,
}

/// A page of history, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    pub messages: Vec<Message>,
    /// Whether the same query has more in the direction it reads: later ones with `after`, else earlier ones.
    pub more: bool,
}

/// A page of a room's history: with `after` the first messages behind it, else the last ones (before `before`).
/// `limit` is kept between 1 and 100.
pub async fn history(
    store: &Store,
    room: RoomId,
    reader: Reader,
    query: &HistoryQuery,
) -> Result<Page, StoreError> {
    let limit = query.limit.clamp(1, 100) as usize;
    let mut find = message::Entity::find()
        .filter(message::Column::RoomId.eq(room.to_string()))
        .filter(readable_by(reader))
        .limit(limit as u64 + 1);
    if let Some(before) = query.before {
        find = find.filter(message::Column::No.lt(before.0));
    }
    find = match query.after {
        Some(after) => find.filter(message::Column::No.gt(after.0)).order_by_asc(message::Column::No),
        None => find.order_by_desc(message::Column::No),
    };
    if let Some(search) = &query.search {
        find = holding(find, search);
    }
    let mut found = within(find.all(&store.read)).await?;
    let more = found.len() > limit;
    found.truncate(limit);
    if query.after.is_none() {
        found.reverse();
    }
    Ok(Page { messages: with_reactions(store, found).await?, more })
}

/// One message of this room, deleted or not, private or not: who may see it is for the room to say.
pub async fn find(store: &Store, room: RoomId, id: MessageId) -> Result<Option<Message>, StoreError> {
    let find = message::Entity::find()
        .filter(message::Column::Id.eq(id.to_string()))
        .filter(message::Column::RoomId.eq(room.to_string()));
    let found = within(find.one(&store.read)).await?;
    Ok(with_reactions(store, found.into_iter().collect()).await?.pop())
}

/// The last message of the page before: the next one begins behind it.
pub type SaidCursor = (RoomId, No);

/// What an account said, wherever it did, by room and in order; `limit` is kept between 1 and 500. For its export: what
/// it deleted is not among it.
pub async fn said_by(
    store: &Store,
    user: UserId,
    after: Option<SaidCursor>,
    limit: u64,
) -> Result<Vec<(RoomId, Message)>, StoreError> {
    let sat = Condition::all()
        .add(
            Expr::col((seat::Entity, seat::Column::RoomId))
                .equals((message::Entity, message::Column::RoomId)),
        )
        .add(Expr::col((seat::Entity, seat::Column::Id)).equals((message::Entity, message::Column::Author)));
    let mut find = message::Entity::find()
        .filter(seat::Column::UserId.eq(user.to_string()))
        .filter(message::Column::Deleted.eq(false))
        .order_by_asc(message::Column::RoomId)
        .order_by_asc(message::Column::No)
        .limit(limit.clamp(1, 500));
    if let Some((room, no)) = after {
        let later = Condition::all()
            .add(message::Column::RoomId.eq(room.to_string()))
            .add(message::Column::No.gt(no.0));
        let further = message::Column::RoomId.gt(room.to_string());
        find = find.filter(Condition::any().add(further).add(later));
    }
    QueryTrait::query(&mut find).join(JoinType::InnerJoin, seat::Entity, sat);
    let found = within(find.all(&store.read)).await?;
    found.into_iter().map(|row| Ok((rows::id("message", &row.room_id)?, rows::message_of(row)?))).collect()
}

/// The rows as messages, with their reactions in the order they came.
pub(super) async fn with_reactions(
    store: &Store,
    found: Vec<message::Model>,
) -> Result<Vec<Message>, StoreError> {
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<_> = found.iter().map(|row| row.id.clone()).collect();
    let reactions = reaction::Entity::find()
        .filter(reaction::Column::MessageId.is_in(ids))
        .order_by_asc(reaction::Column::No);
    let mut of_message: HashMap<String, Vec<_>> = HashMap::new();
    for row in within(reactions.all(&store.read)).await? {
        of_message.entry(row.message_id.clone()).or_default().push(rows::reaction_of(row)?);
    }
    found
        .into_iter()
        .map(|row| {
            let reactions = of_message.remove(&row.id).unwrap_or_default();
            Ok(Message { reactions, ..rows::message_of(row)? })
        })
        .collect()
}

fn readable_by(reader: Reader) -> Condition {
    let public = Condition::any().add(message::Column::ToSeat.is_null());
    match reader {
        Reader::Public => public,
        Reader::Seat(seat) => public
            .add(message::Column::Author.eq(seat.to_string()))
            .add(message::Column::ToSeat.eq(seat.to_string())),
    }
}

/// Both sides are folded by us, so that every database finds the same in every script.
fn holding(find: Select<message::Entity>, search: &str) -> Select<message::Entity> {
    let folded = Func::coalesce([
        Expr::col((message::Entity, message::Column::Folded)),
        Expr::col((message::Entity, message::Column::Text)),
    ]);
    let pattern = LikeExpr::new(literal_pattern(&fold(search))).escape('!');
    find.filter(message::Column::Deleted.eq(false)).filter(Expr::expr(folded).like(pattern))
}

/// Lower case, the same for what is stored and what is sought.
pub(super) fn fold(text: &str) -> String {
    text.to_lowercase()
}

/// A LIKE pattern that finds exactly this text anywhere, with `!` as its escape (a backslash means something else
/// again to each database).
fn literal_pattern(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for letter in text.chars() {
        if matches!(letter, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}
