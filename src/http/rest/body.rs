//! A request's body: declared, short, plain JSON, complete in time; then its bytes.
use crate::fault::Fault;
use bytes::{Buf, Bytes, BytesMut};
use futures_util::{Stream, StreamExt};
use std::pin::pin;
use warp::http::{HeaderMap, header};

/// Bytes of a request's body at most.
pub(super) const BODY_BYTES: usize = 64 * 1024;

/// Reads the body of a request that must have one. Nothing is read before its headers are judged.
pub(super) async fn read<B: Buf>(
    headers: &HeaderMap,
    body: impl Stream<Item = Result<B, warp::Error>>,
) -> Result<Bytes, Fault> {
    let length = declared_length(headers)?;
    if length > BODY_BYTES as u64 {
        return Err(Fault::TooLarge { limit: BODY_BYTES });
    }
    if headers.contains_key(header::CONTENT_ENCODING) || !is_json(headers) {
        return Err(Fault::UnsupportedMedia);
    }
    let mut body = pin!(body);
    let mut whole = BytesMut::new();
    while let Some(part) = body.next().await {
        let part = part.map_err(|_| Fault::Malformed)?; // broken off, or too late: then the rim says so
        if whole.len() + part.remaining() > BODY_BYTES {
            return Err(Fault::TooLarge { limit: BODY_BYTES });
        }
        whole.extend_from_slice(part.chunk());
    }
    Ok(whole.freeze())
}

fn declared_length(headers: &HeaderMap) -> Result<u64, Fault> {
    let text = headers.get(header::CONTENT_LENGTH).ok_or(Fault::LengthRequired)?;
    text.to_str().ok().and_then(|text| text.parse().ok()).ok_or(Fault::LengthRequired)
}

fn is_json(headers: &HeaderMap) -> bool {
    let mut types = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(one), None) = (types.next(), types.next()) else { return false };
    let Ok(text) = one.to_str() else { return false };
    let mut parts = text.split(';').map(str::trim);
    let media = parts.next().unwrap_or_default();
    let is_utf8 = |part: &str| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        !name.eq_ignore_ascii_case("charset") || value.trim_matches('"').eq_ignore_ascii_case("utf-8")
    };
    media.eq_ignore_ascii_case("application/json") && parts.all(is_utf8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_asked_for_by_name() {
        for (text, good) in [
            ("application/json", true),
            ("Application/JSON; charset=UTF-8", true),
            ("application/json;charset=\"utf-8\"", true),
            ("application/json; charset=latin1", false),
            ("text/plain", false),
            ("application/jsonp", false),
            ("", false),
        ] {
            let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, text.parse().unwrap())]);
            assert_eq!(is_json(&headers), good, "{text:?}");
        }
    }
}
