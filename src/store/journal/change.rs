//! What each durable change does to the rows of its room, and the event row that tells of it.
use super::super::rows;
use super::super::sealed::seal_pins;
use crate::room::ids::{Millis, No, RoomId, SeatId};
use crate::room::media::Source;
use crate::room::permissions::{Rights, Role};
use crate::room::record::{Change, Entry, Settings};
use crate::seal::KeyRing;
use convene_entity::{call, message, reaction, room, seat};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, UpdateMany};
use serde_json::{Value, json};

/// The kinds of events that change a message.
pub(in crate::store) const CHANGES_OF_MESSAGES: [&str; 4] =
    ["chat_edited", "chat_deleted", "chat_reacted", "chat_unreacted"];

/// Changes the state; the message or event row itself is written by the caller.
pub(super) async fn apply(
    connection: &impl ConnectionTrait,
    keys: &KeyRing,
    entry: &Entry,
) -> Result<(), DbErr> {
    let of_room = entry.room;
    match &entry.change {
        Change::Said(_) | Change::Muted { .. } => Ok(()), // the row is all there is to keep
        Change::Edited { message, text, at } => {
            let folded = super::super::messages::fold(text);
            message::Entity::update_many()
                .col_expr(message::Column::Text, Expr::value(&**text))
                .col_expr(message::Column::Folded, Expr::value((folded != **text).then_some(folded)))
                .col_expr(message::Column::EditedAt, Expr::value(at.0))
                .filter(message::Column::Id.eq(message.to_string()))
                .filter(message::Column::RoomId.eq(of_room.to_string()))
                .filter(message::Column::Deleted.eq(false))
                .exec(connection)
                .await
                .map(drop)
        }
        Change::Deleted { message } => {
            reaction::Entity::delete_many()
                .filter(reaction::Column::MessageId.eq(message.to_string()))
                .filter(reaction::Column::RoomId.eq(of_room.to_string()))
                .exec(connection)
                .await?;
            message::Entity::update_many()
                .col_expr(message::Column::Text, Expr::value(""))
                .col_expr(message::Column::Folded, Expr::value(None::<String>))
                .col_expr(message::Column::Deleted, Expr::value(true))
                .filter(message::Column::Id.eq(message.to_string()))
                .filter(message::Column::RoomId.eq(of_room.to_string()))
                .exec(connection)
                .await
                .map(drop)
        }
        Change::Reacted { message, emoji, seat, peer } => {
            let row = reaction::ActiveModel {
                message_id: Set(message.to_string()),
                emoji: Set(emoji.to_string()),
                seat_id: Set(seat.to_string()),
                room_id: Set(of_room.to_string()),
                peer: Set(peer.to_string()),
                no: Set(entry.no.0),
            };
            use reaction::Column::{Emoji, MessageId, Peer, SeatId};
            let again = OnConflict::columns([MessageId, Emoji, SeatId]).update_column(Peer).to_owned();
            let insert = reaction::Entity::insert(row).on_conflict(again);
            insert.exec_without_returning(connection).await.map(drop)
        }
        Change::Unreacted { message, emoji, seat } => reaction::Entity::delete_many()
            .filter(reaction::Column::MessageId.eq(message.to_string()))
            .filter(reaction::Column::Emoji.eq(&**emoji))
            .filter(reaction::Column::SeatId.eq(seat.to_string()))
            .exec(connection)
            .await
            .map(drop),
        Change::Settings(settings) => {
            set_settings(of_room, entry.no, settings).exec(connection).await.map(drop)
        }
        Change::Standing { seat, role, rights } => {
            let row = unwritten_seat(of_room, *seat, entry.at, *role, *rights, entry.no);
            use seat::Column::{Id, Rights, Role, RoomId, StandingNo};
            upsert_seat(
                connection,
                row,
                OnConflict::columns([RoomId, Id]).update_columns([Role, Rights, StandingNo]),
            )
            .await
        }
        Change::Kicked { seat } => {
            let mut row = unwritten_seat(of_room, *seat, entry.at, Role::Viewer, Rights::NONE, No(0));
            row.released_at = Set(Some(entry.at.0));
            use seat::Column::{Id, ReleasedAt, RoomId};
            upsert_seat(connection, row, OnConflict::columns([RoomId, Id]).update_column(ReleasedAt)).await
        }
        Change::Pins(pins) => of(of_room)
            .col_expr(room::Column::Pins, Expr::value(seal_pins(keys, of_room, pins)))
            .exec(connection)
            .await
            .map(drop),
        Change::Claimed { user } => of(of_room)
            .col_expr(room::Column::OwnerUser, Expr::value(user.to_string()))
            .col_expr(room::Column::OwnerHash, Expr::value(""))
            .col_expr(room::Column::Expires, Expr::value(false))
            .exec(connection)
            .await
            .map(drop),
        Change::Ended => end(connection, of_room, entry.at).await,
    }
}

fn of(id: RoomId) -> UpdateMany<room::Entity> {
    room::Entity::update_many().filter(room::Column::Id.eq(id.to_string()))
}

fn set_settings(id: RoomId, no: No, settings: &Settings) -> UpdateMany<room::Entity> {
    let spotlight = settings.spotlight.as_ref().map(|peer| peer.to_string());
    of(id)
        .col_expr(room::Column::Name, Expr::value(&*settings.name))
        .col_expr(room::Column::Capacity, Expr::value(rows::count(settings.capacity)))
        .col_expr(room::Column::MaxVideo, Expr::value(rows::count(settings.max_video)))
        .col_expr(room::Column::Locked, Expr::value(settings.locked))
        .col_expr(room::Column::Audio, Expr::value(settings.audio))
        .col_expr(room::Column::Video, Expr::value(settings.video))
        .col_expr(room::Column::Screen, Expr::value(settings.screen))
        .col_expr(room::Column::ChatOn, Expr::value(settings.chat))
        .col_expr(room::Column::Spotlight, Expr::value(spotlight))
        .col_expr(room::Column::Version, Expr::value(no.0))
        .filter(room::Column::Version.lt(no.0))
}

/// Nobody sits in an ended room, and no call goes on in it.
async fn end(connection: &impl ConnectionTrait, id: RoomId, at: Millis) -> Result<(), DbErr> {
    of(id)
        .col_expr(room::Column::EndedAt, Expr::value(at.0))
        .filter(room::Column::EndedAt.is_null())
        .exec(connection)
        .await?;
    seat::Entity::update_many()
        .col_expr(seat::Column::ReleasedAt, Expr::value(at.0))
        .filter(seat::Column::RoomId.eq(id.to_string()))
        .filter(seat::Column::ReleasedAt.is_null())
        .exec(connection)
        .await?;
    call::Entity::update_many()
        .col_expr(call::Column::EndedAt, Expr::value(at.0))
        .filter(call::Column::RoomId.eq(id.to_string()))
        .filter(call::Column::EndedAt.is_null())
        .exec(connection)
        .await
        .map(drop)
}

async fn upsert_seat(
    connection: &impl ConnectionTrait,
    row: seat::ActiveModel,
    there: &mut OnConflict,
) -> Result<(), DbErr> {
    seat::Entity::insert(row).on_conflict(there.to_owned()).exec_without_returning(connection).await.map(drop)
}

/// A seat's row, should the change be committed before the seat was written behind: no peer yet.
fn unwritten_seat(
    room: RoomId,
    seat: SeatId,
    at: Millis,
    role: Role,
    rights: Rights,
    no: No,
) -> seat::ActiveModel {
    seat::ActiveModel {
        room_id: Set(room.to_string()),
        id: Set(seat.to_string()),
        peer: Set(String::new()),
        face: Set(String::new()),
        name: Set(String::new()),
        avatar: Set(None),
        role: Set(role.word().to_owned()),
        rights: Set(i32::from(rights.bits())),
        media: Set(0),
        resume_n: Set(0),
        joined_at: Set(at.0),
        released_at: Set(None),
        standing_no: Set(no.0),
        written_at: Set(at.0),
        user_id: Set(None),
        footing: Set(None),
    }
}

/// The event's kind and body; a message is its own event. Never a message's text, never a PIN.
pub(super) fn event_of(change: &Change) -> Option<(&'static str, Value)> {
    Some(match change {
        Change::Said(_) => return None,
        Change::Edited { message, at, .. } => {
            ("chat_edited", json!({"message": message.to_string(), "at": at.0}))
        }
        Change::Deleted { message } => ("chat_deleted", json!({"message": message.to_string()})),
        Change::Reacted { message, emoji, seat, peer } => (
            "chat_reacted",
            json!({"message": message.to_string(), "emoji": &**emoji, "seat": seat.to_string(), "peer": &*peer.0}),
        ),
        Change::Unreacted { message, emoji, seat } => (
            "chat_unreacted",
            json!({"message": message.to_string(), "emoji": &**emoji, "seat": seat.to_string()}),
        ),
        Change::Settings(settings) => ("settings", settings_body(settings)),
        Change::Standing { seat, role, rights } => (
            "standing",
            json!({"seat": seat.to_string(), "role": role.word(),
                "rights": rights.iter().map(|right| right.word()).collect::<Vec<_>>()}),
        ),
        Change::Muted { seats, source } => {
            let seats: Vec<_> = seats.iter().map(|seat| seat.to_string()).collect();
            ("muted", json!({"seats": seats, "source": source_word(*source)}))
        }
        Change::Kicked { seat } => ("kicked", json!({"seat": seat.to_string()})),
        Change::Pins(_) => ("pins", json!({})),
        Change::Claimed { user } => ("claimed", json!({"user": user.to_string()})),
        Change::Ended => ("ended", json!({})),
    })
}

fn settings_body(settings: &Settings) -> Value {
    json!({
        "name": &*settings.name,
        "capacity": settings.capacity,
        "max_video": settings.max_video,
        "locked": settings.locked,
        "audio": settings.audio,
        "video": settings.video,
        "screen": settings.screen,
        "chat": settings.chat,
        "spotlight": settings.spotlight.as_ref().map(|peer| &*peer.0),
    })
}

fn source_word(source: Source) -> &'static str {
    match source {
        Source::Mic => "audio",
        Source::Camera => "video",
        Source::Screen => "screen",
    }
}
