//! A request's body: JSON or a form, 40 kB at most.
use super::answer::Said;
use bytes::{Buf, BytesMut};
use futures_util::{Stream, StreamExt};
use serde_json::{Map, Value};
use std::pin::pin;
use warp::http::{HeaderMap, header};

/// Bytes of a body at most.
const BODY_BYTES: usize = 40 << 10;

/// What came in the body, by name. A form's names are as they were written: `username[$ne]` is not `username`.
pub(super) type Fields = Map<String, Value>;

enum Media {
    Json,
    Form,
}

/// Reads the body. One of another type is as good as empty; of one that isn't an object nothing is taken.
pub(super) async fn read<B: Buf>(
    headers: &HeaderMap,
    body: impl Stream<Item = Result<B, warp::Error>>,
) -> Result<Fields, Said> {
    if declared_length(headers).is_some_and(|length| length > BODY_BYTES as u64) {
        return Err(Said::new(413, "Request too large"));
    }
    if headers.contains_key(header::CONTENT_ENCODING) {
        return Err(Said::new(415, "Unsupported media type"));
    }
    let Some(media) = media(headers) else { return Ok(Fields::new()) };
    let mut body = pin!(body);
    let mut whole = BytesMut::new();
    while let Some(part) = body.next().await {
        let part = part.map_err(|_| Said::new(400, "The request broke off"))?;
        if whole.len() + part.remaining() > BODY_BYTES {
            return Err(Said::new(413, "Request too large"));
        }
        whole.extend_from_slice(part.chunk());
    }
    match media {
        Media::Form => Ok(url::form_urlencoded::parse(&whole)
            .map(|(name, value)| (name.into_owned(), Value::String(value.into_owned())))
            .collect()),
        Media::Json if whole.is_empty() => Ok(Fields::new()),
        Media::Json => match serde_json::from_slice(&whole) {
            Ok(Value::Object(fields)) => Ok(fields),
            Ok(_) => Ok(Fields::new()),
            Err(_) => Err(Said::new(400, "Invalid JSON")),
        },
    }
}

fn declared_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn media(headers: &HeaderMap) -> Option<Media> {
    let text = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let media = text.split(';').next().unwrap_or_default().trim();
    if media.eq_ignore_ascii_case("application/json") {
        Some(Media::Json)
    } else if media.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        Some(Media::Form)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use futures_util::stream;

    async fn body(media: &str, text: &str) -> Result<Fields, u16> {
        let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, media.parse().unwrap())]);
        let parts = stream::iter(text.as_bytes().chunks(7).map(|part| Ok(Bytes::copy_from_slice(part))));
        read(&headers, parts).await.map_err(|said| said.into_response().status().as_u16())
    }

    #[tokio::test]
    async fn both_spellings_are_read() {
        for (media, text) in [
            ("application/json", r#"{"username":"ana","name":"Ana B"}"#),
            ("application/x-www-form-urlencoded; charset=utf-8", "username=ana&name=Ana+B"),
        ] {
            let fields = body(media, text).await.unwrap();
            assert_eq!((&fields["username"], &fields["name"]), (&"ana".into(), &"Ana B".into()));
        }
        let fields = body("application/x-www-form-urlencoded", "username[$ne]=x").await.unwrap();
        assert!(!fields.contains_key("username"));
    }

    #[tokio::test]
    async fn what_is_no_object_is_nothing_and_what_is_too_much_is_refused() {
        for (media, text, answer) in [
            ("application/json", "[1]", Ok(0)),
            ("application/json", "", Ok(0)),
            ("text/plain", "{\"username\":\"ana\"}", Ok(0)),
            ("application/json", "{", Err(400)),
            ("application/json", &"[".repeat(5000), Err(400)),
            ("application/json", &format!("\"{}\"", "x".repeat(BODY_BYTES)), Err(413)),
        ] {
            assert_eq!(body(media, text).await.map(|fields| fields.len()), answer, "{media}");
        }
    }
}
