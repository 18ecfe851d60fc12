//! The one task of a WebSocket: reads, decodes, hands over in order, and sees the socket to its end.
use std::{cell::RefCell, future::pending, io::ErrorKind, pin::pin, sync::Arc, time::Duration};

use hyper::body::Bytes;
use tokio::{
    net::TcpStream,
    time::{Instant, sleep_until, timeout},
};

use super::{
    Gone, Receive,
    decode::{Decoder, Heard, Limits},
    pace::Pace,
};
use crate::actors::outbox::{Class, Outbox};
use crate::dialect::{close::Close, frame};

/// Bytes read at once, into memory that all sockets of a thread share.
const SCRATCH: usize = 16 << 10;
/// How long a closed socket waits for the peer's end, so that the close frame isn't lost to a reset.
const LINGER: Duration = Duration::from_secs(5);
/// What a peer may still say while we wait for its end.
const LINGER_BYTES: usize = 1 << 20;

thread_local! {
    static BUFFER: RefCell<Vec<u8>> = RefCell::new(vec![0; SCRATCH]);
}

/// Reads until the socket ends, tells `sink` why, and returns when the socket may be dropped. `early` came before all else.
pub(super) async fn read<R: Receive>(
    stream: Arc<TcpStream>,
    early: Bytes,
    outbox: Arc<Outbox>,
    mut sink: R,
    limits: Limits,
) {
    let ending = EndsWithReader(outbox);
    let mut reader =
        Reader { stream, outbox: ending.0.clone(), decoder: Decoder::new(limits), pace: Pace::new(), limits };
    let why = reader.run(early, &mut sink).await;
    let Reader { stream, outbox, .. } = reader;
    sink.gone(why);
    linger(&stream, &outbox).await;
}

/// Waits until the last item is written and the peer has ended, for a bounded time.
pub(super) async fn linger(stream: &TcpStream, outbox: &Outbox) {
    let peer_ends = async {
        let mut left = LINGER_BYTES;
        while left > 0 {
            match try_read(stream, |bytes| bytes.len()) {
                Chunk::Bytes(count) => left = left.saturating_sub(count),
                Chunk::None if stream.readable().await.is_ok() => {}
                Chunk::None | Chunk::End => return,
            }
        }
    };
    let both = async { tokio::join!(peer_ends, outbox.finished()) };
    if timeout(LINGER, both).await.is_err() {
        outbox.abort();
    }
}

struct Reader {
    stream: Arc<TcpStream>,
    outbox: Arc<Outbox>,
    decoder: Decoder,
    pace: Pace,
    limits: Limits,
}

impl Reader {
    async fn run<R: Receive>(&mut self, early: Bytes, sink: &mut R) -> Gone {
        let outbox = self.outbox.clone();
        let mut closed = pin!(outbox.closed());
        let mut heard = Vec::new();
        let mut fault = self.decoder.feed(&early, &mut heard).err();
        drop(early); // even when empty it holds on to the 8 KiB that the request was read into
        loop {
            for said in std::mem::take(&mut heard) {
                tokio::select! {
                    biased;
                    () = closed.as_mut() => return self.ended_by_us(),
                    over = self.hand_over(said, sink) => if let Some(gone) = over { return gone },
                }
            }
            self.outbox.flush();
            if let Some(fault) = fault {
                return self.close_for(fault);
            }
            let deadline = self.pace.deadline(self.decoder.under_way(), &self.limits, Instant::now());
            tokio::select! {
                biased;
                () = closed.as_mut() => return self.ended_by_us(),
                () = reached(deadline) => return self.close_for(Close::Policy),
                ready = self.stream.readable() => if ready.is_err() { return self.lost() },
            }
            let decoder = &mut self.decoder;
            match try_read(&self.stream, |bytes| decoder.feed(bytes, &mut heard).err()) {
                Chunk::Bytes(broken) => fault = broken,
                Chunk::None => {}
                Chunk::End => return self.lost(),
            }
        }
    }

    /// Hands one thing over; answers why the socket ends by it, if it does.
    async fn hand_over<R: Receive>(&mut self, said: Heard, sink: &mut R) -> Option<Gone> {
        match said {
            Heard::Text(text) => sink.text(text).await,
            Heard::Ping(payload) => {
                if let Err(fault) = self.pace.control(&self.limits, Instant::now()) {
                    return Some(self.close_for(fault));
                }
                self.outbox.push(frame::pong(&payload), Class::PONG);
            }
            Heard::Pong => {
                if let Err(fault) = self.pace.control(&self.limits, Instant::now()) {
                    return Some(self.close_for(fault));
                }
                sink.pong();
            }
            Heard::Close(code) => {
                self.outbox.close(Close::Answer(code));
                return Some(Gone::Closed(code));
            }
        }
        None
    }

    fn close_for(&self, fault: Close) -> Gone {
        self.outbox.close(fault);
        Gone::Fault(fault)
    }

    fn lost(&self) -> Gone {
        self.outbox.abort();
        Gone::Lost
    }

    fn ended_by_us(&self) -> Gone {
        self.outbox.closed_by_us().map_or(Gone::Lost, Gone::ByUs)
    }
}

/// Ends the outbox when the reader ends in whatever way: a socket that nobody reads must not stay open.
struct EndsWithReader(Arc<Outbox>);

impl Drop for EndsWithReader {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.close(Close::ServerError);
        } else if !self.0.is_closed() {
            self.0.abort();
        }
    }
}

async fn reached(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => sleep_until(deadline).await,
        None => pending().await,
    }
}

enum Chunk<T> {
    Bytes(T),
    None,
    End,
}

/// Reads once without waiting and lets `take` look at what came.
fn try_read<T>(stream: &TcpStream, take: impl FnOnce(&[u8]) -> T) -> Chunk<T> {
    BUFFER.with_borrow_mut(|buffer| match stream.try_read(buffer) {
        Ok(0) => Chunk::End,
        Ok(count) => Chunk::Bytes(take(&buffer[..count])),
        Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => Chunk::None,
        Err(_) => Chunk::End,
    })
}
