//! One socket in the namespace `/`: its events go into a queue in the library's own turn, and one task acts on them.
use super::packets::Packets;
use super::queue::{Inlet, Outlet, Over, queue};
use crate::http::context::ClientAddr;
use serde_json::json;
use socketioxide::adapter::LocalAdapter;
use socketioxide::extract::{AckSender, SocketRef};
use socketioxide::handler::{FromMessageParts, MessageHandler, Value};
use socketioxide::socket::{DisconnectReason, Socket};
use std::borrow::Cow;
use std::sync::{Arc, Mutex, PoisonError};
use warp::http::HeaderMap;

/// What a face does with the sockets that come in.
pub trait Accept: Clone + Send + Sync + 'static {
    type Receive: Receive;

    /// A socket is open.
    fn accept(&self, opening: Opening, packets: Packets) -> impl Future<Output = Self::Receive> + Send;
}

/// The receiving side of one socket. Dropped once the socket is gone.
pub trait Receive: Send + 'static {
    /// One event, `["name", …]`, in the order they came. Nothing else of this socket is looked at meanwhile; what must wait
    /// waits no longer than until the socket is over.
    fn event(&mut self, event: &str, over: &mut Over) -> impl Future<Output = Happened> + Send;
}

/// What became of an event: whoever asked for an answer gets one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happened {
    Taken,
    /// It is no event of this face, or not in its shape.
    Unfit,
    /// It was understood, and is not done: why.
    Refused(Cow<'static, str>),
}

/// What is known of a socket as it opens.
pub struct Opening {
    /// The id by which its client and all others know it.
    pub id: Arc<str>,
    pub client: ClientAddr,
    pub headers: HeaderMap,
    pub prefix: Prefix,
}

/// At which path it came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prefix {
    Plain,
    Backend,
}

/// Shared by the handlers of a socket.
#[derive(Clone)]
pub(super) struct Seat(Arc<Inner>);

struct Inner {
    inlet: Inlet<Came>,
    outlet: Mutex<Option<Outlet<Came>>>,
    /// What the handshake showed.
    token: Option<String>,
}

struct Came {
    value: Value,
    ack: AckSender,
}

/// Marks [`Enqueue`] as a handler of its own kind.
pub(super) struct InOrder;

/// Takes every event, whatever its name. The library would run an async handler as a task for each event, in any order.
#[derive(Clone)]
struct Enqueue(Seat);

impl MessageHandler<LocalAdapter, InOrder> for Enqueue {
    fn call(&self, socket: Arc<Socket>, mut value: Value, ack: Option<i64>) {
        let Ok(ack) = AckSender::from_message_parts(&socket, &mut value, &ack);
        let bytes = value.as_str().map_or(0, |text| text.len());
        if self.0.0.inlet.put(Came { value, ack }, bytes).is_err() {
            tracing::debug!("a socket sent more than could be acted on");
            self.0.0.inlet.shut();
            Packets::new(SocketRef::from(socket)).disconnect();
        }
    }
}

impl Seat {
    /// Before the client hears that it is connected: from then on no event may be missed.
    pub(super) fn prepare(socket: &SocketRef, token: Option<String>) {
        let (inlet, outlet) = queue();
        let seat = Self(Arc::new(Inner { inlet, outlet: Mutex::new(Some(outlet)), token }));
        socket.on_fallback(Enqueue(seat.clone()));
        let leaving = seat.clone();
        socket.on_disconnect(move |reason: DisconnectReason| {
            tracing::debug!(%reason, "socket ended");
            leaving.0.inlet.shut();
            std::future::ready(())
        });
        socket.extensions.insert(seat);
    }

    /// The seat of a socket, once it has one.
    pub(super) fn of(socket: &SocketRef) -> Option<Self> {
        socket.extensions.get::<Self>()
    }

    /// What the handshake showed, if anything.
    pub(super) fn token(&self) -> Option<&str> {
        self.0.token.as_deref()
    }

    /// Acts on the events until the socket is gone.
    pub(super) async fn serve<A: Accept>(self, accept: A, opening: Opening, packets: Packets) {
        let outlet = self.0.outlet.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(mut outlet) = outlet else { return };
        drop(self);
        let mut receive = accept.accept(opening, packets).await;
        let mut over = outlet.over();
        while let Some(Came { value, ack }) = outlet.take().await {
            let happened = match &value {
                Value::Str(text, None) => receive.event(text.as_str(), &mut over).await,
                Value::Str(_, Some(_)) | Value::Bytes(_) => Happened::Unfit, // no event of ours holds binary parts
            };
            let answer = match happened {
                Happened::Taken => json!({"ok": true}),
                Happened::Unfit => json!({"error": "no such event, or not in this shape"}),
                Happened::Refused(why) => json!({"error": why}),
            };
            if let Err(error) = ack.send(&answer) {
                tracing::debug!(%error, "an answer was not sent");
            }
        }
    }
}
