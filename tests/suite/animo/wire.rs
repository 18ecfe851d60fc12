//! Attacks below the events: upgrades that never end, and bytes that are no packets.
use super::page::{Generation, PATH, Page};
use super::person::Person;
use crate::common::{Convene, PATIENCE};
use crate::meet::noise::Noise;
use crate::rest::ask::ask;
use futures_util::future::join_all;
use futures_util::{SinkExt, StreamExt};
use serde_json::json;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

const ROOM: &str = "abc-defg-hij";
const POLL: &str = "/socket.io/?EIO=4&transport=polling";
const LIFTED: &[(&str, &str)] = &[("LIMITS__TRUSTED_SOURCES", "127.0.0.0/8")];

/// As many as one source may open, with some to spare; more are turned away at the door.
const HALVES: usize = 400;
/// Of those so many sit in the room.
const SEATED: usize = 10;

/// A session by polling whose upgrade was begun.
struct Half {
    sid: String,
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

async fn posts(server: &Convene, sid: &str, packet: String) {
    let answer =
        ask(server, "POST", &format!("{POLL}&sid={sid}")).body("text/plain", packet).gives(200).await;
    assert_eq!(answer.text, "ok");
}

/// Connected by polling, and having heard that a WebSocket would do.
async fn half(server: &Convene, number: usize) -> Half {
    let opened = ask(server, "GET", POLL).gives(200).await.text;
    let opened: serde_json::Value = serde_json::from_str(&opened[1..]).expect("0{…}");
    let sid = opened["sid"].as_str().expect("an id").to_owned();
    posts(server, &sid, "40".to_owned()).await;
    if number < SEATED {
        posts(server, &sid, format!("42{}", json!(["join-call", {"roomID": ROOM, "username": "h_guest"}])))
            .await;
    }
    let path = format!("/socket.io/?EIO=4&transport=websocket&sid={sid}");
    let opened = timeout(PATIENCE, connect_async(server.url("ws", &path))).await.expect("in time");
    let (mut socket, _) = opened.expect("the socket opens");
    socket.send(Message::text("2probe")).await.expect("it is taken");
    let heard = timeout(PATIENCE, socket.next()).await.expect("in time");
    assert_eq!(heard.expect("an answer").expect("a text"), Message::text("3probe"));
    Half { sid, socket }
}

#[tokio::test]
async fn of_four_hundred_upgrades_that_never_end_nothing_is_left() {
    let server = Convene::start_with(LIFTED).await;
    Person::new(&server, "host").await.makes(&server, ROOM).await;
    let mut ana = Page::enters(&server, Generation::G2, "Ana", ROOM).await;
    let mut halves = Vec::new();
    for begin in (0..HALVES).step_by(50) {
        halves.extend(join_all((begin..begin + 50).map(|number| half(&server, number))).await);
    }
    ana.says("while they wait").await;
    for Half { socket, .. } in &mut halves {
        let ended = async { while let Some(Ok(_)) = socket.next().await {} };
        timeout(PATIENCE, ended).await.expect("it is ended");
    }
    server.until("their seats are free", |server| server.metrics.participants.get() == 1).await;
    for Half { sid, .. } in &halves {
        let answer = ask(&server, "GET", &format!("{POLL}&sid={sid}")).gives(400).await;
        assert_eq!(answer.json(), json!({"code": 1, "message": "Session ID unknown"}));
    }
    ana.says("and goes on").await;
    ana.leaves().await;
    server.stop().await;
}

/// Opens a socket that is in the namespace, and sends what it can until it is closed.
async fn sends_noise(server: &Convene, mut noise: Noise) {
    let (mut socket, _) = connect_async(server.url("ws", PATH)).await.expect("the socket opens");
    drop(socket.send(Message::text("40")).await);
    let whole = format!("42{}", json!(["join-call", {"roomID": ROOM, "username": "é_guest", "name": "😀"}]));
    for _ in 0..250 {
        let packet = match noise.below(4) {
            0 => Message::text(noise.beginning_of(&whole)),
            1 => Message::text(format!("42{}", noise.text())),
            2 => Message::text(noise.text()),
            _ => Message::binary(noise.bytes()),
        };
        if socket.send(packet).await.is_err() {
            return; // as it should: it was closed
        }
    }
}

#[tokio::test]
async fn whatever_bytes_come_nobody_enters_by_them_and_the_bystander_goes_on() {
    let server = Convene::start_with(LIFTED).await;
    Person::new(&server, "host").await.makes(&server, ROOM).await;
    let mut ana = Page::enters(&server, Generation::G2, "Ana", ROOM).await;
    for seed in 1..=80 {
        sends_noise(&server, Noise::new(seed)).await;
    }
    let mut noise = Noise::new(7);
    for _ in 0..200 {
        let opened = ask(&server, "GET", POLL).gives(200).await.text;
        let opened: serde_json::Value = serde_json::from_str(&opened[1..]).expect("0{…}");
        let path = format!("{POLL}&sid={}", opened["sid"].as_str().expect("an id"));
        let answer =
            ask(&server, "POST", &path).body("text/plain;charset=UTF-8", noise.bytes()).answer().await;
        assert!(matches!(answer.status, 200 | 400), "{}: {}", answer.status, answer.text);
    }
    assert_eq!(server.metrics.participants.get(), 1);
    assert!(ana.has_heard("user-joined").await.is_empty());
    ana.leaves().await;
    server.stop().await;
}
