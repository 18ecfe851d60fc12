//! From an HTTP request to an open socket: handshake, Origin rule, 101, then the bare TCP stream.
use std::{
    convert::Infallible,
    sync::{Arc, Once},
};

use hyper::{
    HeaderMap, Response, StatusCode,
    body::Bytes,
    header::{self, HeaderValue},
    upgrade::{OnUpgrade, Upgraded},
};
use hyper_util::rt::TokioIo;
use warp::{Filter, Rejection, filters::path::FullPath, reply::Reply};

use super::{
    Accept, Limits, Opening,
    handshake::{self, Refusal},
    reader,
};
use crate::actors::outbox::{self, Outbox};
use crate::dialect::close::Close;
use crate::http::{
    context::{ClientAddr, client_addr},
    origin::{Origins, Ports, Verdict},
    problem,
    serve::Socket,
};

/// Where sockets come in: who takes them and what they may do.
#[derive(Clone)]
pub struct Door<A> {
    pub accept: A,
    pub origins: Arc<Origins>,
    pub ports: Ports,
    pub foreign: Foreign,
    pub limits: Limits,
    pub outbox: outbox::Limits,
}

/// What happens to a page that isn't ours.
#[derive(Clone, Copy, Debug)]
pub enum Foreign {
    /// 403 before the upgrade.
    Refused,
    /// Upgraded, for its dialect to judge at the first frame; 403 if one of these cookies of ours comes along.
    JudgedLater { cookies: &'static [&'static str] },
}

/// Passes only requests that ask for a WebSocket, well or badly; others fall through to the next route.
pub fn asked() -> impl Filter<Extract = (), Error = Rejection> + Clone + Send + Sync + 'static {
    warp::header::headers_cloned()
        .and_then(|headers: HeaderMap| async move {
            if handshake::is_asked(&headers) { Ok(()) } else { Err(warp::reject::not_found()) }
        })
        .untuple_one()
}

/// Answers a GET with the upgrade, or with 400, 403 or 426 as problem+json.
pub fn upgrade<A: Accept>(
    door: Door<A>,
) -> impl Filter<Extract = (warp::reply::Response,), Error = Rejection> + Clone + Send + Sync + 'static {
    let query = warp::query::raw().or_else(|_| async { Ok::<_, Infallible>((String::new(),)) });
    let on = warp::ext::optional::<OnUpgrade>();
    warp::get()
        .and(warp::header::headers_cloned())
        .and(client_addr())
        .and(warp::path::full())
        .and(query)
        .and(on)
        .map(
            move |headers: HeaderMap,
                  client: ClientAddr,
                  path: FullPath,
                  query: String,
                  on: Option<OnUpgrade>| {
                let origin = door.origins.judge(&headers, client, door.ports);
                let opening = Opening { client, headers, path: path.as_str().to_owned(), query, origin };
                let on = on.ok_or(Refusal::NotAnUpgrade);
                match on.and_then(|on| Ok((door.admit(&opening)?, on))) {
                    Ok((accept, on)) => {
                        tokio::spawn(open(door.clone(), opening, on));
                        switching(accept)
                    }
                    Err(refusal) => refused(refusal),
                }
            },
        )
}

impl<A> Door<A> {
    /// Judges the handshake, then who asks; answers the value of `Sec-WebSocket-Accept`.
    fn admit(&self, opening: &Opening) -> Result<HeaderValue, Refusal> {
        let accept = handshake::accept(&opening.headers)?;
        let unwelcome = match (opening.origin, self.foreign) {
            (Verdict::Absent | Verdict::Own, _) => false,
            (Verdict::Foreign, Foreign::Refused) => true,
            (Verdict::Foreign, Foreign::JudgedLater { cookies }) => brings_one_of(&opening.headers, cookies),
        };
        if unwelcome {
            tell_of_tls(opening);
            return Err(Refusal::Origin);
        }
        Ok(accept)
    }
}

/// Once is enough: it is a matter of the configuration, not of this request.
fn tell_of_tls(opening: &Opening) {
    static TOLD: Once = Once::new();
    if Origins::is_own_behind_tls(&opening.headers, opening.client) {
        TOLD.call_once(|| {
            tracing::warn!(
                "a page of this very host was refused, since it came by https: set http.public_url, \
                 or http.trusted_proxies and X-Forwarded-Proto"
            );
        });
    }
}

async fn open<A: Accept>(door: Door<A>, opening: Opening, on: OnUpgrade) {
    let upgraded = match on.await {
        Ok(upgraded) => upgraded,
        Err(error) => {
            tracing::debug!(%error, "client left before its upgrade");
            return;
        }
    };
    let Some(Bare { socket, early }) = bare(upgraded) else { return };
    let (stream, mut place) = socket.into_parts();
    let stream = Arc::new(stream);
    let outbox = Outbox::new(stream.clone(), door.outbox);
    if place.count_for(opening.client.ip).is_err() {
        outbox.close(Close::TooManyConnections);
        reader::linger(&stream, &outbox).await;
        return;
    }
    let sink = door.accept.accept(opening, outbox.clone()).await;
    reader::read(stream, early, outbox, sink, door.limits).await;
    drop(place);
}

struct Bare {
    socket: Socket,
    /// What the client sent behind its request, before our 101.
    early: Bytes,
}

fn bare(upgraded: Upgraded) -> Option<Bare> {
    match upgraded.downcast::<TokioIo<Socket>>() {
        Ok(parts) => Some(Bare { socket: parts.io.into_inner(), early: parts.read_buf }),
        Err(_) => {
            tracing::error!("a socket came from another accept loop than ours");
            None
        }
    }
}

fn brings_one_of(headers: &HeaderMap, cookies: &[&str]) -> bool {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut names = lines.flat_map(|line| line.split(';')).filter_map(|cookie| cookie.split('=').next());
    names.any(|name| cookies.contains(&name.trim()))
}

fn switching(accept: HeaderValue) -> warp::reply::Response {
    let mut answer = StatusCode::SWITCHING_PROTOCOLS.into_response();
    let headers = answer.headers_mut();
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
    headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
    answer
}

fn refused(refusal: Refusal) -> warp::reply::Response {
    let status = refusal.status();
    let mut answer = Response::new(problem::body(status, refusal.code(), refusal.detail()));
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(problem::CONTENT_TYPE));
    if let Some((name, value)) = refusal.wants() {
        headers.insert(name, value);
        headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
    }
    answer.into_response()
}
