//! From an open WebSocket to the engine: the adapter between the wire and a connection.
use std::sync::Arc;

use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::Response;

use crate::actors::outbox::{self, Outbox};
use crate::actors::{Engine, FRAME_BYTES, Reader};
use crate::dialect::Dialect;
use crate::http::origin::{Origins, Ports};
use crate::http::rest::cookies;
use crate::http::ws::{self, Accept, Door, Foreign, Gone, Limits, Opening, Receive};

/// Takes native sockets.
#[derive(Clone)]
pub struct Native {
    pub engine: Engine,
}

/// The receiving side of one native socket.
pub struct Socket(Reader);

impl Accept for Native {
    type Sink = Socket;

    async fn accept(&self, opening: Opening, outbox: Arc<Outbox>) -> Socket {
        // Boxed, since it would make the socket's task as large as itself for good.
        let cookie = cookies::token(&opening.headers, opening.client.scheme).map(Arc::from);
        let ip = opening.client.ip;
        drop(opening); // its headers hold the whole buffer of the request
        Socket(Box::pin(self.engine.open(Dialect::Native, ip, cookie, outbox)).await)
    }
}

impl Receive for Socket {
    async fn text(&mut self, text: String) {
        self.0.text(&text).await;
    }

    fn pong(&mut self) {
        self.0.pong();
    }

    fn gone(self, why: Gone) {
        tracing::debug!(?why, "socket ended");
    }
}

/// `GET /v1/connect` as a WebSocket. Rejects what isn't its own.
pub fn route(engine: Engine, origins: Arc<Origins>) -> BoxedFilter<(Response,)> {
    let door = Door {
        accept: Native { engine },
        origins,
        ports: Ports::Same,
        foreign: Foreign::Refused,
        limits: Limits { message: FRAME_BYTES, ..Limits::default() },
        outbox: outbox::Limits::default(),
    };
    warp::path!("v1" / "connect").and(ws::upgrade(door)).boxed()
}
