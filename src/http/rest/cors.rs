//! Which other origins' pages may read answers: those of the configuration, named one by one; cookies may come along with theirs only.
use crate::http::context::ClientAddr;
use crate::http::origin::{Origins, Ports, Verdict};
use warp::http::header::{self, HeaderValue};
use warp::http::{HeaderMap, Method};

/// The origin to name in the answer, if it is one of ours.
pub(in crate::http) fn allowed(
    origins: &Origins,
    headers: &HeaderMap,
    client: ClientAddr,
) -> Option<HeaderValue> {
    match origins.judge(headers, client, Ports::Same) {
        Verdict::Own => headers.get(header::ORIGIN).cloned(),
        Verdict::Absent | Verdict::Foreign => None,
    }
}

pub(in crate::http) fn is_preflight(method: &Method, headers: &HeaderMap) -> bool {
    method == Method::OPTIONS && headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

/// What a browser asks before a request that no form could make.
pub(super) fn answer_preflight(headers: &mut HeaderMap, origin: Option<&HeaderValue>) {
    if origin.is_none() {
        return;
    }
    let add = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD, POST, PATCH, DELETE"),
        (
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            "authorization, content-type, idempotency-key, if-match, if-none-match",
        ),
        (header::ACCESS_CONTROL_MAX_AGE, "600"),
    ];
    for (name, value) in add {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

/// On every answer: whose it may be read by, and that it depends on who asks.
pub(in crate::http) fn mark(headers: &mut HeaderMap, origin: Option<HeaderValue>) {
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    let Some(origin) = origin else { return };
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    let exposed = "etag, location, retry-after";
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(exposed));
}
