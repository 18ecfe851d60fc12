//! The write half of a socket as an outbox sees it: try, wait, end.
use std::{
    io::{self, IoSlice},
    net::Shutdown,
    sync::Arc,
};

use socket2::SockRef;
use tokio::net::TcpStream;

/// A TCP socket that is shared with its reader; only the outbox writes to it.
pub(super) struct Sink(pub(super) Arc<TcpStream>);

impl Sink {
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
