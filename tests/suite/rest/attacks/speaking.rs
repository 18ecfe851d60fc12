//! Speaking to the log: what somebody sends begins no line of its own there, and what is secret never reaches it.
use super::super::ask::{ask, raw};
use super::super::person::signs_up;
use super::Stage;
use crate::common::spill;
use serde_json::json;

/// In no other test's words.
const MARK: &str = "forged-by-mallory";

pub(super) async fn log_lines(stage: &Stage) {
    let line = format!("x\r\n2026-01-01T00:00:00Z  INFO {MARK}: signed in\u{1b}[2J%s%n{{}}");
    let long = format!("{MARK}{}", "A".repeat(16 << 10));
    let ana = signs_up(&stage.server, "Ana").await;
    for text in [line.as_str(), long.as_str()] {
        for (path, field) in [("/v1/login", "login"), ("/v1/accounts", "email"), ("/v1/login/code", "email")]
        {
            let body = json!({field: text, "password": text, "name": text});
            let answer = ask(&stage.server, "POST", path).json(&body).answer().await;
            assert!(matches!(answer.status, 401 | 422), "{path}: {}", answer.text);
        }
        let answer = ana.asks("PATCH", "/v1/me").json(&json!({"name": text})).answer().await;
        assert_eq!(answer.status, 422, "{}", answer.text);
        let mut eve = stage.server.stranger("Eve").await;
        eve.is_refused(json!({"type": text})).await;
        eve.is_refused(json!({"type": "hello", "protocol": 1, "token": text})).await;
    }
    let escaped = "%0d%0a2026-01-01T00:00:00Z%20INFO%20".to_owned() + MARK + "%1b%5b2J";
    for head in [
        format!("GET /{escaped}?token={escaped} HTTP/1.1\r\nhost: x\r\nuser-agent: {MARK}\x1b[2J\r\n"),
        format!("GET /v1/rooms/{escaped} HTTP/1.1\r\nhost: {MARK}\r\nauthorization: Bearer {escaped}\r\n"),
        format!(
            "GET /v1/connect HTTP/1.1\r\nhost: x\r\norigin: https://{MARK}.example\r\nupgrade: websocket\r\n"
        ),
    ] {
        raw(&stage.server, format!("{head}connection: close\r\n\r\n").as_bytes()).await;
    }
    let megabyte = ask(&stage.server, "GET", "/healthz").with("x-request-id", &"A".repeat(1 << 20));
    assert_eq!(megabyte.answer().await.status, 431);
    for line in spill::lines() {
        assert!(!line.contains('\u{1b}') && !line.starts_with("2026-01-01T00:00:00Z"), "{line:?}");
        assert!(line.len() < 4 << 10, "a line of {} bytes", line.len());
    }
}

/// The search itself runs when the server stops: over its log, metrics, tables' file and every refusal.
pub(super) async fn secrets_everywhere(stage: &Stage) {
    let ana = signs_up(&stage.server, "Ana").await;
    let room = stage.server.room(json!({"needs_pin": true})).await;
    for secret in [ana.token.as_str(), room.owner_secret.as_str()] {
        for path in
            [format!("/v1/nowhere?token={secret}"), format!("/v1/rooms/{secret}"), format!("/{secret}")]
        {
            let answer = ask(&stage.server, "GET", &path).answer().await;
            assert!(matches!(answer.status, 404 | 422), "{path}");
        }
        let body = json!({"name": {"token": secret}});
        ask(&stage.server, "POST", "/v1/rooms").json(&body).is_refused(422, "invalid_field").await;
        ask(&stage.server, "POST", "/v1/rooms")
            .body("application/json", format!("{{{secret}"))
            .answer()
            .await;
        ask(&stage.server, "GET", "/v1/me").with("authorization", &format!("Basic {secret}")).answer().await;
        let mut eve = stage.server.stranger("Eve").await;
        eve.is_refused(json!({"type": secret})).await;
        eve.is_refused(json!({"type": "hello", "protocol": 1, "token": format!("{secret}x")})).await;
    }
    assert!(spill::lines().count() > 0, "something was logged, and is searched");
}
