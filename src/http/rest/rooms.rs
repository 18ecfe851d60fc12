//! The room itself over REST: make it, look at it, change it, end it, new PINs.
use super::answers::{CreatedBody, PinsAnswer, RoomAnswer};
use super::bodies::{ChatWord, CreateRoom, PolicyPatch, RotatePins, UpdateRoom};
use super::json;
use super::reply::Reply;
use super::route::{Asked, Rest};
use crate::dialect::native::views::{PinsBody, RoomBody};
use crate::fault::Fault;
use crate::http::context::Scheme;
use crate::room::command::SettingsPatch;
use crate::room::event::RoomView;
use crate::room::ids::{No, PeerId};
use crate::room::record::ChatKind;
use crate::service::rooms::{NewRoom, Retry, WhichPins};
use warp::http::header;

/// Bytes of an Idempotency-Key: long enough not to be guessed, since it opens the answer again.
const RETRY_KEY_BYTES: std::ops::RangeInclusive<usize> = 16..=128;

pub(super) async fn create(rest: Rest, asked: Asked) -> Result<Reply, Fault> {
    let body: CreateRoom = json::read(&asked.body)?;
    let policy = body.policy.unwrap_or_default();
    let new = NewRoom {
        name: body.name,
        capacity: body.capacity,
        max_video: body.max_video,
        chat: body.chat.map(|word| match word {
            ChatWord::Durable => ChatKind::Durable,
            ChatWord::Ephemeral => ChatKind::Ephemeral,
        }),
        needs_pin: body.needs_pin.unwrap_or(false),
        audio: policy.audio,
        video: policy.video,
        screen: policy.screen,
        chat_on: policy.chat,
        ..NewRoom::default()
    };
    let retry = retry(&asked)?;
    let created = rest.rooms.create(asked.caller, new, asked.client.ip, retry).await?;
    let code = &created.room.code;
    let body = CreatedBody {
        room: RoomBody::of(&created.room),
        owner_secret: created.owner_secret.as_deref(),
        link: format!("{}/m/{code}", origin(&rest, &asked)),
    };
    Ok(Reply::ok(&body).created(&format!("/v1/rooms/{code}")).with(header::ETAG, &etag(&created.room)))
}

pub(super) async fn describe(rest: Rest, asked: Asked) -> Result<Reply, Fault> {
    let (room, people) = rest.rooms.describe(asked.param(0), asked.caller).await?;
    let tag = etag(&room);
    let is_known = asked
        .headers
        .get(header::IF_NONE_MATCH)
        .and_then(|tags| tags.to_str().ok())
        .is_some_and(|tags| tags.split(',').any(|one| one.trim().trim_start_matches("W/") == tag));
    let reply = if is_known {
        Reply::not_modified()
    } else {
        Reply::ok(&RoomAnswer { room: RoomBody::of(&room), people })
    };
    Ok(reply.with(header::ETAG, &tag).with(header::CACHE_CONTROL, "private, no-cache"))
}

pub(super) async fn update(rest: Rest, asked: Asked) -> Result<Reply, Fault> {
    let body: UpdateRoom = json::read(&asked.body)?;
    let PolicyPatch { audio, video, screen, chat } = body.policy.unwrap_or_default();
    let patch = SettingsPatch {
        version: expected_version(&asked)?,
        name: body.name.map(Into::into),
        capacity: body.capacity,
        max_video: body.max_video,
        locked: body.locked,
        audio,
        video,
        screen,
        chat,
        spotlight: body.spotlight.map(|peer| peer.map(|peer| PeerId(peer.into()))),
    };
    let (room, people) = rest.rooms.update(asked.param(0), asked.caller, patch).await?;
    Ok(Reply::ok(&RoomAnswer { room: RoomBody::of(&room), people }).with(header::ETAG, &etag(&room)))
}

pub(super) async fn rotate_pins(rest: Rest, asked: Asked) -> Result<Reply, Fault> {
    let RotatePins { pin, spin } = json::read(&asked.body)?;
    let which = match (pin, spin) {
        (true, true) => WhichPins::Both,
        (true, false) => WhichPins::Participants,
        (false, true) => WhichPins::Viewers,
        (false, false) => return Err(Fault::field("pin", "say true for pin, spin or both")),
    };
    let pins = rest.rooms.rotate_pins(asked.param(0), asked.caller, which).await?;
    Ok(Reply::ok(&PinsAnswer { pins: PinsBody::of(&pins) }).with(header::CACHE_CONTROL, "no-store"))
}

pub(super) async fn end(rest: Rest, asked: Asked) -> Result<Reply, Fault> {
    rest.rooms.end(asked.param(0), asked.caller).await?;
    Ok(Reply::empty())
}

/// The settings' version as an entity tag.
fn etag(room: &RoomView) -> String {
    format!("\"{}\"", room.version.0)
}

/// `If-Match`: none, or any version, or one; what isn't one of our tags matches none.
fn expected_version(asked: &Asked) -> Result<Option<No>, Fault> {
    let mut lines = asked.headers.get_all(header::IF_MATCH).iter();
    let Some(line) = lines.next() else { return Ok(None) };
    let text = line.to_str().unwrap_or_default().trim();
    if lines.next().is_some() || text.contains(',') {
        return Err(Fault::field("If-Match", "one entity tag"));
    }
    if text == "*" {
        return Ok(None);
    }
    let number =
        text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).and_then(|text| text.parse().ok());
    Ok(Some(No(number.unwrap_or(-1))))
}

/// `Idempotency-Key`, and what it is to be bound to.
fn retry(asked: &Asked) -> Result<Option<Retry>, Fault> {
    let mut lines = asked.headers.get_all("idempotency-key").iter();
    let Some(line) = lines.next() else { return Ok(None) };
    let key = line.to_str().unwrap_or_default().trim();
    let is_good = RETRY_KEY_BYTES.contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
    if !is_good || lines.next().is_some() {
        return Err(Fault::field(
            "Idempotency-Key",
            "one key of 16 to 128 visible ASCII characters, hard to guess",
        ));
    }
    Ok(Some(Retry::new(asked.caller, key, &asked.body)))
}

/// How the asker's browser reaches this server.
fn origin(rest: &Rest, asked: &Asked) -> String {
    if let Some(url) = &rest.public_url {
        return url.trim_end_matches('/').to_owned();
    }
    let host = asked.headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    match asked.client.scheme {
        Scheme::Http => format!("http://{host}"),
        Scheme::Https => format!("https://{host}"),
    }
}
