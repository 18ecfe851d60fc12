//! Cases 1 (text), 2 (pings), 3 (reserved bits), 4 (opcodes), 5 (fragments), 9 (sizes), 10.1 (auto-fragmentation).
use super::{
    Case, Cut,
    Cut::{Frames, Pieces, Whole},
    Frame, case, closed, echo, ping, pong,
};
use crate::rim::client::{frame, text};

const LIMIT: usize = 64 << 10;

pub(crate) fn cases() -> Vec<Case> {
    [texts(), pings(), reserved_bits(), opcodes(), fragments(), sizes()].into_iter().flatten().collect()
}

fn texts() -> Vec<Case> {
    let sizes = [0, 125, 126, 127, 128, 65_535, 65_536];
    let mut cases: Vec<_> = (1..)
        .zip(sizes)
        .map(|(number, size)| {
            let payload = "*".repeat(size);
            case(&format!("1.1.{number}"), Whole, vec![text(&payload)], vec![echo(&payload)])
        })
        .collect();
    let long = "*".repeat(65_536);
    cases.push(case("1.1.8", Pieces(997), vec![text(&long)], vec![echo(&long)]));
    for (number, size) in [(1, 0), (2, 125), (3, 126)] {
        let binary = frame(0x82, &vec![0xFE; size]);
        cases.push(case(&format!("1.2.{number}"), Whole, vec![binary], vec![closed(1003)]));
    }
    cases
}

fn pings() -> Vec<Case> {
    let ten: Vec<Vec<u8>> = (0..10).map(|number| format!("payload-{number}").into_bytes()).collect();
    let say_ten = || ten.iter().map(|payload| ping(payload)).collect();
    let hear_ten = || ten.iter().map(|payload| pong(payload)).collect();
    let binary = [0x00, 0xFF, 0xFE, 0xFD, 0xFC, 0xFB, 0x00, 0xFF];
    let full = [0xFE; 125];
    vec![
        case("2.1", Whole, vec![ping(b"")], vec![pong(b"")]),
        case("2.2", Whole, vec![ping(b"Hello, world!")], vec![pong(b"Hello, world!")]),
        case("2.3", Whole, vec![ping(&binary)], vec![pong(&binary)]),
        case("2.4", Whole, vec![ping(&full)], vec![pong(&full)]),
        case("2.5", Whole, vec![ping(&[0xFE; 126])], vec![closed(1002)]),
        case("2.6", Pieces(1), vec![ping(&full)], vec![pong(&full)]),
        case("2.7", Whole, vec![frame(0x8A, b"")], vec![]),
        case("2.8", Whole, vec![frame(0x8A, b"unsolicited")], vec![]),
        case("2.9", Whole, vec![frame(0x8A, b"unsolicited"), ping(b"p")], vec![pong(b"p")]),
        case("2.10", Whole, say_ten(), hear_ten()),
        case("2.11", Pieces(1), say_ten(), hear_ten()),
    ]
}

fn reserved_bits() -> Vec<Case> {
    let bad = |rsv: u8, opcode: u8| frame(0x80 | rsv << 4 | opcode, b"reserved");
    let hello = || text("Hello");
    vec![
        case("3.1", Whole, vec![bad(1, 1)], vec![closed(1002)]),
        case("3.2", Whole, vec![hello(), bad(2, 1), ping(b"")], vec![echo("Hello"), closed(1002)]),
        case("3.3", Frames, vec![hello(), bad(3, 1), ping(b"")], vec![echo("Hello"), closed(1002)]),
        case("3.4", Pieces(1), vec![hello(), bad(4, 1), ping(b"")], vec![echo("Hello"), closed(1002)]),
        case("3.5", Whole, vec![bad(5, 2)], vec![closed(1002)]),
        case("3.6", Whole, vec![bad(6, 9)], vec![closed(1002)]),
        case("3.7", Whole, vec![bad(7, 8)], vec![closed(1002)]),
    ]
}

fn opcodes() -> Vec<Case> {
    let mut cases = Vec::new();
    for (group, first) in [(1, 3), (2, 11)] {
        for number in 0..5 {
            let bad = frame(0x80 | (first + number), b"reserved");
            let id = format!("4.{group}.{}", number + 1);
            // From the third on a good message comes first and a ping follows, which nobody hears.
            let (says, hears, cut) = match number {
                0 | 1 => (vec![bad], vec![closed(1002)], Whole),
                2 | 3 => (vec![text("Hello"), bad, ping(b"")], vec![echo("Hello"), closed(1002)], Whole),
                _ => (vec![text("Hello"), bad, ping(b"")], vec![echo("Hello"), closed(1002)], Pieces(1)),
            };
            cases.push(case(&id, cut, says, hears));
        }
    }
    cases
}

fn begin(payload: &str) -> Vec<u8> {
    frame(0x01, payload.as_bytes())
}

fn goes_on(payload: &str) -> Vec<u8> {
    frame(0x00, payload.as_bytes())
}

fn ends(payload: &str) -> Vec<u8> {
    frame(0x80, payload.as_bytes())
}

fn fragments() -> Vec<Case> {
    let two = || vec![begin("fragment1"), ends("fragment2")];
    let with_ping = || vec![begin("fragment1"), ping(b"ping"), ends("fragment2")];
    let whole = || echo("fragment1fragment2");
    let nothing_to_continue = |first: Vec<u8>| vec![first, text("Hello")];
    let refused = || vec![closed(1002)];
    let again = || vec![goes_on("a"), begin("b"), ends("c")];
    let five = || {
        let pings = [ping(b"one"), ping(b"two")];
        let [one, two] = pings;
        vec![begin("1"), goes_on("2"), one, goes_on("3"), goes_on("4"), two, ends("5")]
    };
    let five_heard = || vec![pong(b"one"), pong(b"two"), echo("12345")];
    let mut cases = vec![
        case("5.1", Whole, vec![frame(0x09, b"fragment1"), ends("fragment2")], refused()),
        case("5.2", Whole, vec![frame(0x0A, b"fragment1"), ends("fragment2")], refused()),
        case("5.15", Whole, [two(), vec![goes_on("f3"), text("f4")]].concat(), vec![whole(), closed(1002)]),
        case("5.18", Whole, vec![begin("fragment1"), text("fragment2")], refused()),
    ];
    let cuts = |numbers: [u8; 3], says: &dyn Fn() -> Vec<Vec<u8>>, hears: &dyn Fn() -> Vec<Frame>| {
        let of = |(number, cut): (u8, Cut)| case(&format!("5.{number}"), cut, says(), hears());
        numbers.into_iter().zip([Whole, Frames, Pieces(1)]).map(of).collect::<Vec<_>>()
    };
    cases.extend(cuts([3, 4, 5], &two, &|| vec![whole()]));
    cases.extend(cuts([6, 7, 8], &with_ping, &|| vec![pong(b"ping"), whole()]));
    cases.extend(cuts([9, 10, 11], &|| nothing_to_continue(ends("nothing")), &refused));
    cases.extend(cuts([12, 13, 14], &|| nothing_to_continue(goes_on("nothing")), &refused));
    cases.push(case("5.16", Whole, [again(), again()].concat(), refused()));
    cases.push(case("5.17", Whole, vec![ends("a"), begin("b"), ends("c")], refused()));
    cases.push(case("5.19", Whole, five(), five_heard()));
    cases.push(case("5.20", Frames, five(), five_heard()));
    cases
}

/// The suite goes up to 16 MiB; ours up to our limit, and one byte beyond.
fn sizes() -> Vec<Case> {
    let full = "*".repeat(LIMIT);
    let in_fragments = |length: usize| -> Vec<Vec<u8>> {
        let pieces: Vec<&[u8]> = full.as_bytes().chunks(length).collect();
        let last = pieces.len() - 1;
        let first_byte = |place: usize| u8::from(place == 0) | if place == last { 0x80 } else { 0 };
        pieces.iter().enumerate().map(|(place, piece)| frame(first_byte(place), piece)).collect()
    };
    let beyond = "*".repeat(LIMIT + 1);
    let fragments_beyond = vec![begin(&full), ends("*")];
    let mut cases = vec![
        case("9.1.1", Whole, vec![text(&full)], vec![echo(&full)]),
        case("9.1.1+1", Whole, vec![text(&beyond)], vec![closed(1009)]),
        case("9.3.1+1", Whole, fragments_beyond, vec![closed(1009)]),
        case("10.1.1", Whole, in_fragments(1300), vec![echo(&full)]),
    ];
    for (number, length) in [(1, 64), (2, 256), (3, 1024), (4, 4096)] {
        cases.push(case(&format!("9.3.{number}"), Whole, in_fragments(length), vec![echo(&full)]));
        cases.push(case(&format!("9.5.{number}"), Pieces(length), vec![text(&full)], vec![echo(&full)]));
    }
    cases
}
