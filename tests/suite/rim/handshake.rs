//! Who gets a WebSocket, and who gets which refusal.
use convene::http::origin::Verdict;

use super::{
    client::{Client, KEY},
    server::Rim,
};

const PLAIN: &str = "GET /ws HTTP/1.1\r\nhost: here.example\r\n";
const UPGRADE: &str = "upgrade: websocket\r\nconnection: keep-alive, Upgrade\r\n";

#[tokio::test]
async fn a_bad_handshake_hears_what_it_would_take() {
    let rim = Rim::start().await;
    let version = "sec-websocket-version: 13\r\n";
    for (what, lines, status, says) in [
        ("no upgrade", String::new(), 426, "upgrade: websocket"),
        ("no connection", format!("upgrade: websocket\r\n{version}{KEY}"), 426, "upgrade: websocket"),
        (
            "old version",
            format!("{UPGRADE}sec-websocket-version: 8\r\n{KEY}"),
            426,
            "sec-websocket-version: 13",
        ),
        ("no version", format!("{UPGRADE}{KEY}"), 426, "sec-websocket-version: 13"),
        ("no key", format!("{UPGRADE}{version}"), 400, "problem+json"),
        ("two keys", format!("{UPGRADE}{version}{KEY}{KEY}"), 400, "problem+json"),
        ("short key", format!("{UPGRADE}{version}sec-websocket-key: YQ==\r\n"), 400, "problem+json"),
        (
            "odd subprotocol",
            format!("{UPGRADE}{version}{KEY}sec-websocket-protocol: \u{e4}\r\n"),
            400,
            "problem+json",
        ),
    ] {
        let answer = Client::connect(rim.serve.address()).await.asks(&format!("{PLAIN}{lines}\r\n")).await;
        assert_eq!(answer.status(), status, "{what}: {answer:?}");
        assert!(answer.head.contains(says), "{what}: {answer:?}");
        assert!(answer.body.contains(r#""code":""#), "{what}: {answer:?}");
    }
    let post = PLAIN.replace("GET", "POST");
    let answer =
        Client::connect(rim.serve.address()).await.asks(&format!("{post}content-length: 0\r\n\r\n")).await;
    assert_eq!(answer.status(), 405);
    rim.ends_clean().await;
}

#[tokio::test]
async fn compression_is_not_negotiated() {
    let rim = Rim::start().await;
    let mut ana = Client::connect(rim.serve.address()).await;
    let answer = ana.upgrade("/ws", "sec-websocket-extensions: permessage-deflate\r\n").await;
    assert_eq!(answer.status(), 101);
    assert!(!answer.head.to_lowercase().contains("extensions"));
}

#[tokio::test]
async fn a_foreign_page_is_refused_before_the_upgrade() {
    let rim = Rim::start().await;
    for origin in [
        "https://evil.example",
        "null",
        "https://ok.example.evil",
        "http://ok.example",
        "https://here.example",
    ] {
        let mut page = Client::connect(rim.serve.address()).await;
        let answer = page.upgrade("/ws", &format!("origin: {origin}\r\n")).await;
        assert_eq!(answer.status(), 403, "{origin}");
        assert!(answer.body.contains(r#""code":"bad_origin""#), "{answer:?}");
    }
    rim.ends_clean().await;
}

#[tokio::test]
async fn our_pages_and_programs_are_let_in() {
    let mut rim = Rim::start().await;
    for (lines, verdict) in [
        ("", Verdict::Absent),
        ("origin: https://ok.example\r\n", Verdict::Own),
        ("origin: http://here.example\r\n", Verdict::Own),
    ] {
        let mut client = Client::connect(rim.serve.address()).await;
        assert_eq!(client.upgrade("/ws", lines).await.status(), 101, "{lines}");
        assert_eq!(rim.opened().await.0.origin, verdict);
    }
}

#[tokio::test]
async fn on_a_dialects_path_a_foreign_page_is_judged_later_unless_our_cookie_comes_along() {
    let mut rim = Rim::start().await;
    let foreign = "origin: https://evil.example\r\n";
    let mut page = Client::connect(rim.serve.address()).await;
    assert_eq!(page.upgrade("/raw?room=a", &format!("{foreign}cookie: theirs=1\r\n")).await.status(), 101);
    let (opening, _outbox) = rim.opened().await;
    assert_eq!(
        (opening.origin, opening.path.as_str(), opening.query.as_str()),
        (Verdict::Foreign, "/raw", "room=a")
    );

    let mut hijacker = Client::connect(rim.serve.address()).await;
    let cookies = format!("{foreign}cookie: theirs=1; __Host-session=stolen\r\n");
    assert_eq!(hijacker.upgrade("/raw", &cookies).await.status(), 403);
}

#[tokio::test]
async fn a_path_that_asks_for_a_socket_only_sometimes_falls_through() {
    let rim = Rim::start().await;
    let mut reader = Client::connect(rim.serve.address()).await;
    let answer = reader.asks("GET /raw HTTP/1.1\r\nhost: here.example\r\n\r\n").await;
    assert_eq!(answer.status(), 404, "the next route may answer: here is none");
}
