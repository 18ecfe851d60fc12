//! Animo Meet over HTTP: `/api/v1/users/…` and `/api/v1/meeting/…`, the same under `/backend`, and its page's folder.
mod answer;
mod body;
mod credentials;
mod meeting;
pub mod pages;
pub mod socket;

mod users;

use self::answer::Said;
use self::body::Fields;
use super::context::{ClientAddr, client_addr};
use super::origin::Origins;
use super::page::headers::add_common;
use super::rest::cors;
use crate::fault::Fault;
use crate::room::record::System;
use crate::service::accounts::{Accounts, Visit};
use crate::service::rooms::Rooms;
use crate::telemetry::Metrics;
use bytes::Buf;
use futures_util::Stream;
use percent_encoding::percent_decode_str;
use std::sync::Arc;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::http::header::{self, HeaderValue};
use warp::http::{HeaderMap, Method, StatusCode};
use warp::path::FullPath;
use warp::reply::Response;

/// Before each path, as its clients know it, and as those know it whose proxy took `/backend` away.
const BASES: [&str; 2] = ["/api/v1/", "/backend/api/v1/"];
/// Characters of a `User-Agent` that are kept.
const DEVICE_CHARS: usize = 200;

/// What the face is made of.
#[derive(Clone)]
pub struct Animo {
    pub accounts: Accounts,
    pub rooms: Rooms,
    pub origins: Arc<Origins>,
    pub metrics: Metrics,
    pub settings: Settings,
}

/// What the operator decides, `dialects.animo.*`.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Days after its last use that a meeting goes.
    pub expire_days: u64,
    pub check_host: CheckHost,
}

/// Who is told whether somebody is a meeting's host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckHost {
    /// The host alone.
    Themselves,
    /// Whoever asks, as the old server did.
    Everybody,
}

/// The head of a request.
struct Asked {
    method: Method,
    query: String,
    headers: HeaderMap,
    client: ClientAddr,
}

impl Asked {
    fn visit(&self) -> Visit {
        let agent =
            self.headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
        let device = agent.chars().filter(|c| !c.is_control()).take(DEVICE_CHARS).collect();
        Visit { from: self.client.ip, device, system: System::Animo }
    }
}

/// Everything under its two bases. Rejects what isn't its own.
pub fn routes(animo: Animo) -> BoxedFilter<(Response,)> {
    let animo = Arc::new(animo);
    let query = warp::query::raw().or(warp::any().map(String::new)).unify();
    let own = warp::path::full().and_then(|path: FullPath| async move {
        segments(path.as_str()).ok_or_else(warp::reject::not_found)
    });
    own.and(warp::any().map(move || animo.clone()))
        .and(warp::method())
        .and(query)
        .and(warp::header::headers_cloned())
        .and(client_addr())
        .and(warp::body::stream())
        .then(|path: Vec<String>, animo: Arc<Animo>, method, query, headers, client, body| async move {
            animo.answer(&path, Asked { method, query, headers, client }, body).await
        })
        .boxed()
}

/// What follows `users` or `meeting` and that word itself, decoded; an unreadable part is one that no route has.
fn segments(path: &str) -> Option<Vec<String>> {
    let rest = BASES.iter().find_map(|base| path.strip_prefix(base))?;
    if !rest.starts_with("users/") && !rest.starts_with("meeting/") {
        return None;
    }
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    let decode = |part: &str| {
        let part = percent_decode_str(part).decode_utf8().ok()?;
        Some(part.into_owned()).filter(|part| !part.is_empty() && !part.chars().any(char::is_control))
    };
    Some(rest.split('/').map(|part| decode(part).unwrap_or_default()).collect())
}

impl Animo {
    async fn answer<B: Buf>(
        &self,
        path: &[String],
        asked: Asked,
        body: impl Stream<Item = Result<B, warp::Error>>,
    ) -> Response {
        let origin = cors::allowed(&self.origins, &asked.headers, asked.client);
        let mut response = if asked.method == Method::OPTIONS {
            preflight(&asked.headers, origin.as_ref())
        } else {
            self.judge(path, &asked, body).await.into_response()
        };
        let headers = response.headers_mut();
        cors::mark(headers, origin);
        add_common(headers);
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        self.metrics.answered(response.status().as_u16());
        response
    }

    async fn judge<B: Buf>(
        &self,
        path: &[String],
        asked: &Asked,
        body: impl Stream<Item = Result<B, warp::Error>>,
    ) -> Said {
        if let Err(fault) = self.rooms.limits().request(asked.client.ip) {
            return self.refused(&fault);
        }
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let is_read = matches!(asked.method, Method::GET | Method::HEAD);
        let is_write = asked.method == Method::POST;
        match path[..] {
            ["users", "signup"] if is_write => match body::read(&asked.headers, body).await {
                Ok(fields) => self.sign_up(asked, fields).await,
                Err(said) => said,
            },
            ["users", "login"] if is_write => match body::read(&asked.headers, body).await {
                Ok(fields) => self.log_in(asked, fields).await,
                Err(said) => said,
            },
            ["users", "logout"] if is_write => self.log_out(asked).await,
            ["users", "verify-user"] if is_read => self.verify_user(asked).await,
            ["meeting", "check-code", code] if asked.method == Method::GET => {
                self.check_code(asked, code).await
            }
            ["meeting", "create-meet", code] if is_write => self.create_meet(asked, code).await,
            ["meeting", "check-meet", code] if is_read => self.check_meet(asked, code).await,
            ["meeting", "check-host"] if is_read => self.check_host(asked).await,
            ["meeting", "prev-meets", username] if is_read => self.prev_meets(asked, username).await,
            _ => Said::new(404, "Not found"), // as the original: two routes were declared and never written
        }
    }

    /// What went wrong that no row of the contract has a text for; nothing of its inside is told.
    fn refused(&self, fault: &Fault) -> Said {
        self.metrics.refused(fault.code());
        Said::refusal(fault)
    }
}

/// A pre-flight is always answered with 204; what it allows depends on who asks.
fn preflight(asked: &HeaderMap, origin: Option<&HeaderValue>) -> Response {
    let mut response = Response::new(bytes::Bytes::new().into());
    *response.status_mut() = StatusCode::NO_CONTENT;
    if origin.is_some() {
        let headers = response.headers_mut();
        let methods = HeaderValue::from_static("GET,POST,PUT,DELETE");
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, methods);
        let wanted = asked.get(header::ACCESS_CONTROL_REQUEST_HEADERS).cloned();
        let named = wanted.unwrap_or(HeaderValue::from_static("authorization,content-type"));
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, named);
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    }
    response
}

/// The value of a query's parameter, if it is there once as a plain text: `name[$ne]=` is another name.
fn parameter(query: &str, name: &str) -> Option<String> {
    let mut found = url::form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key == name);
    let (_, value) = found.next()?;
    let is_plain = found.next().is_none() && !value.is_empty() && !value.chars().any(char::is_control);
    is_plain.then(|| value.into_owned())
}

/// A text of a body under that name; nothing else is one.
fn text<'a>(fields: &'a Fields, name: &str) -> Option<&'a str> {
    fields.get(name).and_then(|value| value.as_str()).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_bases_are_read_and_nothing_else() {
        for (path, parts) in [
            ("/api/v1/users/login", Some(vec!["users", "login"])),
            ("/backend/api/v1/meeting/check-meet/a%20b/", Some(vec!["meeting", "check-meet", "a b"])),
            ("/api/v1/meeting/check-meet/%00", Some(vec!["meeting", "check-meet", ""])),
            ("/api/v1/rooms", None),
            ("/v1/users/login", None),
            ("/api/v1", None),
        ] {
            let read = segments(path);
            assert_eq!(
                read.as_ref().map(|parts| parts.iter().map(String::as_str).collect()),
                parts,
                "{path}"
            );
        }
    }

    #[test]
    fn operators_are_no_parameters() {
        assert_eq!(parameter("username=ana&meetingCode=x", "meetingCode").as_deref(), Some("x"));
        for query in
            ["meetingCode[$ne]=", "meetingCode=a&meetingCode=b", "meetingCode=", "", "meetingCode=%00"]
        {
            assert_eq!(parameter(query, "meetingCode"), None, "{query}");
        }
    }
}
