//! Rooms by `call/`: started, looked for, remembered.
use super::page::{Page, member};
use super::tables;
use crate::common::Convene;
use crate::rest::ask::ask;
use serde_json::{Value, json};

const JOIN: &str = "call/join_call.php";
const HISTORY: &str = "call/call_history.php";
const JOINING: &str = r#"{"success":true,"message":"Joining call"}"#;

#[tokio::test]
async fn m_h8_a_started_call_is_a_room_of_its_maker_with_all_keys() {
    let server = Convene::start().await;
    let mut page = member(&server, "Ana").await;
    let id = page.starts().await;
    assert!(id.len() == 16 && id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')), "{id}");
    let token = page.session.clone().unwrap();
    let room = ask(&server, "GET", &format!("/v1/rooms/{id}")).shows(&token).gives(200).await.json();
    assert_eq!(room["keys"]["meet"], id.as_str());
    assert!(room["code"].is_string() && room["keys"]["hundredms"].is_string(), "{room}");
    let mine = ask(&server, "GET", "/v1/rooms").shows(&token).gives(200).await.json();
    assert_eq!(mine["rooms"][0]["id"], room["id"], "the same rooms on every face");
    // a body does no harm, whatever it is
    for body in ["{}", "junk", "[1]"] {
        page.asks("POST", "call/start_call.php").body("application/json", body).gives(200).await;
    }
    page.asks("POST", "call/start_call.php").gives(200).await;
    server.stop().await;
}

#[tokio::test]
async fn m_h9_join_checks_in_order() {
    let server = Convene::start().await;
    let mut nobody = Page::of(&server);
    for body in [json!({}), json!({"room_id": "x"})] {
        nobody.is_refused(JOIN, body, 401, "Not authenticated").await;
    }
    let mut page = member(&server, "Ana").await;
    let id = page.starts().await;
    for empty in [json!({}), json!({"room_id": ""}), json!({"room_id": "  "}), json!({"room_id": null})] {
        page.is_refused(JOIN, empty, 400, "Room ID is required").await;
    }
    for unknown in ["0123456789abcdef", &id.to_uppercase(), "x", "../x", "%"] {
        page.is_refused(JOIN, json!({"room_id": unknown}), 404, "Room not found").await;
    }
    let mut bob = member(&server, "Bob").await;
    bob.is_told(JOIN, json!({"room_id": id}), 200, JOINING).await;
    bob.is_told(JOIN, json!({"room_id": format!(" {id} ")}), 200, JOINING).await;
    server.stop().await;
}

#[tokio::test]
async fn m_h9_rooms_of_other_faces_are_joined_by_what_counts_as_a_link() {
    let server = Convene::start().await;
    let mut page = member(&server, "Ana").await;
    let open = server.plain_room().await;
    page.is_told(JOIN, json!({"room_id": open.code}), 200, JOINING).await;
    let shut = server.room(json!({"needs_pin": true})).await;
    page.is_refused(JOIN, json!({"room_id": shut.code}), 404, "Room not found").await;
    let path = format!("/v1/rooms/{}", open.code);
    let room = ask(&server, "GET", &path).shows(&open.owner_secret).gives(200).await.json();
    page.is_refused(JOIN, json!({"room_id": room["keys"]["mesibo"].to_string()}), 404, "Room not found")
        .await;
    page.is_refused(JOIN, json!({"room_id": room["keys"]["mesibo"]}), 404, "Room not found").await;
    ask(&server, "DELETE", &path).shows(&open.owner_secret).gives(204).await;
    page.is_refused(JOIN, json!({"room_id": open.code}), 404, "Room not found").await;
    server.stop().await;
}

#[tokio::test]
async fn m_h10_history_is_of_calls_one_started_newest_first_ten_at_most() {
    let server = Convene::start_with(&[("LIMITS__TRUSTED_SOURCES", "127.0.0.0/8")]).await;
    let mut page = member(&server, "Ana").await;
    assert_eq!(page.gets(HISTORY).await.text, r#"{"success":true,"calls":[]}"#);
    let mut made = Vec::new();
    for _ in 0..12 {
        made.push(page.starts().await);
        tables::run(&server, "UPDATE room SET created_at = created_at - 1000").await;
    }
    let mut bob = member(&server, "Bob").await;
    bob.is_told(JOIN, json!({"room_id": made[0]}), 200, JOINING).await;
    assert_eq!(bob.gets(HISTORY).await.text, r#"{"success":true,"calls":[]}"#, "who joins is not recorded");
    tables::run(
        &server,
        "UPDATE room SET created_at = 1721469600999 WHERE created_at = (SELECT newest FROM (SELECT MAX(created_at) AS newest FROM room) AS all_rooms)",
    )
    .await;
    let history = page.gets(HISTORY).await.json();
    let calls = history["calls"].as_array().unwrap();
    let shown: Vec<&str> = calls.iter().map(|call| call["room_id"].as_str().unwrap()).collect();
    let newest: Vec<&str> = made.iter().rev().skip(1).take(10).map(String::as_str).collect();
    assert_eq!(shown, newest);
    assert!(calls.iter().all(|call| call["duration"] == Value::Null));
    tables::run(
        &server,
        &format!(
            r#"DELETE FROM room WHERE id NOT IN (SELECT room_id FROM room_key WHERE "key" = '{}')"#,
            made[11]
        ),
    )
    .await;
    let text = page.gets(HISTORY).await.text;
    let expected = format!(
        r#"{{"success":true,"calls":[{{"room_id":"{}","created_at":"2024-07-20 10:00:00","duration":null}}]}}"#,
        made[11]
    );
    assert_eq!(text, expected);
    server.stop().await;
}

#[tokio::test]
async fn m_h10_a_duration_is_filled_once_two_have_met() {
    let server = Convene::start().await;
    let mut page = member(&server, "Ana").await;
    let id = page.starts().await;
    let (mut ana, mut bob) = (server.client("Ana").await, server.client("Bob").await);
    ana.joins(&id).await;
    bob.joins(&id).await;
    assert_eq!(page.gets(HISTORY).await.json()["calls"][0]["duration"], Value::Null, "it goes on");
    ana.asks(json!({"type": "leave"})).await;
    bob.asks(json!({"type": "leave"})).await;
    let filled = async || {
        let history = page.asks("GET", HISTORY).answer().await.json();
        history["calls"][0]["duration"].as_str().is_some_and(|text| text.starts_with("00:00:0"))
    };
    server.until_so("the call is written", filled).await;
    tables::run(&server, r#"UPDATE "call" SET ended_at = paired_at + 930999"#).await;
    assert_eq!(page.gets(HISTORY).await.json()["calls"][0]["duration"], "00:15:30");
    // a later and shorter meeting in the same room is another call than the row's
    ana.joins(&id).await;
    bob.joins(&id).await;
    assert_eq!(page.gets(HISTORY).await.json()["calls"][0]["duration"], "00:15:30");
    ana.asks(json!({"type": "leave"})).await;
    bob.asks(json!({"type": "leave"})).await;
    let over = r#"SELECT COUNT(*) FROM "call" WHERE ended_at IS NOT NULL"#;
    let written = async || tables::numbers(&server, over).await == [2];
    server.until_so("the second call is written", written).await;
    assert_eq!(page.gets(HISTORY).await.json()["calls"][0]["duration"], "00:15:30");
    server.stop().await;
}

#[tokio::test]
async fn m_s14_guessing_ids_is_slowed() {
    let server = Convene::start_with(&[("LIMITS__FAILURES_PER_MINUTE", "5")]).await;
    let mut page = member(&server, "Ana").await;
    let id = page.starts().await;
    for guess in 0..5 {
        page.is_refused(JOIN, json!({"room_id": format!("{guess:016x}")}), 404, "Room not found").await;
    }
    let text = "Too many requests. Please try again later.";
    page.is_refused(JOIN, json!({"room_id": id}), 429, text).await;
    let mut bob = member(&server, "Bob").await;
    bob.is_told(JOIN, json!({"room_id": id}), 200, JOINING).await; // at the same address
    server.stop().await;
}
