//! Names as this system's clients write them: guests by a suffix, rooms by a code or a page's whole address.
use crate::room::ids::PeerId;
use crate::room::join::checked_name;
use percent_encoding::percent_decode_str;
use serde_json::Value;
use std::sync::Arc;

/// What follows the username of somebody who isn't signed in.
pub const GUEST: &str = "_guest";
/// What follows such a one's name.
const GUEST_NAME: &str = " (Guest)";
/// Characters of a name or username; what is longer is cut.
const NAME_CHARS: usize = 64;
/// Bytes of a name or room that are looked at.
const LOOKED_AT: usize = 2_048;
/// Bytes of a room's key.
const KEY_BYTES: usize = 64;

/// The room that an event means, from `roomID`, `roomId`, `room` or a positional argument: a code, or the address of a
/// page whose path ends with it.
pub(super) fn room(value: Option<&Value>) -> Option<Arc<str>> {
    let text = value?.as_str().filter(|text| text.len() <= LOOKED_AT)?;
    let Some((_, address)) = text.split_once("://") else { return key(text) };
    let (_, path) = address.split_once('/')?;
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let last = path.split('/').rfind(|part| !part.is_empty())?;
    key(&percent_decode_str(last).decode_utf8().ok()?)
}

fn key(text: &str) -> Option<Arc<str>> {
    let is_good = (1..=KEY_BYTES).contains(&text.len()) && !text.chars().any(char::is_control);
    is_good.then(|| text.into())
}

/// The room of an object, under any of the names that its clients use.
pub(super) fn room_of(fields: &serde_json::Map<String, Value>) -> Option<Arc<str>> {
    ["roomID", "roomId", "room"].iter().find_map(|name| room(fields.get(*name)))
}

/// A name as a room takes it: what it can't show is left out, what is too long is cut.
pub(super) fn shown(text: &str) -> Option<Arc<str>> {
    let plain: String = text.chars().filter(|c| !c.is_control()).take(NAME_CHARS).collect();
    checked_name(&plain).ok()
}

/// A username without what shows nothing: with such characters in it one would look like another.
pub(super) fn seen(text: &str) -> Option<Arc<str>> {
    shown(&text.chars().filter(|c| !shows_nothing(*c)).collect::<String>())
}

/// Characters that programs may leave out of what they show: Unicode's property `Default_Ignorable_Code_Point` (UAX #44),
/// and the two that are drawn as a blank without being one.
fn shows_nothing(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}' | '\u{2800}')
}

/// An optional text of an event: absent or null is none, anything but a text is not in shape.
pub(super) fn optional(value: Option<&Value>) -> Result<Option<&str>, ()> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.len() <= LOOKED_AT => Ok(Some(text)),
        Some(_) => Err(()),
    }
}

/// Whether a chat message's sender names the one who joined by `name`: as it is, or with or without the guest's suffix.
pub(super) fn is_own(sender: &str, name: &str) -> bool {
    fn bare(name: &str) -> &str {
        name.strip_suffix(GUEST_NAME).unwrap_or(name)
    }
    bare(sender) == bare(name)
}

/// The address of a signal: a socket's id.
pub(super) fn peer(value: &Value) -> Option<PeerId> {
    let text = value.as_str()?;
    let is_good = (1..=KEY_BYTES).contains(&text.len()) && !text.chars().any(char::is_control);
    is_good.then(|| PeerId(text.into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_room_is_a_code_or_the_end_of_an_address() {
        for (text, code) in [
            ("abc-defg-hij", Some("abc-defg-hij")),
            ("https://meet.example/abc-defg-hij", Some("abc-defg-hij")),
            ("http://localhost:5173/room/abc-defg-hij/?x=/y#z", Some("abc-defg-hij")),
            ("https://meet.example/a%2Db", Some("a-b")),
            ("https://meet.example/", None),
            ("https://meet.example", None),
            ("", None),
            ("a\u{0}b", None),
        ] {
            assert_eq!(room(Some(&json!(text))).as_deref(), code, "{text}");
        }
        for other in [json!(null), json!(7), json!({"$ne": ""}), json!([]), json!("x".repeat(65))] {
            assert_eq!(room(Some(&other)), None, "{other}");
        }
    }

    #[test]
    fn what_a_room_cannot_show_is_left_out() {
        assert_eq!(shown(" Ana\u{7} ").as_deref(), Some("Ana"));
        assert_eq!(shown(&"é".repeat(1000)).map(|name| name.chars().count()), Some(64));
        assert_eq!(shown(" \u{0} "), None);
    }

    #[test]
    fn what_shows_nothing_is_no_part_of_a_username() {
        let hidden = "\u{200b}a\u{200d}n\u{2060}a\u{feff}\u{ad}\u{3164}\u{e0061}\u{fe0f}";
        assert_eq!(seen(hidden).as_deref(), Some("ana"));
        assert_eq!(seen("Zoë Ωμέγα").as_deref(), Some("Zoë Ωμέγα"));
        assert_eq!(seen("\u{200b}\u{2060} "), None);
    }

    #[test]
    fn one_speaks_for_oneself() {
        assert!(is_own("Ana", "Ana") && is_own("Ana", "Ana (Guest)") && is_own("Ana (Guest)", "Ana"));
        assert!(!is_own("Bob", "Ana") && !is_own("Ana B", "Ana"));
    }
}
