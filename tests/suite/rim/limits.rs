//! How many sockets there may be, and that none is left behind.
use convene::http::serve::{Left, Settings};

use super::{
    client::{Client, Frame, text},
    server::{Change, PATIENCE, Rim},
};

fn with(connections: usize, connections_per_address: usize) -> Change {
    Change {
        settings: Settings { connections, connections_per_address, ..Settings::default() },
        ..Change::default()
    }
}

/// File descriptors this process may still open.
fn descriptors() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap();
    let line = limits.lines().find(|line| line.starts_with("Max open files")).unwrap();
    line.split_whitespace().nth(3).and_then(|soft| soft.parse().ok()).unwrap_or(usize::MAX)
}

#[tokio::test]
async fn two_thousand_silent_sockets_come_and_go() {
    let rim = Rim::start_with(with(5000, 5000)).await;
    let count = 2000.min(descriptors() / 2 - 100); // both ends are ours; some systems give a process 1024
    assert!(count >= 400, "{count} sockets are no crowd: let this process open more files");
    let mut clients = Vec::new();
    for _ in 0..count {
        clients.push(Client::open(rim.serve.address()).await);
    }
    assert_eq!(rim.serve.admission().open(), count);
    drop(clients);
    rim.ends_clean().await;
}

/// Runs itself once more in a process that has few descriptors.
#[test]
fn without_descriptors_accepting_pauses_and_recovers() {
    if descriptors() == 60 {
        return tokio::runtime::Runtime::new().unwrap().block_on(crowd_of_a_process_of_60_descriptors());
    }
    let this = std::env::current_exe().unwrap();
    let few =
        "ulimit -n 60; exec \"$0\" --exact rim::limits::without_descriptors_accepting_pauses_and_recovers";
    let child = std::process::Command::new("sh").args(["-c", few]).arg(this).output().unwrap();
    let said = String::from_utf8_lossy(&child.stdout);
    assert!(child.status.success() && said.contains("1 passed"), "{said}");
}

async fn crowd_of_a_process_of_60_descriptors() {
    let rim = Rim::start().await;
    let mut ana = Client::open(rim.serve.address()).await;
    let mut crowd = Vec::new();
    while let Ok(stream) = tokio::net::TcpStream::connect(rim.serve.address()).await {
        crowd.push(stream);
    }
    ana.says(&text("still served")).await;
    assert_eq!(ana.hears().await, Frame::Text("still served".to_owned()));
    drop(crowd);
    rim.has_open(1).await;
    let bob = Client::open(rim.serve.address()).await;
    drop((ana, bob));
    rim.ends_clean().await;
}

#[tokio::test]
async fn one_address_gets_so_many_and_no_more() {
    let rim = Rim::start_with(with(100, 3)).await;
    let mut open = Vec::new();
    for _ in 0..3 {
        open.push(Client::open(rim.serve.address()).await);
    }
    let mut fourth = Client::connect(rim.serve.address()).await;
    assert_eq!(fourth.hears_end().await, 0, "closed at accept");
    drop(open.pop());
    rim.has_open(2).await;
    open.push(Client::open(rim.serve.address()).await);
    drop(open);
    rim.ends_clean().await;
}

#[tokio::test]
async fn a_full_server_says_503() {
    let rim = Rim::start_with(with(2, 100)).await;
    let open = [Client::open(rim.serve.address()).await, Client::open(rim.serve.address()).await];
    let mut third = Client::connect(rim.serve.address()).await;
    let answer = third.asks("GET /who HTTP/1.1\r\nhost: h\r\n\r\n").await;
    assert_eq!(answer.status(), 503);
    assert!(answer.head.contains("retry-after"));
    drop(open);
    rim.ends_clean().await;
}

#[tokio::test]
async fn draining_lets_requests_finish_and_leaves_upgraded_sockets_to_their_owners() {
    let rim = Rim::start().await;
    let address = rim.serve.address();
    let socket = Client::open(address).await;
    let mut fresh = Client::connect(address).await;
    let mut idle = Client::connect(address).await;
    assert_eq!(idle.asks("GET /who HTTP/1.1\r\nhost: h\r\n\r\n").await.status(), 200);
    let mut busy = Client::connect(address).await;
    busy.says(b"GET /slow HTTP/1.1\r\nhost: h\r\n\r\n").await;
    rim.has_open(4).await;

    let (slow, serve) = (rim.slow.clone(), rim.serve);
    let client = async {
        assert_eq!(fresh.hears_end().await, 0);
        assert_eq!(idle.hears_end().await, 0);
        slow.add_permits(1);
        assert_eq!(busy.hears_answer().await.body, "at last");
        assert_eq!(busy.hears_end().await, 0);
    };
    let (left, ()) = tokio::join!(serve.drain(PATIENCE), client);
    assert_eq!(left, Left { requests: 0, sockets: 1 });
    assert!(tokio::net::TcpStream::connect(address).await.is_err(), "nobody listens any more");
    drop(socket);
}

#[tokio::test]
async fn a_request_that_outlasts_the_drain_is_cut_and_counted() {
    let rim = Rim::start().await;
    let mut busy = Client::connect(rim.serve.address()).await;
    busy.says(b"GET /slow HTTP/1.1\r\nhost: h\r\n\r\n").await;
    rim.has_open(1).await;
    let left = rim.serve.drain(std::time::Duration::from_millis(100)).await;
    assert_eq!(left, Left { requests: 1, sockets: 0 });
    assert_eq!(busy.hears_end().await, 0);
}
