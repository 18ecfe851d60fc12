//! What goes back when all went well: an answer as JSON.
use bytes::Bytes;
use serde::Serialize;
use warp::http::header::{self, HeaderName, HeaderValue};
use warp::http::{HeaderMap, StatusCode};
use warp::reply::Response;

/// An answer of a handler.
#[derive(Debug)]
pub(super) struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    body: Option<Vec<u8>>,
}

impl Reply {
    /// 200 with a body.
    pub(super) fn ok(body: &impl Serialize) -> Self {
        let body = serde_json::to_vec(body).expect("our own answers have text keys, so they are JSON");
        Self { status: StatusCode::OK, headers: HeaderMap::new(), body: Some(body) }
    }

    /// 204.
    pub(super) fn empty() -> Self {
        Self { status: StatusCode::NO_CONTENT, headers: HeaderMap::new(), body: None }
    }

    /// 304: what the asker has is current.
    pub(super) fn not_modified() -> Self {
        Self { status: StatusCode::NOT_MODIFIED, headers: HeaderMap::new(), body: None }
    }

    /// 201 for what is now at `location`.
    pub(super) fn created(self, location: &str) -> Self {
        Self { status: StatusCode::CREATED, ..self }.with(header::LOCATION, location)
    }

    /// With another status.
    pub(super) fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    /// With a header beside others of its name.
    pub(super) fn with_value(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.append(name, value);
        self
    }

    /// With a header; one that can't be written as such is left out.
    pub(super) fn with(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
        self
    }

    pub(super) fn into_response(self) -> Response {
        let mut response = Response::new(Bytes::from(self.body.unwrap_or_default()).into());
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if matches!(self.status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED) {
            response.headers_mut().remove(header::CONTENT_TYPE);
        }
        response
    }
}
