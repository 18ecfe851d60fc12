//! Clients that dawdle: heads, bodies, idle connections. The deadlines are short here; their defaults stand in the settings.
use std::time::Duration;

use convene::http::serve::{Deadlines, Settings};
use tokio::time::{Instant, interval};

use super::{
    client::Client,
    server::{Change, Rim},
};

const SHORT: Duration = Duration::from_millis(250);
const LONG: Duration = Duration::from_secs(60);

fn dawdling(head: Duration, idle: Duration, body_within: Duration) -> Change {
    let deadlines = Deadlines { head, idle, stalled_write: LONG };
    Change { settings: Settings { deadlines, body_within, ..Settings::default() }, ..Change::default() }
}

/// Says `bytes` one by one until the server has had enough; answers how long it bore that.
async fn dribbles(client: &mut Client, bytes: &[u8]) -> Duration {
    let (mut pace, start) = (interval(Duration::from_millis(10)), Instant::now());
    let mut seen = [0];
    for byte in bytes {
        tokio::select! {
            _ = client.stream.peek(&mut seen) => break,
            _ = pace.tick() => client.says(&[*byte]).await,
        }
    }
    start.elapsed()
}

#[test]
fn the_defaults_are_those_of_the_operations_page() {
    let settings = Settings::default();
    assert_eq!(settings.deadlines.head, Duration::from_secs(10));
    assert_eq!(settings.deadlines.idle, Duration::from_secs(60));
    assert_eq!(settings.body_within, Duration::from_secs(15));
    assert_eq!(
        (settings.connections_per_address, settings.headers, settings.head_bytes),
        (500, 100, 16 << 10)
    );
}

#[tokio::test]
async fn a_head_that_dribbles_in_is_cut_off() {
    let rim = Rim::start_with(dawdling(SHORT, LONG, LONG)).await;
    let head = format!("GET /who HTTP/1.1\r\nhost: h\r\nx: {}", "y".repeat(1000));
    let mut first = Client::connect(rim.serve.address()).await;
    let bore = dribbles(&mut first, head.as_bytes()).await;
    assert!(bore >= SHORT && bore < 20 * SHORT, "{bore:?}");
    first.hears_end().await;

    let mut second = Client::connect(rim.serve.address()).await;
    assert_eq!(second.asks("GET /who HTTP/1.1\r\nhost: h\r\n\r\n").await.status(), 200);
    let bore = dribbles(&mut second, head.as_bytes()).await;
    assert!(
        bore >= SHORT && bore < 20 * SHORT,
        "the next request on a connection has the same deadline: {bore:?}"
    );
    rim.ends_clean().await;
}

#[tokio::test]
async fn a_connection_that_says_nothing_is_closed() {
    let rim = Rim::start_with(dawdling(SHORT, LONG, LONG)).await;
    let mut silent = Client::connect(rim.serve.address()).await;
    assert_eq!(silent.hears_end().await, 0);
    let mut half = Client::connect(rim.serve.address()).await;
    half.says(b"GET /ws HTTP/1.1\r\nupgrade: websocket\r\n").await;
    assert_eq!(half.hears_end().await, 0);
    rim.ends_clean().await;
}

#[tokio::test]
async fn an_idle_connection_is_closed_later_than_a_slow_head() {
    let rim = Rim::start_with(dawdling(SHORT, 3 * SHORT, LONG)).await;
    let mut client = Client::connect(rim.serve.address()).await;
    assert_eq!(client.asks("GET /who HTTP/1.1\r\nhost: h\r\n\r\n").await.status(), 200);
    let start = Instant::now();
    assert_eq!(client.hears_end().await, 0);
    assert!(start.elapsed() >= 3 * SHORT);
    rim.ends_clean().await;
}

#[tokio::test]
async fn a_slow_answer_is_nobodys_deadline() {
    let rim = Rim::start_with(dawdling(SHORT, SHORT, SHORT)).await;
    let mut client = Client::connect(rim.serve.address()).await;
    let slow = rim.slow.clone();
    let answer = client.asks("GET /slow HTTP/1.1\r\nhost: h\r\n\r\n");
    let later = async {
        tokio::time::sleep(2 * SHORT).await; // longer than every deadline
        slow.add_permits(1);
    };
    assert_eq!(tokio::join!(answer, later).0.body, "at last");
}

#[tokio::test]
async fn a_body_that_dribbles_in_is_answered_408() {
    let rim = Rim::start_with(dawdling(LONG, LONG, SHORT)).await;
    let mut client = Client::connect(rim.serve.address()).await;
    client.says(b"POST /echo HTTP/1.1\r\nhost: h\r\ncontent-length: 1000\r\n\r\n").await;
    let bore = dribbles(&mut client, &[b'x'; 900]).await;
    assert!(bore >= SHORT && bore < 20 * SHORT, "{bore:?}");
    let answer = client.hears_answer().await;
    assert_eq!(answer.status(), 408);
    client.hears_end().await;
    let mut waits = Client::connect(rim.serve.address()).await;
    waits.says(b"POST /echo HTTP/1.1\r\nhost: h\r\ncontent-length: 9\r\nexpect: 100-continue\r\n\r\n").await;
    assert_eq!(waits.hears_answer().await.status(), 100);
    assert_eq!(waits.hears_answer().await.status(), 408);
    rim.ends_clean().await;
}

#[tokio::test]
async fn an_open_socket_has_none_of_these_deadlines() {
    let rim = Rim::start_with(dawdling(SHORT, SHORT, SHORT)).await;
    let mut ana = Client::open(rim.serve.address()).await;
    tokio::time::sleep(2 * SHORT).await; // silence is the point
    ana.says(&super::client::text("still here")).await;
    assert_eq!(ana.hears().await, super::client::Frame::Text("still here".to_owned()));
}
