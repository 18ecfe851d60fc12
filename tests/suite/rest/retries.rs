//! A request that comes twice acts once.
use super::ask::{Answer, ask};
use crate::common::Convene;
use serde_json::{Value, json};

const KEY: &str = "5f1c2e8a-7d11-4a56-9b1e-0c2f6f1d9a77";

#[tokio::test]
async fn the_same_key_and_body_make_one_room_and_one_answer() {
    let server = Convene::start().await;
    let create = |key: &str, name: &str| {
        ask(&server, "POST", "/v1/rooms").with("idempotency-key", key).json(&json!({"name": name}))
    };
    let first = create(KEY, "Weekly").gives(201).await;
    let again = create(KEY, "Weekly").gives(201).await;
    let (mut told, retold) = (first.json(), again.json());
    assert!(told["owner_secret"].is_string() && told["room"]["id"].is_string(), "{told}");
    assert_eq!(told["owner_secret"], retold["owner_secret"], "the secret is told again");
    told["room"]["version"] = retold["room"]["version"].clone();
    assert_eq!(told, retold);
    create(KEY, "Monthly").is_refused(409, "idempotency_conflict").await;
    let other = create(&KEY.replace('5', "6"), "Weekly").gives(201).await.json();
    assert_ne!(other["room"]["id"], told["room"]["id"]);
    for bad in ["", "short", "with a space in it, long enough", &"x".repeat(129)] {
        let refused = create(bad, "Weekly").is_refused(422, "invalid_field").await;
        assert_eq!(refused["field"], "Idempotency-Key", "{bad:?}");
    }
    server.stop().await;
}

#[tokio::test]
async fn ten_at_the_same_time_are_still_one() {
    let server = Convene::start().await;
    let asks = (0..10).map(|_| {
        ask(&server, "POST", "/v1/rooms")
            .with("idempotency-key", KEY)
            .json(&json!({"name": "Weekly"}))
            .answer()
    });
    let answers = futures_util::future::join_all(asks).await;
    assert!(answers.iter().all(|answer| answer.status == 201), "{answers:?}");
    let id = |answer: &Answer| answer.json()["room"]["id"].as_str().expect("an id").to_owned();
    let mut ids: Vec<String> = answers.iter().map(id).collect();
    ids.dedup();
    assert_eq!(ids.len(), 1, "{ids:?}");
    server.stop().await;
}

async fn create(server: &Convene) -> Value {
    let body = json!({"name": "Weekly"});
    ask(server, "POST", "/v1/rooms").with("idempotency-key", KEY).json(&body).gives(201).await.json()
}

#[tokio::test]
async fn an_answer_outlives_the_server() {
    let server = Convene::start().await;
    let first = create(&server).await;
    let (folder, changes) = server.stop().await;
    let server = Convene::again(folder, changes).await;
    let again = create(&server).await;
    assert!(first["owner_secret"].is_string() && first["room"]["id"].is_string(), "{first}");
    assert_eq!(first["owner_secret"], again["owner_secret"]);
    assert_eq!(first["room"]["id"], again["room"]["id"]);
    server.stop().await;
}
