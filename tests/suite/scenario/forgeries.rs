//! Room tokens that are not ours, or not good: one refusal for all of them, and nobody else notices.
use convene::seal::Purpose;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use super::tokens::{decoded, hello, holder, issue, join};
use crate::common::Convene;
use crate::common::office::{Office, now};
use crate::rest::ask::ask;

/// Attack 38: everything that is wrong with a token is the same refusal, and the next one is served.
pub(crate) async fn every_forged_token_is_refused_in_the_same_words(server: &Convene) {
    let office = Office::of(server).await;
    let room = server.plain_room().await;
    let issued = issue(server, &room, json!({"subject": "ada"})).await;
    let genuine = issued["token"].as_str().unwrap();
    let parts: Vec<&str> = genuine.split('.').collect();
    let claims: Value = serde_json::from_slice(&decoded(parts[1])).unwrap();
    let secret = office.ring.derive_by(1, Purpose::RoomToken, &[b"HS256"]).expect("the server's key");
    let signed =
        |header: Header, claims: &Value| encode(&header, claims, &EncodingKey::from_secret(&secret)).unwrap();
    let header = || {
        let mut header = Header::new(Algorithm::HS256);
        (header.typ, header.kid) = (Some("convene-room+jwt".to_owned()), Some("1".to_owned()));
        header
    };
    let with = |key: &str, value: Value| {
        let mut claims = claims.clone();
        claims[key] = value;
        signed(header(), &claims)
    };
    let without = |key: &str| {
        let mut claims = claims.clone();
        claims.as_object_mut().unwrap().remove(key);
        signed(header(), &claims)
    };
    let seconds = now().0 / 1_000;
    let unsigned = |alg: &str| {
        format!("{}.{}.", encoded(&json!({"typ": "convene-room+jwt", "alg": alg, "kid": "1"})), parts[1])
    };
    let session = office.device_of("Ada").await.token;
    let rows: Vec<(&str, String)> = vec![
        ("none", unsigned("none")),
        ("None", unsigned("None")),
        ("another algorithm of the key", signed(Header { alg: Algorithm::HS512, ..header() }, &claims)),
        (
            "another algorithm in the header",
            format!(
                "{}.{}.{}",
                encoded(&json!({"typ": "convene-room+jwt", "alg": "RS256", "kid": "1"})),
                parts[1],
                parts[2]
            ),
        ),
        ("kid as a path", signed(Header { kid: Some("../../keys/1.key".to_owned()), ..header() }, &claims)),
        ("kid as SQL", signed(Header { kid: Some("1' OR '1'='1".to_owned()), ..header() }, &claims)),
        ("no kid", signed(Header { kid: None, ..header() }, &claims)),
        ("a jku", signed(Header { jku: Some("https://evil.example".to_owned()), ..header() }, &claims)),
        ("no typ", signed(Header { typ: None, ..header() }, &claims)),
        ("another typ", signed(Header { typ: Some("JWT".to_owned()), ..header() }, &claims)),
        ("no signature", format!("{}.{}.", parts[0], parts[1])),
        ("half a signature", genuine[..genuine.len() - 20].to_owned()),
        (
            "another's signature",
            format!("{}.{}.{}", parts[0], parts[1], without("exp").rsplit('.').next().unwrap()),
        ),
        ("expired", with("exp", json!(seconds - 31))),
        ("not yet", with("nbf", json!(seconds + 60))),
        ("exp as text", with("exp", json!((seconds + 600).to_string()))),
        ("nbf as text", with("nbf", json!(seconds.to_string()))),
        ("no exp", without("exp")),
        ("no nbf", without("nbf")),
        ("no jti", without("jti")),
        ("no room", without("room")),
        ("all rooms", with("room", json!("*"))),
        ("another issuer", with("iss", json!("someone"))),
        ("another audience", with("aud", json!("someone"))),
        ("another role", with("role", json!("admin"))),
        ("a session cut short", session[..40].to_owned()),
        ("the owner secret", room.owner_secret.clone()),
        ("nothing", String::new()),
        ("40 kB", format!("{genuine}{}", "A".repeat(40 << 10))),
    ];
    let mut bystander = server.joins("Bob", &room).await;
    let mut words = Vec::new();
    for (what, token) in &rows {
        let mut eve = server.stranger("Eve").await;
        let refused = eve.is_refused(hello(token)).await;
        assert_eq!(refused["code"], "token_invalid", "{what}");
        words.push(refused.to_string());
        assert_eq!(eve.is_refused(join(&room)).await["code"], "unauthenticated", "{what}: still nobody");
        bystander.asks(json!({"type": "typing", "on": false})).await;
    }
    words.dedup();
    assert_eq!(words.len(), 1, "{words:?}");
    eprintln!("attack 38: {} forgeries refused", rows.len());
    holder(server, &issued).await.asks(join(&room)).await;
    let path = format!("/v1/rooms/{}", room.code);
    ask(server, "GET", &path).shows(genuine).is_refused(401, "token_invalid").await; // a socket's, not REST's
    drop(bystander);
    office.closes().await;
}

fn encoded(value: &Value) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(value.to_string())
}
