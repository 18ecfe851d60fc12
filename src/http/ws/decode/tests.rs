//! The decoder against well-formed streams in any split, broken ones, and noise.
use proptest::prelude::*;

use super::*;

/// A client's frame.
fn masked(first: u8, payload: &[u8], mask: [u8; 4]) -> Vec<u8> {
    let mut frame = vec![first];
    match payload.len() {
        short @ 0..=125 => frame.push(0x80 | short as u8),
        medium @ 126..=0xFFFF => {
            frame.push(0x80 | 126);
            frame.extend((medium as u16).to_be_bytes());
        }
        long => {
            frame.push(0x80 | 127);
            frame.extend((long as u64).to_be_bytes());
        }
    }
    frame.extend(mask);
    frame.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, key)| byte ^ key));
    frame
}

fn hear(chunks: &[&[u8]]) -> (Vec<Heard>, Option<Close>) {
    let mut decoder = Decoder::new(Limits::default());
    let mut heard = Vec::new();
    for chunk in chunks {
        if let Err(fault) = decoder.feed(chunk, &mut heard) {
            return (heard, Some(fault));
        }
    }
    (heard, None)
}

const MASK: [u8; 4] = [1, 2, 3, 4];

#[test]
fn nothing_is_held_between_messages() {
    let mut decoder = Decoder::new(Limits::default());
    let mut heard = Vec::new();
    let frame = masked(0x81, &[b'a'; 60_000], MASK);
    decoder.feed(&frame[..50_000], &mut heard).unwrap();
    assert!(decoder.held() > 0 && decoder.under_way().is_some());
    decoder.feed(&frame[50_000..], &mut heard).unwrap();
    decoder.feed(&masked(0x89, b"ping", MASK), &mut heard).unwrap();
    assert_eq!((decoder.held(), decoder.under_way(), heard.len()), (0, None, 2));
}

#[test]
fn a_message_keeps_its_number_through_pings() {
    let mut decoder = Decoder::new(Limits::default());
    let mut heard = Vec::new();
    decoder.feed(&masked(0x01, b"be", MASK), &mut heard).unwrap();
    let began = decoder.under_way();
    decoder.feed(&masked(0x89, b"", MASK), &mut heard).unwrap();
    decoder.feed(&masked(0x00, b"gi", MASK), &mut heard).unwrap();
    assert_eq!(decoder.under_way(), began);
    decoder.feed(&masked(0x80, b"n", MASK), &mut heard).unwrap();
    assert_eq!(heard, [Heard::Ping(Vec::new()), Heard::Text("begin".to_owned())]);
    decoder.feed(&[0x81], &mut heard).unwrap();
    assert_ne!(decoder.under_way(), began);
}

#[test]
fn limits_are_judged_by_the_head_alone() {
    let limit = Limits::default().message;
    let head = |length: u64| [&[0x81, 0x80 | 127][..], &length.to_be_bytes(), &MASK].concat();
    assert_eq!(hear(&[&head(limit as u64)]).1, None, "65,536 bytes are allowed");
    assert_eq!(hear(&[&head(limit as u64 + 1)]).1, Some(Close::TooLarge));
    assert_eq!(hear(&[&head(1 << 62)]).1, Some(Close::TooLarge));
    assert_eq!(hear(&[&head(1 << 63)]).1, Some(Close::Protocol), "the highest bit must be zero");
    assert_eq!(hear(&[&head(65_535)]).1, Some(Close::Protocol), "not the shortest form");
    assert_eq!(hear(&[&[0x81, 0x80 | 126, 0, 125]]).1, Some(Close::Protocol), "not the shortest form");
}

#[test]
fn fragments_count_together_and_by_number() {
    let half = masked(0x01, &[b'a'; 40_000], MASK);
    let rest = masked(0x80, &[b'a'; 40_000], MASK);
    assert_eq!(hear(&[&half, &rest]), (Vec::new(), Some(Close::TooLarge)));
    let begin = masked(0x01, b"", MASK);
    let empty = masked(0x00, b"", MASK);
    let mut endless = vec![begin.as_slice()];
    endless.extend(vec![empty.as_slice(); Limits::default().fragments]);
    assert_eq!(hear(&endless), (Vec::new(), Some(Close::TooLarge)));
}

#[test]
fn nothing_is_heard_after_a_close_or_a_fault() {
    let close = masked(0x88, &1000_u16.to_be_bytes(), MASK);
    let text = masked(0x81, b"late", MASK);
    assert_eq!(hear(&[&close, &text]), (vec![Heard::Close(Some(1000))], None));
    let mut decoder = Decoder::new(Limits::default());
    let mut heard = Vec::new();
    assert_eq!(decoder.feed(&[0x83], &mut heard), Err(Close::Protocol));
    assert_eq!(decoder.feed(&text, &mut heard), Ok(()));
    assert_eq!(heard, []);
}

#[derive(Clone, Debug)]
enum Said {
    Text(Vec<String>),
    Ping(Vec<u8>),
    Pong(Vec<u8>),
}

fn said() -> impl Strategy<Value = Said> {
    prop_oneof![
        proptest::collection::vec(".{0,40}", 1..5).prop_map(Said::Text),
        ".{100,200}".prop_map(|text| Said::Text(vec![text])),
        proptest::collection::vec(any::<u8>(), 0..=125).prop_map(Said::Ping),
        proptest::collection::vec(any::<u8>(), 0..=125).prop_map(Said::Pong),
    ]
}

/// The bytes of a conversation and what should be heard of it; fragments may cut characters.
fn spoken(all: &[Said], mask: [u8; 4], cut: usize) -> (Vec<u8>, Vec<Heard>) {
    let (mut bytes, mut heard) = (Vec::new(), Vec::new());
    for said in all {
        match said {
            Said::Text(parts) => {
                let text = parts.concat();
                let pieces: Vec<&[u8]> = text.as_bytes().chunks(cut.max(1)).collect();
                let count = pieces.len().max(1);
                for place in 0..count {
                    let opcode = u8::from(place == 0);
                    let last = if place + 1 == count { 0x80 } else { 0 };
                    bytes.extend(masked(last | opcode, pieces.get(place).unwrap_or(&&[][..]), mask));
                }
                heard.push(Heard::Text(text));
            }
            Said::Ping(payload) => {
                bytes.extend(masked(0x89, payload, mask));
                heard.push(Heard::Ping(payload.clone()));
            }
            Said::Pong(payload) => {
                bytes.extend(masked(0x8A, payload, mask));
                heard.push(Heard::Pong);
            }
        }
    }
    (bytes, heard)
}

proptest! {
    #[test]
    fn any_split_of_a_stream_is_heard_the_same(
        all in proptest::collection::vec(said(), 0..8),
        mask in any::<[u8; 4]>(),
        cut in 1_usize..60,
        split in 1_usize..50,
    ) {
        let (bytes, expected) = spoken(&all, mask, cut);
        prop_assert_eq!(hear(&[&bytes]), (expected.clone(), None));
        let chunks: Vec<&[u8]> = bytes.chunks(split).collect();
        prop_assert_eq!(hear(&chunks), (expected, None));
    }

    #[test]
    fn noise_never_panics_and_holds_no_more_than_a_message(
        chunks in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..300), 0..40),
    ) {
        let limits = Limits { message: 1000, ..Limits::default() };
        let mut decoder = Decoder::new(limits);
        let mut heard = Vec::new();
        for chunk in &chunks {
            let fed = decoder.feed(chunk, &mut heard);
            prop_assert!(decoder.held() <= 2 * (1000 + 125));
            if fed.is_err() {
                prop_assert_eq!(decoder.under_way(), None);
                break;
            }
        }
    }

    #[test]
    fn text_that_is_not_utf8_is_refused_in_any_split(
        text in ".{0,30}", bad in 0x80_u8..=0xBF, tail in ".{0,30}", split in 1_usize..20,
    ) {
        let payload = [text.as_bytes(), &[bad], tail.as_bytes()].concat();
        let frame = masked(0x81, &payload, MASK);
        let chunks: Vec<&[u8]> = frame.chunks(split).collect();
        prop_assert_eq!(hear(&chunks), (Vec::new(), Some(Close::BadUtf8)));
    }
}
