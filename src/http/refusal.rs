//! A refusal as it goes over HTTP: problem+json (RFC 9457).
use super::page::headers::add_common;
use super::problem;
use crate::fault::{Extra, Fault};
use bytes::Bytes;
use std::convert::Infallible;
use warp::Rejection;
use warp::http::StatusCode;
use warp::http::header::{self, HeaderValue};
use warp::reply::Response;

/// A refusal as it goes over HTTP.
pub(super) fn refusal(fault: &Fault) -> Response {
    let status = StatusCode::from_u16(fault.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut body = serde_json::Map::new();
    body.insert("type".into(), "about:blank".into());
    body.insert("title".into(), status.canonical_reason().unwrap_or_default().into());
    body.insert("status".into(), status.as_u16().into());
    body.insert("code".into(), fault.code().into());
    body.insert("detail".into(), fault.message().into());
    for extra in fault.extras() {
        match extra {
            Extra::Text(name, text) => body.insert(name.into(), text.into()),
            Extra::Number(name, number) => body.insert(name.into(), number.into()),
        };
    }
    let body = serde_json::Value::Object(body).to_string();
    let mut response = Response::new(Bytes::from(body).into());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(problem::CONTENT_TYPE));
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    if let Some(seconds) = retry_after_seconds(fault) {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// When to ask again: as the refusal says, or soon for what passes by itself.
fn retry_after_seconds(fault: &Fault) -> Option<u64> {
    match fault {
        Fault::RateLimited { retry_after_ms } => Some(retry_after_ms.div_ceil(1000).max(1)),
        Fault::Quota => Some(60),
        passing if passing.status() == 503 => Some(2),
        _ => None, // asking again changes nothing
    }
}

/// The answer to what no route took.
pub(super) async fn not_found(_: Rejection) -> Result<Response, Infallible> {
    let mut response = refusal(&Fault::NotFound);
    add_common(response.headers_mut());
    Ok(response)
}
