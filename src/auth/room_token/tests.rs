//! Room tokens: ours are read as they were signed; everything else is one refusal.
use super::*;
use crate::seal::RootKey;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

const NOW: Millis = Millis(1_700_000_000_000);

fn ring(ids: &[u8]) -> KeyRing {
    KeyRing::new(ids.iter().map(|&id| RootKey { id, bytes: [id; 32] }).collect()).unwrap()
}

fn grant() -> Grant {
    Grant {
        room: RoomId(Uuid::from_u128(7)),
        jti: TokenId(Uuid::from_u128(8)),
        subject: "student-17".to_owned(),
        name: Some("Ada".to_owned()),
        role: Role::Viewer,
        rights: Some(Role::Viewer.rights()),
        key: None,
        issued: NOW,
        until: NOW.plus(600_000),
    }
}

fn header() -> Value {
    json!({"typ": TYP, "alg": "HS256", "kid": "1"})
}

fn claims() -> Value {
    serde_json::to_value(Claims::from(&grant())).unwrap()
}

/// A token of any header and claims, with a genuine HS256 signature by the key of id 1.
fn signed(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", part(header), part(claims));
    let key = Key::of(&ring(&[1]), 1, Algorithm::Hs256).unwrap();
    let mac = jsonwebtoken::crypto::sign(message.as_bytes(), &key.sign, jsonwebtoken::Algorithm::HS256);
    format!("{message}.{}", mac.unwrap())
}

fn says(token: &str) -> Result<Grant, Fault> {
    RoomTokens::new(&ring(&[1]), Algorithm::Hs256).verify(token, NOW)
}

#[test]
fn what_is_signed_is_read_again_by_either_algorithm() {
    for algorithm in [Algorithm::Hs256, Algorithm::EdDsa] {
        let tokens = RoomTokens::new(&ring(&[1]), algorithm);
        let token = tokens.sign(&grant()).unwrap();
        assert_eq!(tokens.verify(&token, NOW), Ok(grant()), "{algorithm:?}");
        let other = RoomTokens::new(&ring(&[2]), algorithm);
        assert_eq!(other.verify(&token, NOW), Err(Fault::TokenInvalid));
    }
}

#[test]
fn a_new_key_signs_and_old_ones_verify_until_they_go() {
    for algorithm in [Algorithm::Hs256, Algorithm::EdDsa] {
        let tokens = |ids: &[u8]| RoomTokens::new(&ring(ids), algorithm);
        let old = tokens(&[1]).sign(&grant()).unwrap();
        let new = tokens(&[2, 1]).sign(&grant()).unwrap();
        assert!(tokens(&[2, 1]).verify(&old, NOW).is_ok() && tokens(&[2]).verify(&new, NOW).is_ok());
        assert!(tokens(&[1]).verify(&new, NOW).is_err() && tokens(&[2]).verify(&old, NOW).is_err());
    }
}

#[test]
fn its_time_has_half_a_minute_of_leeway_at_both_ends() {
    let tokens = RoomTokens::new(&ring(&[1]), Algorithm::Hs256);
    let token = tokens.sign(&grant()).unwrap();
    for (ms, is_good) in [(-31_000, false), (-30_000, true), (0, true), (629_000, true), (630_000, false)] {
        assert_eq!(tokens.verify(&token, NOW.plus(ms)).is_ok(), is_good, "{ms}");
    }
}

#[test]
fn every_forgery_is_the_same_refusal() {
    assert_eq!(says(&signed(&header(), &claims())), Ok(grant()), "the pattern itself is genuine");
    let with = |mut value: Value, key: &str, new: Value| {
        value[key] = new;
        value
    };
    let without = |key: &str| {
        let mut claims = claims();
        claims.as_object_mut().unwrap().remove(key);
        claims
    };
    for (key, new) in [
        ("alg", json!("none")),
        ("alg", json!("None")),
        ("alg", json!("RS256")),
        ("alg", json!("HS512")),
        ("alg", json!("EdDSA")),
        ("typ", json!("JWT")),
        ("typ", Value::Null),
        ("kid", json!("2")),
        ("kid", json!("01")),
        ("kid", json!("../../keys/1.key")),
        ("kid", json!("1' OR '1'='1")),
        ("kid", Value::Null),
        ("jku", json!("https://evil.example/keys")),
        ("jwk", json!({"kty": "oct", "k": "AAAA"})),
        ("x5u", json!("https://evil.example/cert")),
        ("crit", json!(["exp"])),
    ] {
        let token = signed(&with(header(), key, new.clone()), &claims());
        assert_eq!(says(&token), Err(Fault::TokenInvalid), "{key} {new}");
    }
    let seconds = NOW.0 / 1_000;
    for (key, new) in [
        ("exp", json!(seconds - 31)),
        ("exp", json!((seconds + 600).to_string())),
        ("exp", json!(1e300)),
        ("exp", json!(-1)),
        ("exp", json!(u64::MAX)),
        ("exp", json!(i64::MAX)),
        ("nbf", json!(seconds + 31)),
        ("nbf", json!(seconds.to_string())),
        ("nbf", json!(null)),
        ("iss", json!("someone")),
        ("iss", json!(["convene"])),
        ("aud", json!("other")),
        ("aud", json!(["convene-room"])),
        ("sub", json!("")),
        ("sub", json!("x".repeat(129))),
        ("sub", json!(7)),
        ("room", json!("*")),
        ("room", json!(["*"])),
        ("room", json!(null)),
        ("jti", json!("1")),
        ("role", json!("admin")),
        ("rights", json!(["everything"])),
        ("rights", json!("chat")),
        ("key", json!("*")),
    ] {
        let token = signed(&header(), &with(claims(), key, new.clone()));
        assert_eq!(says(&token), Err(Fault::TokenInvalid), "{key} {new}");
    }
    for key in ["exp", "nbf", "iat", "iss", "aud", "sub", "room", "jti", "role"] {
        assert_eq!(says(&signed(&header(), &without(key))), Err(Fault::TokenInvalid), "no {key}");
    }
}

#[test]
fn what_is_cut_swapped_or_blown_up_is_refused() {
    let token = signed(&header(), &claims());
    let (message, signature) = token.rsplit_once('.').unwrap();
    let other = signed(&header(), &json!({"sub": "other"}));
    let foreign = other.rsplit_once('.').unwrap().1;
    for forged in [
        String::new(),
        ".".to_owned(),
        "..".to_owned(),
        message.to_owned(),
        format!("{message}."),
        format!("{message}.{}", &signature[..20]),
        format!("{message}.{foreign}"),
        format!("{token}.{signature}"),
        format!("{token}{}", "A".repeat(1 << 20)),
        "cvs_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned(),
    ] {
        assert_eq!(says(&forged), Err(Fault::TokenInvalid), "{}", &forged[..forged.len().min(80)]);
    }
}

#[test]
fn the_public_key_of_one_algorithm_is_no_secret_of_the_other() {
    let ed = RoomTokens::new(&ring(&[1]), Algorithm::EdDsa);
    let public = ed.keys[0].verify.try_get_as_bytes().unwrap();
    let mut header = Header::new(jsonwebtoken::Algorithm::HS256);
    (header.typ, header.kid) = (Some(TYP.to_owned()), Some("1".to_owned()));
    let key = jsonwebtoken::EncodingKey::from_secret(public);
    let confused = encode(&header, &Claims::from(&grant()), &key).unwrap();
    assert_eq!(ed.verify(&confused, NOW), Err(Fault::TokenInvalid));
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,200}|[A-Za-z0-9_-]{0,80}\\.[A-Za-z0-9_-]{0,80}\\.[A-Za-z0-9_-]{0,80}") {
        prop_assert_eq!(says(&text), Err(Fault::TokenInvalid));
    }

    #[test]
    fn no_changed_character_goes_unnoticed(at in 0_usize..400, to in "[A-Za-z0-9_.-]") {
        let token = signed(&header(), &claims());
        let at = at % token.len();
        let mut forged = token.clone();
        forged.replace_range(at..=at, &to);
        prop_assume!(forged != token);
        // base64 ignores nothing: the last character's spare bits must be zero, too
        prop_assert_eq!(says(&forged), Err(Fault::TokenInvalid));
    }
}
