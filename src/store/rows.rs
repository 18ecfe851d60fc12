//! Rows turned into the room's own types, and its types into the words and bits that rows hold.
use super::error::StoreError;
use super::footing;
use crate::room::chat::{Message, Reaction, Recipient};
use crate::room::ids::{ClientId, Millis, No, PeerId};
use crate::room::media::Media;
use crate::room::permissions::{Rights, Role};
use crate::room::record::{CallRecord, ChatKind, SeatRecord};
use convene_entity as tables;
use std::str::FromStr;
use std::sync::Arc;

/// An id as stored.
pub(super) fn id<T: FromStr>(table: &'static str, text: &str) -> Result<T, StoreError> {
    text.parse().map_err(|_| StoreError::Unreadable { table, why: "an id is no id".to_owned() })
}

/// A hash as stored: 64 hex digits.
pub(super) fn hash(table: &'static str, hex: &str) -> Result<[u8; 32], StoreError> {
    let unreadable = || StoreError::Unreadable { table, why: "a hash is no hash".to_owned() };
    if hex.len() != 64 || !hex.is_ascii() {
        return Err(unreadable());
    }
    let mut hash = [0; 32];
    for (i, byte) in hash.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).map_err(|_| unreadable())?;
    }
    Ok(hash)
}

/// A count as stored; the rooms keep them far below 2^31.
pub(super) fn count(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

pub(super) fn counted(number: i32) -> u32 {
    u32::try_from(number).unwrap_or(0)
}

pub(super) fn chat_word(kind: ChatKind) -> &'static str {
    match kind {
        ChatKind::Durable => "durable",
        ChatKind::Ephemeral => "ephemeral",
    }
}

pub(super) fn chat_of(word: &str) -> Result<ChatKind, StoreError> {
    [ChatKind::Durable, ChatKind::Ephemeral]
        .into_iter()
        .find(|kind| chat_word(*kind) == word)
        .ok_or_else(|| StoreError::Unreadable { table: "room", why: "no such kind of chat".to_owned() })
}

pub(super) fn media_bits(media: Media) -> i32 {
    [media.audio, media.video, media.screen, media.audio_available, media.video_available]
        .into_iter()
        .enumerate()
        .map(|(bit, on)| i32::from(on) << bit)
        .sum()
}

pub(super) fn media_of(bits: i32) -> Media {
    let on = |bit: u32| bits & (1 << bit) != 0;
    Media { audio: on(0), video: on(1), screen: on(2), audio_available: on(3), video_available: on(4) }
}

pub(super) fn seat_of(row: tables::seat::Model) -> Result<SeatRecord, StoreError> {
    let role = Role::from_word(&row.role)
        .ok_or_else(|| StoreError::Unreadable { table: "seat", why: "no such role".to_owned() })?;
    Ok(SeatRecord {
        seat: id("seat", &row.id)?,
        peer: PeerId(row.peer.into()),
        face: row.face.into(),
        name: row.name.into(),
        avatar: row.avatar.map(Arc::from),
        role,
        rights: Rights::from_bits(u16::try_from(row.rights).unwrap_or(0)),
        media: media_of(row.media),
        resume_n: u64::try_from(row.resume_n).unwrap_or(0),
        joined_at: Millis(row.joined_at),
        released_at: row.released_at.map(Millis),
        footing: footing::read(row.user_id.as_deref(), row.footing.as_deref()),
    })
}

pub(super) fn call_of(row: tables::call::Model) -> Result<CallRecord, StoreError> {
    Ok(CallRecord {
        id: id("call", &row.id)?,
        started_at: Millis(row.started_at),
        paired_at: row.paired_at.map(Millis),
        ended_at: row.ended_at.map(Millis),
        peak: counted(row.peak),
    })
}

pub(super) fn message_of(row: tables::message::Model) -> Result<Message, StoreError> {
    let to = match (row.to_seat, row.to_peer) {
        (Some(seat), Some(peer)) => {
            Some(Recipient { seat: id("message", &seat)?, peer: PeerId(peer.into()) })
        }
        (None, None) => None,
        _ => return Err(StoreError::Unreadable { table: "message", why: "half a recipient".to_owned() }),
    };
    Ok(Message {
        id: id("message", &row.id)?,
        no: No(row.no),
        author: id("message", &row.author)?,
        from: PeerId(row.peer.into()),
        name: row.name.into(),
        client_id: ClientId(row.client_id.into()),
        text: row.text.into(),
        to,
        reply_to: row.reply_to.map(|text| id("message", &text)).transpose()?,
        at: Millis(row.at),
        edited_at: row.edited_at.map(Millis),
        deleted: row.deleted,
        reactions: Vec::new(),
        claim: None,
    })
}

pub(super) fn reaction_of(row: tables::reaction::Model) -> Result<Reaction, StoreError> {
    Ok(Reaction {
        emoji: row.emoji.into(),
        seat: id("reaction", &row.seat_id)?,
        peer: PeerId(row.peer.into()),
    })
}
