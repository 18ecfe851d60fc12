//! Framing cases after the Autobahn test suite, by its case ids. Ours differs where we do: binary is refused with 1003,
//! and what exceeds 64 KiB with 1009.
mod closing;
mod framing;
mod utf8;

use std::collections::HashSet;

use super::{
    client::{Client, Frame, close, frame},
    server::Rim,
};

/// One case: what the client says, how it cuts it, and what it must hear. Where the last thing heard isn't a close, the
/// client closes with 1000 and must hear that too.
pub(crate) struct Case {
    pub(crate) id: String,
    pub(crate) says: Vec<Vec<u8>>,
    pub(crate) cut: Cut,
    pub(crate) hears: Vec<Frame>,
}

/// How the bytes are written.
#[derive(Clone, Copy)]
pub(crate) enum Cut {
    /// All at once.
    Whole,
    /// Each frame by itself.
    Frames,
    /// In pieces of this many bytes.
    Pieces(usize),
}

pub(crate) fn case(id: &str, cut: Cut, says: Vec<Vec<u8>>, hears: Vec<Frame>) -> Case {
    Case { id: id.to_owned(), says, cut, hears }
}

pub(crate) fn echo(text: &str) -> Frame {
    Frame::Text(text.to_owned())
}

pub(crate) fn pong(payload: &[u8]) -> Frame {
    Frame::Pong(payload.to_vec())
}

pub(crate) fn closed(code: u16) -> Frame {
    Frame::Close(Some(code))
}

pub(crate) fn ping(payload: &[u8]) -> Vec<u8> {
    frame(0x89, payload)
}

async fn run(rim: &Rim, mut case: Case) {
    let mut client = Client::open(rim.serve.address()).await;
    if !matches!(case.hears.last(), Some(Frame::Close(_))) {
        case.says.push(close(1000, b""));
        case.hears.push(closed(1000));
    }
    match case.cut {
        Cut::Whole => client.says(&case.says.concat()).await,
        Cut::Frames => {
            for frame in &case.says {
                client.says(frame).await;
                tokio::task::yield_now().await;
            }
        }
        Cut::Pieces(length) => {
            for piece in case.says.concat().chunks(length) {
                client.says(piece).await;
                tokio::task::yield_now().await;
            }
        }
    }
    for expected in &case.hears {
        assert_eq!(&client.hears().await, expected, "case {}", case.id);
    }
    drop(client);
}

async fn run_all(cases: Vec<Case>, at_least: usize) {
    let ids: HashSet<_> = cases.iter().map(|case| case.id.clone()).collect();
    assert_eq!(ids.len(), cases.len(), "each case has its own id");
    assert!(cases.len() >= at_least, "{} cases", cases.len());
    let rim = Rim::start().await;
    for case in cases {
        run(&rim, case).await;
    }
    rim.ends_clean().await;
}

#[tokio::test]
async fn framing_pings_reserved_bits_opcodes_and_fragments() {
    run_all(framing::cases(), 60).await;
}

#[tokio::test]
async fn utf8_in_any_cut() {
    run_all(utf8::cases(), 75).await;
}

#[tokio::test]
async fn the_close_handshake() {
    run_all(closing::cases(), 30).await;
}
