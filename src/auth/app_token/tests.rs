//! What an app's token says, who may have signed it, and what no forgery gets past.
use super::*;
use crate::auth::room_token::made_at;
use crate::seal::RootKey;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

const NOW: Millis = Millis(1_795_262_400_000);
const ROOM: &str = "0123456789abcdef01234567";

fn ring(ids: &[u8]) -> KeyRing {
    KeyRing::new(ids.iter().map(|&id| RootKey { id, bytes: [id; 32] }).collect()).unwrap()
}

fn token() -> AppToken {
    AppToken {
        room: ROOM.to_owned(),
        user: "u 1".to_owned(),
        role: Some("host".to_owned()),
        jti: new_id(NOW),
        key: None,
        issued: NOW,
        until: NOW.plus(LONGEST_MS),
    }
}

fn claims() -> Value {
    let iat = NOW.0 / 1_000;
    json!({"access_key": "key", "type": "app", "version": 2, "room_id": ROOM, "role": "host", "iat": iat,
           "exp": iat + 86_400})
}

fn signed(claims: &Value, secret: &str) -> String {
    encode(&Header::new(Algorithm::HS256), claims, &EncodingKey::from_secret(secret.as_bytes())).unwrap()
}

#[test]
fn what_is_signed_has_all_claims_and_reads_back() {
    let tokens = AppTokens::new(&ring(&[1]), "", "");
    let text = tokens.sign(&token()).unwrap();
    let parts: Vec<&str> = text.split('.').collect();
    // 100ms' clients read the payload by plain base64
    let payload: Value = serde_json::from_slice(&STANDARD_NO_PAD.decode(parts[1]).unwrap()).unwrap();
    let header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[0]).unwrap()).unwrap();
    assert_eq!(header, json!({"typ": "JWT", "alg": "HS256"}));
    let iat = NOW.0 / 1_000;
    let jti = token().jti.0.to_string();
    assert_eq!(payload["jti"].as_str().unwrap().len(), jti.len());
    assert_eq!(payload["access_key"].as_str().unwrap().len(), 24);
    for (name, value) in [
        ("type", json!("app")),
        ("version", json!(2)),
        ("room_id", json!(ROOM)),
        ("user_id", json!("u 1")),
        ("role", json!("host")),
        ("iat", json!(iat)),
        ("nbf", json!(iat)),
        ("exp", json!(iat + 86_400)),
    ] {
        assert_eq!(payload[name], value, "{name}");
    }
    assert_eq!(payload.as_object().unwrap().len(), 10, "{payload}");
    let read = tokens.verify(&text, NOW).unwrap();
    assert_eq!((read.user.as_str(), read.role.as_deref(), read.room.as_str()), ("u 1", Some("host"), ROOM));
}

#[test]
fn whoever_has_the_secret_signs_too_and_few_claims_are_enough() {
    let tokens = AppTokens::new(&ring(&[1]), "key", "a secret of the app");
    let text = signed(&claims(), "a secret of the app");
    let read = tokens.verify(&text, NOW).unwrap();
    assert_eq!((read.user.as_str(), made_at(read.jti)), ("", NOW));
    assert_eq!(tokens.verify(&text, NOW).unwrap().jti, read.jti, "it can be named though it has no jti");
    let mut named = claims();
    named["jti"] = json!("2b2b5c0e-7a3e-4f0a-9a44-0f4fe3a9f0aa");
    assert_eq!(made_at(tokens.verify(&signed(&named, "a secret of the app"), NOW).unwrap().jti), NOW);
    assert!(AppTokens::new(&ring(&[1]), "key", "").verify(&text, NOW).is_err(), "the ring's own are others");
}

#[test]
fn every_forgery_of_an_app_token_is_refused() {
    let secret = "a secret of the app";
    let tokens = AppTokens::new(&ring(&[1]), "key", secret);
    assert!(tokens.verify(&signed(&claims(), secret), NOW).is_ok());
    let iat = NOW.0 / 1_000;
    for (name, value) in [
        ("access_key", json!("other")),
        ("type", json!("management")),
        ("version", json!(1)),
        ("version", json!("2")),
        ("room_id", json!("")),
        ("room_id", json!({"$ne": ""})),
        ("room_id", json!("x".repeat(65))),
        ("role", json!("x".repeat(65))),
        ("role", json!({})),
        ("user_id", json!(7)),
        ("iat", json!(iat + 31)),
        ("nbf", json!(iat + 31)),
        ("exp", json!(iat - 30)),
        ("exp", json!(iat + 86_401)),
        ("exp", json!(f64::MAX)),
        ("exp", json!(i64::MAX)),
        ("exp", Value::Null),
        ("key", json!("*")),
    ] {
        let mut forged = claims();
        forged[name] = value;
        assert!(tokens.verify(&signed(&forged, secret), NOW).is_err(), "{name}: {forged}");
    }
    let good = signed(&claims(), secret);
    let part = |json: Value| URL_SAFE_NO_PAD.encode(json.to_string());
    let body = good.split('.').nth(1).unwrap();
    for forged in [
        signed(&claims(), "another secret of others"),
        format!("{}.{body}.", part(json!({"alg": "none", "typ": "JWT"}))),
        format!(
            "{}.{body}.{}",
            part(json!({"alg": "HS512", "typ": "JWT"})),
            good.rsplit('.').next().unwrap()
        ),
        good[..good.len() - 2].to_owned(),
        String::new(),
        "..".to_owned(),
        "x".repeat(MOST_BYTES + 1),
    ] {
        assert!(tokens.verify(&forged, NOW).is_err(), "{forged}");
    }
}

#[test]
fn an_older_key_of_the_ring_still_verifies_and_keeps_the_app_its_ids() {
    let (old, both) = (AppTokens::new(&ring(&[1]), "", ""), AppTokens::new(&ring(&[2, 1]), "", ""));
    assert!(both.verify(&old.sign(&token()).unwrap(), NOW).is_ok());
    assert!(old.verify(&both.sign(&token()).unwrap(), NOW).is_err());
    assert_eq!(app_id(&ring(&[1]), "app"), app_id(&ring(&[2, 1]), "app"));
    assert_ne!(app_id(&ring(&[1]), "app"), app_id(&ring(&[1]), "template"));
}

#[test]
fn roles_and_users_are_plain() {
    assert!(["host", "a-b_C9", &"r".repeat(64)].into_iter().all(is_role));
    assert!(!["", "a b", "ä", "$ne", "a.b", &"r".repeat(65)].into_iter().any(is_role));
    assert!(["u1", "Ana B. <x", "a@b.c"].into_iter().all(is_user));
    assert!(!["", "a>b", "a~b", "a?b", "ä", "a\nb", "p_0123", &"u".repeat(129)].into_iter().any(is_user));
}
