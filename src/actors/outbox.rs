//! The bounded outbox of a connection: it alone owns the write half, so that frames never interleave and nobody waits for a slow reader.
//!
//! Frames are gathered with [`Outbox::push`] and leave with [`Outbox::flush`] in one non-blocking write. Only when a
//! remainder stays, one task waits for the socket and finishes it. Fullness is judged on that remainder: stale frames
//! collapse to their newest, and if that isn't enough the client is closed as slow.
mod limits;
mod packets;
mod queue;
mod sink;

use std::{
    io::{ErrorKind, IoSlice},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;
pub use limits::{Class, Limits, Pushed};
use queue::Queue;
pub use sink::{Emit, Emitted};
use sink::{Sink, Stream};
use tokio::{
    net::TcpStream,
    sync::Notify,
    time::{Instant, timeout_at},
};

use crate::dialect::close::Close;

/// Frames handed to the kernel in one call.
const GATHERED: usize = 64;

/// See the module's words. It is shared by the room, the connection and its reader.
pub struct Outbox {
    sink: Sink,
    limits: Limits,
    state: Mutex<State>,
    changed: Notify,
}

struct State {
    queue: Queue,
    phase: Phase,
    writer: Writer,
    /// All bytes ever written, wrapping: tells a stalled remainder from one that moves.
    written: u64,
}

#[derive(Clone, Copy)]
enum Phase {
    Open,
    /// The close frame is the last item; nothing is taken any more.
    Closing {
        why: Close,
        since: Instant,
    },
    /// Nothing is or will be written.
    Shut {
        why: Option<Close>,
    },
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Writer {
    Idle,
    Running,
}

/// What waits after a write was tried.
enum Remains {
    Nothing,
    Something,
}

impl Outbox {
    /// An outbox that writes to `sink`, which nobody else may write to from now on.
    #[must_use]
    pub fn new(sink: Arc<TcpStream>, limits: Limits) -> Arc<Self> {
        Self::to(Sink::Stream(Stream(sink)), limits)
    }

    /// An outbox whose frames somebody takes whole, such as another protocol's library. Nothing waits here longer than
    /// until the flush.
    #[must_use]
    pub fn packets(sink: Box<dyn Emit>) -> Arc<Self> {
        Self::to(Sink::Packets(sink), Limits::default())
    }

    fn to(sink: Sink, limits: Limits) -> Arc<Self> {
        let state = State { queue: Queue::default(), phase: Phase::Open, writer: Writer::Idle, written: 0 };
        Arc::new(Self { sink, limits, state: Mutex::new(state), changed: Notify::new() })
    }

    /// Whether its frames are WebSocket frames, pings and closes among them.
    #[must_use]
    pub fn is_framed(&self) -> bool {
        matches!(self.sink, Sink::Stream(_))
    }

    /// Appends a frame without writing. Whoever pushes flushes soon: limits are judged at the flush.
    pub fn push(&self, frame: Bytes, class: Class) -> Pushed {
        let mut state = self.lock();
        if !matches!(state.phase, Phase::Open) {
            return Pushed::Refused;
        }
        state.queue.push(frame, class);
        Pushed::Queued
    }

    /// Writes all that waits as far as the socket takes it now; a task finishes what remains. Needs a tokio runtime.
    pub fn flush(self: &Arc<Self>) {
        self.advance(&mut self.lock());
    }

    /// Appends a frame that must arrive and writes.
    pub fn send(self: &Arc<Self>, frame: Bytes) -> Pushed {
        let pushed = self.push(frame, Class::Must);
        if pushed == Pushed::Queued {
            self.flush();
        }
        pushed
    }

    /// Appends the close frame as the last item and writes; afterwards the write half is shut. Later closes do nothing.
    pub fn close(self: &Arc<Self>, why: Close) {
        let mut state = self.lock();
        if matches!(state.phase, Phase::Open) {
            self.begin_closing(&mut state, why);
            self.advance(&mut state);
        }
    }

    /// Drops everything and ends both directions: for a connection that is already lost.
    pub fn abort(&self) {
        let mut state = self.lock();
        self.shut(&mut state);
        match &self.sink {
            Sink::Stream(stream) => stream.abort(),
            Sink::Packets(packets) => packets.end(None),
        }
    }

    /// Whether frames are refused by now.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        !matches!(self.lock().phase, Phase::Open)
    }

    /// Why we closed, if we did.
    #[must_use]
    pub fn closed_by_us(&self) -> Option<Close> {
        match self.lock().phase {
            Phase::Open => None,
            Phase::Closing { why, .. } => Some(why),
            Phase::Shut { why } => why,
        }
    }

    /// Waits until frames are refused: closed by us, or the socket failed.
    pub async fn closed(&self) {
        self.until(|phase| !matches!(phase, Phase::Open)).await;
    }

    /// Waits until nothing will be written any more, the close frame included.
    pub async fn finished(&self) {
        self.until(|phase| matches!(phase, Phase::Shut { .. })).await;
    }

    /// Frames that wait.
    #[must_use]
    pub fn queued_items(&self) -> usize {
        self.lock().queue.len()
    }

    /// Bytes that wait.
    #[must_use]
    pub fn queued_bytes(&self) -> usize {
        self.lock().queue.bytes()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn until(&self, reached: impl Fn(&Phase) -> bool) {
        loop {
            let changed = self.changed.notified();
            if reached(&self.lock().phase) {
                return;
            }
            changed.await;
        }
    }

    fn advance(self: &Arc<Self>, state: &mut State) {
        let stream = match &self.sink {
            Sink::Stream(stream) => stream,
            Sink::Packets(packets) => return self.hand_over(packets.as_ref(), state),
        };
        match self.write(stream, state) {
            Remains::Nothing => {}
            Remains::Something => {
                self.judge(state);
                if state.writer == Writer::Idle {
                    state.writer = Writer::Running;
                    tokio::spawn(self.clone().finish_remainder());
                }
            }
        }
    }

    /// Tries to write everything, and shuts when the last item is out or the socket has failed.
    fn write(&self, stream: &Stream, state: &mut State) -> Remains {
        while !state.queue.is_empty() {
            let mut slices = [IoSlice::new(&[]); GATHERED];
            let used = state.queue.gather(&mut slices);
            match stream.try_write(&slices[..used]) {
                Ok(written) if written > 0 => {
                    state.queue.advance(written);
                    state.written = state.written.wrapping_add(written as u64);
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Remains::Something,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Ok(_) | Err(_) => {
                    self.shut(state);
                    stream.abort();
                }
            }
        }
        state.queue.shrink();
        if matches!(state.phase, Phase::Closing { .. }) {
            self.shut(state);
            stream.end();
        }
        Remains::Nothing
    }

    /// Too much remains: collapse, and if that doesn't help the reader is too slow.
    fn judge(&self, state: &mut State) {
        if !matches!(state.phase, Phase::Open) || !state.queue.exceeds(&self.limits) {
            return;
        }
        state.queue.collapse();
        if state.queue.exceeds(&self.limits) {
            state.queue.keep_begun();
            self.begin_closing(state, Close::Slow);
        }
    }

    fn begin_closing(&self, state: &mut State, why: Close) {
        if self.is_framed() {
            state.queue.push(why.frame(), Class::Must);
        }
        state.phase = Phase::Closing { why, since: Instant::now() };
        self.changed.notify_waiters();
    }

    fn shut(&self, state: &mut State) {
        let why = match state.phase {
            Phase::Open => None,
            Phase::Closing { why, .. } => Some(why),
            Phase::Shut { why } => why,
        };
        state.phase = Phase::Shut { why };
        state.queue.clear();
        self.changed.notify_waiters();
    }

    /// The writer: lives only while a remainder waits.
    async fn finish_remainder(self: Arc<Self>) {
        let Sink::Stream(stream) = &self.sink else { return };
        loop {
            let (deadline, before) = self.next_deadline();
            let ready = timeout_at(deadline, stream.writable()).await;
            let mut state = self.lock();
            let stalled =
                ready.is_err() && (state.written == before || matches!(state.phase, Phase::Closing { .. }));
            if stalled && Instant::now() >= self.deadline(&state.phase, deadline) {
                self.shut(&mut state);
                stream.abort();
            }
            match self.write(stream, &mut state) {
                Remains::Something => self.judge(&mut state),
                Remains::Nothing => {
                    state.writer = Writer::Idle;
                    return;
                }
            }
        }
    }

    fn next_deadline(&self) -> (Instant, u64) {
        let state = self.lock();
        (self.deadline(&state.phase, Instant::now() + self.limits.stall), state.written)
    }

    fn deadline(&self, phase: &Phase, while_open: Instant) -> Instant {
        match phase {
            Phase::Closing { since, .. } => *since + self.limits.stall,
            Phase::Open | Phase::Shut { .. } => while_open,
        }
    }
}

#[cfg(test)]
mod tests;
