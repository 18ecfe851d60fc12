//! socketioxide, with limits of ours in place of its own, and one namespace.
use super::seat::{Accept, Opening, Prefix, Seat};
use super::wire::Credential;
use super::{
    BINARY_BYTES, BINARY_PARTS, BINARY_WITHIN, CONNECT_WITHIN, MESSAGE_BYTES, PACKETS, PAYLOAD_BYTES,
    PING_EVERY, PONG_WITHIN, Packets, UPGRADE_WITHIN,
};
use crate::http::context::ClientAddr;
use crate::http::serve::Arriving;
use bytes::Bytes;
use http_body_util::Empty;
use hyper::service::Service;
use hyper::{Request, Response, StatusCode};
use socketioxide::extract::SocketRef;
use socketioxide::handler::ConnectHandler;
use socketioxide::service::SocketIoService;
use socketioxide::{ParserConfig, SocketIo};
use std::convert::Infallible;
use std::future::{Ready, ready};

/// The library's service with nothing behind it.
pub(super) type Library = SocketIoService<Nothing>;

/// Answers what the library lets through; it never comes to that, since its paths alone are asked.
#[derive(Clone)]
pub(super) struct Nothing;

impl Service<Request<Arriving>> for Nothing {
    type Response = Response<Empty<Bytes>>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn call(&self, _: Request<Arriving>) -> Self::Future {
        let mut response = Response::new(Empty::new());
        *response.status_mut() = StatusCode::NOT_FOUND;
        ready(Ok(response))
    }
}

pub(super) fn start<A: Accept>(accept: A, read: Credential) -> (Library, SocketIo) {
    let parser = ParserConfig::common()
        .max_incoming_binaries(BINARY_PARTS)
        .max_incoming_binary_buf_size(BINARY_BYTES)
        .packet_completion_timeout(BINARY_WITHIN);
    let (library, io) = SocketIo::builder()
        .with_parser(parser)
        .connect_timeout(CONNECT_WITHIN)
        .upgrade_timeout(UPGRADE_WITHIN)
        .ping_interval(PING_EVERY)
        .ping_timeout(PONG_WITHIN)
        .max_payload(PAYLOAD_BYTES)
        .max_buffer_size(PACKETS)
        .ws_max_message_size(MESSAGE_BYTES)
        .ws_max_frame_size(MESSAGE_BYTES)
        .build_with_inner_svc(Nothing);
    // before the client hears that it is connected, its events have a place to go to
    let prepare = move |socket: SocketRef| {
        let token = opening(&socket).and_then(|opening| read(&opening.headers, &opening.client));
        Seat::prepare(&socket, token);
        ready(Ok::<(), Infallible>(()))
    };
    let serve = move |socket: SocketRef| {
        let (seat, opening) = (Seat::of(&socket), opening(&socket));
        let accept = accept.clone();
        async move {
            if let (Some(seat), Some(opening)) = (seat, opening) {
                seat.serve(accept, opening, Packets::new(socket)).await;
            }
        }
    };
    io.ns("/", serve.with(prepare));
    (library, io)
}

/// As the handshake came; every request has an address once it came through our accept loop.
fn opening(socket: &SocketRef) -> Option<Opening> {
    let parts = socket.req_parts();
    let client = parts.extensions.get::<ClientAddr>().copied()?;
    let prefix = parts.extensions.get::<Prefix>().copied().unwrap_or(Prefix::Plain);
    Some(Opening { id: socket.id.as_str().into(), client, headers: parts.headers.clone(), prefix })
}
