//! The socket: who joins, who leaves, who hears of it, and what the list counts.
use super::app::{Wire, count, room, update};
use crate::common::Convene;
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

#[tokio::test]
async fn h_w1_a_join_is_acknowledged_with_the_documented_frames_and_counted() {
    let server = Convene::start().await;
    let id = room(&server).await;
    let mut ana = Wire::opens(&server).await;
    let join = format!(
        "{{\n  \"event\": \"join\",\n  \"data\": {{\n    \"roomId\": \"{id}\",\n    \"userId\": \"userId\"\n  }}\n}}"
    );
    ana.says(&join).await;
    ana.hears(json!({"event": "update", "data": {"roomId": id, "userId": "userId", "action": "joined"}}))
        .await;
    assert_eq!(count(&server, &id).await, Some(1), "whoever asks after the update sees it counted");
    ana.says(&join.replace("join", "leave")).await;
    ana.hears(json!({"event": "update", "data": {"roomId": id, "userId": "userId", "action": "left"}})).await;
    assert_eq!(count(&server, &id).await, Some(0));
    drop(ana);
    server.stop().await;
}

#[tokio::test]
async fn h_w1_a_page_may_open_its_socket_long_before_it_joins() {
    let server = Convene::start_quick(&[]).await;
    let id = room(&server).await;
    let mut ana = Wire::opens(&server).await;
    for _ in 0..5 {
        ana.is_pinged().await; // whoever said no hello elsewhere is gone by the second
    }
    ana.joins(&id, "ana").await;
    drop(ana);
    server.stop().await;
}

#[tokio::test]
async fn h_w2_any_path_is_as_good() {
    let server = Convene::start().await;
    let id = room(&server).await;
    for path in ["/", "/ws", "/rooms", "/some/where?x=1"] {
        let mut wire = Wire::opens_at(&server, path, &[]).await;
        wire.joins(&id, "u").await;
    }
    server.stop().await;
}

#[tokio::test]
async fn h_w3_all_in_the_room_hear_of_comings_and_goings_in_one_order() {
    let server = Convene::start().await;
    let (id, other) = (room(&server).await, room(&server).await);
    let (mut ana, mut bob, mut elsewhere) =
        (Wire::opens(&server).await, Wire::opens(&server).await, Wire::opens(&server).await);
    elsewhere.joins(&other, "eve").await;
    ana.joins(&id, "ana").await;
    bob.joins(&id, "bob").await;
    ana.hears(update(&id, "bob", "joined")).await;
    let mut carl = Wire::opens(&server).await;
    carl.joins(&id, "carl").await;
    carl.leaves(&id, "carl").await;
    for wire in [&mut ana, &mut bob] {
        wire.hears(update(&id, "carl", "joined")).await;
        wire.hears(update(&id, "carl", "left")).await;
    }
    bob.leaves(&id, "bob").await;
    ana.hears(update(&id, "bob", "left")).await;
    for wire in [&mut ana, &mut bob, &mut carl, &mut elsewhere] {
        wire.has_heard_nothing().await;
    }
    drop((carl, ana, bob, elsewhere));
    server.stop().await;
}

#[tokio::test]
async fn h_w4_the_senders_alone_hear_where_the_operator_wants_that() {
    let server = Convene::start_with(&[("DIALECTS__HUNDREDMS__UPDATE_SCOPE", "sender")]).await;
    let id = room(&server).await;
    let (mut ana, mut bob) = (Wire::opens(&server).await, Wire::opens(&server).await);
    ana.joins(&id, "ana").await;
    bob.joins(&id, "bob").await;
    bob.leaves(&id, "bob").await;
    ana.has_heard_nothing().await;
    drop((ana, bob));
    server.stop().await;
}

#[tokio::test]
async fn h_w5_a_user_is_there_once_however_often_it_joins() {
    let server = Convene::start().await;
    let id = room(&server).await;
    let (mut ana, mut bob) = (Wire::opens(&server).await, Wire::opens(&server).await);
    bob.joins(&id, "bob").await;
    for _ in 0..3 {
        ana.joins(&id, "ana").await;
    }
    bob.hears(update(&id, "ana", "joined")).await;
    assert_eq!(count(&server, &id).await, Some(2));
    ana.leaves(&id, "ana").await;
    bob.hears(update(&id, "ana", "left")).await;
    for _ in 0..3 {
        ana.leaves(&id, "ana").await;
    }
    bob.has_heard_nothing().await;
    assert_eq!(count(&server, &id).await, Some(1), "never less than who is there");
    drop((ana, bob));
    server.stop().await;
}

#[tokio::test]
async fn h_w5_a_user_on_two_devices_counts_once_and_leaves_with_the_last() {
    let server = Convene::start().await;
    let id = room(&server).await;
    let (mut phone, mut laptop, mut bob) =
        (Wire::opens(&server).await, Wire::opens(&server).await, Wire::opens(&server).await);
    bob.joins(&id, "bob").await;
    phone.joins(&id, "ana").await;
    bob.hears(update(&id, "ana", "joined")).await;
    laptop.joins(&id, "ana").await;
    assert_eq!(count(&server, &id).await, Some(2));
    phone.leaves(&id, "ana").await;
    bob.has_heard_nothing().await;
    assert_eq!(count(&server, &id).await, Some(2));
    laptop.leaves(&id, "ana").await;
    bob.hears(update(&id, "ana", "left")).await;
    assert_eq!(count(&server, &id).await, Some(1));
    drop((phone, laptop, bob));
    server.stop().await;
}

#[tokio::test]
async fn h_w6_one_connection_holds_many_users_in_many_rooms_and_hears_each_thing_once() {
    let server = Convene::start().await;
    let (one, two) = (room(&server).await, room(&server).await);
    let (mut desk, mut bob) = (Wire::opens(&server).await, Wire::opens(&server).await);
    for (id, user) in [(&one, "a"), (&one, "b"), (&two, "a"), (&one, "c")] {
        desk.joins(id, user).await;
    }
    assert_eq!((count(&server, &one).await, count(&server, &two).await), (Some(3), Some(1)));
    bob.joins(&one, "bob").await;
    desk.hears(update(&one, "bob", "joined")).await;
    desk.leaves(&one, "a").await;
    bob.hears(update(&one, "a", "left")).await;
    desk.has_heard_nothing().await;
    desk.joins(&one, "a").await;
    bob.hears(update(&one, "a", "joined")).await;
    bob.leaves(&one, "bob").await;
    desk.hears(update(&one, "bob", "left")).await;
    desk.has_heard_nothing().await;
    let mut other = Wire::opens(&server).await;
    other.joins(&one, "c").await;
    desk.leaves(&one, "c").await;
    desk.has_heard_nothing().await;
    other.leaves(&one, "c").await;
    desk.leaves(&two, "a").await;
    assert_eq!((count(&server, &one).await, count(&server, &two).await), (Some(2), Some(0)));
    drop((other, desk, bob));
    server.stop().await;
}

#[tokio::test]
async fn h_w7_a_lost_socket_leaves_for_all_its_users() {
    let server = Convene::start().await;
    let (one, two) = (room(&server).await, room(&server).await);
    let (mut desk, mut bob) = (Wire::opens(&server).await, Wire::opens(&server).await);
    bob.joins(&one, "bob").await;
    bob.joins(&two, "bob").await;
    desk.joins(&one, "a").await;
    bob.hears(update(&one, "a", "joined")).await;
    desk.joins(&two, "b").await;
    bob.hears(update(&two, "b", "joined")).await;
    drop(desk);
    let mut gone = [bob.hears_any().await, bob.hears_any().await];
    gone.sort_by_key(|frame| frame["data"]["userId"].to_string());
    assert_eq!(gone, [update(&one, "a", "left"), update(&two, "b", "left")]);
    assert_eq!((count(&server, &one).await, count(&server, &two).await), (Some(1), Some(1)));
    drop(bob);
    server.stop().await;
}

#[tokio::test]
async fn h_w7_a_silent_socket_is_closed_and_leaves() {
    let server = Convene::start_quick(&[]).await;
    let id = room(&server).await;
    let mut ana = Wire::opens(&server).await;
    ana.joins(&id, "ana").await;
    let mut bob = Wire::opens(&server).await;
    bob.joins(&id, "bob").await;
    // Ana's socket is not read any more: nothing answers its pings
    bob.hears(update(&id, "ana", "left")).await;
    drop(ana);
    assert_eq!(count(&server, &id).await, Some(1));
    drop(bob);
    server.stop().await;
}

#[tokio::test]
async fn h_w8_nobody_stays_of_a_killed_server() {
    let server = Convene::start().await;
    let id = room(&server).await;
    let mut ana = Wire::opens(&server).await;
    ana.joins(&id, "ana").await;
    let written = async || {
        !crate::meet::tables::texts(&server, "SELECT id FROM seat WHERE peer <> '' AND released_at IS NULL")
            .await
            .is_empty()
    };
    server.until_so("the seat is written", written).await;
    let next = server.as_if_killed().await;
    assert_eq!(count(&next, &id).await, Some(0));
    let mut bob = Wire::opens(&next).await;
    bob.joins(&id, "bob").await;
    bob.has_heard_nothing().await;
    assert_eq!(count(&next, &id).await, Some(1), "no ghost stays");
    drop((ana, bob));
    next.stop().await;
    server.stop().await;
}

#[tokio::test]
async fn h_w9_unknown_rooms_and_events_are_met_with_silence() {
    let server = Convene::start().await;
    let mut wire = Wire::opens(&server).await;
    wire.tries("roomId", "userId").await;
    for unknown in
        [r#"{"event":"ping"}"#, r#"{"event":"update","data":{}}"#, r#"{"event":"joined","data":null}"#]
    {
        wire.says(unknown).await;
    }
    wire.has_heard_nothing().await;
    drop(wire);
    server.stop().await;
}

#[tokio::test]
async fn h_w10_errors_are_told_where_the_operator_wants_that() {
    let server = Convene::start_with(&[("DIALECTS__HUNDREDMS__ERRORS", "true")]).await;
    let mut wire = Wire::opens(&server).await;
    wire.tries("roomId", "userId").await;
    wire.hears(json!({"event": "error", "data": {"message": "no_such_room"}})).await;
    wire.says(r#"{"event":"ping"}"#).await;
    wire.hears(json!({"event": "error", "data": {"message": "unknown event"}})).await;
    wire.says("junk").await;
    wire.hears(json!({"event": "error", "data": {"message": "not a frame of this protocol"}})).await;
    drop(wire);
    server.stop().await;
}

#[tokio::test]
async fn h_w11_text_frames_are_spoken_and_binary_ones_are_not() {
    let server = Convene::start().await;
    let id = room(&server).await;
    let mut wire = Wire::opens(&server).await;
    wire.joins(&id, "u").await;
    wire.sends(Message::binary(r#"{"event":"leave"}"#.as_bytes().to_vec())).await;
    assert_eq!(wire.is_closed().await, 1003);
    drop(wire);
    server.stop().await;
}
