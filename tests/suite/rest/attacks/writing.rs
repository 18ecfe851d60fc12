//! Odd input: what would break a mail's lines, passwords of all kinds, fields that are nobody's to set.
use super::super::ask::ask;
use super::super::mailbox::{letter, letters};
use super::super::person::{PASSWORD, signs_up};
use super::Stage;
use serde_json::json;

pub(super) async fn mail_headers(stage: &Stage) {
    let sign_up = |name: &str, email: &str| {
        ask(&stage.server, "POST", "/v1/accounts").json(&json!({"name": name, "email": email}))
    };
    let long = format!("{}@example.org", "a".repeat(320));
    for email in [
        "a@b.example\r\nBcc: eve@evil.example",
        "a@b.example,eve@evil.example",
        "a@b.example;eve@evil.example",
        "\"a b\"@b.example",
        "a@b.example\0",
        "Ana <a@b.example>",
        "a@[127.0.0.1]",
        "a@ex\u{430}mple.org",
        long.as_str(),
    ] {
        sign_up("Ana", email).is_refused(422, "invalid_email").await;
    }
    for name in ["a\r\nBcc: eve@evil.example", "a\nb", "a\0b", "a\u{85}b"] {
        let refused = sign_up(name, "ana@example.org").is_refused(422, "invalid_field").await;
        assert_eq!(refused["field"], "name");
    }
    let lone = br#"{"name": "\ud800", "email": "ana@example.org"}"#;
    let lone = ask(&stage.server, "POST", "/v1/accounts").body("application/json", lone.to_vec());
    lone.is_refused(400, "malformed").await;
    for login in ["ana\r\nb", "ana\0", "a\u{7f}"] {
        let body = json!({"login": login, "password": PASSWORD});
        ask(&stage.server, "POST", "/v1/login").json(&body).is_refused(422, "invalid_field").await;
    }
    sign_up("Subject: x, \"sneaky\" <b@c>", "ana@example.org").gives(202).await;
    let mail = letter(&stage.server, "ana@example.org", 0).await;
    let (head, _) = mail.split_once("\n\n").expect("a head and a body");
    let receivers: Vec<_> = head.lines().filter(|line| line.to_lowercase().starts_with("to:")).collect();
    assert_eq!(receivers, ["To: ana@example.org"]);
    for name in ["bcc:", "cc:"] {
        assert!(head.lines().all(|line| !line.to_lowercase().starts_with(name)), "{head}");
    }
    assert!(!mail.contains("sneaky"), "nothing that strangers type is in a mail");
    assert!(letters(&stage.server, "eve@evil.example").is_empty());
}

pub(super) async fn passwords(stage: &Stage) {
    let ana = signs_up(&stage.server, "Ana").await;
    let before = stage.hashes();
    let login = |password: &str| {
        ask(&stage.server, "POST", "/v1/login").json(&json!({"login": "ana", "password": password}))
    };
    let set = |password: &str| {
        let body = json!({"current": PASSWORD, "password": password});
        ana.asks("POST", "/v1/me/password").json(&body)
    };
    login(&"x".repeat(1 << 20)).is_refused(413, "too_large").await;
    let long = "seven quiet llamas ".repeat(7);
    for password in [long.as_str(), &"🐒".repeat(129)] {
        assert_eq!(login(password).is_refused(422, "weak_password").await["reason"], "long");
        assert_eq!(set(password).is_refused(422, "weak_password").await["reason"], "long");
    }
    login("seven\0quiet").is_refused(422, "invalid_field").await;
    assert_eq!(stage.hashes(), before, "none of these was hashed");

    for near in [&PASSWORD[..PASSWORD.len() - 1], "Seven quiet llamas", "seven quiet llamas "] {
        login(near).is_refused(401, "unauthenticated").await;
    }
    let odd = "drei Töpfe 🐒 mit Senf, 128 Zeichen lang".to_owned() + &" und weiter".repeat(8);
    assert!(odd.chars().count() <= 128);
    set(&odd).gives(204).await;
    login(&odd).gives(200).await;
    login(&odd[..odd.len() - 1]).is_refused(401, "unauthenticated").await;
}

pub(super) async fn promotion(stage: &Stage) {
    let body = json!({"name": "Eve", "email": "eve@example.org", "is_admin": true});
    let refused =
        ask(&stage.server, "POST", "/v1/accounts").json(&body).is_refused(422, "invalid_field").await;
    assert_eq!(refused["field"], "is_admin");
    let ana = signs_up(&stage.server, "Ana").await;
    for field in ["is_admin", "id", "status", "password_hash", "email_key", "delete_after"] {
        let refused = ana.asks("PATCH", "/v1/me").json(&json!({"name": "Ana", field: true}));
        assert_eq!(refused.is_refused(422, "invalid_field").await["field"], field);
    }
    for field in ["owner_user", "owner", "role", "expires"] {
        let refused = ana.asks("POST", "/v1/rooms").json(&json!({field: ana.id}));
        assert_eq!(refused.is_refused(422, "invalid_field").await["field"], field);
    }
    assert_eq!(ana.gets("/v1/me").await["is_admin"], false);
}
