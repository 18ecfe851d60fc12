//! What the scripts took for a request's fields: JSON whatever the headers say, and nothing where it is no JSON.
use bytes::{Buf, BytesMut};
use futures_util::{Stream, StreamExt};
use serde_json::{Map, Value};
use std::pin::pin;

/// Bytes of a body at most.
const BODY_BYTES: usize = 64 * 1024;

/// A body that is larger than any of these requests is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooLarge;

/// A request's fields. What isn't there, or is no text or number, is empty.
#[derive(Debug, Default)]
pub(super) struct Fields(Map<String, Value>);

impl Fields {
    fn of(bytes: &[u8]) -> Self {
        match serde_json::from_slice(bytes) {
            Ok(Value::Object(fields)) => Self(fields),
            _ => Self::default(), // broken, or no object: like a body without fields
        }
    }

    /// The field as text; a number is read as it is written.
    pub(super) fn text(&self, name: &str) -> String {
        match self.0.get(name) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            Some(Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_)) | None => String::new(),
        }
    }

    /// The same without the spaces around it.
    pub(super) fn trimmed(&self, name: &str) -> String {
        self.text(name).trim().to_owned()
    }
}

/// Reads the body, whatever type and length it is said to have.
pub(super) async fn read<B: Buf>(
    body: impl Stream<Item = Result<B, warp::Error>>,
) -> Result<Fields, TooLarge> {
    let mut body = pin!(body);
    let mut whole = BytesMut::new();
    while let Some(part) = body.next().await {
        let Ok(mut part) = part else { return Ok(Fields::default()) }; // broken off: nobody hears the answer
        if whole.len() + part.remaining() > BODY_BYTES {
            return Err(TooLarge);
        }
        whole.extend_from_slice(&part.copy_to_bytes(part.remaining()));
    }
    Ok(Fields::of(&whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_texts_or_nothing() {
        let fields = Fields::of(br#"{"a":" x ","n":7,"z":null,"b":true,"o":{"$ne":1},"l":["x"]}"#);
        assert_eq!((fields.text("a").as_str(), fields.trimmed("a").as_str()), (" x ", "x"));
        assert_eq!(fields.text("n"), "7");
        for empty in ["z", "b", "o", "l", "gone"] {
            assert_eq!(fields.text(empty), "", "{empty}");
        }
        for other in ["", "[]", "{", "null", "7", "\"a\"", "\u{feff}{\"a\":\"x\"}"] {
            assert_eq!(Fields::of(other.as_bytes()).text("a"), "", "{other:?}");
        }
        assert_eq!(Fields::of(b"{\"a\":\"\xff\"}").text("a"), "");
    }
}
