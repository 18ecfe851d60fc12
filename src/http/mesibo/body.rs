//! Reads what came with a request: the body's parameters, and a file if there is one among its parts.
use super::fields::Fields;
use bytes::{Buf, Bytes, BytesMut};
use futures_util::{Stream, StreamExt, stream};
use multer::Multipart;
use std::convert::Infallible;
use std::pin::pin;
use warp::http::{HeaderMap, header};

/// Bytes of a body without a file: 1,000 numbers in JSON take 20,000.
const PLAIN_BYTES: usize = 256 << 10;
/// Parts of a multipart body that are read.
const MOST_PARTS: usize = 100;

/// A body that is larger than it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooLarge;

/// What came.
#[derive(Default)]
pub(super) struct Came {
    pub(super) fields: Fields,
    pub(super) file: Option<Vec<u8>>,
}

/// Reads it, whatever type it is said to have: what isn't multipart and reads as a JSON object is one, all else is a form.
pub(super) async fn read<B: Buf>(
    headers: &HeaderMap,
    body: impl Stream<Item = Result<B, warp::Error>>,
    upload_bytes: usize,
) -> Result<Came, TooLarge> {
    let media = headers.get(header::CONTENT_TYPE).and_then(|media| media.to_str().ok()).unwrap_or_default();
    match multer::parse_boundary(media) {
        Ok(boundary) => {
            let whole = collect(body, upload_bytes.saturating_add(PLAIN_BYTES)).await?;
            parts(whole, boundary, upload_bytes).await
        }
        Err(_) => {
            let whole = collect(body, PLAIN_BYTES).await?;
            let is_json = media.split(';').next().unwrap_or_default().trim().to_lowercase().ends_with("json");
            let fields = match Fields::try_json(&whole) {
                Some(fields) => fields,
                None if is_json => Fields::of_json(&whole),
                None => Fields::of_pairs(&whole),
            };
            Ok(Came { fields, file: None })
        }
    }
}

async fn collect<B: Buf>(
    body: impl Stream<Item = Result<B, warp::Error>>,
    most: usize,
) -> Result<Bytes, TooLarge> {
    let mut body = pin!(body);
    let mut whole = BytesMut::new();
    while let Some(part) = body.next().await {
        let Ok(mut part) = part else { return Ok(Bytes::new()) }; // broken off: nobody hears the answer
        if whole.len() + part.remaining() > most {
            return Err(TooLarge);
        }
        whole.extend_from_slice(&part.copy_to_bytes(part.remaining()));
    }
    Ok(whole.freeze())
}

/// The parts as far as they can be read.
async fn parts(whole: Bytes, boundary: String, upload_bytes: usize) -> Result<Came, TooLarge> {
    let mut parts = Multipart::new(stream::iter([Ok::<_, Infallible>(whole)]), boundary);
    let mut came = Came::default();
    for _ in 0..MOST_PARTS {
        let Ok(Some(part)) = parts.next_field().await else { break };
        let (name, is_file) = (part.name().unwrap_or_default().to_owned(), part.file_name().is_some());
        let Ok(bytes) = part.bytes().await else { break };
        if !is_file {
            came.fields.put(&name, &String::from_utf8_lossy(&bytes));
        } else if bytes.len() > upload_bytes {
            return Err(TooLarge);
        } else if came.file.is_none() && !bytes.is_empty() {
            came.file = Some(bytes.into());
        }
    }
    Ok(came)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn came(media: &str, body: &[u8]) -> Result<Came, TooLarge> {
        let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, media.parse().unwrap())]);
        let chunks: Vec<_> = body.chunks(7).map(|part| Ok(Bytes::copy_from_slice(part))).collect();
        read(&headers, stream::iter(chunks), 100).await
    }

    const FORM: &str = "multipart/form-data; boundary=\"--x\"";

    fn form(file: &str) -> String {
        format!(
            "----x\r\nContent-Disposition: form-data; name=\"op\"\r\n\r\n upload \r\n\
             ----x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"../a.php\"\r\n\
             Content-Type: text/html\r\n\r\n{file}\r\n\
             ----x\r\nContent-Disposition: form-data; name=\"profile\"\r\n\r\n1\r\n----x--\r\n"
        )
    }

    #[tokio::test]
    async fn each_kind_of_body_is_read() {
        for (media, body) in [
            ("application/x-www-form-urlencoded", "op=rooms&token=abc"),
            ("text/plain", "op=rooms&token=abc"),
            ("application/json; charset=utf-8", "{\"op\":\"rooms\",\"token\":\"abc\"}"),
            ("application/x-www-form-urlencoded", "{\"op\":\"rooms\",\"token\":\"abc\"}"),
        ] {
            let fields = came(media, body.as_bytes()).await.ok().unwrap().fields;
            assert_eq!((fields.text("op"), fields.text("token")), ("rooms", "abc"), "{media}");
        }
        let upload = came(FORM, form("bytes").as_bytes()).await.ok().unwrap();
        assert_eq!((upload.fields.text("op"), upload.fields.text("profile")), ("upload", "1"));
        assert_eq!(upload.file.as_deref(), Some(&b"bytes"[..]));
    }

    #[tokio::test]
    async fn broken_and_large_bodies_end() {
        assert!(came(FORM, form(&"b".repeat(101)).as_bytes()).await.is_err());
        assert!(came("text/plain", &vec![b'a'; PLAIN_BYTES + 1]).await.is_err());
        let whole = form("bytes");
        for end in 0..whole.len() {
            let _ = came(FORM, &whole.as_bytes()[..end]).await;
        }
        assert!(came("multipart/form-data", b"op=rooms").await.is_ok());
    }
}
