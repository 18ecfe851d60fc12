//! Meet's HTTP face: `/server/…php` as its pages and documents know it, over the accounts and rooms that all faces share.
mod answer;
mod auth;
mod body;
mod call;
mod cookie;
mod links;
mod pages;
mod route;
mod socket;

pub use self::socket::Relay;

use self::answer::Answer;
use self::body::Fields;
use self::route::{Endpoint, Found};
use super::context::{ClientAddr, client_addr};
use super::folder::Folder;
use super::origin::Origins;
use super::rest::{cors, csrf};
use crate::fault::Fault;
use crate::room::record::System;
use crate::service::accounts::{Accounts, Visit};
use crate::service::caller::{Caller, SignedIn};
use crate::service::rooms::Rooms;
use crate::telemetry::Metrics;
use bytes::Buf;
use futures_util::Stream;
use std::sync::Arc;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::http::header::{self, HeaderValue};
use warp::http::{HeaderMap, Method};
use warp::path::FullPath;
use warp::reply::Response;

/// Characters of a `User-Agent` that are kept.
const DEVICE_CHARS: usize = 200;

/// What the face works with.
#[derive(Clone)]
pub struct Parts {
    pub accounts: Accounts,
    pub rooms: Rooms,
    pub origins: Arc<Origins>,
    pub metrics: Metrics,
    pub settings: Settings,
    /// The client's own pages, under `/client/`.
    pub pages: Option<Folder>,
}

/// What the operator decides, `dialects.meet.*`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// What `forgot.php` says of an address that nobody has.
    pub unknown_email: Tell,
    /// What `signup.php` says of an address that somebody has.
    pub known_email: Tell,
    /// Who may use the relay.
    pub guests: Guests,
}

/// What a page without a session may do at the relay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guests {
    /// Enter rooms that are younger than so many ms.
    Young(i64),
    /// Nothing.
    None,
}

/// Whether a stranger is told if an address has an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tell {
    Told,
    Hidden,
}

/// All of Meet but its sockets. Rejects what isn't its own.
pub fn routes(parts: Parts) -> BoxedFilter<(Response,)> {
    let pages = pages::routes(parts.pages.clone());
    let parts = Arc::new(parts);
    let found = warp::path::full().and_then(|path: FullPath| async move {
        route::find(path.as_str()).ok_or_else(warp::reject::not_found)
    });
    let asked = warp::method().and(warp::header::headers_cloned()).and(client_addr());
    found
        .and(asked)
        .and(warp::body::stream())
        .then(move |found, method, headers, client, body| {
            let (parts, head) = (parts.clone(), Head { method, headers, client });
            async move { parts.answer(found, head, body).await }
        })
        .boxed()
        .or(pages)
        .unify()
        .boxed()
}

/// The head of a request.
struct Head {
    method: Method,
    headers: HeaderMap,
    client: ClientAddr,
}

/// A request whose method is right and whose body is read.
struct Asked {
    head: Head,
    fields: Fields,
}

impl Head {
    /// Where it comes from, and what its sender calls itself; control characters left out.
    fn visit(&self) -> Visit {
        let agent = self.headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
        let device = agent.unwrap_or_default().chars().filter(|c| !c.is_control());
        Visit { from: self.client.ip, device: device.take(DEVICE_CHARS).collect(), system: System::Meet }
    }
}

impl Parts {
    async fn answer<B: Buf>(
        &self,
        found: Found,
        head: Head,
        body: impl Stream<Item = Result<B, warp::Error>>,
    ) -> Response {
        let origin = cors::allowed(&self.origins, &head.headers, head.client);
        let is_preflight = cors::is_preflight(&head.method, &head.headers);
        let answer = match found {
            Found::Nothing => answer::NOT_FOUND.into(),
            Found::Endpoint(endpoint) => self.judge(endpoint, head, body).await,
        };
        let mut response = answer.into_response();
        if is_preflight && origin.is_some() {
            answer::add_preflight(response.headers_mut());
        }
        cors::mark(response.headers_mut(), origin);
        self.metrics.answered(response.status().as_u16());
        response
    }

    async fn judge<B: Buf>(
        &self,
        endpoint: Endpoint,
        head: Head,
        body: impl Stream<Item = Result<B, warp::Error>>,
    ) -> Answer {
        let methods = endpoint.methods();
        if head.method == Method::OPTIONS {
            return Answer::empty().with(header::ALLOW, HeaderValue::from_static(methods));
        }
        if !endpoint.takes(&head.method) {
            return Answer::from(answer::METHOD).with(header::ALLOW, HeaderValue::from_static(methods));
        }
        if let Err(fault) = self.rooms.limits().request(head.client.ip) {
            return auth::broken(self, &fault, answer::BROKEN);
        }
        // browsers say where a POST comes from; who says nothing is no browser
        if head.method == Method::POST
            && csrf::may_set_cookie(&self.origins, &head.headers, head.client).is_err()
        {
            return answer::FOREIGN.into();
        }
        let fields = match body::read(body).await {
            Ok(fields) => fields,
            Err(body::TooLarge) => return answer::TOO_LARGE.into(),
        };
        let asked = Asked { head, fields };
        match endpoint {
            Endpoint::SignUp => auth::sign_up(self, &asked).await,
            Endpoint::Verify => auth::verify(self, &asked).await,
            Endpoint::Login => auth::login(self, &asked).await,
            Endpoint::Forgot => links::forgot(self, &asked).await,
            Endpoint::Reset => links::reset(self, &asked).await,
            Endpoint::CheckSession => auth::check_session(self, &asked).await,
            Endpoint::Logout => auth::logout(self, &asked).await,
            Endpoint::StartCall => call::start(self, &asked).await,
            Endpoint::JoinCall => call::join(self, &asked).await,
            Endpoint::CallHistory => call::history(self, &asked).await,
        }
    }

    /// Whose session came along, if it is good.
    async fn signed_in(&self, asked: &Asked) -> Result<Option<SignedIn>, Fault> {
        let Some(token) = cookie::value(&asked.head.headers) else { return Ok(None) };
        match self.accounts.caller_by_cookie(&token).await {
            Ok(Caller::User(who)) => Ok(Some(who)),
            Ok(_) | Err(Fault::TokenInvalid) => Ok(None), // a cookie names a session, or nothing
            Err(fault) => Err(fault),
        }
    }
}
