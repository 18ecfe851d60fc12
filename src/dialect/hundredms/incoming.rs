//! Reading the frames of a 100ms backend's clients: two events are known, and nothing else is taken for one.
use crate::room::ids::PeerId;
use serde_json::{Map, Value};
use std::sync::Arc;

/// Characters of a room's or a user's id.
pub const TEXT_CHARS: usize = 128;
/// Bytes of a token: longer ones are none.
const TOKEN_BYTES: usize = 8 << 10;

/// A frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    Join(Pair),
    Leave(Pair),
    /// An event that this system doesn't have.
    Other,
    /// No frame of this system.
    Junk,
}

/// Who, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    pub room: Arc<str>,
    pub user: Arc<str>,
    /// A token, if one came along.
    pub token: Option<Arc<str>>,
}

/// Reads a frame. Never fails: what can't be read is [`Said::Junk`].
pub fn decode(text: &str) -> Said {
    let Ok(Value::Object(mut fields)) = serde_json::from_str(text) else { return Said::Junk };
    let data = fields.remove("data");
    let event = fields.get("event").and_then(Value::as_str);
    match event {
        None => Said::Junk,
        Some("join") => pair(data).map_or(Said::Junk, Said::Join),
        Some("leave") => pair(data).map_or(Said::Junk, Said::Leave),
        Some(_) => Said::Other,
    }
}

/// Both must be texts: an object is no id, and a number isn't either.
fn pair(data: Option<Value>) -> Option<Pair> {
    let Some(Value::Object(data)) = data else { return None };
    let token = match data.get("token") {
        None | Some(Value::Null) => None,
        Some(Value::String(token)) if token.len() <= TOKEN_BYTES => Some(token.as_str().into()),
        Some(_) => return None,
    };
    let user = id(&data, "userId")?;
    // people of other systems are told by these ids
    (!PeerId::is_like(&user)).then_some(Pair { room: id(&data, "roomId")?, user, token })
}

fn id(data: &Map<String, Value>, name: &str) -> Option<Arc<str>> {
    let text = data.get(name)?.as_str()?;
    let is_good = !text.trim().is_empty() && text.chars().count() <= TEXT_CHARS;
    is_good.then(|| text.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pair(room: &str, user: &str, token: Option<&str>) -> Pair {
        Pair { room: room.into(), user: user.into(), token: token.map(Arc::from) }
    }

    #[test]
    fn two_events_are_known_and_all_else_is_none() {
        for (frame, said) in [
            (r#"{"event":"join","data":{"roomId":"r","userId":"u"}}"#, Said::Join(pair("r", "u", None))),
            (
                r#"{"data":{"userId":"u","roomId":"r","x":1},"event":"leave","y":2}"#,
                Said::Leave(pair("r", "u", None)),
            ),
            (
                r#"{"event":"join","data":{"roomId":"r","userId":"u","token":"a.b.c"}}"#,
                Said::Join(pair("r", "u", Some("a.b.c"))),
            ),
            (r#"{"event":"update","data":{"roomId":"r","userId":"u","action":"joined"}}"#, Said::Other),
            (r#"{"event":"ping"}"#, Said::Other),
            (r#"{"event":"join"}"#, Said::Junk),
            (r#"{"event":"join","data":null}"#, Said::Junk),
            (r#"{"event":"join","data":[]}"#, Said::Junk),
            (r#"{"event":"join","data":{"roomId":"r"}}"#, Said::Junk),
            (r#"{"event":"join","data":{"roomId":"","userId":"u"}}"#, Said::Junk),
            (r#"{"event":"join","data":{"roomId":{"$ne":""},"userId":"u"}}"#, Said::Junk),
            (r#"{"event":"join","data":{"roomId":"r","userId":7}}"#, Said::Junk),
            (r#"{"event":"join","data":{"roomId":"r","userId":"p_0123456789abcdef0123"}}"#, Said::Junk),
            (r#"{"event":"join","data":{"roomId":"r","userId":"u","token":7}}"#, Said::Junk),
            (r#"{"event":["join"],"data":{"roomId":"r","userId":"u"}}"#, Said::Junk),
            (r#"{"data":{}}"#, Said::Junk),
            ("[]", Said::Junk),
            ("null", Said::Junk),
            ("{", Said::Junk),
            ("", Said::Junk),
        ] {
            assert_eq!(decode(frame), said, "{frame}");
        }
        let long = format!(r#"{{"event":"join","data":{{"roomId":"r","userId":"{}"}}}}"#, "u".repeat(129));
        assert_eq!(decode(&long), Said::Junk);
    }

    proptest! {
        #[test]
        fn no_text_breaks_it_and_no_field_is_taken_for_another(text: String, room in "[ -~]{1,20}", user: String) {
            let _ = decode(&text);
            let frame = serde_json::json!({"event": "join", "data": {"roomId": room, "userId": user}}).to_string();
            match decode(&frame) {
                Said::Join(pair) => prop_assert_eq!((&*pair.room, &*pair.user), (room.as_str(), user.as_str())),
                Said::Junk => prop_assert!(room.trim().is_empty() || user.trim().is_empty() || user.chars().count() > TEXT_CHARS),
                other => prop_assert!(false, "{:?}", other),
            }
        }
    }
}
