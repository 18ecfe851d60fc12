//! What nobody waits for: seats, calls and last uses, written behind what they tell of, the latest of each.
use super::super::sql::{self, Change, Target};
use super::super::{Store, StoreError, footing, now, rows, within};
use super::group::existing;
use crate::room::ids::{CallId, Millis, RoomId, SeatId};
use crate::room::record::{Behind, CallRecord, SeatRecord};
use convene_entity::room;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Value};
use std::collections::{BTreeMap, HashSet};

/// Role and rights are decided by committed changes; only before the first of them does what is written behind count.
/// A released seat stays released: its id is never given again.
const SEATS: Target = Target {
    table: "seat",
    columns: &[
        "room_id",
        "id",
        "peer",
        "face",
        "name",
        "avatar",
        "role",
        "rights",
        "media",
        "resume_n",
        "joined_at",
        "released_at",
        "standing_no",
        "written_at",
        "user_id",
        "footing",
    ],
    upsert: &[
        Change::New("peer"),
        Change::New("face"),
        Change::New("name"),
        Change::New("avatar"),
        Change::KeepWhile("role", "standing_no"),
        Change::KeepWhile("rights", "standing_no"),
        Change::New("media"),
        Change::Greater("resume_n"),
        Change::New("joined_at"),
        Change::Keep("released_at"),
        Change::New("written_at"),
        Change::New("user_id"),
        Change::New("footing"),
    ],
    key: &["room_id", "id"],
};

const CALLS: Target = Target {
    table: "call",
    columns: &["id", "room_id", "started_at", "paired_at", "ended_at", "peak", "written_at"],
    upsert: &[
        Change::Keep("paired_at"),
        Change::Keep("ended_at"),
        Change::Greater("peak"),
        Change::New("written_at"),
    ],
    key: &["id"],
};

/// Writes all of it in one transaction; of several for one seat or call the last counts. What belongs to a room that is
/// gone is dropped.
pub async fn write_behind(store: &Store, behind: &[Behind]) -> Result<(), StoreError> {
    if behind.is_empty() {
        return Ok(());
    }
    let at = now();
    let mut latest = Latest::of(behind);
    let transaction = store.begin().await?;
    within(async {
        let rooms = existing(&transaction, &latest.rooms).await?;
        latest.keep_only(&rooms);
        let seats = latest.seats.iter().flat_map(|(of, seat)| seat_values(of.0, seat, at)).collect();
        sql::insert(&transaction, &SEATS, seats).await?;
        let calls = latest.calls.values().flat_map(|(room, call)| call_values(*room, call, at)).collect();
        sql::insert(&transaction, &CALLS, calls).await?;
        for (used, rooms) in latest.touched_together() {
            room::Entity::update_many()
                .col_expr(room::Column::LastUsedAt, Expr::value(used.0))
                .filter(room::Column::Id.is_in(rooms))
                .filter(room::Column::LastUsedAt.lt(used.0))
                .exec(&transaction)
                .await?;
        }
        Ok::<_, StoreError>(())
    })
    .await?;
    within(transaction.commit()).await
}

/// The last of everything, in an order that is the same in each transaction, so that no two wait for each other.
struct Latest<'a> {
    rooms: HashSet<RoomId>,
    seats: BTreeMap<(RoomId, SeatId), &'a SeatRecord>,
    calls: BTreeMap<CallId, (RoomId, CallRecord)>,
    touched: BTreeMap<RoomId, Millis>,
}

impl<'a> Latest<'a> {
    fn of(behind: &'a [Behind]) -> Self {
        let mut latest = Self {
            rooms: HashSet::new(),
            seats: BTreeMap::new(),
            calls: BTreeMap::new(),
            touched: BTreeMap::new(),
        };
        for one in behind {
            let room = match one {
                Behind::Seat { room, seat } => {
                    latest.seats.insert((*room, seat.seat), seat);
                    room
                }
                Behind::Call { room, call } => {
                    latest.calls.insert(call.id, (*room, *call));
                    room
                }
                Behind::Touched { room, at } => {
                    let last = latest.touched.entry(*room).or_insert(*at);
                    *last = (*last).max(*at);
                    room
                }
            };
            latest.rooms.insert(*room);
        }
        latest
    }

    fn keep_only(&mut self, rooms: &HashSet<RoomId>) {
        self.seats.retain(|(room, _), _| rooms.contains(room));
        self.calls.retain(|_, (room, _)| rooms.contains(room));
        self.touched.retain(|room, _| rooms.contains(room));
    }

    /// Rooms by the instant they were used.
    fn touched_together(&self) -> BTreeMap<Millis, Vec<String>> {
        let mut together: BTreeMap<Millis, Vec<String>> = BTreeMap::new();
        for (room, at) in &self.touched {
            together.entry(*at).or_default().push(room.to_string());
        }
        together
    }
}

fn seat_values(room: RoomId, seat: &SeatRecord, at: Millis) -> [Value; 16] {
    [
        room.to_string().into(),
        seat.seat.to_string().into(),
        seat.peer.to_string().into(),
        seat.face.to_string().into(),
        without_nul(&seat.name).into(),
        Value::String(seat.avatar.as_deref().map(without_nul)),
        seat.role.word().into(),
        i32::from(seat.rights.bits()).into(),
        rows::media_bits(seat.media).into(),
        i64::try_from(seat.resume_n).unwrap_or(i64::MAX).into(),
        seat.joined_at.0.into(),
        Value::BigInt(seat.released_at.map(|released| released.0)),
        0i64.into(),
        at.0.into(),
        Value::String(seat.footing.user().map(|user| user.to_string())),
        Value::String(footing::words(&seat.footing)),
    ]
}

fn call_values(room: RoomId, call: &CallRecord, at: Millis) -> [Value; 7] {
    [
        call.id.to_string().into(),
        room.to_string().into(),
        call.started_at.0.into(),
        Value::BigInt(call.paired_at.map(|paired| paired.0)),
        Value::BigInt(call.ended_at.map(|ended| ended.0)),
        rows::count(call.peak).into(),
        at.0.into(),
    ]
}

/// Postgres keeps no NUL; a name isn't worth losing a seat for.
fn without_nul(text: &str) -> String {
    text.replace('\0', "")
}
