//! What belongs to an account: its rooms, its calls, and a guest's room that it claims.
use super::account_answers::{MyCallBody, MyCallsBody, RoomsBody};
use super::account_bodies::ClaimRoom;
use super::answers::RoomAnswer;
use super::bodies::PageQuery;
use super::json;
use super::reply::Reply;
use super::route::{Asked, Rest};
use super::signing::visit;
use crate::dialect::native::views::RoomBody;
use crate::fault::Fault;

/// Items on a page unless asked otherwise.
const PAGE: u32 = 50;

pub(super) async fn claim(rest: Rest, asked: Asked) -> Result<Reply, Fault> {
    let ClaimRoom { owner_secret } = json::read(&asked.body)?;
    let who = asked.caller.signed_in()?;
    let (room, people) = rest.rooms.claim(asked.param(0), who.user, &owner_secret).await?;
    rest.accounts.note_claim(who, room.id, &visit(&asked)).await?;
    Ok(Reply::ok(&RoomAnswer { room: RoomBody::of(&room), people }))
}

pub(super) async fn rooms(rest: Rest, asked: Asked) -> Result<Reply, Fault> {
    let PageQuery { cursor, limit } = PageQuery::read(&asked.query)?;
    let (rooms, next) = rest.rooms.mine(asked.caller, cursor.as_deref(), limit.unwrap_or(PAGE)).await?;
    Ok(Reply::ok(&RoomsBody { rooms: rooms.iter().map(RoomBody::of).collect(), next }))
}

pub(super) async fn calls(rest: Rest, asked: Asked) -> Result<Reply, Fault> {
    let PageQuery { cursor, limit } = PageQuery::read(&asked.query)?;
    let (calls, next) = rest.rooms.my_calls(asked.caller, cursor.as_deref(), limit.unwrap_or(PAGE)).await?;
    let calls = calls.iter().map(MyCallBody::of).collect();
    Ok(Reply::ok(&MyCallsBody { calls, next }))
}
