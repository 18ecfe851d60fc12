//! The head of a WebSocket frame from a client, collected byte by byte where it comes split (RFC 6455, 5.2).
use crate::dialect::close::Close;

/// The longest head: two bytes, a length of eight, a mask of four.
const LONGEST: usize = 14;

/// What a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Opcode {
    Continuation,
    Text,
    Binary,
    Close,
    Ping,
    Pong,
}

impl Opcode {
    pub(super) fn is_control(self) -> bool {
        match self {
            Self::Close | Self::Ping | Self::Pong => true,
            Self::Continuation | Self::Text | Self::Binary => false,
        }
    }

    fn read(first: u8) -> Result<Self, Close> {
        match first & 0x0F {
            0x0 => Ok(Self::Continuation),
            0x1 => Ok(Self::Text),
            0x2 => Ok(Self::Binary),
            0x8 => Ok(Self::Close),
            0x9 => Ok(Self::Ping),
            0xA => Ok(Self::Pong),
            _ => Err(Close::Protocol), // reserved
        }
    }
}

/// A whole head.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head {
    pub(super) opcode: Opcode,
    /// Whether this frame ends its message.
    pub(super) last: bool,
    pub(super) length: u64,
    pub(super) mask: [u8; 4],
}

/// As much of a head as has come.
#[derive(Default)]
pub(super) struct Partial {
    bytes: [u8; LONGEST],
    have: u8,
}

impl Partial {
    pub(super) fn is_empty(&self) -> bool {
        self.have == 0
    }

    /// Takes from `bytes` what belongs to the head; a fault is seen at its first byte, the whole head gives `Some`.
    pub(super) fn read(&mut self, bytes: &mut &[u8]) -> Result<Option<Head>, Close> {
        while let Some((byte, rest)) = bytes.split_first() {
            self.bytes[usize::from(self.have)] = *byte;
            self.have += 1;
            *bytes = rest;
            if let Some(head) = self.judge()? {
                self.have = 0;
                return Ok(Some(head));
            }
        }
        Ok(None)
    }

    fn judge(&self) -> Result<Option<Head>, Close> {
        let have = &self.bytes[..usize::from(self.have)];
        let opcode = Opcode::read(have[0])?;
        let extended = have[0] & 0x70 != 0; // a reserved bit: we negotiate no extension
        let unmasked = have.get(1).is_some_and(|second| second & 0x80 == 0);
        if extended || unmasked {
            return Err(Close::Protocol);
        }
        let Some((length, used)) = length(have)? else { return Ok(None) };
        let Some(mask) = have[used..].first_chunk() else { return Ok(None) };
        Ok(Some(Head { opcode, last: have[0] & 0x80 != 0, length, mask: *mask }))
    }
}

/// The payload's length and how many bytes of the head precede the mask, once they are there. It must be written in
/// the fewest bytes that hold it.
fn length(have: &[u8]) -> Result<Option<(u64, usize)>, Close> {
    let Some(short) = have.get(1).map(|second| second & 0x7F) else { return Ok(None) };
    let (length, used, least) = match short {
        126 => match have[2..].first_chunk() {
            Some(bytes) => (u64::from(u16::from_be_bytes(*bytes)), 4, 126),
            None => return Ok(None),
        },
        127 => match have[2..].first_chunk() {
            Some(bytes) => (u64::from_be_bytes(*bytes), 10, 0x1_0000),
            None => return Ok(None),
        },
        length => (u64::from(length), 2, 0),
    };
    if length < least || length >> 63 != 0 {
        return Err(Close::Protocol);
    }
    Ok(Some((length, used)))
}
