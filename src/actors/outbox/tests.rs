//! The outbox against real sockets: order, slow readers, closing.
use std::{io::Read, time::Duration};

use tokio::{io::AsyncReadExt, net::TcpListener};

use super::*;
use crate::dialect::frame;

const MIB: usize = 1 << 20;

/// An outbox and the peer that may or may not read.
async fn pair(limits: Limits) -> (Arc<Outbox>, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (peer, accepted) =
        tokio::join!(TcpStream::connect(listener.local_addr().unwrap()), listener.accept());
    let stream = accepted.unwrap().0;
    stream.writable().await.unwrap();
    (Outbox::new(Arc::new(stream), limits), peer.unwrap())
}

async fn hears_until_the_end(mut peer: TcpStream) -> Vec<u8> {
    let mut heard = Vec::new();
    peer.read_to_end(&mut heard).await.unwrap();
    heard
}

/// Fills the socket until a remainder waits.
fn clog(outbox: &Arc<Outbox>) {
    while outbox.queued_items() == 0 {
        assert_eq!(outbox.send(Bytes::from(vec![b'x'; 64 << 10])), Pushed::Queued);
    }
}

#[tokio::test]
async fn pushed_frames_leave_together_in_order_before_the_close() {
    let (outbox, peer) = pair(Limits::default()).await;
    for word in ["one", "two", "three"] {
        outbox.push(frame::text(word.as_bytes()), Class::Must);
    }
    assert_eq!((outbox.queued_items(), outbox.queued_bytes()), (3, 17));
    outbox.flush();
    assert_eq!(outbox.queued_items(), 0);
    outbox.close(Close::Kicked);
    assert_eq!(hears_until_the_end(peer).await, b"\x81\x03one\x81\x03two\x81\x05three\x88\x08\x10\x68kicked");
}

#[tokio::test]
async fn after_the_close_everything_is_refused() {
    let (outbox, peer) = pair(Limits::default()).await;
    outbox.close(Close::RoomEnded);
    assert!(outbox.is_closed());
    assert_eq!(outbox.send(frame::text(b"late")), Pushed::Refused);
    outbox.close(Close::Kicked);
    assert_eq!(outbox.closed_by_us(), Some(Close::RoomEnded), "the first close counts");
    outbox.finished().await;
    assert_eq!(hears_until_the_end(peer).await, Close::RoomEnded.frame());
}

#[tokio::test]
async fn a_remainder_is_finished_when_the_peer_reads_again() {
    let (outbox, peer) = pair(Limits { bytes: 64 * MIB, ..Limits::default() }).await;
    let sent: Vec<u8> = (0..20 * MIB).map(|byte| byte as u8).collect();
    outbox.send(Bytes::from(sent.clone()));
    assert!(outbox.queued_bytes() > 0, "twenty MiB do not fit into a socket");
    outbox.close(Close::Normal);
    let heard = hears_until_the_end(peer).await;
    assert!(heard.starts_with(&sent) && heard.ends_with(&Close::Normal.frame()));
    assert_eq!(heard.len(), sent.len() + 4);
    assert_eq!((outbox.queued_items(), outbox.queued_bytes()), (0, 0));
}

#[tokio::test]
async fn a_reader_that_is_too_slow_hears_4002_and_no_broken_frame() {
    let (outbox, peer) = pair(Limits::default()).await;
    clog(&outbox);
    while !outbox.is_closed() {
        outbox.send(frame::text(&[b'y'; 16 << 10]));
    }
    assert_eq!(outbox.closed_by_us(), Some(Close::Slow));
    assert!(outbox.queued_items() <= 2, "the queue is dropped but for the begun frame and the close");
    let heard = hears_until_the_end(peer).await;
    assert!(heard.ends_with(b"\x88\x12\x0F\xA2reads too slowly"));
}

#[tokio::test]
async fn the_number_of_waiting_frames_is_limited_too() {
    let (outbox, _peer) = pair(Limits::default()).await;
    clog(&outbox);
    for _ in 0..300 {
        outbox.send(frame::text(b"hi"));
    }
    assert_eq!(outbox.closed_by_us(), Some(Close::Slow));
}

#[tokio::test]
async fn stale_frames_collapse_before_anyone_is_slow() {
    let (outbox, peer) = pair(Limits::default()).await;
    clog(&outbox);
    for level in 0..10_000 {
        outbox.push(frame::text(format!("level {level}").as_bytes()), Class::Stale(level % 5));
        outbox.flush();
    }
    outbox.send(frame::text(b"chat"));
    assert!(!outbox.is_closed());
    assert!(outbox.queued_items() <= 257);
    outbox.close(Close::Normal);
    let heard = hears_until_the_end(peer).await;
    assert!(heard.ends_with(b"\x81\x0Alevel 9999\x81\x04chat\x88\x02\x03\xE8"));
}

#[tokio::test]
async fn one_snapshot_may_exceed_the_limit() {
    let (outbox, _peer) = pair(Limits::default()).await;
    clog(&outbox);
    outbox.push(Bytes::from(vec![b's'; 4 * MIB]), Class::Snapshot);
    outbox.flush();
    assert!(!outbox.is_closed());
    outbox.push(Bytes::from(vec![b's'; 4 * MIB]), Class::Snapshot);
    outbox.flush();
    assert!(outbox.is_closed());
}

#[tokio::test]
async fn a_close_that_makes_no_progress_is_given_up() {
    let (outbox, mut peer) = pair(Limits { stall: Duration::from_millis(50), ..Limits::default() }).await;
    clog(&outbox);
    outbox.close(Close::Drain);
    outbox.finished().await;
    assert_eq!(outbox.queued_bytes(), 0);
    let mut heard = Vec::new();
    peer.read_to_end(&mut heard).await.ok();
    assert!(!heard.ends_with(&Close::Drain.frame()), "the close frame had no room");
}

#[tokio::test]
async fn a_remainder_that_stalls_ends_the_connection() {
    let (outbox, _peer) = pair(Limits { stall: Duration::from_millis(50), ..Limits::default() }).await;
    clog(&outbox);
    outbox.closed().await;
    assert_eq!(outbox.closed_by_us(), None, "there was nobody to tell");
}

#[tokio::test]
async fn a_peer_that_is_gone_ends_the_outbox() {
    let (outbox, peer) = pair(Limits::default()).await;
    let mut peer = peer.into_std().unwrap();
    outbox.send(frame::text(b"unread"));
    assert!(peer.read(&mut [0]).is_ok());
    drop(peer);
    while outbox.send(frame::text(b"more")) == Pushed::Queued {
        tokio::task::yield_now().await;
    }
    outbox.finished().await;
}

#[tokio::test]
async fn an_abort_wakes_the_reader() {
    let (outbox, mut peer) = pair(Limits::default()).await;
    outbox.abort();
    assert_eq!(peer.read(&mut [0]).await.unwrap(), 0);
    assert_eq!(outbox.send(frame::text(b"late")), Pushed::Refused);
}
