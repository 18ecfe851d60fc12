//! An answer as this system's clients read it: a status, and an object with a `message`.
use crate::fault::Fault;
use bytes::Bytes;
use serde_json::{Map, Value};
use warp::http::StatusCode;
use warp::http::header::{self, HeaderValue};
use warp::reply::Response;

/// What is said to a request.
#[derive(Debug)]
pub(super) struct Said {
    status: u16,
    body: Value,
    cookie: Option<HeaderValue>,
    retry_after: Option<u64>,
}

impl Said {
    /// A status with its message.
    pub(super) fn new(status: u16, message: impl Into<String>) -> Self {
        let body = Map::from_iter([("message".to_owned(), Value::String(message.into()))]);
        Self { status, body: Value::Object(body), cookie: None, retry_after: None }
    }

    /// 200 with a bare list of texts.
    pub(super) fn list(texts: Vec<String>) -> Self {
        let body = texts.into_iter().map(Value::String).collect();
        Self { status: 200, body: Value::Array(body), cookie: None, retry_after: None }
    }

    /// With another field beside the message.
    pub(super) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        if let Value::Object(body) = &mut self.body {
            body.insert(name.to_owned(), value.into());
        }
        self
    }

    /// Whether it says that nobody is signed in.
    pub(super) fn is_unknown(&self) -> bool {
        self.status == 401
    }

    pub(super) fn with_cookie(self, cookie: HeaderValue) -> Self {
        Self { cookie: Some(cookie), ..self }
    }

    /// A refusal that has no row of its own: its class, and a plain text.
    pub(super) fn refusal(fault: &Fault) -> Self {
        let retry_after = match fault {
            Fault::RateLimited { retry_after_ms } => Some(retry_after_ms.div_ceil(1000).max(1)),
            Fault::Quota => Some(60),
            passing if passing.status() == 503 => Some(2),
            _ => None, // asking again changes nothing
        };
        let said = match fault.status() {
            413 => Self::new(413, "Request too large"),
            429 => Self::new(429, "Too many requests, try again later"),
            503 => Self::new(503, "Service unavailable, try again"),
            status if status >= 500 => Self::new(500, "Internal server error"),
            404 => Self::new(404, "Not found"),
            403 => Self::new(403, "Not allowed from here"),
            _ => Self::new(400, fault.message()),
        };
        Self { retry_after, ..said }
    }

    pub(super) fn into_response(self) -> Response {
        let mut response = Response::new(Bytes::from(self.body.to_string()).into());
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
        if let Some(cookie) = self.cookie {
            headers.append(header::SET_COOKIE, cookie);
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
