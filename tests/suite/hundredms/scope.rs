//! What a socket may not do in another's name, by a token or without.
use super::app::{Wire, count, room, token, update};
use crate::common::Convene;
use serde_json::json;

#[tokio::test]
async fn h_s5_a_leave_in_anothers_name_changes_nothing() {
    let server = Convene::start().await;
    let id = room(&server).await;
    let (mut ana, mut eve) = (Wire::opens(&server).await, Wire::opens(&server).await);
    ana.joins(&id, "ana").await;
    eve.leaves(&id, "ana").await;
    eve.joins(&id, "ana").await;
    eve.leaves(&id, "ana").await;
    ana.has_heard_nothing().await;
    assert_eq!(count(&server, &id).await, Some(1), "she is still there");
    drop((ana, eve));
    server.stop().await;
}

#[tokio::test]
async fn h_s5_a_token_binds_the_user_and_the_room() {
    let server = Convene::start_with(&[("DIALECTS__HUNDREDMS__ERRORS", "true")]).await;
    let (id, other) = (room(&server).await, room(&server).await);
    let text = token(&server, &id, json!({"role": "guest", "userId": "ana"})).await;
    let mut ana = Wire::opens(&server).await;
    let refused = |why: &str| json!({"event": "error", "data": {"message": why}});
    let elsewhere = "the token is of another room or user";
    for (room, user) in [(&id, "bob"), (&other, "ana"), (&id, "ANA")] {
        ana.joins_with(room, user, &text).await;
        ana.hears(refused(elsewhere)).await;
    }
    for forged in ["x", "a.b.c", &format!("{text}x")] {
        ana.joins_with(&id, "ana", forged).await;
        ana.hears(refused("the token is not good")).await;
    }
    ana.joins_with(&id, "ana", &text).await;
    ana.hears(update(&id, "ana", "joined")).await;
    // in the address it holds for every join
    let mut eve = Wire::opens_at(&server, &format!("/?token={text}"), &[]).await;
    eve.tries(&id, "bob").await;
    eve.hears(refused(elsewhere)).await;
    eve.joins(&id, "ana").await;
    assert_eq!(count(&server, &id).await, Some(1));
    drop((ana, eve));
    server.stop().await;
}

#[tokio::test]
async fn h_s6_whoever_is_removed_hears_so_and_the_socket_stays_for_other_rooms() {
    let server = Convene::start().await;
    let made = super::app::makes(&server, "Class").await;
    let (id, secret) = (made["id"].as_str().unwrap(), made["creator_secret"].as_str().unwrap());
    let other = room(&server).await;
    let (mut ana, mut bob) = (Wire::opens(&server).await, Wire::opens(&server).await);
    bob.joins(id, "bob").await;
    ana.joins(&other, "ana").await;
    let text = token(&server, id, json!({"userId": "ana"})).await;
    ana.joins_with(id, "ana", &text).await;
    ana.hears(update(id, "ana", "joined")).await;
    bob.hears(update(id, "ana", "joined")).await;
    let path = format!("/v1/rooms/{id}/tokens?subject=ana");
    crate::rest::ask::ask(&server, "DELETE", &path).shows(secret).gives(204).await;
    ana.hears(update(id, "ana", "left")).await;
    bob.hears(update(id, "ana", "left")).await;
    ana.has_heard_nothing().await;
    assert_eq!((count(&server, id).await, count(&server, &other).await), (Some(1), Some(1)));
    let path = format!("/v1/rooms/{id}");
    crate::rest::ask::ask(&server, "DELETE", &path).shows(secret).gives(204).await;
    bob.hears(update(id, "bob", "left")).await;
    bob.joins(&other, "bob").await;
    ana.hears(update(&other, "bob", "joined")).await;
    drop((ana, bob));
    server.stop().await;
}
