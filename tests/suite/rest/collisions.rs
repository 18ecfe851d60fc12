//! Two rooms that draw the same keys: the later one draws again, and nobody gets another's room.
use super::ask::ask;
use crate::common::Convene;
use convene::room::record::Keys;
use convene::service::rooms::draw_keys;
use serde_json::{Value, json};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The keys that are drawn again and again.
static SAME: LazyLock<Keys> = LazyLock::new(draw_keys);

async fn makes(server: &Convene, name: &str) -> (String, String) {
    let made = ask(server, "POST", "/v1/rooms").json(&json!({"name": name})).gives(201).await.json();
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    (text(&made["room"]["code"]), text(&made["owner_secret"]))
}

#[tokio::test]
async fn a_room_whose_keys_are_taken_draws_again() {
    static DRAWN: AtomicUsize = AtomicUsize::new(0);
    /// The same for the first three, one key of it for the fourth, then new ones.
    fn draw() -> Keys {
        match DRAWN.fetch_add(1, Ordering::Relaxed) {
            0..=2 => SAME.clone(),
            3 => Keys { mesibo: SAME.mesibo, ..draw_keys() },
            _ => draw_keys(),
        }
    }
    let server = Convene::start_drawing(draw).await;
    let (first, first_secret) = makes(&server, "First").await;
    let (second, second_secret) = makes(&server, "Second").await;
    assert_eq!((&*first, DRAWN.load(Ordering::Relaxed)), (&*SAME.native, 5));
    assert_ne!(first, second);

    for (code, secret, name) in [(&first, &first_secret, "First"), (&second, &second_secret, "Second")] {
        let room = ask(&server, "GET", &format!("/v1/rooms/{code}")).shows(secret).gives(200).await.json();
        assert_eq!((&room["name"], &room["keys"]["native"]), (&json!(name), &json!(code)));
    }
    let mut join = json!({"type": "join", "room": first, "profile": {"name": "Eve"}});
    join["owner_secret"] = json!(second_secret);
    let mut eve = server.client("Eve").await;
    assert_eq!(eve.is_refused(join).await["code"], "token_invalid", "its secret opens no other room");
    drop(eve);
    server.stop().await;
}

#[tokio::test]
async fn a_room_that_finds_no_free_keys_is_not_made() {
    let server = Convene::start_drawing(|| SAME.clone()).await;
    let (code, secret) = makes(&server, "First").await;
    let again = ask(&server, "POST", "/v1/rooms").json(&json!({"name": "Second"}));
    again.is_refused(503, "unavailable").await;
    let room = ask(&server, "GET", &format!("/v1/rooms/{code}")).shows(&secret).gives(200).await.json();
    assert_eq!(room["name"], "First");
    server.stop().await;
}
