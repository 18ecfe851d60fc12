//! Strict JSON: what two readers could understand differently is refused, and a wrong field is named.
use crate::fault::Fault;
use serde::de::{DeserializeOwned, Error as _, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use std::collections::HashSet;
use std::fmt;

/// Objects and arrays inside each other at most; our own bodies have three.
const DEPTH: usize = 16;
/// Characters of a refusal's field name and reason at most: both may quote what came.
const QUOTED_CHARS: usize = 100;

/// Reads one JSON object.
///
/// # Errors
/// [`Fault::Malformed`] if it is no JSON object, has a key twice, is deeper than 16, or a text that is no Unicode;
/// [`Fault::InvalidField`] with the path of a field that is unknown, missing, mistyped or out of range.
pub(super) fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Fault> {
    let text = std::str::from_utf8(bytes).map_err(|_| Fault::Malformed)?;
    let whole: &RawValue = serde_json::from_str(text).map_err(|_| Fault::Malformed)?;
    if !whole.get().starts_with('{') {
        return Err(Fault::Malformed);
    }
    check(whole, DEPTH)?;
    let json = &mut serde_json::Deserializer::from_str(text);
    serde_path_to_error::deserialize(json).map_err(|error| named(&error))
}

/// An optional field that, when it is there, isn't null.
pub(super) fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

/// Looks through a value: no key twice, no text that isn't Unicode, not too deep.
fn check(value: &RawValue, depth: usize) -> Result<(), Fault> {
    let text = value.get();
    let inner = match text.as_bytes().first() {
        Some(b'{') => serde_json::from_str::<Object>(text).map(|object| object.0),
        Some(b'[') => serde_json::from_str::<Array>(text).map(|array| array.0),
        Some(b'"') => serde_json::from_str::<String>(text).map(|_| Vec::new()),
        _ => return Ok(()), // a number, true, false or null: already seen to be well-formed
    };
    let inner = inner.map_err(|_| Fault::Malformed)?;
    if depth == 0 && !inner.is_empty() {
        return Err(Fault::Malformed);
    }
    inner.into_iter().try_for_each(|value| check(value, depth - 1))
}

struct Object<'a>(Vec<&'a RawValue>);
struct Array<'a>(Vec<&'a RawValue>);

impl<'de: 'a, 'a> Deserialize<'de> for Object<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Vec<&'de RawValue>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let (mut keys, mut values) = (HashSet::new(), Vec::new());
                while let Some(key) = map.next_key::<String>()? {
                    if !keys.insert(key) {
                        return Err(A::Error::custom("a key stands twice"));
                    }
                    values.push(map.next_value()?);
                }
                Ok(values)
            }
        }
        from.deserialize_map(Members).map(Self)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Array<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Items;
        impl<'de> Visitor<'de> for Items {
            type Value = Vec<&'de RawValue>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut values = Vec::new();
                while let Some(value) = seq.next_element()? {
                    values.push(value);
                }
                Ok(values)
            }
        }
        from.deserialize_seq(Items).map(Self)
    }
}

/// The text is known to be JSON, so whatever fails now is one field's fault.
fn named(error: &serde_path_to_error::Error<serde_json::Error>) -> Fault {
    let reason = error.inner().to_string();
    let reason = reason.rsplit_once(" at line ").map_or(reason.as_str(), |(reason, _)| reason);
    let mut path = error.path().to_string();
    let inner = reason
        .split('`')
        .nth(1)
        .filter(|_| reason.starts_with("unknown field `") || reason.starts_with("missing field `"));
    if let Some(inner) = inner.filter(|inner| path != *inner && !path.ends_with(&format!(".{inner}"))) {
        path = if path == "." { inner.to_owned() } else { format!("{path}.{inner}") };
    }
    if path == "." {
        return Fault::Malformed;
    }
    Fault::field(short(&path), short(reason))
}

/// Without what could break a line or a terminal, and not long.
fn short(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(QUOTED_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Body {
        #[serde(default, deserialize_with = "given")]
        count: Option<u32>,
        #[serde(default, deserialize_with = "given")]
        inner: Option<Inner>,
        #[serde(default, deserialize_with = "given")]
        words: Option<Vec<String>>,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        on: bool,
    }

    fn field(text: &str) -> String {
        match read::<Body>(text.as_bytes()) {
            Err(Fault::InvalidField { field, .. }) => field.into_owned(),
            other => panic!("{text} gave {other:?}"),
        }
    }

    #[test]
    fn a_good_body_is_read() {
        let body: Body =
            read(br#"{"count": 3, "inner": {"on": true}, "words": ["\u00e9\ud83d\ude00"]}"#).unwrap();
        assert_eq!(body.words, Some(vec!["é😀".to_owned()]));
        assert_eq!(read::<Body>(b" {} ").unwrap(), Body { count: None, inner: None, words: None });
    }

    #[test]
    fn the_wrong_field_is_named() {
        for (text, wrong) in [
            (r#"{"count": "3"}"#, "count"),
            (r#"{"count": null}"#, "count"),
            (r#"{"count": 1e400}"#, "count"),
            (r#"{"count": -0}"#, "count"),
            (r#"{"count": 0.1}"#, "count"),
            (r#"{"count": 9007199254740993}"#, "count"),
            (r#"{"count": 18446744073709551616}"#, "count"),
            (r#"{"inner": {"on": 1}}"#, "inner.on"),
            (r#"{"inner": {}}"#, "inner.on"),
            (r#"{"inner": {"on": true, "off": 1}}"#, "inner.off"),
            (r#"{"words": ["a", 5]}"#, "words[1]"),
            (r#"{"extra": 5}"#, "extra"),
            (r#"{"count": 3, "extra": 5}"#, "extra"),
        ] {
            assert_eq!(field(text), wrong, "{text}");
        }
    }

    #[test]
    fn what_can_be_understood_in_two_ways_is_malformed() {
        let deep = format!("{{\"x\": {}{}}}", "[".repeat(100_000), "]".repeat(100_000));
        let less = format!("{{\"x\": {}{}}}", "[".repeat(200), "]".repeat(200));
        for text in [
            "",
            " ",
            "[]",
            "5",
            "null",
            "{} {}",
            "{",
            r#"{"count": 1, "count": 1}"#,
            r#"{"count": 1, "\u0063ount": 1}"#,
            r#"{"inner": {"on": true, "on": true}}"#,
            r#"{"x": [{"a": 1, "a": 1}]}"#,
            r#"{"words": ["\ud800"]}"#,
            r#"{"\ud800": 1}"#,
            "{\"words\": [\"a\u{1}\"]}",
            "\u{feff}{}",
            r#"{"count": NaN}"#,
            r#"{"count": 01}"#,
            r#"{'count': 1}"#,
            r#"{"count": 1,}"#,
            &deep,
            &less,
        ] {
            let shown: String = text.chars().take(40).collect();
            assert_eq!(read::<Body>(text.as_bytes()), Err(Fault::Malformed), "{shown}");
        }
        assert_eq!(read::<Body>(b"{\"words\": [\"\xff\"]}"), Err(Fault::Malformed));
    }

    #[test]
    fn a_refusal_quotes_little_and_on_one_line() {
        let text = format!("{{\"a\\n{}\": 1}}", "x".repeat(5000));
        let name = field(&text);
        assert!(name.len() == QUOTED_CHARS && !name.contains('\n'), "{name:?}");
    }
}
