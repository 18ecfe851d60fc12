//! Room tokens over the whole server: what they grant, where, for how long, and how they end.
use std::time::{Duration, Instant};

use convene::seal::Purpose;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use crate::common::office::{Office, now};
use crate::common::{Client, Convene, Made};
use crate::rest::ask::ask;

pub(super) fn hello(token: &str) -> Value {
    json!({"type": "hello", "protocol": 1, "token": token})
}

pub(super) fn join(room: &Made) -> Value {
    json!({"type": "join", "room": room.code, "profile": {"name": "Whoever"}})
}

/// A token from the room's owner: the whole answer.
pub(super) async fn issue(server: &Convene, room: &Made, body: Value) -> Value {
    let path = format!("/v1/rooms/{}/tokens", room.code);
    let answer = ask(server, "POST", &path).shows(&room.owner_secret).json(&body).gives(201).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    answer.json()
}

/// A greeted socket that has shown the token.
pub(super) async fn holder(server: &Convene, issued: &Value) -> Client {
    let mut client = server.stranger("Holder").await;
    let welcome = client.asks(hello(issued["token"].as_str().unwrap())).await;
    assert_eq!(welcome["identity"], "token");
    client
}

async fn ends(server: &Convene, room: &Made, query: &str) {
    let path = format!("/v1/rooms/{}/tokens{query}", room.code);
    ask(server, "DELETE", &path).shows(&room.owner_secret).gives(204).await;
}

#[tokio::test]
async fn a_token_brings_name_role_and_rights_past_the_pin() {
    let server = Convene::start().await;
    let room = server.room(json!({"needs_pin": true})).await;
    let body = json!({"subject": "student-17", "name": "Ada", "role": "viewer", "rights": ["subscribe", "raise_hand"]});
    let mut ada = holder(&server, &issue(&server, &room, body).await).await;
    let joined = ada.asks(join(&room)).await;
    let me = &joined["self"];
    assert_eq!((&me["name"], &me["role"]), (&json!("Ada"), &json!("viewer")));
    assert_eq!(me["rights"], json!(["subscribe", "raise_hand"]));
    ada.asks(json!({"type": "raise_hand"})).await;
    let chat = json!({"type": "chat_send", "client_id": "1", "text": "hi"});
    assert_eq!(ada.is_refused(chat).await["code"], "forbidden");

    let mut host =
        holder(&server, &issue(&server, &room, json!({"subject": "host", "role": "cohost"})).await).await;
    let joined = host.joins(&room.code).await;
    assert_eq!((&joined["self"]["name"], &joined["self"]["role"]), (&json!("Holder"), &json!("cohost")));
    drop((ada, host));
    server.stop().await;
}

#[tokio::test]
async fn bad_wishes_for_tokens_are_named() {
    let server = Convene::start().await;
    let room = server.plain_room().await;
    let path = format!("/v1/rooms/{}/tokens", room.code);
    for (field, body) in [
        ("subject", json!({})),
        ("subject", json!({"subject": ""})),
        ("subject", json!({"subject": "a\nb"})),
        ("subject", json!({"subject": "x".repeat(129)})),
        ("name", json!({"subject": "a", "name": ""})),
        ("name", json!({"subject": "a", "name": "a\u{202e}b"})),
        ("role", json!({"subject": "a", "role": "admin"})),
        ("rights", json!({"subject": "a", "rights": ["everything"]})),
        ("expires_in_seconds", json!({"subject": "a", "expires_in_seconds": 0})),
        ("expires_in_seconds", json!({"subject": "a", "expires_in_seconds": 86_401})),
        ("room", json!({"subject": "a", "room": "*"})),
        ("is_admin", json!({"subject": "a", "is_admin": true})),
    ] {
        let asked = ask(&server, "POST", &path).shows(&room.owner_secret).json(&body);
        let refused = asked.is_refused(422, "invalid_field").await;
        assert!(refused["field"].as_str().unwrap().starts_with(field), "{body}: {refused}");
    }
    for query in ["?jti=1", "?jti=*", "?subject=", "?room=1", "?jti=1&subject=a"] {
        let asked = ask(&server, "DELETE", &format!("{path}{query}")).shows(&room.owner_secret);
        asked.is_refused(422, "invalid_field").await;
    }
    server.stop().await;
}

/// Attack 39: a token opens its own room, and nothing once its holder was removed.
#[tokio::test]
async fn a_token_is_good_for_its_room_and_until_its_holder_is_removed() {
    let server = Convene::start().await;
    let (room, other) = (server.plain_room().await, server.plain_room().await);
    let mut bystander = server.joins("Bob", &room).await;
    let issued = issue(&server, &room, json!({"subject": "eve", "role": "owner"})).await;
    let mut eve = holder(&server, &issued).await;
    let refused = eve.is_refused(join(&other)).await;
    assert_eq!((&refused["code"], &refused["right"]), (&json!("forbidden"), &json!("join")));
    eve.joins(&room.code).await;

    let path = format!("/v1/rooms/{}/participants/{}", room.code, eve.peer());
    ask(&server, "DELETE", &path).shows(&room.owner_secret).gives(204).await;
    assert_eq!(eve.is_closed().await, 4200);
    let mut again = server.stranger("Eve").await;
    let token = issued["token"].as_str().unwrap();
    assert_eq!(again.is_refused(hello(token)).await["code"], "token_invalid");
    assert_eq!(again.is_refused(eve.seat()).await["code"], "unknown_session");
    holder(&server, &issue(&server, &room, json!({"subject": "eve"})).await).await.asks(join(&room)).await;
    bystander.says("all well").await;
    drop((bystander, eve, again));
    server.stop().await;
}

#[tokio::test]
async fn revoked_tokens_remove_their_holders_at_once_and_others_stay() {
    let server = Convene::start().await;
    let room = server.plain_room().await;
    let mut bystander = server.joins("Bob", &room).await;
    for way in ["jti", "subject", "all"] {
        let issued = issue(&server, &room, json!({"subject": "ada"})).await;
        let kept = issue(&server, &room, json!({"subject": "kim"})).await;
        let (mut seated, mut greeted) = (holder(&server, &issued).await, holder(&server, &issued).await);
        seated.joins(&room.code).await;
        let mut kim = holder(&server, &kept).await;
        kim.joins(&room.code).await;
        let started = Instant::now();
        match way {
            "jti" => ends(&server, &room, &format!("?jti={}", issued["jti"].as_str().unwrap())).await,
            "subject" => ends(&server, &room, "?subject=ada").await,
            _ => ends(&server, &room, "").await,
        }
        assert_eq!((seated.is_closed().await, greeted.is_closed().await), (4205, 4205), "{way}");
        assert!(started.elapsed() < Duration::from_secs(1), "{way}");
        let mut again = server.stranger("Ada").await;
        let token = issued["token"].as_str().unwrap();
        assert_eq!(again.is_refused(hello(token)).await["code"], "token_invalid", "{way}");
        assert_eq!(again.is_refused(seated.seat()).await["code"], "unknown_session", "{way}");
        if way == "all" {
            assert_eq!(kim.is_closed().await, 4205);
        } else {
            kim.says("still here").await;
        }
        holder(&server, &issue(&server, &room, json!({"subject": "ada"})).await)
            .await
            .asks(join(&room))
            .await;
        bystander.asks(json!({"type": "typing", "on": false})).await;
    }
    drop(bystander);
    server.stop().await;
}

#[tokio::test]
async fn a_revoked_key_takes_the_holders_of_its_tokens_along() {
    let server = Convene::start().await;
    let office = Office::of(&server).await;
    let ada = office.makes_user("Ada").await;
    let room = server.plain_room().await;
    office.gives_room(&server, &room.code, ada).await;
    let (key, secret) = office.makes_key(Some(ada), "rooms:write").await;
    let path = format!("/v1/rooms/{}/tokens", room.code);
    let wish = json!({"subject": "tia"});
    let issued = ask(&server, "POST", &path).shows(&secret).json(&wish).gives(201).await.json();
    let (mut tia, mut bob) = (holder(&server, &issued).await, server.joins("Bob", &room).await);
    tia.joins(&room.code).await;
    office.revokes_key(key).await;
    assert_eq!(tia.is_closed().await, 4205);
    assert_eq!(bob.hears("participant_left").await["reason"], "revoked");
    let mut again = server.stranger("Tia").await;
    assert_eq!(again.is_refused(hello(issued["token"].as_str().unwrap())).await["code"], "token_invalid");
    ask(&server, "POST", &path).shows(&secret).json(&wish).is_refused(401, "token_invalid").await;
    drop((bob, tia, again));
    office.closes().await;
    server.stop().await;
}

#[tokio::test]
async fn what_was_revoked_stays_revoked_after_a_restart() {
    let server = Convene::start().await;
    let room = server.plain_room().await;
    let (ended, kept) = (
        issue(&server, &room, json!({"subject": "ada"})).await,
        issue(&server, &room, json!({"subject": "kim"})).await,
    );
    ends(&server, &room, &format!("?jti={}", ended["jti"].as_str().unwrap())).await;
    let (folder, changes) = server.stop().await;
    let server = Convene::again(folder, changes).await;
    let mut ada = server.stranger("Ada").await;
    assert_eq!(ada.is_refused(hello(ended["token"].as_str().unwrap())).await["code"], "token_invalid");
    holder(&server, &kept).await.joins(&room.code).await;
    drop(ada);
    server.stop().await;
}

#[tokio::test]
async fn the_end_of_a_token_limits_entering_only() {
    let server = Convene::start().await;
    let office = Office::of(&server).await;
    let room = server.plain_room().await;
    let issued = issue(&server, &room, json!({"subject": "ada", "expires_in_seconds": 1})).await;
    let mut ada = holder(&server, &issued).await;
    ada.joins(&room.code).await;
    let mut claims: Value =
        serde_json::from_slice(&decoded(issued["token"].as_str().unwrap().split('.').nth(1).unwrap()))
            .unwrap();
    claims["exp"] = json!(now().0 / 1_000 - 29);
    let secret = office.ring.derive_by(1, Purpose::RoomToken, &[b"HS256"]).unwrap();
    let mut header = Header::new(Algorithm::HS256);
    (header.typ, header.kid) = (Some("convene-room+jwt".to_owned()), Some("1".to_owned()));
    let late = encode(&header, &claims, &EncodingKey::from_secret(&secret)).unwrap();
    let mut slow = server.stranger("Slow").await;
    slow.asks(hello(&late)).await;
    let over = (claims["exp"].as_i64().unwrap() + 30) * 1_000;
    server.until("its half minute of leeway is over", |_| now().0 > over).await;
    let refused = slow.is_refused(join(&room)).await;
    assert_eq!(refused["code"], "token_invalid");
    ada.says("still here").await;
    drop((ada, slow));
    office.closes().await;
    server.stop().await;
}

pub(super) fn decoded(part: &str) -> Vec<u8> {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(part).unwrap()
}
