//! Tokens: what they say, and what they open.
use super::app::{claims, makes, room, token};
use crate::common::{Client, Convene};
use crate::rest::ask::ask;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use uuid::Uuid;

fn hello(token: &str) -> Value {
    json!({"type": "hello", "protocol": 1, "token": token})
}

fn join(room: &str) -> Value {
    json!({"type": "join", "room": room, "profile": {"name": "Whoever"}})
}

async fn enters(server: &Convene, token: &str, room: &str) -> (Client, Value) {
    let mut client = server.stranger("Holder").await;
    assert_eq!(client.asks(hello(token)).await["identity"], "token");
    let joined = client.asks(join(room)).await;
    (client, joined)
}

#[tokio::test]
async fn h_h3_a_token_has_the_claims_of_both() {
    let server = Convene::start().await;
    let id = room(&server).await;
    let text = token(&server, &id, json!({"role": "student", "userId": "u-1"})).await;
    let said = claims(&text);
    let iat = said["iat"].as_i64().unwrap();
    for (claim, value) in [
        ("room_id", json!(id)),
        ("user_id", json!("u-1")),
        ("role", json!("student")),
        ("type", json!("app")),
        ("version", json!(2)),
        ("nbf", json!(iat)),
        ("exp", json!(iat + 86_400)),
    ] {
        assert_eq!(said[claim], value, "{claim}");
    }
    assert_eq!(said.as_object().unwrap().len(), 10, "{said}");
    assert!(Uuid::parse_str(said["jti"].as_str().unwrap()).is_ok() && said["access_key"].is_string());
    let other = claims(&token(&server, &id, json!({"role": "student"})).await);
    assert!(Uuid::parse_str(other["user_id"].as_str().unwrap()).is_ok(), "a user's id is drawn");
    assert_ne!(other["jti"], said["jti"]);
    let spelt = claims(&token(&server, &id, json!({"user_id": "u-2"})).await);
    assert_eq!(
        (&spelt["user_id"], &spelt["role"]),
        (&json!("u-2"), &json!("guest")),
        "without a role a guest's"
    );
    server.stop().await;
}

const USER: &str = "userId must be 1 to 128 printable ASCII characters, none of > ~ ?, and not begin with p_";

#[tokio::test]
async fn h_h3_the_answer_is_the_token_alone_in_every_encoding() {
    let server = Convene::start().await;
    let path = format!("/rooms/{}/token", room(&server).await);
    let form = "application/x-www-form-urlencoded";
    for asked in [
        ask(&server, "POST", &path).json(&json!({"role": "student"})),
        ask(&server, "POST", &path).body(form, "role=student"),
        ask(&server, "POST", &format!("{path}?role=student")),
        ask(&server, "POST", &format!("{path}/")).json(&json!({"role": "student"})),
    ] {
        let answer = asked.gives(200).await.json();
        assert_eq!(answer.as_object().unwrap().len(), 1, "{answer}");
        assert_eq!(claims(answer["token"].as_str().unwrap())["role"], "student");
    }
    for (wish, error) in [
        (json!({"role": {"$ne": ""}}), "role must be a string"),
        (json!({"role": "a b"}), "role must be 1 to 64 letters, digits, '-' or '_'"),
        (json!({"role": "x".repeat(65)}), "role must be 1 to 64 letters, digits, '-' or '_'"),
        (json!({"userId": "a~b"}), USER),
        (json!({"userId": "p_0123"}), USER),
        (json!({"userId": 7}), "userId must be a string"),
    ] {
        let answer = ask(&server, "POST", &path).json(&wish).gives(400).await;
        assert_eq!(answer.json(), json!({"error": error}), "{wish}");
    }
    for unknown in ["0123456789abcdef01234567", "x", "%00", "a%20b", "1234"] {
        let answer = ask(&server, "POST", &format!("/rooms/{unknown}/token")).gives(404).await;
        assert_eq!(answer.json(), json!({"error": "Room not found"}), "{unknown}");
    }
    server.stop().await;
}

#[tokio::test]
async fn h_t1_a_token_is_a_credential_of_the_native_hello_with_its_roles_rights() {
    let server = Convene::start().await;
    let made = makes(&server, "Class").await;
    let (id, secret) = (made["id"].as_str().unwrap(), made["creator_secret"].as_str().unwrap());
    for (asked, role) in
        [("host", "cohost"), ("Teacher", "cohost"), ("viewer", "viewer"), ("student", "participant")]
    {
        let wish = json!({"role": asked, "creator_secret": secret});
        let (client, joined) = enters(&server, &token(&server, id, wish).await, id).await;
        assert_eq!(joined["self"]["role"], role, "{asked}: {joined}");
        drop(client);
    }
    server.stop().await;
}

#[tokio::test]
async fn h_t1_it_opens_exactly_its_room() {
    let server = Convene::start().await;
    let (id, other) = (room(&server).await, room(&server).await);
    let text = token(&server, &id, json!({"role": "guest"})).await;
    let mut eve = server.stranger("Eve").await;
    eve.asks(hello(&text)).await;
    let refused = eve.is_refused(join(&other)).await;
    assert_eq!((&refused["code"], &refused["right"]), (&json!("forbidden"), &json!("join")));
    eve.asks(join(&id)).await;
    drop(eve);
    server.stop().await;
}

#[tokio::test]
async fn h_t2_an_apps_own_tokens_are_good_and_forged_ones_are_not() {
    let secret = "the secret of the app";
    let server = Convene::start_with(&[
        ("DIALECTS__HUNDREDMS__APP_SECRET", secret),
        ("DIALECTS__HUNDREDMS__ACCESS_KEY", "0123456789abcdefffffffff"),
    ])
    .await;
    let id = room(&server).await;
    let iat = crate::common::office::now().0 / 1_000;
    let sign = |claims: &Value, secret: &str| {
        encode(&Header::new(Algorithm::HS256), claims, &EncodingKey::from_secret(secret.as_bytes())).unwrap()
    };
    // the eight claims of the original, without user, nbf and jti
    let good = json!({"access_key": "0123456789abcdefffffffff", "room_id": id, "role": "host", "type": "app",
                      "version": 2, "iat": iat, "exp": iat + 86_400});
    let (host, joined) = enters(&server, &sign(&good, secret), &id).await;
    assert_eq!(joined["self"]["role"], "cohost");
    assert_eq!(claims(&token(&server, &id, json!({})).await)["access_key"], "0123456789abcdefffffffff");
    for (claim, value) in [
        ("access_key", json!("ffffffffffffffffffffffff")),
        ("type", json!("management")),
        ("version", json!(3)),
        ("exp", json!(iat - 31)),
        ("exp", json!(iat + 86_401)),
        ("iat", json!(iat + 3_600)),
        ("room_id", json!("0123456789abcdef01234567")),
        ("room_id", json!("1234")),
    ] {
        let mut forged = good.clone();
        forged[claim] = value;
        let mut eve = server.stranger("Eve").await;
        assert_eq!(eve.is_refused(hello(&sign(&forged, secret))).await["code"], "token_invalid", "{forged}");
    }
    let mut eve = server.stranger("Eve").await;
    let refused = eve.is_refused(hello(&sign(&good, "another secret of others"))).await;
    assert_eq!(refused["code"], "token_invalid");
    drop((host, eve));
    server.stop().await;
}

#[tokio::test]
async fn h_t3_a_token_that_was_ended_opens_nothing() {
    let server = Convene::start().await;
    let made = makes(&server, "Class").await;
    let (id, secret) = (made["id"].as_str().unwrap(), made["creator_secret"].as_str().unwrap());
    let path = format!("/v1/rooms/{id}");
    let text = token(&server, id, json!({"userId": "ada"})).await;
    let (mut ada, _) = enters(&server, &text, id).await;
    let jti = claims(&text)["jti"].as_str().unwrap().replace('-', "");
    ask(&server, "DELETE", &format!("{path}/tokens?jti={jti}")).shows(secret).gives(204).await;
    assert_eq!(ada.is_closed().await, 4205);
    let is_dead = async |text: &str| {
        let mut again = server.stranger("Again").await;
        assert_eq!(again.is_refused(hello(text)).await["code"], "token_invalid");
    };
    is_dead(&text).await;
    let (first, kim) = (
        token(&server, id, json!({"userId": "ada"})).await,
        token(&server, id, json!({"userId": "kim"})).await,
    );
    ask(&server, "DELETE", &format!("{path}/tokens?subject=ada")).shows(secret).gives(204).await;
    is_dead(&first).await;
    drop(enters(&server, &kim, id).await);
    drop(enters(&server, &token(&server, id, json!({"userId": "ada"})).await, id).await);
    // whoever is removed comes back by no token of theirs
    let (mut kim_again, joined) = enters(&server, &kim, id).await;
    let peer = joined["self"]["peer"].as_str().unwrap();
    ask(&server, "DELETE", &format!("{path}/participants/{peer}")).shows(secret).gives(204).await;
    assert_eq!(kim_again.is_closed().await, 4200);
    is_dead(&kim).await;
    server.stop().await;
}

#[tokio::test]
async fn h_t4_how_long_a_token_is_good_is_configured_and_a_restart_changes_nothing() {
    let server = Convene::start_with(&[("DIALECTS__HUNDREDMS__TOKEN_HOURS", "1")]).await;
    let id = room(&server).await;
    let text = token(&server, &id, json!({})).await;
    let said = claims(&text);
    assert_eq!(said["exp"].as_i64().unwrap() - said["iat"].as_i64().unwrap(), 3_600);
    let (folder, changes) = server.stop().await;
    let server = Convene::again(folder, changes).await;
    drop(enters(&server, &text, &id).await);
    let again = claims(&token(&server, &id, json!({})).await);
    assert_eq!(again["access_key"], said["access_key"], "derived from the same key");
    server.stop().await;
}
