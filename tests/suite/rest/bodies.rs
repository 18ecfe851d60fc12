//! Bad bodies: each is refused with its code, and the server goes on.
use super::ask::{ask, raw};
use crate::common::Convene;
use serde_json::{Value, json};

const ROOM: &str = "/v1/rooms";
/// One value of each kind of JSON.
const KINDS: [&str; 7] = ["null", "true", "5", "0.5", "\"text\"", "[1]", "{\"a\": 1}"];

#[tokio::test]
async fn what_is_no_json_object_is_malformed() {
    let server = Convene::start().await;
    let deep = |count: usize| format!("{{\"name\": {}{}}}", "[".repeat(count), "]".repeat(count));
    let texts: Vec<Vec<u8>> = vec![
        b"null".to_vec(),
        b"[]".to_vec(),
        b"{} {}".to_vec(),
        b"{\"name\": \"a\", \"name\": \"b\"}".to_vec(),
        b"{\"policy\": {\"chat\": true, \"chat\": false}}".to_vec(),
        b"{\"name\": \"\\ud800\"}".to_vec(),
        b"{\"name\": \"\xff\xfe\"}".to_vec(),
        b"\xef\xbb\xbf{}".to_vec(),
        b"{\"capacity\": NaN}".to_vec(),
        deep(200).into_bytes(),
        deep(30_000).into_bytes(),
    ];
    for text in texts {
        ask(&server, "POST", ROOM).body("application/json", text).is_refused(400, "malformed").await;
    }
    let empty = "POST /v1/rooms HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
    let answer = raw(&server, empty.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 400 ") && answer.contains("\"malformed\""), "{answer}");
    ask(&server, "POST", ROOM).json(&json!({})).gives(201).await;
    server.stop().await;
}

#[tokio::test]
async fn every_field_of_every_wrong_kind_is_named() {
    let server = Convene::start_with(&[("LIMITS__TRUSTED_SOURCES", "127.0.0.1")]).await;
    let made = server.plain_room().await;
    let path = format!("{ROOM}/{}", made.code);
    let pins = format!("{path}/pins");
    let person = format!("{path}/participants/p_nobody");
    // the fields of each body, and the kinds that are right for them
    let cases: [(&str, &str, &str, &[&str]); 18] = [
        ("POST", ROOM, "name", &["\"text\""]),
        ("POST", ROOM, "capacity", &["5"]),
        ("POST", ROOM, "max_video", &["5"]),
        ("POST", ROOM, "chat", &[]),
        ("POST", ROOM, "needs_pin", &["true"]),
        ("POST", ROOM, "policy", &[]),
        ("PATCH", &path, "name", &["\"text\""]),
        ("PATCH", &path, "capacity", &["5"]),
        ("PATCH", &path, "max_video", &["5"]),
        ("PATCH", &path, "locked", &["true"]),
        ("PATCH", &path, "policy", &[]),
        ("PATCH", &path, "spotlight", &["null", "\"text\""]),
        ("POST", &pins, "pin", &["true"]),
        ("POST", &pins, "spin", &["true"]),
        ("PATCH", &person, "role", &[]),
        ("PATCH", &person, "grant", &[]),
        ("PATCH", &person, "revoke", &[]),
        ("PATCH", &path, "version", &[]),
    ];
    for (method, path, field, right) in cases {
        for kind in KINDS.into_iter().filter(|kind| !right.contains(kind)) {
            let body = format!("{{\"{field}\": {kind}}}");
            let asked =
                ask(&server, method, path).shows(&made.owner_secret).body("application/json", body.clone());
            let refused = asked.is_refused(422, "invalid_field").await;
            let named = refused["field"].as_str().unwrap();
            assert!(
                named == field
                    || named.starts_with(&format!("{field}."))
                    || named.starts_with(&format!("{field}[")),
                "{body} named {named}"
            );
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn values_out_of_range_are_named() {
    let server = Convene::start().await;
    let create = |body: String| ask(&server, "POST", ROOM).body("application/json", body);
    for (body, field) in [
        (json!({"name": ""}).to_string(), "name"),
        (json!({"name": "   "}).to_string(), "name"),
        (json!({"name": "x".repeat(65)}).to_string(), "name"),
        (json!({"name": "e\u{301}".repeat(10_000)}).to_string(), "name"),
        (json!({"name": "a\u{0}b"}).to_string(), "name"),
        (json!({"name": "a\r\nb"}).to_string(), "name"),
        (json!({"name": "a\u{202e}b"}).to_string(), "name"),
        (json!({"capacity": 0}).to_string(), "capacity"),
        (json!({"capacity": 1001}).to_string(), "capacity"),
        ("{\"capacity\": 1e400}".to_owned(), "capacity"),
        ("{\"capacity\": -0}".to_owned(), "capacity"),
        ("{\"capacity\": -1}".to_owned(), "capacity"),
        ("{\"capacity\": 9007199254740993}".to_owned(), "capacity"),
        ("{\"capacity\": 18446744073709551616}".to_owned(), "capacity"),
        (json!({"max_video": 1001}).to_string(), "max_video"),
        (json!({"chat": "forever"}).to_string(), "chat"),
        (json!({"policy": {"dance": true}}).to_string(), "policy.dance"),
        (json!({"owner": "me"}).to_string(), "owner"),
        (json!({"role": "owner", "name": "x"}).to_string(), "role"),
    ] {
        let refused = create(body.clone()).is_refused(422, "invalid_field").await;
        assert_eq!(refused["field"], field, "{body}");
    }
    server.stop().await;
}

#[tokio::test]
async fn names_of_all_scripts_come_back_as_they_went() {
    let server = Convene::start().await;
    for name in [
        "Встреча",
        "👩‍👩‍👧 familie",
        "会議",
        "'; DROP TABLE room; --",
        "%_\\",
        "<script>alert(1)</script>",
        "{{7*7}}",
    ] {
        let made = ask(&server, "POST", ROOM).json(&json!({"name": name})).gives(201).await.json();
        let path = format!("{ROOM}/{}", made["room"]["code"].as_str().unwrap());
        assert_eq!(ask(&server, "GET", &path).gives(200).await.json()["name"], name);
    }
    server.stop().await;
}

#[tokio::test]
async fn bodies_are_declared_short_and_json() {
    let server = Convene::start().await;
    let big = |bytes: usize| format!("{{\"name\": \"{}\"}}", "x".repeat(bytes - 12));
    let refused =
        ask(&server, "POST", ROOM).body("application/json", big(65_537)).is_refused(413, "too_large").await;
    assert_eq!(refused["limit"], 65_536);
    ask(&server, "POST", ROOM).body("application/json", big(65_536)).is_refused(422, "invalid_field").await;
    for media in
        ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/jsonp", ""]
    {
        ask(&server, "POST", ROOM).body(media, "{}").is_refused(415, "unsupported_media").await;
    }
    let packed = ask(&server, "POST", ROOM).json(&json!({})).with("content-encoding", "gzip");
    packed.is_refused(415, "unsupported_media").await;
    for head in ["", "transfer-encoding: chunked\r\n"] {
        let request = format!(
            "POST {ROOM} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nconnection: close\r\n{head}\r\n2\r\n{{}}\r\n0\r\n\r\n"
        );
        let answer = raw(&server, request.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 411 "), "{answer}");
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        let body: Value = serde_json::from_str(body).unwrap();
        assert_eq!(body["code"], "length_required");
    }
    server.stop().await;
}
