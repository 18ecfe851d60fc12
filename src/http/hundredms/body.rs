//! A request's fields: JSON or a form, 100 kB at most, and what stands in the query beside it.
use super::answer::Said;
use crate::fault::Fault;
use bytes::{Buf, BytesMut};
use futures_util::{Stream, StreamExt};
use serde_json::{Map, Value};
use std::pin::pin;
use warp::http::{HeaderMap, header};

/// Bytes of a body, as the original's parser has it.
const BODY_BYTES: usize = 100 << 10;

/// Fields by their names, as they were written: `role[$ne]` is not `role`.
#[derive(Debug, Default)]
pub(super) struct Fields(Map<String, Value>);

impl Fields {
    /// A text that isn't empty, if there is one.
    ///
    /// # Errors
    /// [`Fault::InvalidField`] for what is no text.
    pub(super) fn text(&self, name: &'static str) -> Result<Option<String>, Fault> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text.trim().is_empty() => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(Fault::field(name, "must be a string")),
        }
    }

    fn add_form(&mut self, form: &[u8]) {
        let pairs = url::form_urlencoded::parse(form);
        self.0.extend(pairs.map(|(name, value)| (name.into_owned(), Value::String(value.into_owned()))));
    }
}

/// What the body says goes before the query. A body of another type is as good as none.
pub(super) async fn read<B: Buf>(
    headers: &HeaderMap,
    query: &str,
    body: impl Stream<Item = Result<B, warp::Error>>,
) -> Result<Fields, Said> {
    let mut fields = Fields::default();
    fields.add_form(query.as_bytes());
    let whole = whole(headers, body).await?;
    let media = headers.get(header::CONTENT_TYPE).and_then(|media| media.to_str().ok()).unwrap_or_default();
    let media = media.split(';').next().unwrap_or_default().trim();
    if media.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        fields.add_form(&whole);
    } else if media.eq_ignore_ascii_case("application/json") && !whole.is_empty() {
        match serde_json::from_slice(&whole) {
            Ok(Value::Object(said)) => fields.0.extend(said),
            Ok(Value::Array(_)) => {} // it has no fields
            Ok(_) | Err(_) => return Err(Said::error(400, "Invalid JSON")),
        }
    }
    Ok(fields)
}

async fn whole<B: Buf>(
    headers: &HeaderMap,
    body: impl Stream<Item = Result<B, warp::Error>>,
) -> Result<BytesMut, Said> {
    let too_large = || Said::error(413, "Request too large");
    let declared =
        headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if declared.is_some_and(|length| length > BODY_BYTES as u64) {
        return Err(too_large());
    }
    let mut body = pin!(body);
    let mut whole = BytesMut::new();
    while let Some(part) = body.next().await {
        let mut part = part.map_err(|_| Said::error(400, "The request broke off"))?;
        if whole.len() + part.remaining() > BODY_BYTES {
            return Err(too_large());
        }
        whole.extend_from_slice(&part.copy_to_bytes(part.remaining()));
    }
    Ok(whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use futures_util::stream;

    async fn fields(media: &str, query: &str, text: &str) -> Result<Fields, Said> {
        let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, media.parse().unwrap())]);
        let parts = stream::iter(text.as_bytes().chunks(7).map(|part| Ok(Bytes::copy_from_slice(part))));
        read(&headers, query, parts).await
    }

    async fn name(media: &str, query: &str, text: &str) -> Option<String> {
        fields(media, query, text).await.unwrap().text("roomName").unwrap()
    }

    #[tokio::test]
    async fn json_forms_and_queries_are_read() {
        let (json, form) = ("application/json; charset=utf-8", "application/x-www-form-urlencoded");
        assert_eq!(name(json, "", r#"{"roomName":"My Room"}"#).await.as_deref(), Some("My Room"));
        assert_eq!(name(form, "", "roomName=My+Room").await.as_deref(), Some("My Room"));
        assert_eq!(name(json, "roomName=a", "").await.as_deref(), Some("a"));
        assert_eq!(name(json, "roomName=a", r#"{"roomName":"b"}"#).await.as_deref(), Some("b"));
        assert_eq!(name("text/plain", "", r#"{"roomName":"b"}"#).await, None);
        for nothing in
            ["{}", "[]", "", r#"{"roomName":null}"#, r#"{"roomName":"  "}"#, r#"{"roomName[$ne]":"x"}"#]
        {
            assert_eq!(name(json, "", nothing).await, None, "{nothing}");
        }
    }

    #[tokio::test]
    async fn what_is_no_json_or_no_text_is_said() {
        let json = "application/json";
        for broken in ["{", "7", "\"a\"", "null", "{\"a\":\"\u{0}"] {
            let said = fields(json, "", broken).await.unwrap_err();
            assert_eq!(said, Said::error(400, "Invalid JSON"), "{broken}");
        }
        let read = fields(json, "", r#"{"role":{"$ne":""}}"#).await.unwrap();
        assert!(read.text("role").is_err());
        let long = format!(r#"{{"a":"{}"}}"#, "x".repeat(BODY_BYTES));
        assert_eq!(fields(json, "", &long).await.unwrap_err(), Said::error(413, "Request too large"));
    }
}
