//! All sockets of the generator behind one epoll, in one thread.
use crate::socket::{Event, Socket, Stage};
use mio::{Events, Interest, Poll, Token};
use std::net::SocketAddr;
use std::time::Duration;

/// Longer than any frame: a snapshot of a room of 1,000.
const SCRATCH: usize = 4 << 20;

pub(crate) struct Swarm {
    poll: Poll,
    events: Events,
    scratch: Vec<u8>,
    pub(crate) sockets: Vec<Socket>,
}

impl Swarm {
    pub(crate) fn new() -> std::io::Result<Self> {
        Ok(Self {
            poll: Poll::new()?,
            events: Events::with_capacity(1_024),
            scratch: vec![0; SCRATCH],
            sockets: Vec::new(),
        })
    }

    pub(crate) fn open(
        &mut self,
        to: SocketAddr,
        path: &str,
        group: usize,
        member: usize,
    ) -> std::io::Result<()> {
        let mut socket = Socket::open(to, path, group, member)?;
        let token = Token(self.sockets.len());
        self.poll.registry().register(&mut socket.stream, token, Interest::READABLE | Interest::WRITABLE)?;
        self.sockets.push(socket);
        Ok(())
    }

    /// Waits at most `patience`, reads and writes what can be; answers whether there was anything.
    pub(crate) fn turn(
        &mut self,
        patience: Duration,
        tell: &mut impl FnMut(&mut Socket, Event<'_>),
    ) -> std::io::Result<bool> {
        match self.poll.poll(&mut self.events, Some(patience)) {
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => return Ok(false),
            done => done?,
        }
        for event in &self.events {
            let socket = &mut self.sockets[event.token().0];
            if event.is_writable() {
                socket.flush();
            }
            if event.is_readable() || event.is_read_closed() {
                socket.read(&mut self.scratch, tell);
            }
        }
        Ok(!self.events.is_empty())
    }

    pub(crate) fn closed(&self) -> usize {
        self.sockets.iter().filter(|socket| socket.stage == Stage::Closed).count()
    }
}
