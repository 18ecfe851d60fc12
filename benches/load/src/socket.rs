//! One WebSocket of the generator: non-blocking, never waits for the other side.
use crate::frame::{self, Found};
use mio::net::TcpStream;
use std::io::{ErrorKind, Read, Write};
use std::net::SocketAddr;

/// How far a socket has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// The upgrade was asked for.
    Upgrading,
    /// It speaks WebSocket, and isn't seated yet.
    Open,
    /// It takes part in its room.
    Seated,
    /// It is closed, by whichever side.
    Closed,
}

pub(crate) struct Socket {
    pub(crate) stream: TcpStream,
    pub(crate) stage: Stage,
    /// The room or pair it belongs to, and which of its people it is.
    pub(crate) group: usize,
    pub(crate) member: usize,
    /// What others address it by.
    pub(crate) peer: String,
    /// Messages of this step it has heard, one bit each.
    pub(crate) heard: Vec<u64>,
    /// The beginning of a frame whose end hasn't come.
    rest: Vec<u8>,
    /// What the kernel wouldn't take yet.
    unsent: Vec<u8>,
}

/// What one reading found.
pub(crate) enum Event<'a> {
    Upgraded,
    Text(&'a [u8]),
    /// The upgrade was answered by something else.
    Refused(&'a [u8]),
    /// The close frame's code, or `None` when the socket just ended.
    Closed(Option<u16>),
}

impl Socket {
    /// Connects and asks for the upgrade. Loopback connects at once.
    pub(crate) fn open(to: SocketAddr, path: &str, group: usize, member: usize) -> std::io::Result<Self> {
        let stream = std::net::TcpStream::connect(to)?;
        stream.set_nodelay(true)?;
        stream.set_nonblocking(true)?;
        let asked = format!(
            "GET {path} HTTP/1.1\r\nHost: {to}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        );
        let mut socket = Self {
            stream: TcpStream::from_std(stream),
            stage: Stage::Upgrading,
            group,
            member,
            peer: String::new(),
            heard: Vec::new(),
            rest: Vec::new(),
            unsent: Vec::new(),
        };
        socket.unsent.extend_from_slice(asked.as_bytes());
        socket.flush();
        Ok(socket)
    }

    /// Sends a text frame, or keeps it until the kernel takes it.
    pub(crate) fn say(&mut self, text: &str) {
        frame::write(&mut self.unsent, frame::TEXT, text.as_bytes());
        self.flush();
    }

    pub(crate) fn flush(&mut self) {
        while !self.unsent.is_empty() && self.stage != Stage::Closed {
            match self.stream.write(&self.unsent) {
                Ok(written) => {
                    self.unsent.drain(..written);
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => self.stage = Stage::Closed,
            }
        }
    }

    /// Notes a message of this step; answers whether it is the first time.
    pub(crate) fn note(&mut self, number: u32) -> bool {
        let (word, bit) = (number as usize / 64, 1 << (number % 64));
        if word >= self.heard.len() {
            self.heard.resize(word + 1, 0);
        }
        let is_new = self.heard[word] & bit == 0;
        self.heard[word] |= bit;
        is_new
    }

    /// Reads all there is through `scratch`, which must hold the longest frame, and tells of each whole frame.
    pub(crate) fn read(&mut self, scratch: &mut [u8], tell: &mut impl FnMut(&mut Self, Event<'_>)) {
        while self.stage != Stage::Closed {
            let kept = self.rest.len();
            scratch[..kept].copy_from_slice(&self.rest);
            let got = match self.stream.read(&mut scratch[kept..]) {
                Ok(0) => return self.end(None, tell),
                Ok(got) => got,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(_) => return self.end(None, tell),
            };
            let used = self.take(&scratch[..kept + got], tell);
            self.rest.clear();
            self.rest.extend_from_slice(&scratch[used..kept + got]);
            if kept + got < scratch.len() {
                return; // the kernel had no more: a later arrival is an event of its own (epoll(7), edge-triggered)
            }
        }
    }

    /// Handles whole frames; answers how many bytes they took.
    fn take(&mut self, buffer: &[u8], tell: &mut impl FnMut(&mut Self, Event<'_>)) -> usize {
        let mut at = 0;
        if self.stage == Stage::Upgrading {
            let Some(end) = memchr::memmem::find(buffer, b"\r\n\r\n") else { return 0 };
            if !buffer.starts_with(b"HTTP/1.1 101") {
                self.stage = Stage::Closed;
                tell(self, Event::Refused(buffer));
                return buffer.len();
            }
            at = end + 4;
            self.stage = Stage::Open;
            tell(self, Event::Upgraded);
        }
        while let Some(Found { opcode, payload }) = frame::next(buffer, at) {
            at = payload.end;
            let payload = &buffer[payload];
            match opcode {
                frame::TEXT => tell(self, Event::Text(payload)),
                frame::PING => {
                    frame::write(&mut self.unsent, frame::PONG, payload);
                    self.flush();
                }
                frame::CLOSE => {
                    let code = payload.first_chunk().map(|code| u16::from_be_bytes(*code));
                    self.end(code, tell);
                    return buffer.len();
                }
                _ => {}
            }
        }
        at
    }

    fn end(&mut self, code: Option<u16>, tell: &mut impl FnMut(&mut Self, Event<'_>)) {
        self.stage = Stage::Closed;
        tell(self, Event::Closed(code));
    }
}
