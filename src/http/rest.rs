//! REST under `/v1`: one table of routes, asked by one filter.
mod account_answers;
mod account_bodies;
mod answers;
mod bodies;
mod body;
pub(super) mod cookies;
pub(super) mod cors;
pub(super) mod csrf;
mod export;
mod history;
mod json;
mod keys;
mod matching;
mod me;
pub mod openapi;
mod owning;
mod people;
mod query;
mod reply;
mod rooms;
pub mod route;
mod signing;
pub mod table;
mod tokens;

use self::matching::Found;
use self::reply::Reply;
use self::route::{Access, Asked, Rest, Route};
use super::context::{ClientAddr, client_addr};
use super::page::headers::add_common;
use super::refusal::refusal;
use crate::fault::Fault;
use crate::service::caller::Caller;
use crate::service::scopes::Scope;
use crate::telemetry::Metrics;
use bytes::{Buf, Bytes};
use futures_util::Stream;
use std::sync::Arc;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::http::header::{self, HeaderValue};
use warp::http::{HeaderMap, Method};
use warp::path::FullPath;
use warp::reply::Response;

/// What the filter carries.
struct Api {
    rest: Rest,
    metrics: Metrics,
    table: Vec<Route>,
    document: Bytes,
}

/// All of `/v1` but the socket. Every path under it is answered here.
pub fn routes(rest: Rest, metrics: Metrics) -> BoxedFilter<(Response,)> {
    let table = table::table();
    let document = Bytes::from(openapi::document(&table).to_string());
    let api = Arc::new(Api { rest, metrics, table, document });
    let query = warp::query::raw().or(warp::any().map(String::new)).unify();
    warp::path("v1")
        .map(move || api.clone())
        .and(warp::method())
        .and(warp::path::full())
        .and(query)
        .and(warp::header::headers_cloned())
        .and(client_addr())
        .and(warp::body::stream())
        .then(|api: Arc<Api>, method, path, query, headers, client, body| async move {
            api.answer(Incoming { method, path, query, headers, client }, body).await
        })
        .boxed()
}

/// The head of a request.
struct Incoming {
    method: Method,
    path: FullPath,
    query: String,
    headers: HeaderMap,
    client: ClientAddr,
}

impl Api {
    async fn answer<B: Buf>(
        &self,
        incoming: Incoming,
        body: impl Stream<Item = Result<B, warp::Error>>,
    ) -> Response {
        let cross_origin = cors::allowed(&self.rest.origins, &incoming.headers, incoming.client);
        let is_preflight = cors::is_preflight(&incoming.method, &incoming.headers);
        let mut response = match self.judge(incoming, body).await {
            Ok(response) => response,
            Err(fault) => {
                self.metrics.refused(fault.code());
                refusal(&fault)
            }
        };
        if is_preflight {
            cors::answer_preflight(response.headers_mut(), cross_origin.as_ref());
        }
        cors::mark(response.headers_mut(), cross_origin);
        add_common(response.headers_mut());
        self.metrics.answered(response.status().as_u16());
        response
    }

    async fn judge<B: Buf>(
        &self,
        incoming: Incoming,
        body: impl Stream<Item = Result<B, warp::Error>>,
    ) -> Result<Response, Fault> {
        self.rest.rooms.limits().request(incoming.client.ip)?;
        if incoming.path.as_str() == openapi::PATH {
            return self.describe(&incoming.method);
        }
        let (route, params) = match matching::find(&self.table, &incoming.method, incoming.path.as_str()) {
            Found::Route(route, params) => (route, params),
            Found::OtherMethods(methods) => return Ok(other_methods(&incoming.method, &methods)),
            Found::Nothing => return Err(Fault::NotFound),
        };
        let caller = self.caller(&incoming).await?;
        let caller = admit(route.access, caller)?;
        if route.query.is_none() {
            query::none(&incoming.query)?;
        }
        let body = match route.body {
            Some(_) => body::read(&incoming.headers, body).await?,
            None => Bytes::new(),
        };
        let Incoming { query, headers, client, .. } = incoming;
        let asked = Asked { caller, client, headers, params, query, body };
        (route.handler)(self.rest.clone(), asked).await.map(Reply::into_response)
    }

    /// From `Authorization: Bearer …`, or else from our cookie. A bad token is refused; a cookie that is no longer good
    /// is none, since browsers send it to the sign-in too.
    async fn caller(&self, incoming: &Incoming) -> Result<Caller, Fault> {
        let Incoming { method, headers, client, .. } = incoming;
        if let Some(token) = bearer(headers)? {
            return self.rest.accounts.caller(token).await;
        }
        if !cookies::came(headers, client.scheme) {
            return Ok(Caller::Nobody);
        }
        csrf::prove(&self.rest.origins, method, headers, *client)?;
        let Some(token) = cookies::token(headers, client.scheme) else { return Ok(Caller::Nobody) };
        match self.rest.accounts.caller_by_cookie(&token).await {
            Err(Fault::TokenInvalid) => Ok(Caller::Nobody),
            answer => answer,
        }
    }

    fn describe(&self, method: &Method) -> Result<Response, Fault> {
        if !matches!(*method, Method::GET | Method::HEAD) {
            return Ok(other_methods(method, &["GET, HEAD"]));
        }
        let mut response = Response::new(self.document.clone().into());
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        Ok(response)
    }
}

/// The bearer token; more than one, or another scheme, is no token of ours.
fn bearer(headers: &HeaderMap) -> Result<Option<&str>, Fault> {
    let mut lines = headers.get_all(header::AUTHORIZATION).iter();
    let Some(line) = lines.next() else { return Ok(None) };
    let text = line.to_str().map_err(|_| Fault::TokenInvalid)?;
    let (scheme, token) = text.split_once(' ').ok_or(Fault::TokenInvalid)?;
    if lines.next().is_some() || !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Fault::TokenInvalid);
    }
    Ok(Some(token.trim()))
}

/// What can be told without asking the room: who goes on, and as whom. A room that a key may not touch looks absent.
fn admit(access: Access, caller: Caller) -> Result<Caller, Fault> {
    match access {
        Access::Open | Access::Makers => Ok(caller),
        Access::Key if caller.has(Scope::RoomsRead) => Ok(caller),
        Access::Key => Ok(Caller::Nobody),
        Access::Asker(_) if caller == Caller::Nobody => Err(Fault::Unauthenticated),
        Access::Asker(scope) if !caller.has(scope) => Err(Fault::NoSuchRoom),
        Access::Asker(_) => Ok(caller),
        Access::Account => caller.signed_in().map(|_| caller),
        Access::Lister(scope) => match caller {
            Caller::User(_) => Ok(caller),
            Caller::Key(_) if caller.has(scope) => Ok(caller),
            Caller::Key(_) => Err(Fault::Forbidden { right: scope.word() }),
            Caller::Nobody | Caller::Owner(_) | Caller::Seat(_) => Err(Fault::Unauthenticated),
        },
    }
}

/// 204 to `OPTIONS`, else 405; both say which methods there are.
fn other_methods(method: &Method, methods: &[&str]) -> Response {
    let mut response = if method == Method::OPTIONS {
        Reply::empty().into_response()
    } else {
        refusal(&Fault::MethodNotAllowed)
    };
    let allow = format!("{}, OPTIONS", methods.join(", "));
    if let Ok(allow) = HeaderValue::from_str(&allow) {
        response.headers_mut().insert(header::ALLOW, allow);
    }
    response
}
