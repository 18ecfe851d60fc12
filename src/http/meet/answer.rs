//! Answers as Meet's pages read them: `{"success":…}`, never kept by anybody on the way.
use crate::http::page::headers::add_common;
use bytes::Bytes;
use serde::Serialize;
use warp::http::header::{self, HeaderName, HeaderValue};
use warp::http::{HeaderMap, StatusCode};
use warp::reply::Response;

/// A refusal: status and message.
pub(super) type Refused = (StatusCode, &'static str);

pub(super) const METHOD: Refused = (StatusCode::METHOD_NOT_ALLOWED, "Method not allowed");
pub(super) const NOT_FOUND: Refused = (StatusCode::NOT_FOUND, "Not found");
pub(super) const FOREIGN: Refused = (StatusCode::FORBIDDEN, "This has to come from our own pages");
pub(super) const TOO_LARGE: Refused = (StatusCode::PAYLOAD_TOO_LARGE, "The request is too large");
pub(super) const TOO_FAST: Refused =
    (StatusCode::TOO_MANY_REQUESTS, "Too many requests. Please try again later.");
pub(super) const NOT_SIGNED_IN: Refused = (StatusCode::UNAUTHORIZED, "Not authenticated");
/// What goes wrong on our side in the scripts of `auth/`.
pub(super) const BROKEN: Refused =
    (StatusCode::INTERNAL_SERVER_ERROR, "Server error. Please try again later.");
/// The same in those of `call/`, and in `check_session.php`.
pub(super) const BROKEN_CALL: Refused = (StatusCode::INTERNAL_SERVER_ERROR, "Server error");

/// The day that PHP names, long past.
const EXPIRED: &str = "Thu, 19 Nov 1981 08:52:00 GMT";

/// An answer of an endpoint.
pub(super) struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Option<Vec<u8>>,
}

#[derive(Serialize)]
struct Body<'a> {
    success: bool,
    message: &'a str,
}

impl Answer {
    /// 200 with a message.
    pub(super) fn done(message: &str) -> Self {
        Self::ok(&Body { success: true, message })
    }

    /// 200 with a body of its own, `success` first.
    pub(super) fn ok(body: &impl Serialize) -> Self {
        let body = serde_json::to_vec(body).expect("our own answers have text keys, so they are JSON");
        Self { status: StatusCode::OK, headers: HeaderMap::new(), body: Some(body) }
    }

    /// 204.
    pub(super) fn empty() -> Self {
        Self { status: StatusCode::NO_CONTENT, headers: HeaderMap::new(), body: None }
    }

    pub(super) fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.append(name, value);
        self
    }

    pub(super) fn into_response(self) -> Response {
        let is_empty = self.body.is_none();
        let mut response = Response::new(Bytes::from(self.body.unwrap_or_default()).into());
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        *headers = self.headers;
        if !is_empty {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        let caching = HeaderValue::from_static("no-store, no-cache, must-revalidate");
        headers.insert(header::CACHE_CONTROL, caching);
        headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
        headers.insert(header::EXPIRES, HeaderValue::from_static(EXPIRED));
        add_common(headers);
        response
    }
}

impl From<Refused> for Answer {
    fn from((status, message): Refused) -> Self {
        Self { status, ..Self::ok(&Body { success: false, message }) }
    }
}

/// 400 with one of the documents' messages.
pub(super) fn bad(message: &'static str) -> Answer {
    (StatusCode::BAD_REQUEST, message).into()
}

/// What an allowed origin's page hears before it asks.
pub(super) fn add_preflight(headers: &mut HeaderMap) {
    for (name, value) in [
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD, POST"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "content-type"),
        (header::ACCESS_CONTROL_MAX_AGE, "600"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
}
