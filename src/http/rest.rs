//! REST under `/v1`: one table of routes, asked by one filter.
mod answers;
mod bodies;
mod body;
mod cors;
mod history;
mod json;
mod matching;
pub mod openapi;
mod people;
mod query;
mod reply;
mod rooms;
pub mod route;
pub mod table;

use self::matching::Found;
use self::reply::Reply;
use self::route::{Access, Asked, Rest, Route};
use super::context::{ClientAddr, client_addr};
use super::origin::Origins;
use super::page::headers::add_common;
use super::refusal::refusal;
use crate::fault::Fault;
use crate::service::caller::Caller;
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
    origins: Arc<Origins>,
    metrics: Metrics,
    table: Vec<Route>,
    document: Bytes,
}

/// All of `/v1` but the socket. Every path under it is answered here.
pub fn routes(rest: Rest, origins: Arc<Origins>, metrics: Metrics) -> BoxedFilter<(Response,)> {
    let table = table::table();
    let document = Bytes::from(openapi::document(&table).to_string());
    let api = Arc::new(Api { rest, origins, metrics, table, document });
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
        let cross_origin = cors::allowed(&self.origins, &incoming.headers, incoming.client);
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
        let caller = self.caller(&incoming.headers)?;
        admit(route.access, caller)?;
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

    /// From `Authorization: Bearer …`; more than one, or another scheme, is no token of ours.
    fn caller(&self, headers: &HeaderMap) -> Result<Caller, Fault> {
        let mut lines = headers.get_all(header::AUTHORIZATION).iter();
        let Some(line) = lines.next() else { return Ok(Caller::Nobody) };
        let text = line.to_str().map_err(|_| Fault::TokenInvalid)?;
        let (scheme, token) = text.split_once(' ').ok_or(Fault::TokenInvalid)?;
        if lines.next().is_some() || !scheme.eq_ignore_ascii_case("bearer") {
            return Err(Fault::TokenInvalid);
        }
        self.rest.rooms.caller(token.trim())
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

/// What can be told without asking the room.
fn admit(access: Access, caller: Caller) -> Result<(), Fault> {
    match (access, caller) {
        (Access::Asker, Caller::Nobody) => Err(Fault::Unauthenticated),
        (Access::Insiders, Caller::Nobody) => Err(Fault::NoSuchRoom),
        (Access::Open | Access::Makers | Access::Key | Access::Asker | Access::Insiders, _) => Ok(()),
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
