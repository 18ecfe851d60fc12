//! The form of requests: methods, paths, queries, rates, and other origins' pages.
use super::ask::ask;
use crate::common::Convene;
use serde_json::json;

#[tokio::test]
async fn other_methods_hear_which_there_are() {
    let server = Convene::start().await;
    let made = server.plain_room().await;
    let path = format!("/v1/rooms/{}", made.code);
    for (method, path, allow) in [
        ("GET", "/v1/login", "POST, OPTIONS"),
        ("PUT", "/v1/rooms", "POST, GET, HEAD, OPTIONS"),
        ("POST", &path, "GET, HEAD, PATCH, DELETE, OPTIONS"),
        ("DELETE", "/v1/openapi.json", "GET, HEAD, OPTIONS"),
    ] {
        let answer = ask(&server, method, path).gives(405).await;
        assert_eq!(answer.header("allow"), allow, "{method} {path}");
        ask(&server, method, path).is_refused(405, "method_not_allowed").await;
        let options = ask(&server, "OPTIONS", path).gives(204).await;
        assert_eq!(options.header("allow"), allow, "{path}");
    }
    let head = ask(&server, "HEAD", &path).gives(200).await;
    assert!(head.text.is_empty() && head.header("content-length") != "0");
    server.stop().await;
}

#[tokio::test]
async fn odd_paths_are_nothing() {
    let server = Convene::start().await;
    for path in [
        "/v1",
        "/v1/",
        "/v1/room",
        "/v1//rooms",
        "/v1/rooms/",
        "/v1/rooms/abc%00def",
        "/v1/rooms/%2e%2e%2frooms",
        "/v1/rooms/a/b/c/d",
        "/v2/rooms",
        "/nothing/here",
        &format!("/v1/rooms/{}", "a".repeat(5000)),
    ] {
        ask(&server, "GET", path).is_refused(404, "not_found").await;
    }
    server.stop().await;
}

#[tokio::test]
async fn unknown_parameters_are_named() {
    let server = Convene::start().await;
    let made = server.plain_room().await;
    let path = format!("/v1/rooms/{}", made.code);
    for (path, field) in [
        (format!("{path}?fields=name"), "fields"),
        (format!("{path}/messages?sort=name"), "sort"),
        (format!("{path}/messages?limit=101"), "limit"),
        (format!("{path}/messages?before=1&after=1"), "after"),
        (format!("{path}/calls?cursor=nonsense"), "cursor"),
        (format!("{path}/calls?limit=0"), "limit"),
    ] {
        let refused =
            ask(&server, "GET", &path).shows(&made.owner_secret).is_refused(422, "invalid_field").await;
        assert_eq!(refused["field"], field, "{path}");
    }
    server.stop().await;
}

#[tokio::test]
async fn one_address_is_held_to_its_rate() {
    let server =
        Convene::start_with(&[("LIMITS__REQUESTS_PER_SECOND", "1"), ("LIMITS__REQUESTS_BURST", "3")]).await;
    for _ in 0..3 {
        ask(&server, "GET", "/v1/rooms/aaa-bbbb-ccc").is_refused(404, "no_such_room").await;
    }
    let refused = ask(&server, "GET", "/v1/rooms/aaa-bbbb-ccc").is_refused(429, "rate_limited").await;
    assert!((1..=1000).contains(&refused["retry_after_ms"].as_u64().unwrap()), "{refused}");
    ask(&server, "GET", "/healthz").gives(200).await;
    server.stop().await;

    let server = Convene::start_with(&[("LIMITS__ROOMS_PER_HOUR", "2")]).await;
    for _ in 0..2 {
        ask(&server, "POST", "/v1/rooms").json(&json!({})).gives(201).await;
    }
    ask(&server, "POST", "/v1/rooms").json(&json!({})).is_refused(429, "rate_limited").await;
    server.stop().await;

    let trusted = [("LIMITS__ROOMS_PER_HOUR", "1"), ("LIMITS__TRUSTED_SOURCES", "127.0.0.0/8")];
    let server = Convene::start_with(&trusted).await;
    for _ in 0..3 {
        ask(&server, "POST", "/v1/rooms").json(&json!({})).gives(201).await;
    }
    server.stop().await;
}

pub(crate) async fn only_named_origins_may_read_answers(server: &Convene) {
    let from = |origin: &str| ask(server, "GET", "/v1/openapi.json").with("origin", origin);
    let ok = from("https://ok.example").gives(200).await;
    assert_eq!(ok.header("access-control-allow-origin"), "https://ok.example");
    for origin in ["https://evil.example", "https://ok.example.evil", "http://ok.example", "null"] {
        let answer = from(origin).gives(200).await;
        assert!(!answer.headers.contains_key("access-control-allow-origin"), "{origin}");
        assert_eq!(answer.header("vary"), "Origin");
    }
    let preflight = |origin: &str| {
        let ask = ask(server, "OPTIONS", "/v1/rooms").with("origin", origin);
        ask.with("access-control-request-method", "POST")
            .with("access-control-request-headers", "authorization")
    };
    let allowed = preflight("https://ok.example").gives(204).await;
    assert!(allowed.header("access-control-allow-methods").contains("POST"));
    assert!(allowed.header("access-control-allow-headers").contains("idempotency-key"));
    assert_eq!(allowed.header("access-control-allow-credentials"), "true");
    let refused = preflight("https://evil.example").gives(204).await;
    assert!(refused.headers.keys().all(|name| !name.as_str().starts_with("access-control-")), "{refused:?}");
}
