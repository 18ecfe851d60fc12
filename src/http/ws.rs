//! WebSockets: warp routes the upgrade, we take the bare socket, and whoever opened the [`Door`] hears its messages.
//!
//! Not `warp::ws`: it holds 128 KiB per idle socket and hides the faults from which 1009, 1007 and 1003 are told.
mod decode;
mod handshake;
mod head;
mod pace;
mod reader;
mod upgrade;

use std::{future::Future, sync::Arc};

use hyper::HeaderMap;

pub use decode::{Decoder, Heard, Limits};
pub use upgrade::{Door, Foreign, asked, upgrade};

use super::{context::ClientAddr, origin::Verdict};
use crate::actors::outbox::Outbox;
use crate::dialect::close::Close;

/// How a socket was asked for. Its headers share the buffer of the request (8 KiB): copy what is needed and let go of it.
#[derive(Clone, Debug)]
pub struct Opening {
    pub client: ClientAddr,
    pub headers: HeaderMap,
    pub path: String,
    /// Without its question mark; empty when there is none.
    pub query: String,
    pub origin: Verdict,
}

/// Takes new sockets.
pub trait Accept: Clone + Send + Sync + 'static {
    type Sink: Receive;

    /// Called once the socket is open. Nothing is read before it answers; frames may be written from here on.
    fn accept(&self, opening: Opening, outbox: Arc<Outbox>) -> impl Future<Output = Self::Sink> + Send;
}

/// Hears what one socket says. It is dropped without [`Receive::gone`] only when its own code has panicked.
pub trait Receive: Send + 'static {
    /// One message, in order. The next is read when this is done: waiting here pushes back on the client. When the
    /// outbox is closed meanwhile, the waiting is cut short.
    fn text(&mut self, text: String) -> impl Future<Output = ()> + Send;

    /// The client has answered a ping, or shows unasked that it lives.
    fn pong(&mut self);

    /// The last call: nothing more will be read.
    fn gone(self, why: Gone);
}

/// Why a socket says nothing more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gone {
    /// The peer closed, with this code.
    Closed(Option<u16>),
    /// The connection broke.
    Lost,
    /// The outbox was closed by its owner.
    ByUs(Close),
    /// The peer broke the rules of the wire and was told so.
    Fault(Close),
}
