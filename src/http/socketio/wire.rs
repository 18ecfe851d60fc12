//! The outermost service where Socket.IO is served: both of its paths, the Origin rule on both transports, whose session
//! it is, and answers as Engine.IO's own server words them.
use super::library::{self, Library};
use super::seat::{Accept, Prefix, Seat};
use super::session::Sessions;
use crate::fault::Fault;
use crate::http::context::ClientAddr;
use crate::http::origin::{Origins, Ports, Verdict};
use crate::http::rest::cors;
use crate::http::serve::Arriving;
use bytes::Bytes;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Either, Full};
use hyper::body::Body;
use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::service::Service;
use hyper::{Request, Response, StatusCode, Uri};
use socketioxide::SocketIo;
use socketioxide::socket::Sid;
use std::convert::Infallible;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;

type Own = UnsyncBoxBody<Bytes, Infallible>;
type Answer<B> = Response<Either<B, Own>>;

/// Socket.IO, as long as the server lives. Cheap to clone.
#[derive(Clone)]
pub struct Wire {
    library: Library,
    io: SocketIo,
    origins: Arc<Origins>,
    sessions: Sessions,
    read: Credential,
    may_come: MayCome,
}

/// Whether an address may open one more session now.
pub type MayCome = Arc<dyn Fn(IpAddr) -> Result<(), Fault> + Send + Sync>;

/// What a handshake shows, by which its session is known from then on.
pub type Credential = fn(&HeaderMap, &ClientAddr) -> Option<String>;

impl Wire {
    /// `key` is random and proves sessions; `read` finds the credential of a request.
    pub fn new<A: Accept>(
        accept: A,
        origins: Arc<Origins>,
        key: [u8; 32],
        read: Credential,
        may_come: MayCome,
    ) -> Self {
        let (library, io) = library::start(accept, read);
        Self { library, io, origins, sessions: Sessions::new(key), read, may_come }
    }

    /// Ends every session; its client may come back.
    pub async fn close(&self) {
        self.io.close().await;
    }

    async fn answer(&self, prefix: Prefix, mut request: Request<Arriving>) -> Response<Own> {
        let client = request.extensions().get::<ClientAddr>().copied();
        let Some(client) = client else {
            return refusal(StatusCode::INTERNAL_SERVER_ERROR, 3, "Bad request");
        };
        if self.origins.judge(request.headers(), client, Ports::Same) == Verdict::Foreign {
            return refusal(StatusCode::FORBIDDEN, 4, "Forbidden");
        }
        let origin = cors::allowed(&self.origins, request.headers(), client);
        let mut response = if cors::is_preflight(request.method(), request.headers()) {
            preflight(request.headers())
        } else {
            match self.admit(&mut request, prefix, client) {
                Ok(()) => self.library_answers(request).await,
                Err(refused) => refused,
            }
        };
        cors::mark(response.headers_mut(), origin);
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        response
    }

    /// Sees to it that a session is used by its own client only, and gives the request the form that the library knows.
    fn admit(
        &self,
        request: &mut Request<Arriving>,
        prefix: Prefix,
        client: ClientAddr,
    ) -> Result<(), Response<Own>> {
        let query = request.uri().query().unwrap_or_default();
        let mut parts: Vec<&str> = query.split('&').collect();
        let shown = parts.iter().position(|part| part.starts_with("sid="));
        if let Some(at) = shown {
            let unknown = || refusal(StatusCode::BAD_REQUEST, 1, "Session ID unknown");
            let sid = self.sessions.shown(&parts[at]["sid=".len()..]).ok_or_else(unknown)?;
            let sid: Sid = sid.parse().map_err(|_| unknown())?;
            if self.is_another_users(sid, request.headers(), client) {
                return Err(refusal(StatusCode::FORBIDDEN, 4, "Forbidden"));
            }
            let plain = format!("sid={sid}");
            parts[at] = &plain;
            *request.uri_mut() = uri(&parts.join("&"));
        } else {
            if (self.may_come)(client.ip).is_err() {
                return Err(refusal(StatusCode::TOO_MANY_REQUESTS, 3, "Bad request"));
            }
            *request.uri_mut() = uri(query);
        }
        request.extensions_mut().insert(prefix);
        Ok(())
    }

    /// Whether the session was opened with a credential, and another one is shown now.
    fn is_another_users(&self, sid: Sid, headers: &HeaderMap, client: ClientAddr) -> bool {
        let Some(seat) = self.io.get_socket(sid).and_then(|socket| Seat::of(&socket)) else { return false };
        let shown = (self.read)(headers, &client);
        matches!((seat.token(), shown), (Some(first), Some(now)) if first != now)
    }

    async fn library_answers(&self, request: Request<Arriving>) -> Response<Own> {
        let Ok(response) = Service::call(&self.library, request).await;
        let (mut parts, body) = response.into_parts();
        let body = body.map_err(|never| match never {}).boxed_unsync();
        let is_text = parts.headers.contains_key(header::CONTENT_LENGTH);
        let is_refusal = parts.status == StatusCode::BAD_REQUEST;
        if !(is_refusal || (is_text && parts.status == StatusCode::OK)) {
            return Response::from_parts(parts, body);
        }
        let Ok(whole) = body.collect().await;
        let whole = whole.to_bytes();
        let text = std::str::from_utf8(&whole).unwrap_or_default();
        let reworded = if is_refusal { as_its_own_server(text) } else { self.opened(text) };
        let Some(reworded) = reworded else {
            return Response::from_parts(parts, Full::new(whole).boxed_unsync());
        };
        parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(reworded.len()));
        Response::from_parts(parts, Full::from(reworded).boxed_unsync())
    }

    fn opened(&self, text: &str) -> Option<String> {
        if text.starts_with("0{") { self.sessions.open_packet(text) } else { None }
    }
}

/// The library writes the code of a refusal as a text; Engine.IO's own server writes a number.
fn as_its_own_server(text: &str) -> Option<String> {
    let (before, rest) = text.split_once("\"code\":\"")?;
    let (code, after) = rest.split_once('"')?;
    Some(format!("{before}\"code\":{code}{after}"))
}

fn uri(query: &str) -> Uri {
    let path = if query.is_empty() { "/socket.io/".to_owned() } else { format!("/socket.io/?{query}") };
    path.parse().unwrap_or(Uri::from_static("/socket.io/"))
}

fn refusal(status: StatusCode, code: u8, message: &str) -> Response<Own> {
    let mut response =
        Response::new(Full::from(format!(r#"{{"code":{code},"message":"{message}"}}"#)).boxed_unsync());
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

fn preflight(asked: &HeaderMap) -> Response<Own> {
    let mut response = Response::new(Full::new(Bytes::new()).boxed_unsync());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET,POST"));
    let wanted = asked.get(header::ACCESS_CONTROL_REQUEST_HEADERS).cloned();
    let named = wanted.unwrap_or(HeaderValue::from_static("authorization,content-type"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, named);
    response
}

/// Which of its paths this is, if one.
fn prefix(path: &str) -> Option<Prefix> {
    let at = |base: &str| path.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest == "/");
    if at("/socket.io") {
        Some(Prefix::Plain)
    } else if at("/backend/socket.io") {
        Some(Prefix::Backend)
    } else {
        None
    }
}

/// Other routes, with or without this wire before them.
#[derive(Clone)]
pub struct Around<S> {
    inner: S,
    wire: Option<Wire>,
}

impl<S> Around<S> {
    pub fn new(wire: Option<Wire>, inner: S) -> Self {
        Self { inner, wire }
    }
}

impl<S, B> Service<Request<Arriving>> for Around<S>
where
    S: Service<Request<Arriving>, Response = Response<B>, Error = Infallible>,
    S::Future: Send + 'static,
    B: Body<Data = Bytes> + Send + 'static,
{
    type Response = Answer<B>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Answer<B>, Infallible>> + Send>>;

    fn call(&self, request: Request<Arriving>) -> Self::Future {
        let own = self.wire.as_ref().zip(prefix(request.uri().path()));
        match own {
            Some((wire, prefix)) => {
                let wire = wire.clone();
                Box::pin(async move { Ok(wire.answer(prefix, request).await.map(Either::Right)) })
            }
            None => {
                let answering = self.inner.call(request);
                Box::pin(async move { Ok(answering.await?.map(Either::Left)) })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_paths_are_taken_and_no_other() {
        for (path, taken) in [
            ("/socket.io/", Some(Prefix::Plain)),
            ("/socket.io", Some(Prefix::Plain)),
            ("/backend/socket.io/", Some(Prefix::Backend)),
            ("/socket.io/x", None),
            ("/socket.iox", None),
            ("/backend/", None),
            ("/x/socket.io/", None),
        ] {
            assert_eq!(prefix(path), taken, "{path}");
        }
    }

    #[test]
    fn refusals_are_worded_as_by_its_own_server() {
        let reworded = as_its_own_server(r#"{"code":"1","message":"Session ID unknown"}"#);
        assert_eq!(reworded.as_deref(), Some(r#"{"code":1,"message":"Session ID unknown"}"#));
        assert_eq!(as_its_own_server(""), None);
    }
}
