//! The sending side of a socket.
use serde::ser::{Serialize, SerializeTuple, Serializer};
use serde_json::Value;
use socketioxide::extract::SocketRef;
use socketioxide::{SendError, SocketError};

/// Sends to one socket. Never waits: what its client doesn't fetch is bounded.
#[derive(Clone)]
pub struct Packets {
    socket: SocketRef,
}

/// What became of a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    Sent,
    /// Too much waits already.
    Full,
    Gone,
}

/// The arguments, sent side by side: a list would be sent as one argument.
struct Arguments<'a>(&'a [Value]);

impl Serialize for Arguments<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut tuple = serializer.serialize_tuple(self.0.len())?;
        self.0.iter().try_for_each(|argument| tuple.serialize_element(argument))?;
        tuple.end()
    }
}

impl Packets {
    pub(super) fn new(socket: SocketRef) -> Self {
        Self { socket }
    }

    /// Sends one event with its arguments.
    pub fn send(&self, event: &str, arguments: &[Value]) -> Sent {
        match self.socket.emit(event, &Arguments(arguments)) {
            Ok(()) => Sent::Sent,
            Err(SendError::Socket(SocketError::InternalChannelFull)) => Sent::Full,
            Err(SendError::Socket(SocketError::Closed)) => Sent::Gone,
            Err(SendError::Serialize(error)) => {
                tracing::error!(%error, "a packet could not be written");
                Sent::Sent
            }
        }
    }

    /// Ends the socket's part in the namespace; official clients then end the connection, and for others the next
    /// packet ends it.
    pub fn disconnect(&self) {
        if !self.socket.connected() {
            return; // it has left by itself, and its client may be back by another socket of the same session
        }
        if let Err(error) = self.socket.clone().disconnect() {
            tracing::debug!(%error, "a socket was not told that it is over");
        }
    }
}
