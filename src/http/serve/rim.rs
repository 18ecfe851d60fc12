//! The outermost service of a connection: it refuses what no route should see and says who asks.
use std::{convert::Infallible, future::Future, net::SocketAddr, pin::Pin, sync::Arc, time::Duration};

use http_body_util::{Either, Full};
use hyper::{
    Request, Response, StatusCode, Version,
    body::{Bytes, Incoming},
    header::{self, HeaderMap, HeaderValue},
    http::uri::Authority,
    service::Service,
};

use super::{
    arriving::{Arriving, Lateness},
    socket::Turn,
};
use crate::http::{context::Proxies, problem};

/// One per connection, around the routes.
pub(super) struct Rim<S> {
    pub(super) routes: S,
    pub(super) peer: SocketAddr,
    pub(super) proxies: Arc<Proxies>,
    pub(super) body_within: Duration,
    pub(super) turn: Arc<Turn>,
}

/// An answer of the routes, or our own.
pub(super) type Answer<B> = Response<Either<B, Full<Bytes>>>;

impl<S, B> Service<Request<Incoming>> for Rim<S>
where
    S: Service<Request<Arriving>, Response = Response<B>, Error = Infallible>,
    S::Future: Send + 'static,
    B: Send + 'static,
{
    type Response = Answer<B>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Answer<B>, Infallible>> + Send>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        self.turn.request_came();
        let turn = self.turn.clone();
        if request.version() == Version::HTTP_11 && !names_one_host(request.headers()) {
            return Box::pin(async move {
                turn.answered();
                Ok(refusal(StatusCode::BAD_REQUEST, "malformed", "exactly one host header is needed"))
            });
        }
        let (request, lateness) = self.prepare(request);
        let answering = self.routes.call(request);
        Box::pin(async move {
            let answer = answering.await?;
            if answer.status() == StatusCode::SWITCHING_PROTOCOLS {
                turn.upgraded();
            } else {
                turn.answered();
            }
            Ok(if lateness.is_some_and(|lateness| lateness.is_late()) {
                refusal(StatusCode::REQUEST_TIMEOUT, "malformed", "the request body did not arrive in time")
            } else {
                answer.map(Either::Left)
            })
        })
    }
}

impl<S> Rim<S> {
    fn prepare(&self, request: Request<Incoming>) -> (Request<Arriving>, Option<Lateness>) {
        let (mut parts, body) = request.into_parts();
        parts.extensions.insert(self.proxies.client(self.peer, &parts.headers));
        let (body, lateness) = Arriving::new(body, self.body_within);
        (Request::from_parts(parts, body), lateness)
    }
}

/// RFC 9112, 3.2: a request of HTTP/1.1 has exactly one Host; ours must also be readable.
fn names_one_host(headers: &HeaderMap) -> bool {
    let mut hosts = headers.get_all(header::HOST).iter();
    match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.to_str().is_ok_and(|host| host.parse::<Authority>().is_ok()),
        _ => false,
    }
}

/// A refusal in the shape of RFC 9457 after which the connection closes.
fn refusal<B>(status: StatusCode, code: &'static str, detail: &'static str) -> Answer<B> {
    let mut answer = Response::new(Either::Right(Full::from(problem::body(status, code, detail))));
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(problem::CONTENT_TYPE));
    headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    answer
}
