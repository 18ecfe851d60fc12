//! An answer as this system's clients read it: always 200, an object whose `result` says how it went, keys in the order of
//! the documents, four blanks a level.
use bytes::Bytes;
use serde::Serialize;
use serde::ser::{SerializeMap, SerializeSeq, Serializer};
use serde_json::ser::{PrettyFormatter, Serializer as Json};
use std::time::{SystemTime, UNIX_EPOCH};
use warp::http::header::{self, HeaderValue};
use warp::http::{HeaderMap, StatusCode};
use warp::reply::Response;

/// Characters of an unknown operation that are said back.
const OP_CHARS: usize = 32;

/// A value under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Item {
    Text(String),
    Number(i64),
    Object(Object),
    List(Vec<Object>),
}

/// Keys and values in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Object(Vec<(&'static str, Item)>);

impl Object {
    pub(super) fn text(self, key: &'static str, text: impl Into<String>) -> Self {
        self.item(key, Item::Text(text.into()))
    }

    pub(super) fn number(self, key: &'static str, number: impl Into<i64>) -> Self {
        self.item(key, Item::Number(number.into()))
    }

    pub(super) fn item(mut self, key: &'static str, item: Item) -> Self {
        self.0.push((key, item));
        self
    }

    /// With all of another one behind.
    pub(super) fn and(mut self, more: Self) -> Self {
        self.0.extend(more.0);
        self
    }
}

/// What is answered; the operation it belongs to is set before it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Said {
    Done(Object),
    /// Refused by this word, if there is one for it; and with what else the clients show.
    Failed(&'static str, Object),
    /// No operation was named.
    Noop,
    /// The token is none: the client forgets that it was ever signed in.
    NobodySignedIn,
    UnknownOp,
    /// Signed out, though nobody was signed in.
    SignedOutAnyway,
}

impl Said {
    pub(super) fn done() -> Self {
        Self::Done(Object::default())
    }

    pub(super) fn failed(word: &'static str) -> Self {
        Self::Failed(word, Object::default())
    }

    /// As the answer to this operation.
    pub(super) fn to(self, op: &str) -> Response {
        let op: String = op.chars().take(OP_CHARS).collect();
        let named = Object::default().text("op", op);
        let body = match self {
            Self::Noop => fail(Object::default().text("code", "NOOP")),
            Self::NobodySignedIn => fail(named.text("error", "AUTHFAIL")),
            Self::UnknownOp => fail(named.text("error", "BADOP")),
            Self::SignedOutAnyway => named.text("result", "OK"),
            Self::Done(fields) => named.number("ts", now()).and(fields).text("result", "OK"),
            Self::Failed("", more) => fail(named.number("ts", now()).and(more)),
            Self::Failed(word, more) => fail(named.number("ts", now()).text("error", word).and(more)),
        };
        let mut response = Response::new(written(&body).into());
        add_headers(response.headers_mut());
        let json = HeaderValue::from_static("application/json; charset=utf-8");
        response.headers_mut().insert(header::CONTENT_TYPE, json);
        response
    }
}

/// The answer to `OPTIONS`: whoever asks may.
pub(super) fn preflight() -> Response {
    let mut response = Response::new(Bytes::new().into());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    add_headers(headers);
    let methods = HeaderValue::from_static("GET, POST, OPTIONS");
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, methods);
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("content-type"));
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    response
}

fn fail(object: Object) -> Object {
    object.text("result", "FAIL")
}

/// Any page may ask: nothing here goes by cookies. Nothing is kept by anybody on the way, for tokens are in it.
fn add_headers(headers: &mut HeaderMap) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache, must-revalidate"));
    headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    headers.insert(header::EXPIRES, HeaderValue::from_static("Sat, 26 Jul 1997 05:00:00 GMT"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // tokens travel in these addresses
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
}

fn written(object: &Object) -> Bytes {
    let mut bytes = Vec::new();
    let mut json = Json::with_formatter(&mut bytes, PrettyFormatter::with_indent(b"    "));
    object.serialize(&mut json).expect("texts and numbers are JSON");
    bytes.into()
}

/// Seconds since 1970.
pub(super) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, item) in &self.0 {
            map.serialize_entry(key, item)?;
        }
        map.end()
    }
}

impl Serialize for Item {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Number(number) => serializer.serialize_i64(*number),
            Self::Object(object) => object.serialize(serializer),
            Self::List(list) => {
                let mut seq = serializer.serialize_seq(Some(list.len()))?;
                for object in list {
                    seq.serialize_element(object)?;
                }
                seq.end()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_stay_in_order_and_levels_have_four_blanks() {
        let share = Object::default().text("text", "a \"b\"").text("subject", "s");
        let object = Object::default()
            .text("op", "login")
            .number("ts", 7)
            .item("share", Item::Object(share))
            .item("rooms", Item::List(Vec::new()))
            .text("result", "OK");
        let text = "{\n    \"op\": \"login\",\n    \"ts\": 7,\n    \"share\": {\n        \"text\": \"a \\\"b\\\"\",\n        \
            \"subject\": \"s\"\n    },\n    \"rooms\": [],\n    \"result\": \"OK\"\n}";
        assert_eq!(String::from_utf8_lossy(&written(&object)), text);
    }
}
