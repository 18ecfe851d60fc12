//! What an outbox writes to: the write half of a socket (try, wait, end), or somebody who takes whole packets.
use std::{
    io::{self, IoSlice},
    net::Shutdown,
    sync::Arc,
};

use bytes::Bytes;
use socket2::SockRef;
use tokio::net::TcpStream;

use crate::dialect::close::Close;

/// Somebody who takes frames whole and sees to their way: a protocol with a buffer of its own. Called under the outbox's
/// lock, from whoever flushes: it must never wait.
pub trait Emit: Send + Sync + 'static {
    fn emit(&self, frame: &Bytes) -> Emitted;

    /// The last call: nothing more will come.
    fn end(&self, why: Option<Close>);
}

/// What became of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Emitted {
    Taken,
    /// Its buffer is full: the client reads too slowly.
    Full,
    /// The client is gone.
    Gone,
}

pub(super) enum Sink {
    Stream(Stream),
    Packets(Box<dyn Emit>),
}

/// A TCP socket that is shared with its reader; only the outbox writes to it.
pub(super) struct Stream(pub(super) Arc<TcpStream>);

impl Stream {
    /// Writes what fits without waiting.
    pub(super) fn try_write(&self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        self.0.try_write_vectored(slices)
    }

    pub(super) async fn writable(&self) -> io::Result<()> {
        self.0.writable().await
    }

    /// Ends writing: the peer reads to the last byte and then the end.
    pub(super) fn end(&self) {
        self.shutdown(Shutdown::Write);
    }

    /// Ends both directions, so that a waiting reader returns at once.
    pub(super) fn abort(&self) {
        self.shutdown(Shutdown::Both);
    }

    fn shutdown(&self, how: Shutdown) {
        if let Err(error) = SockRef::from(&*self.0).shutdown(how) {
            // The peer was faster: there is nothing left to end.
            tracing::trace!(%error, "socket was already shut");
        }
    }
}
