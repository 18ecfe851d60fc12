//! Meet pages in one room with native ones: each hears its own language.
use super::page::member;
use super::wire::Wire;
use crate::common::Convene;
use serde_json::json;

#[tokio::test]
async fn m_x3_a_meet_page_calls_a_native_one() {
    let server = Convene::start().await;
    let room = member(&server, "Owner").await.starts().await;
    let mut ana = server.client("Ana").await;
    ana.joins(&room).await;
    let mut bob = Wire::opens(&server, "bob").await;
    bob.offers(&room).await;
    let joined = ana.hears("participant_joined").await;
    assert_eq!(joined["participant"]["name"], "Guest", "{joined}");
    assert!(joined.to_string().contains("\"one\""), "{joined}");
    let offer = ana.hears("offer").await;
    assert_eq!(offer["sdp"], "v=0 of bob", "{offer}");
    let (from, generation) = (offer["from"].clone(), offer["gen"].clone());
    ana.asks(json!({"type": "answer", "to": from, "gen": generation, "sdp": "v=0 of ana", "sources": {}}))
        .await;
    let answer =
        json!({"room_id": room, "type": "answer", "answer": {"type": "answer", "sdp": "v=0 of ana"}});
    assert_eq!(bob.hears_json().await, answer);
    let candidate =
        json!({"candidate": "candidate:1 1 udp 1 192.0.2.1 9 typ host", "sdpMid": "0", "sdpMLineIndex": 0});
    ana.asks(json!({"type": "candidate", "to": from, "gen": generation, "candidate": candidate})).await;
    assert_eq!(bob.hears_json().await, json!({"room_id": room, "type": "candidate", "candidate": candidate}));
    bob.says(&json!({"room_id": room, "type": "candidate", "candidate": candidate}).to_string()).await;
    assert_eq!(ana.hears("candidate").await["candidate"], candidate);
    ana.says("nobody of Meet hears chat").await;
    bob.leaves().await;
    ana.hears("participant_left").await;
    server.stop().await;
}

#[tokio::test]
async fn m_x4_a_native_page_that_comes_later_offers_to_the_meet_page_by_its_own_key_of_the_room() {
    let server = Convene::start().await;
    let open = server.plain_room().await;
    let mut bob = Wire::opens(&server, "bob").await;
    bob.sits(&server, &open.code, 1).await; // a native code is a key as good as any
    let mut ana = server.client("Ana").await;
    let joined = ana.joins(&open.code).await;
    let peer = joined["participants"]
        .as_array()
        .unwrap()
        .iter()
        .find(|person| person["name"] == "Guest")
        .unwrap()["peer"]
        .clone();
    ana.asks(json!({"type": "offer", "to": peer, "gen": 1, "sdp": "v=0 of ana", "sources": {}})).await;
    let offer = bob.hears_json().await;
    assert_eq!(
        (&offer["type"], &offer["offer"]),
        (&json!("offer"), &json!({"type": "offer", "sdp": "v=0 of ana"}))
    );
    let key = offer["room_id"].as_str().unwrap();
    assert_eq!(key.len(), 16, "its page ignores it: {offer}");
    bob.answers(&open.code).await;
    assert_eq!(ana.hears("answer").await["sdp"], "v=0 of bob");
    server.stop().await;
}

#[tokio::test]
async fn m_x5_a_room_that_asks_for_a_pin_stays_shut_and_a_gid_opens_nothing() {
    let server = Convene::start().await;
    let shut = server.room(json!({"needs_pin": true})).await;
    let mut ana = server.client("Ana").await;
    ana.asks(json!({"type": "join", "room": shut.code, "owner_secret": shut.owner_secret, "profile": {"name": "Ana"}})).await;
    let mut eve = Wire::opens(&server, "eve").await;
    eve.offers(&shut.code).await;
    eve.marks(&shut.code, "let me in").await;
    let path = format!("/v1/rooms/{}", shut.code);
    let room = crate::rest::ask::ask(&server, "GET", &path).shows(&shut.owner_secret).gives(200).await.json();
    let mut mallory = Wire::opens(&server, "mallory").await;
    let number = room["keys"]["mesibo"].as_u64().expect("a number");
    mallory.offers(&number.to_string()).await;
    // frames are read one by one, and the close is answered behind them
    eve.leaves().await;
    mallory.leaves().await;
    assert!(ana.has_heard("participant_joined").await.is_empty());
    server.stop().await;
}
