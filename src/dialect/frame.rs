//! WebSocket framing of what the server sends: whole unmasked frames as shared bytes (RFC 6455, section 5).
use bytes::{BufMut, Bytes, BytesMut};

/// The longest payload of a control frame in bytes (RFC 6455, 5.5).
pub const CONTROL_PAYLOAD: usize = 125;

const FINAL: u8 = 0x80;
const TEXT: u8 = 0x1;
const CLOSE: u8 = 0x8;
const PING: u8 = 0x9;
const PONG: u8 = 0xA;

/// One unfragmented text frame. The payload must be UTF-8: the receiver ends the connection otherwise.
#[must_use]
pub fn text(payload: &[u8]) -> Bytes {
    whole(TEXT, payload)
}

/// A ping; a payload beyond 125 bytes is cut.
#[must_use]
pub fn ping(payload: &[u8]) -> Bytes {
    whole(PING, &payload[..payload.len().min(CONTROL_PAYLOAD)])
}

/// A pong; a payload beyond 125 bytes is cut.
#[must_use]
pub fn pong(payload: &[u8]) -> Bytes {
    whole(PONG, &payload[..payload.len().min(CONTROL_PAYLOAD)])
}

/// A close frame with its code; a reason beyond 123 bytes is cut between characters.
#[must_use]
pub fn close(code: u16, reason: &str) -> Bytes {
    let reason = &reason[..reason.floor_char_boundary(CONTROL_PAYLOAD - 2)];
    let mut payload = Vec::with_capacity(2 + reason.len());
    payload.put_u16(code);
    payload.put_slice(reason.as_bytes());
    whole(CLOSE, &payload)
}

/// A close frame without a code: the answer to a close frame that had none (RFC 6455, 5.5.1).
#[must_use]
pub fn close_without_code() -> Bytes {
    whole(CLOSE, &[])
}

fn whole(opcode: u8, payload: &[u8]) -> Bytes {
    let mut frame = BytesMut::with_capacity(10 + payload.len());
    frame.put_u8(FINAL | opcode);
    match payload.len() {
        short @ 0..=125 => frame.put_u8(short as u8),
        medium @ 126..=0xFFFF => {
            frame.put_u8(126);
            frame.put_u16(medium as u16);
        }
        long => {
            frame.put_u8(127);
            frame.put_u64(long as u64);
        }
    }
    frame.put_slice(payload);
    frame.freeze()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_frame_carries_the_shortest_length_that_fits() {
        let header = |payload: usize| text(&vec![b'a'; payload])[..2].to_vec();
        assert_eq!(text(b"hi")[..], [0x81, 2, b'h', b'i']);
        assert_eq!(text(b"")[..], [0x81, 0]);
        assert_eq!(header(125), [0x81, 125]);
        assert_eq!(header(126), [0x81, 126]);
        assert_eq!(header(0xFFFF), [0x81, 126]);
        assert_eq!(header(0x1_0000), [0x81, 127]);
        assert_eq!(text(&[b'a'; 300])[2..4], [1, 44]);
        assert_eq!(text(&vec![b'a'; 0x1_0002])[2..10], [0, 0, 0, 0, 0, 1, 0, 2]);
        assert_eq!(text(&vec![b'a'; 0x1_0002]).len(), 0x1_0002 + 10);
    }

    #[test]
    fn control_frames_never_exceed_their_limit() {
        assert_eq!(ping(b"x")[..], [0x89, 1, b'x']);
        assert_eq!(pong(&[7; 200]).len(), 2 + CONTROL_PAYLOAD);
        assert_eq!(close(4002, "slow")[..], [0x88, 6, 0x0F, 0xA2, b's', b'l', b'o', b'w']);
        assert_eq!(close_without_code()[..], [0x88, 0]);
    }

    #[test]
    fn a_long_reason_is_cut_between_characters() {
        let frame = close(4200, &"ä".repeat(100));
        assert_eq!(frame[1], 2 + 122, "123 bytes would end inside an ä");
        assert!(std::str::from_utf8(&frame[4..]).is_ok());
    }
}
