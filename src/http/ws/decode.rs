//! The server's side of reading WebSocket frames: bytes in any split go in, whole messages and control frames come out (RFC 6455, 5).
use std::time::Duration;

use crate::dialect::{close::Close, frame::CONTROL_PAYLOAD};

use super::head::{Head, Opcode, Partial};

/// What a client may send.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of one message, and so of one frame.
    pub message: usize,
    /// Frames of one message: bounds endless empty continuations.
    pub fragments: usize,
    /// How long a begun frame or message may stay unfinished.
    pub unfinished: Duration,
    /// Control frames in any one second.
    pub controls: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { message: 64 << 10, fragments: 1024, unfinished: Duration::from_secs(10), controls: 100 }
    }
}

/// What the peer said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// A whole text message.
    Text(String),
    /// A ping with its payload, to be answered by a pong with the same.
    Ping(Vec<u8>),
    /// A pong; its payload tells us nothing.
    Pong,
    /// A close frame with its code. Nothing is decoded after it.
    Close(Option<u16>),
}

/// An incremental decoder. It holds no buffer between messages.
pub struct Decoder {
    limits: Limits,
    partial: Partial,
    frame: Option<Frame>,
    /// The unfinished text message.
    message: Vec<u8>,
    /// How much of `message` is known to be UTF-8.
    valid: usize,
    /// Frames of the unfinished message so far; 0 when none is open.
    fragments: usize,
    control: Vec<u8>,
    /// Messages, and control frames outside of them, that are complete.
    finished: u64,
    state: State,
}

/// A frame whose payload is being read.
struct Frame {
    head: Head,
    left: usize,
    mask: [u8; 4],
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Reading,
    Ended,
}

impl Decoder {
    /// A decoder for a fresh connection.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            partial: Partial::default(),
            frame: None,
            message: Vec::new(),
            valid: 0,
            fragments: 0,
            control: Vec::new(),
            finished: 0,
            state: State::Reading,
        }
    }

    /// Decodes `bytes` and appends what is complete to `heard`.
    ///
    /// # Errors
    /// The close with which the peer is to be answered. What was heard before the fault is in `heard`; further bytes are ignored.
    pub fn feed(&mut self, mut bytes: &[u8], heard: &mut Vec<Heard>) -> Result<(), Close> {
        while self.state == State::Reading && (!bytes.is_empty() || self.frame_is_complete()) {
            let step = match self.frame {
                None => self.read_head(&mut bytes),
                Some(_) => self.read_payload(&mut bytes, heard),
            };
            if let Err(fault) = step {
                self.end();
                return Err(fault);
            }
        }
        Ok(())
    }

    /// The number of the frame or message that has begun and isn't finished. It stays the same while a message goes on,
    /// whatever control frames come in between.
    #[must_use]
    pub fn under_way(&self) -> Option<u64> {
        let begun = self.frame.is_some() || self.fragments > 0 || !self.partial.is_empty();
        (begun && self.state == State::Reading).then_some(self.finished)
    }

    /// Bytes this decoder holds on the heap.
    #[must_use]
    pub fn held(&self) -> usize {
        self.message.capacity() + self.control.capacity()
    }

    fn frame_is_complete(&self) -> bool {
        self.frame.as_ref().is_some_and(|frame| frame.left == 0)
    }

    fn end(&mut self) {
        self.state = State::Ended;
        self.message = Vec::new();
        self.control = Vec::new();
    }

    fn read_head(&mut self, bytes: &mut &[u8]) -> Result<(), Close> {
        let Some(head) = self.partial.read(bytes)? else { return Ok(()) };
        let left = self.admit(&head)?;
        self.frame = Some(Frame { left, mask: head.mask, head });
        Ok(())
    }

    /// Judges a frame by its head, before any of its payload is kept; answers the payload's length.
    fn admit(&mut self, head: &Head) -> Result<usize, Close> {
        if head.opcode.is_control() {
            let fits = head.length <= CONTROL_PAYLOAD as u64;
            return if fits && head.last { Ok(head.length as usize) } else { Err(Close::Protocol) };
        }
        match (head.opcode, self.fragments) {
            (Opcode::Continuation, 0) => return Err(Close::Protocol),
            (Opcode::Text | Opcode::Binary, 1..) => return Err(Close::Protocol),
            (Opcode::Binary, 0) => return Err(Close::Binary),
            _ => {} // a text begins or an open message goes on
        }
        self.fragments += 1;
        let room = self.limits.message - self.message.len();
        match usize::try_from(head.length) {
            Ok(length) if length <= room && self.fragments <= self.limits.fragments => Ok(length),
            _ => Err(Close::TooLarge),
        }
    }

    fn read_payload(&mut self, bytes: &mut &[u8], heard: &mut Vec<Heard>) -> Result<(), Close> {
        let Some(frame) = &mut self.frame else { return Ok(()) };
        let (now, later) = bytes.split_at(frame.left.min(bytes.len()));
        *bytes = later;
        frame.left -= now.len();
        let target = if frame.head.opcode.is_control() { &mut self.control } else { &mut self.message };
        unmask(target, now, &mut frame.mask);
        let complete = frame.left == 0;
        let head = frame.head;
        if !head.opcode.is_control() {
            self.check_text()?;
        }
        if complete {
            self.frame = None;
            self.finish(head, heard)?;
            self.finished += u64::from(self.fragments == 0);
        }
        Ok(())
    }

    /// Fails at the first byte that can't be UTF-8; a character cut by a fragment may still be completed.
    fn check_text(&mut self) -> Result<(), Close> {
        match std::str::from_utf8(&self.message[self.valid..]) {
            Ok(_) => self.valid = self.message.len(),
            Err(error) if error.error_len().is_none() => self.valid += error.valid_up_to(),
            Err(_) => return Err(Close::BadUtf8),
        }
        Ok(())
    }

    fn finish(&mut self, head: Head, heard: &mut Vec<Heard>) -> Result<(), Close> {
        match head.opcode {
            Opcode::Ping => heard.push(Heard::Ping(std::mem::take(&mut self.control))),
            Opcode::Pong => {
                self.control = Vec::new();
                heard.push(Heard::Pong);
            }
            Opcode::Close => {
                let code = close_code(&self.control)?;
                self.end();
                heard.push(Heard::Close(code));
            }
            Opcode::Text | Opcode::Binary | Opcode::Continuation if head.last => {
                self.fragments = 0;
                self.valid = 0;
                let text =
                    String::from_utf8(std::mem::take(&mut self.message)).map_err(|_| Close::BadUtf8)?;
                heard.push(Heard::Text(text));
            }
            Opcode::Text | Opcode::Binary | Opcode::Continuation => {}
        }
        Ok(())
    }
}

/// Appends `masked` to `target` unmasked, and turns the mask so that it fits the next byte.
fn unmask(target: &mut Vec<u8>, masked: &[u8], mask: &mut [u8; 4]) {
    let start = target.len();
    target.extend_from_slice(masked);
    for chunk in target[start..].chunks_mut(4) {
        for (byte, key) in chunk.iter_mut().zip(*mask) {
            *byte ^= key;
        }
    }
    mask.rotate_left(masked.len() % 4);
}

/// The code of a close frame's payload, judged by RFC 6455, 7.4 and the registry it founded.
fn close_code(payload: &[u8]) -> Result<Option<u16>, Close> {
    let Some((code, reason)) = payload.split_first_chunk() else {
        return if payload.is_empty() { Ok(None) } else { Err(Close::Protocol) };
    };
    let code = u16::from_be_bytes(*code);
    if !matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999) {
        return Err(Close::Protocol);
    }
    std::str::from_utf8(reason).map(|_| Some(code)).map_err(|_| Close::BadUtf8)
}

#[cfg(test)]
mod tests;
