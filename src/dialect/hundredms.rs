//! The dialect of a 100ms backend's clients: frames `{"event":…,"data":…}` that tell who comes to which room and goes.
//!
//! One socket may hold many seats, each a user's in a room. What a room says to a seat is one small JSON array ([`Heard`]);
//! the socket puts them together and spells them for its client ([`update`]).
mod incoming;

use super::{Company, frame};
use crate::fault::Fault;
use crate::room::event::{Answer, Event, Push};
use crate::room::ids::{Epoch, PeerId, Seq};
use crate::room::join::user_of_app;
use bytes::Bytes;
use serde_json::{Value, json};
use std::sync::Arc;

pub use incoming::{Pair, Said, TEXT_CHARS, decode};

/// What happened to a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    Joined,
    Left,
}

impl Action {
    fn word(self) -> &'static str {
        match self {
            Self::Joined => "joined",
            Self::Left => "left",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        [Self::Joined, Self::Left].into_iter().find(|action| action.word() == word)
    }
}

/// What a seat hears from its room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// It is taken.
    Entered,
    /// It isn't, by this code.
    Refused(String),
    /// Somebody else came or went, at this place in the room's order.
    Told { at: (Epoch, Seq), action: Action, user: Arc<str> },
}

/// The frame for a client: somebody came to that room, or went.
pub fn update(room: &str, user: &str, action: Action) -> Bytes {
    let frame = json!({
        "event": "update",
        "data": {"roomId": room, "userId": user, "action": action.word()},
    });
    frame::text(frame.to_string().as_bytes())
}

/// The frame for a client that is to hear why nothing happens.
pub fn error(message: &str) -> Bytes {
    let frame = json!({"event": "error", "data": {"message": message}});
    frame::text(frame.to_string().as_bytes())
}

/// Comings and goings of users; one who is there by another seat neither comes nor goes.
pub(super) fn push(push: &Push, company: &Company<'_>) -> Option<Bytes> {
    let (action, user, peer) = match &push.event {
        Event::ParticipantJoined(who) => {
            (Action::Joined, user_of_app(who.handle.as_deref(), &who.peer), &who.peer)
        }
        Event::ParticipantLeft { peer, handle, .. } => {
            (Action::Left, user_of_app(handle.as_deref(), peer), peer)
        }
        _ => return None, // this wire knows of nothing else
    };
    if is_beside(company, user, peer) {
        return None;
    }
    let at = (push.epoch.to_string(), push.seq.0);
    Some(Bytes::from(json!([action.word(), at.0, at.1, user]).to_string()))
}

/// Whether the user is there by another seat than this one.
fn is_beside(company: &Company<'_>, user: &str, seat: &PeerId) -> bool {
    let people = company.room.participants();
    people
        .iter()
        .any(|other| other.peer != *seat && user_of_app(other.handle.as_deref(), &other.peer) == user)
}

/// The answer to an entry.
pub(super) fn entered(result: &Result<Answer, Fault>) -> Option<Bytes> {
    let said = match result {
        Ok(Answer::Joined { .. }) => json!(["in"]),
        Ok(_) => return None, // no other answer is one to an entry
        Err(fault) => json!(["no", fault.code()]),
    };
    Some(Bytes::from(said.to_string()))
}

/// Reads what [`push`] and [`entered`] wrote.
pub fn heard(said: &[u8]) -> Option<Heard> {
    let said: Value = serde_json::from_slice(said).ok()?;
    let text = |at: usize| said.get(at).and_then(Value::as_str);
    match text(0)? {
        "in" => Some(Heard::Entered),
        "no" => Some(Heard::Refused(text(1)?.to_owned())),
        word => Some(Heard::Told {
            action: Action::from_word(word)?,
            at: (text(1)?.parse().ok()?, Seq(said.get(2)?.as_u64()?)),
            user: text(3)?.into(),
        }),
    }
}

/// Whether a room's word comes after another, or in another order than that one's: the room was rebuilt between them.
pub fn is_newer(at: (Epoch, Seq), than: Option<(Epoch, Seq)>) -> bool {
    than.is_none_or(|(epoch, seq)| epoch != at.0 || seq < at.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_as_documented() {
        let frame = update("r", "u", Action::Joined);
        let text: Value = serde_json::from_slice(&frame[2..]).unwrap();
        assert_eq!(
            text,
            json!({"event": "update", "data": {"roomId": "r", "userId": "u", "action": "joined"}})
        );
        let frame = update("r", "\"}", Action::Left);
        let text: Value = serde_json::from_slice(&frame[2..]).unwrap();
        assert_eq!((&text["data"]["userId"], &text["data"]["action"]), (&json!("\"}"), &json!("left")));
        let text: Value = serde_json::from_slice(&error("why")[2..]).unwrap();
        assert_eq!(text, json!({"event": "error", "data": {"message": "why"}}));
    }

    #[test]
    fn a_seat_reads_what_a_room_says() {
        assert_eq!(heard(br#"["in"]"#), Some(Heard::Entered));
        let refused = entered(&Err(Fault::RoomFull)).unwrap();
        assert_eq!(heard(&refused), Some(Heard::Refused("room_full".to_owned())));
        let at = (Epoch(7), Seq(9));
        let said = json!(["left", Epoch(7).to_string(), 9, "ä\""]).to_string();
        let told = Heard::Told { at, action: Action::Left, user: "ä\"".into() };
        assert_eq!(heard(said.as_bytes()), Some(told));
        for other in ["", "[]", "{}", r#"["came","1",2,"u"]"#, r#"["left"]"#] {
            assert_eq!(heard(other.as_bytes()), None, "{other}");
        }
    }

    #[test]
    fn the_order_of_a_room_is_its_epochs_and_numbers() {
        let at = |epoch, seq| (Epoch(epoch), Seq(seq));
        assert!(is_newer(at(1, 1), None) && is_newer(at(1, 2), Some(at(1, 1))));
        assert!(!is_newer(at(1, 1), Some(at(1, 1))) && !is_newer(at(1, 1), Some(at(1, 2))));
        assert!(is_newer(at(2, 1), Some(at(1, 9))));
    }
}
