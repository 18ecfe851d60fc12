//! What must not harm anybody: junk, floods, forgeries; a bystander hears none of it.
use super::app::{Wire, count, room, update};
use crate::common::Convene;
use crate::rest::ask::ask;
use serde_json::json;
use std::time::Duration;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;

#[tokio::test]
async fn h_s7_junk_harms_nobody_and_ends_in_a_close() {
    let server = Convene::start().await;
    let id = room(&server).await;
    let (mut ana, mut eve) = (Wire::opens(&server).await, Wire::opens(&server).await);
    ana.joins(&id, "ana").await;
    eve.joins(&id, "eve").await;
    ana.hears(update(&id, "eve", "joined")).await;
    let deep = format!("{}{}", "[".repeat(20_000), "]".repeat(20_000));
    let long = json!({"event": "join", "data": {"roomId": id, "userId": "u".repeat(129)}}).to_string();
    let junk = [
        "",
        "{",
        "null",
        "7",
        "[]",
        "\"event\"",
        "\u{0}",
        r#"{"event":{"$ne":1}}"#,
        r#"{"event":"join"}"#,
        r#"{"event":"join","data":null}"#,
        r#"{"event":"leave","data":[]}"#,
        r#"{"event":"join","data":{"roomId":{"$gt":""},"userId":"u"}}"#,
        r#"{"event":"join","data":{"roomId":"x","userId":["u"]}}"#,
        &long,
        &deep,
        r#"{"room_id":"0123456789abcdef","type":"offer","offer":{}}"#,
    ];
    for some in junk.chunks(9) {
        for text in some {
            eve.says(text).await;
        }
        eve.has_heard_nothing().await; // a good frame in between, and the count begins anew
    }
    for _ in 0..10 {
        eve.says("{").await;
    }
    assert_eq!(eve.is_closed().await, 1008);
    ana.hears(update(&id, "eve", "left")).await;
    ana.has_heard_nothing().await;
    let mut big = Wire::opens(&server).await;
    big.joins(&id, "big").await;
    ana.hears(update(&id, "big", "joined")).await;
    big.sends(Message::text("x".repeat(70_000))).await;
    assert_eq!(big.is_closed().await, 1009);
    ana.hears(update(&id, "big", "left")).await;
    assert_eq!(count(&server, &id).await, Some(1));
    drop((big, ana, eve));
    server.stop().await;
}

#[tokio::test]
async fn h_s7_a_flood_of_one_socket_is_held_back_and_others_go_on() {
    let server = Convene::start_with(&[("LIMITS__FRAMES_PER_SECOND", "1")]).await;
    let id = room(&server).await;
    let (mut ana, mut eve) = (Wire::opens(&server).await, Wire::opens(&server).await);
    ana.joins(&id, "ana").await;
    for _ in 0..100 {
        eve.says(&json!({"event": "leave", "data": {"roomId": id, "userId": "x"}}).to_string()).await;
    }
    for _ in 0..60 {
        eve.hears(update(&id, "x", "left")).await;
    }
    // the other forty are passed over; all of them would be answered in two seconds, if it were not for the limit
    let mut more = 0;
    let rest = async {
        loop {
            eve.hears(update(&id, "x", "left")).await;
            more += 1;
        }
    };
    let silence: Result<(), _> = timeout(Duration::from_secs(2), rest).await;
    assert!(silence.is_err() && more < 20, "{more} more of forty");
    ana.leaves(&id, "ana").await;
    assert_eq!(count(&server, &id).await, Some(0));
    drop((ana, eve));
    server.stop().await;
}

#[tokio::test]
async fn h_s7_a_socket_holds_so_many_users_and_joins_have_a_rate() {
    let server = Convene::start_with(&[("DIALECTS__HUNDREDMS__ERRORS", "true")]).await;
    let id = room(&server).await;
    let mut desk = Wire::opens(&server).await;
    for user in 0..32 {
        desk.joins(&id, &format!("user {user}")).await;
    }
    desk.tries(&id, "one more").await;
    desk.hears(json!({"event": "error", "data": {"message": "too many users on one connection"}})).await;
    desk.leaves(&id, "user 7").await;
    desk.joins(&id, "one more").await;
    assert_eq!(count(&server, &id).await, Some(32));
    drop(desk);
    server.stop().await;

    let server =
        Convene::start_with(&[("LIMITS__JOINS_PER_MINUTE", "2"), ("DIALECTS__HUNDREDMS__ERRORS", "true")])
            .await;
    let id = room(&server).await;
    let mut eve = Wire::opens(&server).await;
    eve.joins(&id, "a").await;
    eve.joins(&id, "b").await;
    eve.tries(&id, "c").await;
    eve.hears(json!({"event": "error", "data": {"message": "rate_limited"}})).await;
    drop(eve);
    server.stop().await;
}

#[tokio::test]
async fn h_s8_requests_and_rooms_have_rates_and_say_so() {
    let server = Convene::start_with(&[("LIMITS__ROOMS_PER_HOUR", "2")]).await;
    for _ in 0..2 {
        room(&server).await;
    }
    let refused = ask(&server, "POST", "/rooms").json(&json!({"roomName": "x"})).gives(429).await;
    assert_eq!(refused.json(), json!({"error": "Too many requests"}));
    assert!(refused.header("retry-after").parse::<u64>().unwrap() >= 1);
    server.stop().await;
}

#[tokio::test]
async fn h_s9_a_full_or_locked_room_takes_nobody_and_nothing_is_counted() {
    let server = Convene::start_with(&[("DIALECTS__HUNDREDMS__ERRORS", "true")]).await;
    let made = super::app::makes(&server, "Class").await;
    let (id, secret) = (made["id"].as_str().unwrap(), made["creator_secret"].as_str().unwrap());
    let mut wire = Wire::opens(&server).await;
    wire.joins(id, "a").await;
    let path = format!("/v1/rooms/{id}");
    ask(&server, "PATCH", &path).shows(secret).json(&json!({"locked": true})).gives(200).await;
    wire.tries(id, "b").await;
    wire.hears(json!({"event": "error", "data": {"message": "locked"}})).await;
    assert_eq!(count(&server, id).await, Some(1));
    drop(wire);
    server.stop().await;
}
