//! Messages and calls by REST: page by page, and nothing private to others.
use super::ask::ask;
use crate::common::Convene;
use serde_json::{Value, json};
use std::time::Duration;

fn texts(page: &Value) -> Vec<&str> {
    page["messages"].as_array().unwrap().iter().map(|one| one["text"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn chat_is_read_page_by_page_in_both_directions() {
    let server = Convene::start().await;
    let made = server.plain_room().await;
    let mut ana = server.joins("Ana", &made).await;
    for number in 1..=7 {
        ana.says(&format!("message {number}")).await;
    }
    let path = format!("/v1/rooms/{}/messages", made.code);
    let read = |query: String| {
        let ask = ask(&server, "GET", &format!("{path}?{query}")).shows(&made.owner_secret);
        async move { ask.gives(200).await.json() }
    };
    let last = read("limit=3".to_owned()).await;
    assert_eq!(texts(&last), ["message 5", "message 6", "message 7"]);
    assert_eq!(last["more"], true);
    let middle = read(last["next"].as_str().unwrap().to_owned()).await;
    assert_eq!(texts(&middle), ["message 2", "message 3", "message 4"]);
    let first = read(middle["next"].as_str().unwrap().to_owned()).await;
    assert_eq!(texts(&first), ["message 1"]);
    assert_eq!((&first["more"], &first["next"]), (&false.into(), &Value::Null));

    let forward = read("after=0&limit=5".to_owned()).await;
    assert_eq!(texts(&forward), ["message 1", "message 2", "message 3", "message 4", "message 5"]);
    let rest = read(forward["next"].as_str().unwrap().to_owned()).await;
    assert_eq!(texts(&rest), ["message 6", "message 7"]);
    assert_eq!(rest["next"], Value::Null);
    drop(ana);
    server.stop().await;
}

#[tokio::test]
async fn a_search_is_literal_and_blind_to_case() {
    let server = Convene::start().await;
    let made = server.plain_room().await;
    let mut ana = server.joins("Ana", &made).await;
    for text in ["Hello World", "100% sure", "snake_case", "back\\slash", "' OR '1'='1", "hello again"] {
        ana.says(text).await;
    }
    let path = format!("/v1/rooms/{}/messages", made.code);
    for (search, found) in [
        ("HELLO", &["Hello World", "hello again"][..]),
        ("%25", &["100% sure"]),
        ("_", &["snake_case"]),
        ("%5C", &["back\\slash"]),
        ("%27%20OR%20%27", &["' OR '1'='1"]),
        ("nothing like it", &[]),
    ] {
        let page = ask(&server, "GET", &format!("{path}?search={search}"))
            .shows(&made.owner_secret)
            .gives(200)
            .await;
        assert_eq!(texts(&page.json()), found, "{search}");
    }
    drop(ana);
    server.stop().await;
}

#[tokio::test]
async fn private_messages_are_their_readers_alone() {
    let server = Convene::start().await;
    let made = server.plain_room().await;
    let mut ana = server.joins("Ana", &made).await;
    let bob = server.joins("Bob", &made).await;
    let eve = server.joins("Eve", &made).await;
    ana.says("to all").await;
    ana.asks(json!({"type": "chat_send", "client_id": "p", "text": "to Bob", "to": bob.peer()})).await;
    let path = format!("/v1/rooms/{}/messages", made.code);
    for (reader, token, seen) in [
        ("Ana", ana.pass["access"].as_str().unwrap(), &["to all", "to Bob"][..]),
        ("Bob", bob.pass["access"].as_str().unwrap(), &["to all", "to Bob"]),
        ("Eve", eve.pass["access"].as_str().unwrap(), &["to all"]),
        ("the owner by secret", &made.owner_secret, &["to all"]),
    ] {
        let page = ask(&server, "GET", &path).shows(token).gives(200).await.json();
        assert_eq!(texts(&page), seen, "{reader}");
    }
    drop((ana, bob, eve));
    server.stop().await;
}

#[tokio::test]
async fn ephemeral_chat_is_read_from_the_room() {
    let server = Convene::start().await;
    let made = server.room(json!({"chat": "ephemeral"})).await;
    let mut ana = server.joins("Ana", &made).await;
    ana.says("soon forgotten").await;
    let path = format!("/v1/rooms/{}/messages", made.code);
    let page = ask(&server, "GET", &path).shows(&made.owner_secret).gives(200).await.json();
    assert_eq!(texts(&page), ["soon forgotten"]);
    drop(ana);
    server.stop().await;
}

#[tokio::test]
async fn calls_have_a_beginning_an_end_and_a_length() {
    let server = Convene::start().await;
    let made = server.plain_room().await;
    let path = format!("/v1/rooms/{}/calls", made.code);
    for _ in 0..3 {
        let mut ana = server.joins("Ana", &made).await;
        let mut bob = server.joins("Bob", &made).await;
        bob.asks(json!({"type": "leave"})).await;
        ana.asks(json!({"type": "leave"})).await;
    }
    let whole = async {
        loop {
            let page = ask(&server, "GET", &path).shows(&made.owner_secret).gives(200).await.json();
            let calls = page["calls"].as_array().unwrap().clone();
            if calls.len() == 3 && calls.iter().all(|call| call["ended_at"].is_string()) {
                return calls;
            }
            tokio::task::yield_now().await; // calls are written behind
        }
    };
    let calls = tokio::time::timeout(Duration::from_secs(20), whole).await.expect("three calls are kept");
    for call in &calls {
        assert!(call["paired_at"].is_string() && call["duration_ms"].as_i64().unwrap() >= 0, "{call}");
        assert_eq!(call["peak"], 2);
    }
    let mut seen = Vec::new();
    let mut query = "limit=2".to_owned();
    loop {
        let page =
            ask(&server, "GET", &format!("{path}?{query}")).shows(&made.owner_secret).gives(200).await.json();
        seen.extend(page["calls"].as_array().unwrap().clone());
        let Some(next) = page["next"].as_str() else { break };
        query = format!("limit=2&cursor={next}");
    }
    assert_eq!(seen, calls, "page by page the same");
    server.stop().await;
}
