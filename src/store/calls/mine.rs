//! Calls over many rooms, for one account or for the operator: where each was, and who took part.
use super::super::rooms::Whose;
use super::super::{Store, StoreError, rows, within};
use super::{Cursor, behind};
use crate::room::ids::{RoomId, UserId};
use crate::room::record::CallRecord;
use convene_entity::call::{self, Column, Entity};
use convene_entity::{room, room_key, seat};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, JoinType, Query, SelectStatement, UnionType};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use std::collections::HashMap;

/// The most people named of one page's calls.
const MOST_PEOPLE: u64 = 5_000;

/// A call, where it was, and who took part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MyCall {
    pub call: CallRecord,
    pub room: RoomId,
    /// The room's native code.
    pub code: String,
    /// The room's name.
    pub name: String,
    /// In the order they came; who came twice is named once.
    pub people: Vec<Person>,
}

/// Somebody who took part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub name: String,
    /// The account they showed, if any.
    pub user: Option<UserId>,
}

/// A page of calls, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MyPage {
    pub calls: Vec<MyCall>,
    /// Where the next page begins, if there is one.
    pub next: Option<Cursor>,
}

/// Calls in the user's rooms and those they took part in (or all), newest first; `limit` is kept between 1 and 100.
pub async fn mine(
    store: &Store,
    whose: Whose,
    after: Option<Cursor>,
    limit: u32,
) -> Result<MyPage, StoreError> {
    let limit = limit.clamp(1, 100) as usize;
    let mut find =
        Entity::find().order_by_desc(Column::StartedAt).order_by_desc(Column::Id).limit(limit as u64 + 1);
    if let Whose::User(user) = whose {
        find = find.filter(Condition::any().add(in_own_room(user)).add(took_part(user)));
        // first the few rooms in question, then their calls: never all calls there are
        let near = Alias::new("near");
        let same = Expr::col((near.clone(), Alias::new("room_id"))).equals((Entity, Column::RoomId));
        QueryTrait::query(&mut find).join_subquery(JoinType::InnerJoin, rooms_near(user), near, same);
    }
    if let Some(after) = after {
        find = find.filter(behind(after));
    }
    let mut found = within(find.all(&store.read)).await?;
    let more = found.len() > limit;
    found.truncate(limit);
    let places = places(store, &found).await?;
    let seats = seats(store, &found).await?;
    let mut calls = Vec::with_capacity(found.len());
    for row in found {
        // a room that went between the questions took its calls along
        let Some((code, name)) = places.get(&row.room_id).cloned() else { continue };
        let people = people(&row, seats.get(&row.room_id).map_or(&[], Vec::as_slice))?;
        let room = rows::id("call", &row.room_id)?;
        calls.push(MyCall { call: rows::call_of(row)?, room, code, name, people });
    }
    let last = calls.last().filter(|_| more);
    let next = last.map(|last| Cursor { started_at: last.call.started_at, call: last.call.id });
    Ok(MyPage { calls, next })
}

/// The user's rooms, and those they ever sat in.
fn rooms_near(user: UserId) -> SelectStatement {
    let mut own = Query::select();
    own.expr_as(Expr::col(room::Column::Id), "room_id")
        .from(room::Entity)
        .and_where(room::Column::OwnerUser.eq(user.to_string()));
    let sat = Query::select()
        .column(seat::Column::RoomId)
        .from(seat::Entity)
        .and_where(seat::Column::UserId.eq(user.to_string()))
        .to_owned();
    own.union(UnionType::Distinct, sat).to_owned()
}

fn in_own_room(user: UserId) -> Expr {
    let own = Query::select()
        .column(room::Column::Id)
        .from(room::Entity)
        .and_where(room::Column::OwnerUser.eq(user.to_string()))
        .to_owned();
    Column::RoomId.in_subquery(own)
}

/// Who took part sat down while it lasted: a call begins with the first seat taken.
fn took_part(user: UserId) -> Expr {
    let joined = || Expr::col((seat::Entity, seat::Column::JoinedAt));
    let lasts =
        Expr::col((Entity, Column::EndedAt)).is_null().or(joined().lte(Expr::col((Entity, Column::EndedAt))));
    let sat = Query::select()
        .expr(Expr::val(1))
        .from(seat::Entity)
        .and_where(seat::Column::UserId.eq(user.to_string()))
        .and_where(Expr::col((seat::Entity, seat::Column::RoomId)).equals((Entity, Column::RoomId)))
        .and_where(joined().gte(Expr::col((Entity, Column::StartedAt))))
        .and_where(lasts)
        .to_owned();
    Expr::exists(sat)
}

/// Code and name of the calls' rooms.
async fn places(
    store: &Store,
    calls: &[call::Model],
) -> Result<HashMap<String, (String, String)>, StoreError> {
    let rooms = || calls.iter().map(|call| call.room_id.as_str());
    let codes = room_key::Entity::find()
        .filter(room_key::Column::RoomId.is_in(rooms()))
        .filter(room_key::Column::Kind.eq("native"));
    let codes: HashMap<String, String> =
        within(codes.all(&store.read)).await?.into_iter().map(|key| (key.room_id, key.key)).collect();
    let names = room::Entity::find()
        .select_only()
        .column(room::Column::Id)
        .column(room::Column::Name)
        .filter(room::Column::Id.is_in(rooms()));
    let names: Vec<(String, String)> = within(names.into_tuple().all(&store.read)).await?;
    let placed = |(id, name): (String, String)| codes.get(&id).cloned().map(|code| (id, (code, name)));
    Ok(names.into_iter().filter_map(placed).collect())
}

/// Seats taken during any of the calls, by room, in the order they were taken.
async fn seats(
    store: &Store,
    calls: &[call::Model],
) -> Result<HashMap<String, Vec<seat::Model>>, StoreError> {
    if calls.is_empty() {
        return Ok(HashMap::new());
    }
    let during = calls.iter().fold(Condition::any(), |any, call| {
        let mut one = Condition::all()
            .add(seat::Column::RoomId.eq(call.room_id.as_str()))
            .add(seat::Column::JoinedAt.gte(call.started_at));
        if let Some(ended) = call.ended_at {
            one = one.add(seat::Column::JoinedAt.lte(ended));
        }
        any.add(one)
    });
    let find = seat::Entity::find()
        .filter(during)
        .filter(seat::Column::Peer.ne(""))
        .order_by_asc(seat::Column::JoinedAt)
        .order_by_asc(seat::Column::Id)
        .limit(MOST_PEOPLE);
    let mut by_room: HashMap<String, Vec<seat::Model>> = HashMap::new();
    for seat in within(find.all(&store.read)).await? {
        by_room.entry(seat.room_id.clone()).or_default().push(seat);
    }
    Ok(by_room)
}

fn people(call: &call::Model, seats: &[seat::Model]) -> Result<Vec<Person>, StoreError> {
    let mut people: Vec<Person> = Vec::new();
    let during = |seat: &&seat::Model| {
        seat.joined_at >= call.started_at && call.ended_at.is_none_or(|ended| seat.joined_at <= ended)
    };
    for seat in seats.iter().filter(during) {
        let user = seat.user_id.as_deref().map(|user| rows::id("seat", user)).transpose()?;
        let person = Person { name: seat.name.clone(), user };
        let known = people.iter().any(|other| match person.user {
            Some(user) => other.user == Some(user),
            None => *other == person,
        });
        if !known {
            people.push(person);
        }
    }
    Ok(people)
}
