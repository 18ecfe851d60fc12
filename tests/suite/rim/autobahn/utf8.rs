//! Cases 6: what is UTF-8 and what isn't, whole, in two fragments and byte by byte.
use super::{
    Case,
    Cut::{Pieces, Whole},
    case, closed, echo,
};
use crate::rim::client::frame;

/// Byte sequences by the suite's sections.
const SEQUENCES: [(&str, &[u8]); 62] = [
    ("6.2.1", b"Hello-\xC2\xB5@\xC3\x9F\xC3\xB6\xC3\xA4\xC3\xBC\xC3\xA0\xC3\xA1-UTF-8!!"),
    ("6.3.1", b"\xCE\xBA\xE1\xBD\xB9\xCF\x83\xCE\xBC\xCE\xB5\xED\xA0\x80edited"),
    ("6.4.1", b"\xCE\xBA\xE1\xBD\xB9\xCF\x83\xCE\xBC\xCE\xB5\xF4\x90\x80\x80edited"),
    ("6.5.1", b"\xCE\xBA\xE1\xBD\xB9\xCF\x83\xCE\xBC\xCE\xB5"),
    ("6.6.1", b"\xCE"),
    ("6.6.2", b"\xCE\xBA"),
    ("6.6.3", b"\xCE\xBA\xE1"),
    ("6.6.4", b"\xCE\xBA\xE1\xBD"),
    ("6.6.5", b"\xCE\xBA\xE1\xBD\xB9"),
    ("6.6.6", b"\xCE\xBA\xE1\xBD\xB9\xCF"),
    ("6.6.7", b"\xCE\xBA\xE1\xBD\xB9\xCF\x83"),
    ("6.6.8", b"\xCE\xBA\xE1\xBD\xB9\xCF\x83\xCE"),
    ("6.6.11", b"\xCE\xBA\xE1\xBD\xB9\xCF\x83\xCE\xBC\xCE\xB5"),
    ("6.7.1", b"\x00"),
    ("6.7.2", b"\xC2\x80"),
    ("6.7.3", b"\xE0\xA0\x80"),
    ("6.7.4", b"\xF0\x90\x80\x80"),
    ("6.8.1", b"\xF8\x88\x80\x80\x80"),
    ("6.8.2", b"\xFC\x84\x80\x80\x80\x80"),
    ("6.9.1", b"\x7F"),
    ("6.9.2", b"\xDF\xBF"),
    ("6.9.3", b"\xEF\xBF\xBF"),
    ("6.9.4", b"\xF4\x8F\xBF\xBF"),
    ("6.10.1", b"\xF7\xBF\xBF\xBF"),
    ("6.10.2", b"\xFB\xBF\xBF\xBF\xBF"),
    ("6.10.3", b"\xFD\xBF\xBF\xBF\xBF\xBF"),
    ("6.11.1", b"\xED\x9F\xBF"),
    ("6.11.2", b"\xEE\x80\x80"),
    ("6.11.3", b"\xEF\xBF\xBD"),
    ("6.11.4", b"\xF4\x8F\xBF\xBF"),
    ("6.11.5", b"\xF4\x90\x80\x80"),
    ("6.12.1", b"\x80"),
    ("6.12.2", b"\xBF"),
    ("6.12.3", b"\x80\xBF"),
    ("6.12.4", b"\x80\xBF\x80"),
    ("6.13.1", b"\xC0 \xC1 \xC2 \xC3 "),
    ("6.13.2", b"\xE0 \xE1 \xE2 \xE3 "),
    ("6.13.3", b"\xF0 \xF1 \xF2 \xF3 "),
    ("6.13.4", b"\xF8 \xF9 \xFA \xFB "),
    ("6.13.5", b"\xFC \xFD "),
    ("6.14.1", b"\xC0"),
    ("6.14.2", b"\xE0\x80"),
    ("6.14.3", b"\xF0\x80\x80"),
    ("6.14.6", b"\xDF"),
    ("6.14.7", b"\xEF\xBF"),
    ("6.14.8", b"\xF7\xBF\xBF"),
    ("6.16.1", b"\xFE"),
    ("6.16.2", b"\xFF"),
    ("6.17.1", b"\xC0\xAF"),
    ("6.17.2", b"\xE0\x80\xAF"),
    ("6.17.3", b"\xF0\x80\x80\xAF"),
    ("6.18.1", b"\xC1\xBF"),
    ("6.18.2", b"\xE0\x9F\xBF"),
    ("6.19.1", b"\xC0\x80"),
    ("6.20.1", b"\xED\xA0\x80"),
    ("6.20.4", b"\xED\xAF\xBF"),
    ("6.20.7", b"\xED\xBF\xBF"),
    ("6.21.1", b"\xED\xA0\x80\xED\xB0\x80"),
    ("6.22.1", b"\xEF\xBF\xBE"),
    ("6.22.2", b"\xEF\xBF\xBF"),
    ("6.22.9", b"\xF3\xBF\xBF\xBE"),
    ("6.23.1", b"\xEF\xBF\xBD"),
];

/// Those of them that are valid, by hand, so that the table doesn't judge itself by the function under test.
const VALID: [&str; 22] = [
    "6.2.1", "6.5.1", "6.6.2", "6.6.5", "6.6.7", "6.6.11", "6.7.1", "6.7.2", "6.7.3", "6.7.4", "6.9.1",
    "6.9.2", "6.9.3", "6.9.4", "6.11.1", "6.11.2", "6.11.3", "6.11.4", "6.22.1", "6.22.2", "6.22.9",
    "6.23.1",
];

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = empty_messages();
    for (id, bytes) in SEQUENCES {
        let valid = VALID.contains(&id);
        let hears = || match std::str::from_utf8(bytes) {
            Ok(text) if valid => vec![echo(text)],
            _ => vec![closed(1007)],
        };
        let (front, back) = bytes.split_at(bytes.len() / 2);
        cases.push(case(id, Whole, vec![frame(0x81, bytes)], hears()));
        cases.push(case(
            &format!("{id} in two"),
            Whole,
            vec![frame(0x01, front), frame(0x80, back)],
            hears(),
        ));
        cases.push(case(&format!("{id} by bytes"), Pieces(1), vec![frame(0x81, bytes)], hears()));
    }
    cases
}

fn empty_messages() -> Vec<Case> {
    let three = |first: &[u8], second: &[u8], third: &[u8]| {
        vec![frame(1, first), frame(0, second), frame(0x80, third)]
    };
    let fails_fast =
        vec![frame(0x01, b"\xCE\xBA\xE1\xBD\xB9\xCF\x83\xCE\xBC\xCE\xB5"), frame(0x00, b"\xF4\x90\x80\x80")];
    vec![
        case("6.1.1", Whole, vec![frame(0x81, b"")], vec![echo("")]),
        case("6.1.2", Whole, three(b"", b"", b""), vec![echo("")]),
        case("6.1.3", Whole, three(b"", b"middle", b""), vec![echo("middle")]),
        case("6.4.2", Whole, fails_fast, vec![closed(1007)]), // the message isn't even complete
    ]
}
