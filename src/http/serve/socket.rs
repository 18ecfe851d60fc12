//! A client's TCP socket with two deadlines of HTTP on it: for a head that has begun, and for an answer that nobody takes.
use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Sleep, sleep},
};

use super::admission::Admitted;

/// How long a client may take for its parts.
#[derive(Clone, Copy, Debug)]
pub struct Deadlines {
    /// A whole head, from its first byte (of the first one: from the connection).
    pub head: Duration,
    /// From an answer to the whole head of the next request.
    pub idle: Duration,
    /// A write that makes no progress.
    pub stalled_write: Duration,
}

/// Whose turn it is on a connection: even numbers wait for a request, odd ones answer it.
#[derive(Default)]
pub(super) struct Turn {
    number: AtomicU32,
    touched: AtomicBool,
}

const UPGRADED: u32 = u32::MAX;

impl Turn {
    pub(super) fn request_came(&self) {
        self.number.fetch_or(1, Ordering::Relaxed);
    }

    pub(super) fn answered(&self) {
        let now = self.number.load(Ordering::Relaxed);
        self.number.store((now | 1).wrapping_add(1) & (UPGRADED >> 1), Ordering::Relaxed);
    }

    pub(super) fn upgraded(&self) {
        self.number.store(UPGRADED, Ordering::Relaxed);
    }

    /// Whether the client has sent anything yet.
    pub(super) fn is_touched(&self) -> bool {
        self.touched.load(Ordering::Relaxed)
    }

    /// The number of the request that is waited for.
    fn awaited(&self) -> Option<u32> {
        Some(self.number.load(Ordering::Relaxed)).filter(|turn| turn % 2 == 0)
    }
}

/// The socket that hyper reads and writes, and that upgraded protocols take over.
pub struct Socket {
    stream: TcpStream,
    admitted: Admitted,
    turn: Arc<Turn>,
    deadlines: Deadlines,
    /// The request of which the first bytes have come.
    begun: Option<u32>,
    reading: Option<(u32, Pin<Box<Sleep>>)>,
    writing: Option<Pin<Box<Sleep>>>,
}

impl Socket {
    pub(super) fn new(stream: TcpStream, admitted: Admitted, turn: Arc<Turn>, deadlines: Deadlines) -> Self {
        Self { stream, admitted, turn, deadlines, begun: Some(0), reading: None, writing: None }
    }

    /// The bare socket and its place among the open ones, which must live as long as the socket.
    #[must_use]
    pub fn into_parts(self) -> (TcpStream, Admitted) {
        (self.stream, self.admitted)
    }

    /// Fails once a head has been under way for too long. (Bytes sent ahead, behind a request that is still being
    /// answered, are a head under way too.)
    fn poll_head_deadline(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Some(awaited) = self.turn.awaited().filter(|awaited| self.begun == Some(*awaited)) else {
            self.reading = None;
            return Poll::Pending;
        };
        if self.reading.as_ref().is_none_or(|(armed, _)| *armed != awaited) {
            self.reading = Some((awaited, Box::pin(sleep(self.deadlines.head))));
        }
        if let Some((_, deadline)) = &mut self.reading {
            ready!(deadline.as_mut().poll(cx));
        }
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    /// Watches a write: progress disarms, standstill fails after the deadline.
    fn watch_write<T>(&mut self, wrote: Poll<io::Result<T>>, cx: &mut Context<'_>) -> Poll<io::Result<T>> {
        if wrote.is_ready() {
            self.writing = None;
            return wrote;
        }
        let length = self.deadlines.stalled_write;
        ready!(self.writing.get_or_insert_with(|| Box::pin(sleep(length))).as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.stream).poll_read(cx, buf);
        match read {
            Poll::Ready(_) => {
                if let Some(awaited) = self.turn.awaited() {
                    self.begun = Some(awaited);
                    self.turn.touched.store(true, Ordering::Relaxed);
                }
                read
            }
            Poll::Pending => self.poll_head_deadline(cx),
        }
    }
}

impl AsyncWrite for Socket {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let wrote = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.watch_write(wrote, cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let wrote = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.watch_write(wrote, cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
