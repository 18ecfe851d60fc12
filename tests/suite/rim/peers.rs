//! Whom a request comes from, seen through the proxies that are trusted.
use convene::http::{context::Proxies, serve::Settings};

use super::{
    client::Client,
    server::{Change, Rim},
};

async fn says_who(rim: &Rim, lines: &str) -> String {
    let mut client = Client::connect(rim.serve.address()).await;
    client.asks(&format!("GET /who HTTP/1.1\r\nhost: here.example\r\n{lines}\r\n")).await.body
}

fn behind_a_proxy() -> Change {
    let proxies = Proxies::new(vec!["127.0.0.1/32".parse().unwrap()]);
    Change {
        settings: Settings { proxies, connections_per_address: 2, ..Settings::default() },
        ..Change::default()
    }
}

#[tokio::test]
async fn every_request_carries_its_client() {
    let direct = Rim::start().await;
    let who = says_who(&direct, "x-forwarded-for: 203.0.113.9\r\nx-forwarded-proto: https\r\n").await;
    assert!(who.contains("ip: 127.0.0.1") && who.contains("Http"), "{who}");

    let proxied = Rim::start_with(behind_a_proxy()).await;
    let who =
        says_who(&proxied, "x-forwarded-for: 10.0.0.1, 203.0.113.9\r\nx-forwarded-proto: https\r\n").await;
    assert!(who.contains("ip: 203.0.113.9") && who.contains("Https"), "{who}");
}

#[tokio::test]
async fn sockets_through_a_proxy_count_for_their_client() {
    let rim = Rim::start_with(behind_a_proxy()).await;
    let mut ana = Vec::new();
    for expected in [None, None, Some(4304)] {
        let mut client = Client::connect(rim.serve.address()).await;
        assert_eq!(client.upgrade("/ws", "x-forwarded-for: 203.0.113.9\r\n").await.status(), 101);
        if let Some(code) = expected {
            assert_eq!(client.hears().await, super::client::Frame::Close(Some(code)));
        }
        ana.push(client);
    }
    let mut bob = Client::connect(rim.serve.address()).await;
    assert_eq!(bob.upgrade("/ws", "x-forwarded-for: 203.0.113.10\r\n").await.status(), 101);
    bob.says(&super::client::text("hi")).await;
    assert_eq!(bob.hears().await, super::client::Frame::Text("hi".to_owned()));
    drop((ana, bob));
    rim.ends_clean().await;
}
