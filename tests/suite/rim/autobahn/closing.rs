//! Cases 7: the close handshake, its codes and its reasons.
use super::{Case, Cut::Whole, Frame, case, closed, echo, ping};
use crate::rim::client::{close, frame, text};

pub(crate) fn cases() -> Vec<Case> {
    let bare = |payload: &[u8]| frame(0x88, payload);
    let normal = || close(1000, b"");
    let mut cases = vec![
        case("7.1.1", Whole, vec![text("Hello"), normal()], vec![echo("Hello"), closed(1000)]),
        case("7.1.2", Whole, vec![normal(), normal()], vec![closed(1000)]),
        case("7.1.3", Whole, vec![normal(), ping(b"")], vec![closed(1000)]),
        case("7.1.4", Whole, vec![normal(), text("Hello")], vec![closed(1000)]),
        case("7.1.5", Whole, vec![frame(0x01, b"a"), normal(), frame(0x80, b"b")], vec![closed(1000)]),
        case("7.3.1", Whole, vec![bare(b"")], vec![Frame::Close(None)]),
        case("7.3.2", Whole, vec![bare(b"a")], vec![closed(1002)]),
        case("7.3.3", Whole, vec![normal()], vec![closed(1000)]),
        case("7.3.4", Whole, vec![close(1000, b"Hello World!")], vec![closed(1000)]),
        case("7.3.5", Whole, vec![close(1000, &[b'*'; 123])], vec![closed(1000)]),
        case("7.3.6", Whole, vec![close(1000, &[b'*'; 124])], vec![closed(1002)]),
        case("7.5.1", Whole, vec![close(1000, b"\xCE\xBA\xED\xA0\x80edited")], vec![closed(1007)]),
    ];
    let good = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999];
    let bad = [0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999];
    for (number, code) in (1..).zip(good) {
        cases.push(case(&format!("7.7.{number}"), Whole, vec![close(code, b"")], vec![closed(code)]));
    }
    for (number, code) in (1..).zip(bad) {
        cases.push(case(&format!("7.9.{number}"), Whole, vec![close(code, b"")], vec![closed(1002)]));
    }
    for (number, code) in [(1, 5000), (2, 65_535)] {
        cases.push(case(&format!("7.13.{number}"), Whole, vec![close(code, b"")], vec![closed(1002)]));
    }
    cases
}
