//! Answers as this system's apps read them: JSON, for whatever page asks.
use crate::fault::Fault;
use crate::http::origin::Verdict;
use crate::http::page::headers::add_common;
use bytes::Bytes;
use serde_json::{Value, json};
use warp::http::header::{self, HeaderValue};
use warp::http::{HeaderMap, StatusCode};
use warp::reply::Response;

/// A status with its body.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Said {
    status: u16,
    body: Value,
    retry_after: Option<u64>,
}

impl Said {
    pub(super) fn new(status: u16, body: Value) -> Self {
        Self { status, body, retry_after: None }
    }

    pub(super) fn error(status: u16, error: &str) -> Self {
        Self::new(status, json!({"error": error}))
    }

    /// A refusal; `failure` is this route's word for what goes wrong on our side.
    pub(super) fn refusal(fault: &Fault, failure: &str) -> Self {
        let retry_after = match fault {
            Fault::RateLimited { retry_after_ms } => Some(retry_after_ms.div_ceil(1_000).max(1)),
            _ => None, // asking again changes nothing, or nobody knows when it does
        };
        let said = match fault {
            Fault::InvalidField { field, why } => Self::error(400, &format!("{field} {why}")),
            Fault::NoSuchRoom | Fault::Ended => Self::error(404, "Room not found"),
            Fault::Unauthenticated => Self::error(401, "Authentication is required"),
            Fault::TokenInvalid => Self::error(401, "Invalid credentials"),
            Fault::Forbidden { right: "join" } => Self::error(403, "This room asks for a PIN"),
            Fault::Forbidden { .. } => Self::error(403, "Not allowed"),
            Fault::RateLimited { .. } | Fault::Quota => Self::error(429, "Too many requests"),
            _ => Self::error(500, failure), // nothing of its inside is told
        };
        Self { retry_after, ..said }
    }

    pub(super) fn into_response(self) -> Response {
        let mut response = Response::new(Bytes::from(self.body.to_string()).into());
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        add_common(headers);
        for_everyone(headers);
        response
    }
}

/// 204 for what a browser asks before a request to another origin.
pub(super) fn preflight(asked: &HeaderMap) -> Response {
    let mut response = Response::new(Bytes::new().into());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    let methods = HeaderValue::from_static("GET,HEAD,PUT,PATCH,POST,DELETE");
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, methods);
    headers.insert(header::VARY, HeaderValue::from_static("Access-Control-Request-Headers"));
    if let Some(named) = asked.get(header::ACCESS_CONTROL_REQUEST_HEADERS) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, named.clone());
    }
    add_common(headers);
    for_everyone(headers);
    response
}

/// Any page may read it: no cookie counts here, so it reads what anybody can.
fn for_everyone(headers: &mut HeaderMap) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
}

/// Our own pages alone may read it, as `judged`: where credentials decide, a foreign page has none to show.
pub(super) fn only_for_own(response: &mut Response, asked: &HeaderMap, judged: Verdict) {
    let origin = asked.get(header::ORIGIN).filter(|_| judged == Verdict::Own);
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    match origin {
        Some(origin) => headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone()),
        None => headers.remove(header::ACCESS_CONTROL_ALLOW_ORIGIN),
    };
}
