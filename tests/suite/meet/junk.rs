//! Bad input: every field of every row as every kind of thing, beside somebody who goes on as if nothing were.
use super::noise::Noise;
use super::page::{Page, member};
use super::wire::Wire;
use crate::common::Convene;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

const FIELDS: [(&str, &[&str]); 6] = [
    ("auth/signup.php", &["username", "email", "password"]),
    ("auth/verify.php", &["code", "email"]),
    ("auth/login.php", &["email", "password"]),
    ("auth/forgot.php", &["email"]),
    ("auth/reset.php", &["token", "password"]),
    ("call/join_call.php", &["room_id"]),
];

fn things() -> Vec<Value> {
    vec![
        json!(null),
        json!(true),
        json!(0),
        json!(-1),
        json!(1e300),
        json!(u64::MAX),
        json!([]),
        json!({}),
        json!({"$gt": ""}),
        json!(["a"]),
        json!("\u{0}"),
        json!("a\r\nb"),
        json!("\u{202e}"),
        json!("😀"),
        json!("' OR 1=1 --"),
        json!("<script>"),
        json!("x".repeat(10_000)),
        json!("%00"),
        json!("../../etc/passwd"),
    ]
}

#[tokio::test]
async fn m_b1_every_field_as_everything() {
    let lenient = [("LIMITS__TRUSTED_SOURCES", "127.0.0.0/8"), ("LIMITS__FAILURES_PER_MINUTE", "10000")];
    let server = Convene::start_with(&lenient).await;
    let mut bystander = member(&server, "Ana").await;
    let stranger = Page::of(&server);
    let signed_in = member(&server, "Bob").await;
    for (script, fields) in FIELDS {
        for field in fields {
            for thing in things() {
                let mut body = json!({"username": "carl", "email": "carl@example.org", "password": "long enough",
                    "code": "1234", "token": "0".repeat(64), "room_id": "0123456789abcdef"});
                body[*field] = thing.clone();
                let page = if script.starts_with("call") { &signed_in } else { &stranger };
                let answer = page.asks("POST", script).json(&body).answer().await;
                assert!(
                    matches!(answer.status, 200 | 400 | 401 | 403 | 404),
                    "{script} {field} {thing}: {}",
                    answer.text
                );
                assert!(answer.json()["message"].is_string(), "{}", answer.text);
            }
        }
    }
    assert_eq!(bystander.gets("auth/check_session.php").await.status, 200);
    server.stop().await;
}

#[tokio::test]
async fn m_b2_bodies_that_are_none_and_bodies_that_are_too_large() {
    let server = Convene::start().await;
    let mut bystander = member(&server, "Ana").await;
    let page = Page::of(&server);
    for body in ["", "{", "[]", "null", "7", "\"x\"", "a=b&c=d", "{\"email\":\"\u{1}\"}", "\u{feff}{}"] {
        for media in ["application/json", "text/plain", "multipart/form-data; boundary=x"] {
            let answer = page.asks("POST", "auth/login.php").body(media, body).answer().await;
            assert_eq!(
                answer.text, r#"{"success":false,"message":"Email and password are required"}"#,
                "{body:?}"
            );
        }
    }
    let deep = format!("{{\"email\":{}{}}}", "[".repeat(20_000), "]".repeat(20_000));
    assert_eq!(page.asks("POST", "auth/login.php").body("application/json", deep).answer().await.status, 400);
    for (script, fields) in FIELDS {
        for field in fields {
            let body = json!({(*field): "x".repeat(100_000)});
            let answer = page.asks("POST", script).json(&body).answer().await;
            assert_eq!((answer.status, &answer.json()["success"]), (413, &json!(false)), "{script} {field}");
        }
    }
    assert_eq!(bystander.gets("auth/check_session.php").await.status, 200);
    server.stop().await;
}

#[tokio::test]
async fn m_b4_whatever_bytes_come_nobody_sits_by_them() {
    let server = Convene::start_with(&[("LIMITS__TRUSTED_SOURCES", "127.0.0.0/8")]).await;
    let room = member(&server, "Owner").await.starts().await;
    let (mut ana, mut bob) = (Wire::opens(&server, "ana").await, Wire::opens(&server, "bob").await);
    let empty = member(&server, "Other").await.starts().await;
    ana.sits(&server, &room, 1).await;
    let offer = bob.offers(&room).await;
    ana.hears_exactly(&offer).await;
    let whole =
        json!({"room_id": empty, "type": "offer", "offer": {"type": "offer", "sdp": "v=0 é😀"}}).to_string();
    let known = json!({"room_id": "nowhere", "type": "mark"}).to_string();
    for seed in 1..=100 {
        let mut noise = Noise::new(seed);
        let mut mallory = Wire::opens(&server, "mallory").await;
        if seed % 2 == 0 {
            mallory.says(&known).await; // from here on it is a page's socket, if in no room that there is
        }
        for _ in 0..100 {
            let frame = match noise.below(8) {
                0 => Message::binary(noise.bytes()),
                1..=3 => Message::text(noise.beginning_of(&whole)),
                _ => Message::text(noise.text()),
            };
            if mallory.tries_to_send(frame).await.is_err() {
                break; // as it should: it was closed
            }
        }
    }
    let mark = bob.marks(&room, "after all of it").await;
    ana.hears_exactly(&mark).await;
    assert_eq!(server.metrics.participants.get(), 2);
    server.stop().await;
}
