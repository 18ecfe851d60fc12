//! The client's side of WebSocket framing: masked frames out, whole frames found in what was read (RFC 6455, section 5).
use std::ops::Range;

pub(crate) const TEXT: u8 = 0x1;
pub(crate) const CLOSE: u8 = 0x8;
pub(crate) const PING: u8 = 0x9;
pub(crate) const PONG: u8 = 0xA;

/// A mask is for proxies that misread frames; on loopback any will do, so that none has to be drawn.
const MASK: [u8; 4] = [0x5A, 0xC3, 0x3C, 0xA5];

/// Appends one masked frame.
pub(crate) fn write(out: &mut Vec<u8>, opcode: u8, payload: &[u8]) {
    out.push(0x80 | opcode);
    match payload.len() {
        short @ 0..=125 => out.push(0x80 | short as u8),
        medium @ 126..=0xFFFF => {
            out.push(0x80 | 126);
            out.extend_from_slice(&(medium as u16).to_be_bytes());
        }
        long => {
            out.push(0x80 | 127);
            out.extend_from_slice(&(long as u64).to_be_bytes());
        }
    }
    out.extend_from_slice(&MASK);
    out.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
}

/// A whole frame inside a buffer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) opcode: u8,
    pub(crate) payload: Range<usize>,
}

/// The frame that begins at `at`, if all of it is there. Servers don't mask, and these two don't fragment.
pub(crate) fn next(buffer: &[u8], at: usize) -> Option<Found> {
    let head = buffer.get(at..at + 2)?;
    let (from, length) = match head[1] & 0x7F {
        126 => (at + 4, u16::from_be_bytes(*buffer.get(at + 2..at + 4)?.as_array()?) as usize),
        127 => (at + 10, u64::from_be_bytes(*buffer.get(at + 2..at + 10)?.as_array()?) as usize),
        short => (at + 2, short as usize),
    };
    let payload = from..from.checked_add(length)?;
    (payload.end <= buffer.len()).then_some(Found { opcode: head[0] & 0x0F, payload })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_found_only_when_whole() {
        for length in [0, 1, 125, 126, 0xFFFF, 0x1_0000] {
            let mut wire = vec![0x81];
            match length {
                0..=125 => wire.push(length as u8),
                126..=0xFFFF => wire.extend([[126].as_slice(), &(length as u16).to_be_bytes()].concat()),
                _ => wire.extend([[127].as_slice(), &(length as u64).to_be_bytes()].concat()),
            }
            let head = wire.len();
            wire.resize(head + length, b'x');
            assert_eq!(next(&wire, 0), Some(Found { opcode: TEXT, payload: head..head + length }));
            assert_eq!(next(&wire[..wire.len() - 1], 0), None, "{length}");
        }
    }

    #[test]
    fn what_is_written_is_masked_and_says_so() {
        let mut wire = Vec::new();
        write(&mut wire, TEXT, b"hello");
        assert_eq!(wire[..2], [0x81, 0x85]);
        let plain: Vec<u8> =
            wire[6..].iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask).collect();
        assert_eq!(plain, b"hello");
    }
}
