//! `/rooms` over HTTP: made, listed, in every encoding, for every page.
use super::app::{count, makes, room};
use crate::common::Convene;
use crate::rest::ask::ask;
use serde_json::{Value, json};

fn is_id(value: &Value) -> bool {
    value
        .as_str()
        .is_some_and(|id| id.len() == 24 && id.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f')))
}

fn is_moment(value: &Value) -> bool {
    let text = value.as_str().unwrap_or_default();
    text.len() == 24 && text.ends_with('Z') && text.as_bytes()[19] == b'.' && text.as_bytes()[10] == b'T'
}

#[tokio::test]
async fn h_h1_a_room_is_made_with_all_fields_of_its_object() {
    let server = Convene::start().await;
    let made = makes(&server, "My Room").await;
    for id in ["id", "customer_id", "app_id", "template_id"] {
        assert!(is_id(&made[id]), "{id}: {made}");
    }
    assert_eq!(made["name"], "My Room", "as it was given, with its space");
    for (field, value) in [
        ("enabled", json!(true)),
        ("description", json!("")),
        ("recording_info", json!({"enabled": false})),
        ("template", json!("convene")),
        ("region", json!("auto")),
        ("large_room", json!(false)),
        ("size", json!(50)),
    ] {
        assert_eq!(made[field], value, "{field}");
    }
    assert!(is_moment(&made["created_at"]) && made["created_at"] == made["updated_at"], "{made}");
    assert!(made["creator_secret"].as_str().is_some_and(|secret| secret.starts_with("cvo_")));
    let other = makes(&server, "My Room").await;
    assert_ne!(made["id"], other["id"], "each call makes a room");
    for shared in ["customer_id", "app_id", "template_id"] {
        assert_eq!(made[shared], other[shared], "{shared} is the app's");
    }
    server.stop().await;
}

#[tokio::test]
async fn h_h1_its_maker_owns_the_room_on_every_face() {
    let server = Convene::start().await;
    let made = makes(&server, "My Room").await;
    let path = format!("/v1/rooms/{}", made["id"].as_str().unwrap());
    let secret = made["creator_secret"].as_str().unwrap();
    let seen = ask(&server, "GET", &path).shows(secret).gives(200).await.json();
    assert_eq!((&seen["name"], &seen["keys"]["hundredms"]), (&made["name"], &made["id"]));
    ask(&server, "DELETE", &path).shows(secret).gives(204).await;
    assert_eq!(count(&server, made["id"].as_str().unwrap()).await, None, "what has ended isn't listed");
    server.stop().await;
}

#[tokio::test]
async fn h_h1_names_are_taken_in_every_encoding_and_may_be_missing() {
    let server = Convene::start().await;
    let (json, form) = ("application/json", "application/x-www-form-urlencoded");
    for (path, media, body) in [
        ("/rooms", json, r#"{"roomName":"Ünï 1"}"#),
        ("/rooms", "application/json; charset=utf-8", r#"{"roomName":"Ünï 1","more":[1]}"#),
        ("/rooms", form, "roomName=%C3%9Cn%C3%AF+1"),
        ("/rooms?roomName=%C3%9Cn%C3%AF%201", json, ""),
        ("/rooms/?roomName=x", json, r#"{"roomName":"Ünï 1"}"#),
    ] {
        let made = ask(&server, "POST", path).body(media, body).gives(201).await.json();
        assert_eq!(made["name"], "Ünï 1", "{path} {media}");
    }
    for (media, body) in
        [(json, "{}"), (json, ""), ("text/plain", r#"{"roomName":"x"}"#), (json, r#"{"roomName":null}"#)]
    {
        let made = ask(&server, "POST", "/rooms").body(media, body).gives(201).await.json();
        assert!(made["name"].as_str().is_some_and(|name| name.starts_with("room-")), "{made}");
    }
    let bare = ask(&server, "POST", "/rooms").gives(201).await.json();
    assert!(bare["name"].is_string());
    let long = "x".repeat(200);
    assert_eq!(makes(&server, &long).await["name"], long.as_str());
    assert_eq!(makes(&server, " spaced ").await["name"], " spaced ");
    server.stop().await;
}

#[tokio::test]
async fn h_h2_what_is_wrong_is_answered_always() {
    let server = Convene::start().await;
    let json = "application/json";
    let long = "x".repeat(201);
    for (body, status, error) in [
        ("{", 400, "Invalid JSON"),
        ("7", 400, "Invalid JSON"),
        (r#"{"roomName":{"$ne":""}}"#, 400, "roomName must be a string"),
        (r#"{"roomName":["a"]}"#, 400, "roomName must be a string"),
        (&format!(r#"{{"roomName":"{long}"}}"#), 400, "name 1 to 200 characters"),
        (r#"{"roomName":"a\u0000b"}"#, 400, "name no control characters or direction overrides"),
        (&format!(r#"{{"roomName":"{}"}}"#, "x".repeat(100 << 10)), 413, "Request too large"),
    ] {
        let answer = ask(&server, "POST", "/rooms").body(json, body).gives(status).await;
        assert_eq!(answer.json(), json!({"error": error}), "{}", &body[..body.len().min(40)]);
        assert_eq!(answer.header("access-control-allow-origin"), "*");
    }
    for (method, path) in [("DELETE", "/rooms"), ("PUT", "/rooms"), ("GET", "/rooms/x/token")] {
        let answer = ask(&server, method, path).gives(404).await;
        assert_eq!(answer.json(), json!({"error": "Not found"}), "{method} {path}");
    }
    server.stop().await;
}

#[tokio::test]
async fn h_h2_a_database_that_is_away_is_answered_too() {
    let server = Convene::start().await;
    crate::meet::tables::run(&server, "ALTER TABLE room RENAME TO gone").await;
    let answer = ask(&server, "POST", "/rooms").json(&json!({"roomName": "x"})).gives(500).await;
    assert_eq!(answer.json(), json!({"error": "Failed to create room"}));
    assert_eq!(
        ask(&server, "GET", "/rooms").gives(500).await.json(),
        json!({"error": "Failed to list rooms"})
    );
    crate::meet::tables::run(&server, "ALTER TABLE room_key RENAME TO gone_too").await;
    let answer = ask(&server, "POST", "/rooms/0123456789abcdef01234567/token").gives(500).await;
    assert_eq!(answer.json(), json!({"error": "Failed to generate token"}));
    crate::meet::tables::run(&server, "ALTER TABLE gone_too RENAME TO room_key").await;
    crate::meet::tables::run(&server, "ALTER TABLE gone RENAME TO room").await;
    server.stop().await;
}

#[tokio::test]
async fn h_h4_the_list_has_the_rooms_of_this_face_the_newest_last() {
    let server = Convene::start().await;
    assert_eq!(ask(&server, "GET", "/rooms").gives(200).await.text, r#"{"rooms":[]}"#);
    server.plain_room().await;
    let mut made = Vec::new();
    for name in ["a", "b", "c"] {
        made.push(makes(&server, name).await);
        crate::meet::tables::run(&server, "UPDATE room SET created_at = created_at - 1000").await;
    }
    let list = ask(&server, "GET", "/rooms").gives(200).await.json();
    let rooms = list["rooms"].as_array().unwrap();
    let shown: Vec<_> = rooms.iter().map(|room| (&room["roomId"], &room["name"])).collect();
    let expected: Vec<_> = made.iter().map(|room| (&room["id"], &room["name"])).collect();
    assert_eq!(shown, expected, "and no room of another face");
    for room in rooms {
        assert_eq!(room["participantCount"], 0);
        assert!(is_moment(&room["createdAt"]), "{room}");
        assert_eq!(room.as_object().unwrap().len(), 4, "{room}");
    }
    server.stop().await;
}

#[tokio::test]
async fn h_h4_what_nobody_used_for_long_is_not_listed() {
    let server = Convene::start().await;
    let (old, young) = (room(&server).await, room(&server).await);
    let day = 24 * 3_600_000 + 1_000;
    crate::meet::tables::run(&server, &format!(r#"UPDATE room SET last_used_at = last_used_at - {day} WHERE id = (SELECT room_id FROM room_key WHERE "key" = '{old}')"#)).await;
    assert_eq!((count(&server, &old).await, count(&server, &young).await), (None, Some(0)));
    server.stop().await;
}

#[tokio::test]
async fn h_h5_any_page_may_ask() {
    let server = Convene::start().await;
    let asked = ask(&server, "OPTIONS", "/rooms")
        .with("origin", "https://app.example")
        .with("access-control-request-method", "POST")
        .with("access-control-request-headers", "content-type, x-mine");
    let answer = asked.gives(204).await;
    assert_eq!(answer.text, "");
    for (name, value) in [
        ("access-control-allow-origin", "*"),
        ("access-control-allow-methods", "GET,HEAD,PUT,PATCH,POST,DELETE"),
        ("access-control-allow-headers", "content-type, x-mine"),
        ("vary", "Access-Control-Request-Headers"),
    ] {
        assert_eq!(answer.header(name), value, "{name}");
    }
    assert!(!answer.headers.contains_key("access-control-allow-credentials"));
    let id = room(&server).await;
    for (method, path) in
        [("GET", "/rooms".to_owned()), ("POST", "/rooms".to_owned()), ("POST", format!("/rooms/{id}/token"))]
    {
        let answer = ask(&server, method, &path).with("origin", "https://app.example").answer().await;
        assert_eq!(answer.header("access-control-allow-origin"), "*", "{method} {path}");
        assert!(!answer.headers.contains_key("set-cookie"), "no cookies");
    }
    let head = ask(&server, "HEAD", "/rooms").gives(200).await;
    assert_eq!(head.text, "");
    server.stop().await;
}

#[tokio::test]
async fn h_h6_a_prefix_serves_the_same_and_no_path_of_ours_is_hidden() {
    let server = Convene::start_with(&[("DIALECTS__HUNDREDMS__PREFIX", "/backend-100")]).await;
    let made =
        ask(&server, "POST", "/backend-100/rooms").json(&json!({"roomName": "x"})).gives(201).await.json();
    let id = made["id"].as_str().unwrap();
    ask(&server, "POST", &format!("/backend-100/rooms/{id}/token")).gives(200).await;
    assert_eq!(count(&server, id).await, Some(0));
    let by_browser = ask(&server, "GET", "/rooms").with("accept", "text/html,*/*").gives(200).await;
    assert!(by_browser.json()["rooms"].is_array(), "a browser's question is this face's too");
    ask(&server, "GET", "/v1/rooms").gives(401).await;
    let page = ask(&server, "GET", "/").with("accept", "text/html").gives(200).await;
    assert!(page.text.contains("<html"));
    ask(&server, "GET", &format!("/m/{id}")).with("accept", "text/html").gives(200).await;
    server.stop().await;
}

#[tokio::test]
async fn h_h7_switched_off_it_is_not_there() {
    let server = Convene::start_with(&[("DIALECTS__HUNDREDMS__ENABLED", "false")]).await;
    for (method, path) in
        [("POST", "/rooms"), ("GET", "/rooms"), ("POST", "/rooms/x/token"), ("OPTIONS", "/rooms")]
    {
        let status = ask(&server, method, path).answer().await.status;
        assert!(matches!(status, 404 | 405), "{method} {path}: {status}");
    }
    server.stop().await;
}
