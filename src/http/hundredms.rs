//! A 100ms backend over HTTP and raw WebSockets: `/rooms`, tokens for them, and who comes and goes, as its apps know it.
mod answer;
mod body;
mod ear;
mod pairs;
mod rooms;
mod route;
mod socket;

use self::answer::Said;
use self::body::Fields;
use self::route::Endpoint;
use super::context::{ClientAddr, client_addr};
use super::origin::{Origins, Ports};
use crate::actors::Engine;
use crate::fault::Fault;
use crate::service::accounts::Accounts;
use crate::service::caller::Caller;
use crate::service::hundredms::{HundredMs, Mode};
use crate::telemetry::Metrics;
use bytes::Buf;
use futures_util::Stream;
use std::sync::Arc;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::http::Method;
use warp::http::header::{self, HeaderMap};
use warp::path::FullPath;
use warp::reply::Response;

pub use socket::Presence;

/// What the face works with.
#[derive(Clone)]
pub struct Parts {
    pub backend: HundredMs,
    pub accounts: Accounts,
    pub engine: Engine,
    pub origins: Arc<Origins>,
    pub metrics: Metrics,
    pub settings: Settings,
}

/// What the operator decides, `dialects.hundredms.*`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Stands before the paths that are served beside those at the root; empty: nothing does.
    pub prefix: String,
    pub updates: Updates,
    pub errors: Errors,
}

/// Who hears of a coming or going.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Updates {
    /// Whoever asked for it, as an acknowledgement.
    Sender,
    /// Everybody who is in the room too.
    Room,
}

/// Whether a client is told why nothing happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Errors {
    Silent,
    Told,
}

/// A request whose body is read.
struct Asked {
    caller: Caller,
    client: ClientAddr,
    fields: Fields,
}

/// All of it but its sockets. Rejects what isn't its own.
pub fn routes(parts: Parts) -> BoxedFilter<(Response,)> {
    let parts = Arc::new(parts);
    let finder = parts.clone();
    let found = warp::path::full().and_then(move |path: FullPath| {
        let found = route::find(path.as_str(), &finder.settings.prefix);
        async move { found.ok_or_else(warp::reject::not_found) }
    });
    let query = warp::query::raw().or(warp::any().map(String::new)).unify();
    found
        .and(warp::method())
        .and(query)
        .and(warp::header::headers_cloned())
        .and(client_addr())
        .and(warp::body::stream())
        .then(move |endpoint, method, query, headers, client, body| {
            let (parts, head) = (parts.clone(), Head { method, query, headers, client });
            async move { parts.answer(endpoint, head, body).await }
        })
        .boxed()
}

/// The head of a request.
struct Head {
    method: Method,
    query: String,
    headers: HeaderMap,
    client: ClientAddr,
}

impl Parts {
    async fn answer<B: Buf>(
        &self,
        endpoint: Endpoint,
        head: Head,
        body: impl Stream<Item = Result<B, warp::Error>>,
    ) -> Response {
        let (asked, client) = (head.headers.clone(), head.client);
        let mut response = if head.method == Method::OPTIONS {
            answer::preflight(&head.headers)
        } else {
            self.judge(endpoint, head, body).await.into_response()
        };
        if self.backend.mode() == Mode::Strict {
            let judged = self.origins.judge(&asked, client, Ports::Same);
            answer::only_for_own(&mut response, &asked, judged);
        }
        self.metrics.answered(response.status().as_u16());
        response
    }

    async fn judge<B: Buf>(
        &self,
        endpoint: Endpoint,
        head: Head,
        body: impl Stream<Item = Result<B, warp::Error>>,
    ) -> Said {
        if !endpoint.takes(&head.method) {
            return Said::error(404, "Not found"); // as the original: a path has the methods it has
        }
        if let Err(fault) = self.backend.rooms().limits().request(head.client.ip) {
            return self.refused(&fault, endpoint.failure(&head.method));
        }
        let fields = match body::read(&head.headers, &head.query, body).await {
            Ok(fields) => fields,
            Err(said) => return said,
        };
        let caller = match self.caller(&head.headers, &fields).await {
            Ok(caller) => caller,
            Err(fault) => return self.refused(&fault, endpoint.failure(&head.method)),
        };
        let asked = Asked { caller, client: head.client, fields };
        match endpoint {
            Endpoint::Rooms if head.method == Method::POST => rooms::create(self, &asked).await,
            Endpoint::Rooms => rooms::list(self, &asked).await,
            Endpoint::Token { room } => rooms::token(self, &asked, &room).await,
        }
    }

    /// Whoever shows something: a bearer (API key, session, creator secret), or the creator secret among the fields.
    async fn caller(&self, headers: &HeaderMap, fields: &Fields) -> Result<Caller, Fault> {
        let shown = match headers.get(header::AUTHORIZATION) {
            Some(value) => {
                Some(bearer(value.to_str().unwrap_or_default()).ok_or(Fault::TokenInvalid)?.to_owned())
            }
            None => fields.text("creator_secret")?,
        };
        match shown {
            Some(token) => self.accounts.caller(&token).await,
            None => Ok(Caller::Nobody),
        }
    }

    fn refused(&self, fault: &Fault, failure: &'static str) -> Said {
        self.metrics.refused(fault.code());
        Said::refusal(fault, failure)
    }
}

/// What stands behind `Bearer`.
fn bearer(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
