//! The shape of an error (RFC 9457) for refusals that are made before any face is asked.
use hyper::StatusCode;

pub(super) const CONTENT_TYPE: &str = "application/problem+json";

/// The body; `code` and `detail` are texts of ours that need no escaping.
pub(super) fn body(status: StatusCode, code: &'static str, detail: &'static str) -> String {
    let title = status.canonical_reason().unwrap_or_default();
    let status = status.as_u16();
    format!(
        r#"{{"type":"about:blank","title":"{title}","status":{status},"code":"{code}","detail":"{detail}"}}"#
    )
}
