//! The mark inside every message of a step: when it was due, for whom, and its number, to be found again without parsing JSON.

/// `@`, 12 digits of µs, 4 of the group, 8 of the number.
pub(crate) const BYTES: usize = 25;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    /// µs after the step began at which it was to be sent.
    pub(crate) due: u64,
    /// The room or pair it belongs to.
    pub(crate) group: u32,
    /// Its number inside the group, from 0.
    pub(crate) number: u32,
}

/// Written into the text of the message, which must hold no other `@`.
pub(crate) fn write(mark: Mark) -> String {
    format!("@{:012}{:04}{:08}", mark.due, mark.group, mark.number)
}

/// The mark in a frame; most frames that have none are told from the others by one search for a byte.
pub(crate) fn find(payload: &[u8]) -> Option<Mark> {
    let at = memchr::memchr(b'@', payload)?;
    let digits = payload.get(at + 1..at + BYTES)?;
    Some(Mark {
        due: number(&digits[..12])?,
        group: number(&digits[12..16])? as u32,
        number: number(&digits[16..])? as u32,
    })
}

fn number(digits: &[u8]) -> Option<u64> {
    digits.iter().try_fold(0, |sum, byte| {
        let digit = byte.wrapping_sub(b'0');
        (digit < 10).then(|| sum * 10 + u64::from(digit))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_found_again() {
        let mark = Mark { due: 1_234_567, group: 399, number: 42_000_001 };
        let text = write(mark);
        assert_eq!(text.len(), BYTES);
        assert_eq!(find(format!(r#"{{"text":"{text}…"}}"#).as_bytes()), Some(mark));
        assert_eq!(find(br#"{"type":"heartbeat"}"#), None);
        assert_eq!(find(b"a@b"), None);
        assert_eq!(find(b"@12345678901x123412345678"), None);
    }
}
