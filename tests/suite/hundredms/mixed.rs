//! In one room with others: a page of ours, a token on a page of ours, a page of another system.
use super::app::{Wire, claims, count, room, token, update};
use crate::common::Convene;
use serde_json::json;

#[tokio::test]
async fn h_m1_a_native_person_and_an_app_hear_of_each_other() {
    let server = Convene::start().await;
    let id = room(&server).await;
    let mut ana = server.client("Ana").await;
    ana.joins(&id).await;
    let mut app = Wire::opens(&server).await;
    app.joins(&id, "u-7").await;
    let joined = ana.hears("participant_joined").await;
    let seen = &joined["participant"];
    assert_eq!((&seen["name"], &seen["media"]["audio"]), (&json!("u-7"), &json!(false)), "{joined}");
    assert_eq!(count(&server, &id).await, Some(2));
    let mut bob = server.client("Bob").await;
    bob.joins(&id).await;
    app.hears(update(&id, &bob.peer(), "joined")).await;
    ana.says("hello").await;
    bob.asks(json!({"type": "leave"})).await;
    app.hears(update(&id, &bob.peer(), "left")).await;
    app.leaves(&id, "u-7").await;
    ana.hears("participant_left").await;
    app.has_heard_nothing().await;
    let peer = ana.peer();
    app.joins(&id, "u-7").await;
    ana.asks(json!({"type": "leave"})).await;
    app.hears(update(&id, &peer, "left")).await;
    drop((ana, bob));
    server.stop().await;
}

#[tokio::test]
async fn h_m2_who_calls_by_a_token_and_tells_by_socket_is_one_user() {
    let server = Convene::start().await;
    let id = room(&server).await;
    let text = token(&server, &id, json!({"userId": "u-7"})).await;
    assert_eq!(claims(&text)["user_id"], "u-7");
    let mut bystander = Wire::opens(&server).await;
    bystander.joins(&id, "bob").await;
    let mut app = Wire::opens(&server).await;
    app.joins_with(&id, "u-7", &text).await;
    app.hears(update(&id, "u-7", "joined")).await;
    bystander.hears(update(&id, "u-7", "joined")).await;
    let mut page = server.stranger("Ana").await;
    page.asks(json!({"type": "hello", "protocol": 1, "token": text})).await;
    page.joins(&id).await;
    assert_eq!(count(&server, &id).await, Some(2), "u-7 and bob");
    app.leaves(&id, "u-7").await;
    bystander.has_heard_nothing().await;
    page.asks(json!({"type": "leave"})).await;
    bystander.hears(update(&id, "u-7", "left")).await;
    drop(page);
    drop((bystander, app));
    server.stop().await;
}

#[tokio::test]
async fn h_m3_a_room_of_another_face_is_joined_by_its_keys_and_never_listed() {
    let server = Convene::start().await;
    let native = server.plain_room().await;
    let mut ana = server.joins("Ana", &native).await;
    let mut app = Wire::opens(&server).await;
    app.joins(&native.code, "u").await;
    ana.hears("participant_joined").await;
    assert_eq!(count(&server, &native.code).await, None);
    ana.asks(json!({"type": "leave"})).await;
    app.hears(update(&native.code, &ana.peer(), "left")).await;
    drop(ana);
    drop(app);
    server.stop().await;
}

#[tokio::test]
async fn h_m4_meets_pages_and_apps_share_the_raw_sockets() {
    let server = Convene::start().await;
    let made = super::app::makes(&server, "Class").await;
    let (id, secret) = (made["id"].as_str().unwrap(), made["creator_secret"].as_str().unwrap());
    let path = format!("/v1/rooms/{id}");
    let seen = crate::rest::ask::ask(&server, "GET", &path).shows(secret).gives(200).await.json();
    let meet = seen["keys"]["meet"].as_str().unwrap();
    let mut app = Wire::opens(&server).await;
    app.joins(id, "u").await;
    let mut page = Wire::opens(&server).await;
    let offer = json!({"room_id": meet, "type": "offer", "offer": {"type": "offer", "sdp": "v=0"}});
    page.says(&offer.to_string()).await;
    let joined = app.hears_any().await;
    let user = joined["data"]["userId"].as_str().unwrap().to_owned();
    assert_eq!(joined, update(id, &user, "joined"));
    drop(page);
    app.hears(update(id, &user, "left")).await;
    drop(app);
    server.stop().await;
}
