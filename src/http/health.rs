//! For whoever watches the server: `/healthz` (it runs), `/readyz` (it can do its work), `/metrics` (numbers).
use super::context::{ClientAddr, client_addr};
use super::page::headers::add_common;
use super::refusal::refusal;
use crate::fault::Fault;
use crate::telemetry::{CONTENT_TYPE, Metrics};
use bytes::Bytes;
use std::net::IpAddr;
use std::sync::Arc;
use warp::filters::BoxedFilter;
use warp::http::header::{self, HeaderValue};
use warp::http::{HeaderMap, Method};
use warp::path::FullPath;
use warp::reply::Response;
use warp::{Filter, reject};

/// What is watched.
#[derive(Clone)]
pub struct Watched {
    /// Why the server can't do its work now, if so.
    pub ready: Arc<dyn Fn() -> Result<(), Fault> + Send + Sync>,
    pub metrics: Metrics,
    /// Addresses that may read the numbers, beside loopback.
    pub may_scrape: Arc<dyn Fn(IpAddr) -> bool + Send + Sync>,
}

pub(super) fn routes(watched: Watched) -> BoxedFilter<(Response,)> {
    warp::method()
        .and(warp::path::full())
        .and(warp::header::headers_cloned())
        .and(client_addr())
        .and_then(move |method: Method, path: FullPath, headers: HeaderMap, client: ClientAddr| {
            let is_read = matches!(method, Method::GET | Method::HEAD);
            let answer = is_read.then(|| answer(&watched, path.as_str(), &headers, client)).flatten();
            async move { answer.ok_or_else(reject::not_found) }
        })
        .boxed()
}

fn answer(watched: &Watched, path: &str, headers: &HeaderMap, client: ClientAddr) -> Option<Response> {
    let mut response = match path {
        "/healthz" => text("ok", "text/plain; charset=utf-8"),
        "/readyz" => match (watched.ready)() {
            Ok(()) => text("ready", "text/plain; charset=utf-8"),
            Err(fault) => refusal(&fault),
        },
        "/metrics" if may_scrape(watched, headers, client) => text(watched.metrics.render(), CONTENT_TYPE),
        _ => return None,
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    add_common(headers);
    Some(response)
}

/// Loopback counts only if nobody stands in between: behind a proxy that isn't named as trusted everyone looks like it.
fn may_scrape(watched: &Watched, headers: &HeaderMap, client: ClientAddr) -> bool {
    let is_forwarded = headers.contains_key("x-forwarded-for") || headers.contains_key(header::FORWARDED);
    (client.ip.is_loopback() && !is_forwarded) || (watched.may_scrape)(client.ip)
}

fn text(text: impl Into<Bytes>, content_type: &'static str) -> Response {
    let mut response = Response::new(text.into().into());
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}
