//! Two thousand sockets that say nothing, against the whole program: two people beside them talk on, and when the crowd
//! has been ended, sockets, tasks and memory are where they were.
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;
use tokio::io::AsyncReadExt;
use tokio::net::TcpSocket;
use tokio::time::{MissedTickBehavior, interval, timeout};

use super::serving::Running;
use crate::common::Client;
use crate::rim::client::{self, last_close, text};

/// Longer than a ping's turn (20 s) and the wait for its answer (10 s) together.
const LONGEST: Duration = Duration::from_secs(60);
/// Addresses of the crowd, each under its limit of 500.
const ADDRESSES: usize = 5;
/// Between two things said, as people do.
const PACE: Duration = Duration::from_millis(250);
/// What memory may differ by, in KiB: less than 2 for each socket of the crowd.
const SLACK_KIB: i64 = 4_000;

/// All that a crowd could leave behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Left {
    connections: i64,
    tasks: i64,
    descriptors: i64,
}

impl Left {
    /// Of anything; less is no fault, since what was there before may have ended meanwhile.
    fn is_more_than(&self, before: &Self) -> bool {
        self.connections > before.connections
            || self.tasks > before.tasks
            || self.descriptors > before.descriptors
    }
}

/// As many as this process may open, with some to spare.
fn size_of_crowd() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap();
    let line = limits.lines().find(|line| line.starts_with("Max open files")).unwrap();
    let most = line.split_whitespace().nth(3).and_then(|soft| soft.parse().ok()).unwrap_or(usize::MAX);
    let size = 2_000.min(most - 200);
    assert!(size >= 500, "{size} sockets are no crowd: let this process open more files");
    size
}

async fn left(server: &Running) -> Left {
    let client = reqwest::Client::builder().pool_max_idle_per_host(0).build().unwrap();
    let answer = client.get(format!("http://{}/metrics", server.address)).send().await.unwrap();
    let numbers = answer.text().await.unwrap();
    let of = |name: &str| {
        let value = numbers.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        value.expect("it is told").parse().expect("a number")
    };
    // connections to the database come and go by themselves
    let is_database = |file: &Path| {
        std::fs::read_link(file).is_ok_and(|file| file.to_string_lossy().contains("convene.db"))
    };
    let open = std::fs::read_dir(format!("/proc/{}/fd", server.id())).unwrap().flatten();
    let descriptors = open.filter(|file| !is_database(&file.path())).count();
    Left {
        connections: of("convene_connections"),
        tasks: of("convene_tasks"),
        descriptors: i64::try_from(descriptors).unwrap(),
    }
}

fn memory_kib(server: &Running) -> i64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

/// Two who talk.
struct Pair {
    ana: Client,
    bob: Client,
    said: usize,
}

impl Pair {
    async fn meets(server: &Running) -> Self {
        let (http, ws) =
            (format!("http://{}/v1/rooms", server.address), format!("ws://{}/v1/connect", server.address));
        let request = reqwest::Client::new().post(http).header("content-type", "application/json").body("{}");
        let made: serde_json::Value =
            serde_json::from_str(&request.send().await.unwrap().text().await.unwrap()).unwrap();
        let code = made["room"]["code"].as_str().unwrap();
        let (mut ana, mut bob) = (Client::connect("Ana", &ws).await, Client::connect("Bob", &ws).await);
        for person in [&mut ana, &mut bob] {
            person.asks(json!({"type": "hello", "protocol": 1})).await;
            person.joins(code).await;
        }
        Self { ana, bob, said: 0 }
    }

    async fn talks(&mut self) {
        self.said += 1;
        let text = format!("{} well", self.said);
        self.ana.says(&text).await;
        assert_eq!(self.bob.hears("chat_message").await["message"]["text"], text);
    }

    /// Talks on and on.
    async fn chats(&mut self) {
        let mut pace = interval(PACE);
        pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            pace.tick().await;
            self.talks().await;
        }
    }
}

/// Opens a socket from one of the crowd's addresses.
async fn silent(address: SocketAddr, number: usize, first_word: Option<&str>) -> client::Client {
    let socket = TcpSocket::new_v4().unwrap();
    let source = Ipv4Addr::new(127, 0, 0, 2 + u8::try_from(number % ADDRESSES).unwrap());
    socket.bind(SocketAddr::new(IpAddr::V4(source), 0)).unwrap();
    let stream = timeout(LONGEST, socket.connect(address)).await.expect("in time").unwrap();
    let mut client = client::Client { stream };
    assert_eq!(client.upgrade("/v1/connect", "").await.status(), 101);
    if let Some(word) = first_word {
        client.says(&text(word)).await;
    }
    client
}

/// Opens a crowd, waits until the server has ended all of it (each is told so, by which one sees that each was there), and
/// until nothing of it is left.
async fn crowd(server: &Running, pair: &mut Pair, first_word: Option<&str>) -> Vec<u16> {
    let before = left(server).await;
    let size = size_of_crowd();
    let address = server.address.parse().unwrap();
    let mut crowd = Vec::with_capacity(size);
    for number in 0..size {
        crowd.push(silent(address, number, first_word).await);
        if number % 100 == 0 {
            pair.talks().await;
        }
    }
    let ends = crowd.into_iter().map(|mut client| async move {
        let mut heard = Vec::new();
        timeout(LONGEST, client.stream.read_to_end(&mut heard)).await.expect("it is ended").ok();
        last_close(&heard)
    });
    let codes = tokio::select! {
        codes = join_all(ends) => codes,
        () = pair.chats() => unreachable!("they never end"),
    };
    let gone = async {
        while left(server).await.is_more_than(&before) {
            pair.talks().await;
        }
    };
    if timeout(LONGEST, gone).await.is_err() {
        panic!("{:?} is left of {before:?}", left(server).await);
    }
    codes
}

#[tokio::test]
async fn two_thousand_silent_sockets_are_ended_and_two_people_beside_them_talk_on() {
    convene::boot::use_ring();
    let server = Running::start_with(&[("CONVENE__LIMITS__TRUSTED_SOURCES", "127.0.0.1")]).await;
    let mut pair = Pair::meets(&server).await;
    let codes = crowd(&server, &mut pair, None).await;
    assert!(codes.iter().all(|code| *code == 4301), "not even a hello: {codes:?}");
    // the first crowd has shown the allocator its size; what the second one adds would be a leak
    let before = memory_kib(&server);
    let codes = crowd(&server, &mut pair, Some(r#"{"type":"hello","protocol":1}"#)).await;
    assert!(codes.iter().all(|code| *code == 4001), "not even a pong: {codes:?}");
    let after = memory_kib(&server);
    assert!(after - before < SLACK_KIB, "{before} KiB, then {after} KiB");
    drop(pair);
    server.signal("TERM");
    assert_eq!(server.exit_code().await, Some(0));
}
