//! The holes of the original that are closed over HTTP: guessing, flooding, and what is kept of secrets.
use super::person::{Person, at, message, signs_up};
use crate::common::Convene;
use serde_json::json;

#[tokio::test]
async fn guessing_a_password_is_slowed_down_for_known_and_unknown_names_alike() {
    let server = Convene::start().await;
    signs_up(&server, "ana").await;
    for username in ["ana", "nobody"] {
        let shown = json!({"username": username, "password": "wrong"});
        for _ in 0..5 {
            at(&server, "POST", "/users/login").json(&shown).gives(401).await;
        }
        let slowed = at(&server, "POST", "/users/login").json(&shown).gives(429).await;
        assert!(slowed.headers.contains_key("retry-after"), "{username}");
        assert_eq!(message(&slowed), "Too many requests, try again later");
    }
    server.stop().await;
}

#[tokio::test]
async fn usernames_are_not_asked_for_in_masses() {
    let server = Convene::start_with(&[("LIMITS__SIGNUPS_PER_HOUR", "3")]).await;
    signs_up(&server, "ana").await;
    let wish = json!({"name": "Ana", "username": "ana", "password": "x"});
    at(&server, "POST", "/users/signup").json(&wish).gives(409).await;
    at(&server, "POST", "/users/signup").json(&wish).gives(409).await;
    at(&server, "POST", "/users/signup").json(&wish).gives(429).await;
    server.stop().await;
}

#[tokio::test]
async fn meetings_are_not_made_without_end() {
    let server = Convene::start_with(&[("LIMITS__ROOMS_PER_HOUR_PER_ACCOUNT", "2")]).await;
    let ana = Person::new(&server, "ana").await;
    ana.makes(&server, "abc-defg-hij").await;
    ana.makes(&server, "abd-defg-hij").await;
    ana.asks(&server, "POST", "/meeting/create-meet/abe-defg-hij").gives(429).await;
    server.stop().await;
}

#[tokio::test]
async fn a_token_is_kept_as_a_hash_only() {
    let server = Convene::start().await;
    let ana = Person::new(&server, "ana").await;
    let (folder, _) = server.stop().await;
    for file in ["convene.db", "convene.db-wal"] {
        let bytes = match std::fs::read(folder.path().join(file)) {
            Ok(bytes) => bytes,
            Err(_) if file == "convene.db-wal" => continue,
            Err(error) => panic!("{file}: {error}"),
        };
        let found = bytes.windows(ana.token.len()).any(|part| part == ana.token.as_bytes());
        assert!(!found, "{file} holds a token");
    }
}
