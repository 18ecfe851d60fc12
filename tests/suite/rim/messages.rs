//! What a socket hears and says once it is open, and how it ends.
use std::time::Duration;

use convene::actors::outbox::Class;
use convene::dialect::{close::Close, frame};
use convene::http::ws::{Gone, Limits};
use tokio::{io::AsyncWriteExt, task::JoinSet, time::Instant};

use super::{
    client::{self, Client, Frame, text},
    server::{Change, Rim},
};

#[tokio::test]
async fn what_comes_right_behind_the_request_is_heard_too() {
    let rim = Rim::start().await;
    let mut eager = Client::connect(rim.serve.address()).await;
    let request = format!(
        "GET /ws HTTP/1.1\r\nhost: h\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-version: 13\r\n{}\r\n",
        client::KEY
    );
    eager.says(&[request.as_bytes(), &text("early")].concat()).await;
    assert_eq!(eager.hears_answer().await.status(), 101);
    assert_eq!(eager.hears().await, Frame::Text("early".to_owned()));
}

#[tokio::test]
async fn we_say_why_we_close_and_then_end() {
    let mut rim = Rim::start().await;
    for (said, fault) in [
        (text(&"x".repeat(65_537)), Close::TooLarge),
        (client::frame(0x81, b"\xFF"), Close::BadUtf8),
        (client::frame(0x82, b"binary"), Close::Binary),
        (vec![0x81, 5, b'n', b'a', b'k', b'e', b'd'], Close::Protocol),
    ] {
        let mut client = Client::open(rim.serve.address()).await;
        client.says(&said).await;
        assert_eq!(client.hears().await, Frame::Close(fault.code()));
        assert_eq!(client.hears_end().await, 0);
        assert_eq!(rim.gone().await, Gone::Fault(fault));
    }
    rim.ends_clean().await;
}

#[tokio::test]
async fn the_owner_of_the_outbox_may_close() {
    let mut rim = Rim::start().await;
    let mut ana = Client::open(rim.serve.address()).await;
    let (_, outbox) = rim.opened().await;
    outbox.send(frame::ping(b"there?"));
    assert_eq!(ana.hears().await, Frame::Ping(b"there?".to_vec()));
    outbox.close(Close::Kicked);
    assert_eq!(ana.hears().await, Frame::Close(Some(4200)));
    assert_eq!(rim.gone().await, Gone::ByUs(Close::Kicked));
    drop(ana);
    rim.ends_clean().await;
}

#[tokio::test]
async fn a_peer_that_breaks_off_anywhere_is_lost_quietly() {
    let mut rim = Rim::start().await;
    let whole = text("hello there");
    for length in 0..whole.len() {
        let mut client = Client::open(rim.serve.address()).await;
        client.says(&whole[..length]).await;
        if length % 2 == 0 {
            client.stream.shutdown().await.unwrap(); // ends its side only: a half-open connection
            assert_eq!(client.hears_end().await, 0);
        } else {
            client.stream.set_zero_linger().unwrap(); // a reset
        }
        drop(client);
        assert_eq!(rim.gone().await, Gone::Lost, "after {length} bytes");
    }
    rim.ends_clean().await;
}

#[tokio::test]
async fn a_closing_peer_is_told_with_its_code() {
    let mut rim = Rim::start().await;
    let mut ana = Client::open(rim.serve.address()).await;
    ana.says(&client::close(3123, b"bye")).await;
    assert_eq!(ana.hears().await, Frame::Close(Some(3123)));
    assert_eq!(rim.gone().await, Gone::Closed(Some(3123)));
}

#[tokio::test]
async fn a_panic_behind_one_socket_closes_that_socket_alone() {
    let rim = Rim::start().await;
    let mut ana = Client::open(rim.serve.address()).await;
    let mut bob = Client::open(rim.serve.address()).await;
    ana.says(&text("panic")).await;
    assert_eq!(ana.hears().await, Frame::Close(Some(4004)));
    bob.says(&text("still here")).await;
    assert_eq!(bob.hears().await, Frame::Text("still here".to_owned()));
    drop((ana, bob));
    rim.ends_clean().await;
}

#[tokio::test]
async fn without_a_permit_the_next_message_is_not_read() {
    let mut rim = Rim::start().await;
    rim.permits.forget_permits(usize::MAX);
    let mut ana = Client::open(rim.serve.address()).await;
    let (_, outbox) = rim.opened().await;
    let flood = text(&"x".repeat(60_000)).repeat(400);
    let pushed_back = tokio::select! {
        _ = ana.stream.write_all(&flood) => false,
        () = tokio::time::sleep(Duration::from_millis(300)) => true, // nobody signals that nothing happens
    };
    assert!(pushed_back, "24 MB fit into no socket");
    assert_eq!(outbox.queued_items(), 0);
    outbox.close(Close::Rate);
    assert_eq!(rim.gone().await, Gone::ByUs(Close::Rate), "waiting for a permit is cut short");
}

#[tokio::test]
async fn a_ping_flood_is_closed_4303() {
    let mut rim = Rim::start().await;
    let mut flood = Client::open(rim.serve.address()).await;
    let mut calm = Client::open(rim.serve.address()).await;
    flood.says(&client::frame(0x89, b"p").repeat(1000)).await;
    let mut pongs = 0;
    while flood.hears().await == Frame::Pong(b"p".to_vec()) {
        pongs += 1;
    }
    assert_eq!(pongs, Limits::default().controls);
    assert_eq!(rim.gone().await, Gone::Fault(Close::Rate));
    calm.says(&client::frame(0x89, b"p")).await;
    assert_eq!(calm.hears().await, Frame::Pong(b"p".to_vec()));
    let mut unasked = Client::open(rim.serve.address()).await;
    unasked.says(&client::frame(0x8A, b"p").repeat(1000)).await;
    assert_eq!(unasked.hears().await, Frame::Close(Some(4303)));
}

#[tokio::test]
async fn a_message_that_is_never_finished_is_closed() {
    let limits = Limits { unfinished: Duration::from_millis(200), ..Limits::default() };
    let mut rim = Rim::start_with(Change { limits, ..Change::default() }).await;
    for begun in [vec![0x81], text("cut off")[..9].to_vec(), client::frame(0x01, b"to be continued")] {
        let mut client = Client::open(rim.serve.address()).await;
        let start = Instant::now();
        client.says(&begun).await;
        assert_eq!(client.hears().await, Frame::Close(Some(1008)));
        assert!(start.elapsed() >= limits.unfinished);
        assert_eq!(rim.gone().await, Gone::Fault(Close::Policy));
    }
    let mut dripping = Client::open(rim.serve.address()).await;
    dripping.says(&client::frame(0x01, b"")).await;
    let mut pace = tokio::time::interval(Duration::from_millis(20));
    let gone = loop {
        tokio::select! {
            _ = pace.tick() => dripping.says(&client::frame(0x00, b".")).await,
            gone = rim.gone() => break gone,
        }
    };
    assert_eq!(gone, Gone::Fault(Close::Policy), "each fragment comes in time, the message doesn't");
}

#[tokio::test]
async fn a_million_tiny_fragments_are_too_large() {
    let rim = Rim::start().await;
    let mut client = Client::open(rim.serve.address()).await;
    client.says(&client::frame(0x01, b"a")).await;
    client.says(&client::frame(0x00, b"a").repeat(100_000)).await;
    assert_eq!(client.hears().await, Frame::Close(Some(1009)));
}

#[tokio::test]
async fn a_slow_reader_is_closed_4002_while_the_others_hear_everything() {
    let mut rim = Rim::start().await;
    let mut slow = Client::open(rim.serve.address()).await;
    let (_, slow_outbox) = rim.opened().await;
    let mut readers = JoinSet::new();
    let mut outboxes = Vec::new();
    let count = 400_usize;
    for _ in 0..3 {
        let mut reader = Client::open(rim.serve.address()).await;
        outboxes.push(rim.opened().await.1);
        readers.spawn(async move {
            for number in 0..count {
                let Frame::Text(heard) = reader.hears().await else { panic!("only texts are sent") };
                assert!(heard.starts_with(&format!("{number} ")));
            }
        });
    }
    for number in 0..count {
        let broadcast = frame::text(format!("{number} {}", "x".repeat(32 << 10)).as_bytes());
        slow_outbox.push(broadcast.clone(), Class::Must);
        slow_outbox.flush();
        for outbox in &outboxes {
            outbox.send(broadcast.clone());
            while outbox.queued_items() > 0 {
                tokio::task::yield_now().await; // these read as fast as they are written to
            }
        }
    }
    readers.join_all().await;
    assert_eq!(slow_outbox.closed_by_us(), Some(Close::Slow));
    assert_eq!(rim.gone().await, Gone::ByUs(Close::Slow));
    let mut last = slow.hears().await;
    while let Frame::Text(_) = last {
        last = slow.hears().await;
    }
    assert_eq!(last, Frame::Close(Some(4002)));
}
