//! `call/`: a room is made, looked for, and remembered.
use super::answer::{self, Answer, bad};
use super::auth::broken;
use super::{Asked, Parts};
use crate::fault::Fault;
use crate::room::ids::Millis;
use crate::room::join::is_guessable;
use crate::room::record::System;
use crate::service::caller::{Caller, SignedIn};
use crate::service::rooms::{MadeRoom, NewRoom};
use serde::Serialize;
use warp::http::StatusCode;

/// Calls that the history shows.
const SHOWN: u64 = 10;

const NO_ROOM: &str = "Room ID is required";
const UNKNOWN: answer::Refused = (StatusCode::NOT_FOUND, "Room not found");

#[derive(Serialize)]
struct Started<'a> {
    success: bool,
    room_id: &'a str,
}

#[derive(Serialize)]
struct History<'a> {
    success: bool,
    calls: Vec<Call<'a>>,
}

#[derive(Serialize)]
struct Call<'a> {
    room_id: &'a str,
    created_at: String,
    duration: Option<String>,
}

pub(super) async fn start(parts: &Parts, asked: &Asked) -> Answer {
    let who = match caller(parts, asked).await {
        Ok(who) => who,
        Err(answer) => return answer,
    };
    let wish = NewRoom { system: System::Meet, ..NewRoom::default() };
    let made = parts.rooms.create(Caller::User(who), wish, asked.head.client.ip, None).await;
    match made.map(|made| made.room.keys.map(|keys| keys.meet)) {
        Ok(Some(key)) => Answer::ok(&Started { success: true, room_id: &key }),
        Ok(None) => broken(parts, &Fault::Internal, answer::BROKEN_CALL),
        Err(fault) => broken(parts, &fault, answer::BROKEN_CALL),
    }
}

pub(super) async fn join(parts: &Parts, asked: &Asked) -> Answer {
    let who = match caller(parts, asked).await {
        Ok(who) => who,
        Err(answer) => return answer,
    };
    let key = asked.fields.trimmed("room_id");
    if key.is_empty() {
        return bad(NO_ROOM);
    }
    // a short number is found by trying: those are held to their source too
    let visit = asked.head.visit();
    let may = parts
        .accounts
        .may_try_key(who.user)
        .and_then(|()| if is_guessable(&key) { parts.accounts.may_guess(&visit) } else { Ok(()) });
    if let Err(fault) = may {
        return broken(parts, &fault, answer::BROKEN_CALL);
    }
    match parts.rooms.describe(&key, Caller::User(who)).await {
        // its page can show no PIN; owners need none
        Ok((room, _)) if room.needs_pin && room.pins.is_none() => UNKNOWN.into(),
        Ok(_) => Answer::done("Joining call"),
        Err(Fault::NoSuchRoom | Fault::Ended) => {
            parts.accounts.tried_in_vain(who.user);
            if is_guessable(&key) {
                parts.accounts.guessed_wrong(&visit);
            }
            UNKNOWN.into()
        }
        Err(fault) => broken(parts, &fault, answer::BROKEN_CALL),
    }
}

pub(super) async fn history(parts: &Parts, asked: &Asked) -> Answer {
    let who = match caller(parts, asked).await {
        Ok(who) => who,
        Err(answer) => return answer,
    };
    match parts.rooms.made_by(who.user, SHOWN).await {
        Ok(rooms) => Answer::ok(&History { success: true, calls: rooms.iter().map(call).collect() }),
        Err(fault) => broken(parts, &fault, answer::BROKEN_CALL),
    }
}

async fn caller(parts: &Parts, asked: &Asked) -> Result<SignedIn, Answer> {
    match parts.signed_in(asked).await {
        Ok(Some(who)) => Ok(who),
        Ok(None) => Err(answer::NOT_SIGNED_IN.into()),
        Err(fault) => Err(broken(parts, &fault, answer::BROKEN_CALL)),
    }
}

fn call(room: &MadeRoom) -> Call<'_> {
    Call { room_id: &room.meet, created_at: moment(room.created_at), duration: room.met_ms.map(duration) }
}

/// `YYYY-MM-DD HH:MM:SS` in UTC.
fn moment(at: Millis) -> String {
    let at = jiff::Timestamp::from_millisecond(at.0).unwrap_or_default();
    at.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// `HH:MM:SS`; the hours go on beyond 99, as far as SQL's TIME does.
fn duration(ms: i64) -> String {
    let seconds = (ms / 1_000).clamp(0, 838 * 3_600 + 59 * 60 + 59);
    format!("{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_and_durations_are_written_as_sql_does() {
        assert_eq!(moment(Millis(1_721_469_600_999)), "2024-07-20 10:00:00");
        for (ms, text) in [
            (0, "00:00:00"),
            (999, "00:00:00"),
            (930_000, "00:15:30"),
            (100 * 3_600_000, "100:00:00"),
            (i64::MAX, "838:59:59"),
        ] {
            assert_eq!(duration(ms), text);
        }
    }
}
