//! Raw WebSockets on any path that is no route: clients of other systems. Their first frame tells which.
//!
//! `{"event": …}` is a 100ms backend's client, `{"room_id": …, "type": …}` one of Meet's. Frames that are neither are
//! passed over, ten of them end the socket. There is no deadline for the first: pages open their socket when they are loaded,
//! and speak when somebody clicks.
use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::Value;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::Response;

use crate::actors::outbox::{self, Outbox};
use crate::actors::{Engine, FRAME_BYTES, Reader};
use crate::dialect::Dialect;
use crate::dialect::close::Close;
use crate::http::origin::{Origins, Ports, Verdict};
use crate::http::rest::cookies;
use crate::http::ws::{self, Accept, Door, Foreign, Gone, Limits, Opening, Receive};

/// Cookies that stand for somebody here: a foreign page that brings one is refused before the upgrade.
const OURS: &[&str] = &[cookies::ON_TLS, cookies::ON_HTTP, "PHPSESSID"];
/// Frames that are nobody's before the socket is closed.
const STRAY: u8 = 10;

/// A client whose system is known.
pub trait Client: Send + 'static {
    /// One frame, the first one too. The next is read when this is done.
    fn text<'a>(&'a mut self, text: &'a str) -> BoxFuture<'a, ()>;

    /// It has shown that it lives.
    fn pong(&mut self);
}

/// Makes a client of a socket whose first frame is about to come. The reader speaks the system's dialect already.
pub type Open = Arc<dyn Fn(Reader, Asked) -> Box<dyn Client> + Send + Sync>;

/// How the socket was asked for, and where what is said to it goes.
pub struct Asked {
    pub opening: Opening,
    pub outbox: Arc<Outbox>,
}

/// The systems that are served; `None` is one that isn't.
#[derive(Clone, Default)]
pub struct Clients {
    pub meet: Option<Open>,
    /// It judges foreign pages itself: its apps lie anywhere.
    pub hundredms: Option<Open>,
}

impl Clients {
    /// Whether any is served.
    #[must_use]
    pub fn are_some(&self) -> bool {
        self.meet.is_some() || self.hundredms.is_some()
    }
}

/// Every path, if a WebSocket is asked for. Comes after all routes.
pub fn route(
    engine: Engine,
    origins: Arc<Origins>,
    ports: Ports,
    clients: Clients,
) -> BoxedFilter<(Response,)> {
    let door = Door {
        accept: Raw { engine, clients },
        origins,
        ports,
        foreign: Foreign::JudgedLater { cookies: OURS },
        limits: Limits { message: FRAME_BYTES, ..Limits::default() },
        outbox: outbox::Limits::default(),
    };
    ws::asked().and(ws::upgrade(door)).boxed()
}

/// Takes raw sockets.
#[derive(Clone)]
pub struct Raw {
    engine: Engine,
    clients: Clients,
}

impl Accept for Raw {
    type Sink = Socket;

    async fn accept(&self, opening: Opening, outbox: Arc<Outbox>) -> Socket {
        let ip = opening.client.ip;
        // Until it says a word it is looked after as one that speaks Meet.
        let reader = Box::pin(self.engine.open(Dialect::Meet, ip, None, outbox.clone())).await;
        reader.takes_its_time();
        let waiting = Waiting { reader, asked: Asked { opening, outbox }, strays: 0 };
        Socket { clients: self.clients.clone(), is: Is::Waiting(Box::new(waiting)) }
    }
}

/// The receiving side of one raw socket.
pub struct Socket {
    clients: Clients,
    is: Is,
}

enum Is {
    Waiting(Box<Waiting>),
    Known(Box<dyn Client>),
    /// Refused: nothing more is heard.
    Shut,
}

struct Waiting {
    reader: Reader,
    asked: Asked,
    strays: u8,
}

impl Receive for Socket {
    async fn text(&mut self, text: String) {
        if let Is::Waiting(_) = self.is {
            self.decide(&text);
        }
        if let Is::Known(client) = &mut self.is {
            client.text(&text).await;
        }
    }

    fn pong(&mut self) {
        match &mut self.is {
            Is::Waiting(waiting) => waiting.reader.pong(),
            Is::Known(client) => client.pong(),
            Is::Shut => {}
        }
    }

    fn gone(self, why: Gone) {
        tracing::debug!(?why, "raw socket ended");
    }
}

impl Socket {
    /// Looks at a first frame. A page that isn't ours is told so now, whatever it says.
    fn decide(&mut self, text: &str) {
        let Is::Waiting(mut waiting) = std::mem::replace(&mut self.is, Is::Shut) else { return };
        let open = match (waiting.asked.opening.origin, system_of(text)) {
            (_, Some(System::HundredMs)) => self.clients.hundredms.clone(),
            (Verdict::Foreign, _) => return waiting.asked.outbox.close(Close::Policy),
            (_, Some(System::Meet)) => self.clients.meet.clone(),
            (_, None) => None,
        };
        if let Some(open) = open {
            let Waiting { reader, asked, .. } = *waiting;
            self.is = Is::Known(open(reader, asked));
            return;
        }
        waiting.strays += 1;
        if waiting.strays >= STRAY {
            return waiting.asked.outbox.close(Close::Policy);
        }
        self.is = Is::Waiting(waiting);
    }
}

/// Whose client speaks so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum System {
    Meet,
    HundredMs,
}

fn system_of(frame: &str) -> Option<System> {
    let Ok(Value::Object(fields)) = serde_json::from_str(frame) else { return None };
    if fields.contains_key("event") {
        return Some(System::HundredMs);
    }
    (fields.contains_key("room_id") && fields.contains_key("type")).then_some(System::Meet)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_frame_tells_the_system() {
        for (frame, system) in [
            (r#"{"room_id":"0123456789abcdef","type":"offer","offer":{}}"#, Some(System::Meet)),
            (r#"{"event":"join","data":{}}"#, Some(System::HundredMs)),
            (r#"{"event":"join","room_id":"r","type":"offer"}"#, Some(System::HundredMs)),
            (r#"{"room_id":"r"}"#, None),
            (r#"{"type":"offer"}"#, None),
            ("[]", None),
            ("42", None),
            ("{", None),
            ("", None),
        ] {
            assert_eq!(system_of(frame), system, "{frame}");
        }
    }
}
