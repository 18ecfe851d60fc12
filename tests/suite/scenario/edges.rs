//! The rules of a socket: hello first, one seat, not too many faults, and everybody told at the end.
use serde_json::json;

use crate::common::Convene;

#[tokio::test]
async fn a_socket_says_hello_first() {
    let convene = Convene::start().await;
    let room = convene.plain_room().await;
    let mut eve = convene.stranger("Eve").await;
    let join = json!({"type": "join", "room": room.code, "profile": {"name": "Eve"}});
    assert_eq!(eve.is_refused(join).await["code"], "unauthenticated");
    let token = json!({"type": "hello", "protocol": 1, "token": "eyJhbGciOiJub25lIn0.e30."});
    assert_eq!(eve.is_refused(token).await["code"], "token_invalid");
    let old = eve.sends(json!({"type": "hello", "protocol": 99})).await;
    assert_eq!(eve.reply(old).await["err"]["code"], "unsupported");
    assert_eq!(eve.is_closed().await, 4300);
    drop(eve);
    convene.stop().await;
}

#[tokio::test]
async fn one_socket_holds_one_seat() {
    let convene = Convene::start().await;
    let (room, other) = (convene.plain_room().await, convene.plain_room().await);
    let mut ana = convene.client("Ana").await;
    assert_eq!(ana.is_refused(json!({"type": "raise_hand"})).await["code"], "not_joined");
    ana.joins(&room.code).await;
    let again = json!({"type": "join", "room": other.code, "profile": {"name": "Ana"}});
    assert_eq!(ana.is_refused(again.clone()).await["code"], "identity_in_use");
    ana.asks(json!({"type": "leave"})).await;
    assert_eq!(ana.is_refused(json!({"type": "raise_hand"})).await["code"], "not_joined");
    ana.asks(again).await;
    let nowhere = json!({"type": "join", "room": "aaa-aaaa-aaa", "profile": {"name": "Bob"}});
    let mut bob = convene.client("Bob").await;
    assert_eq!(bob.is_refused(nowhere).await["code"], "no_such_room");
    drop((ana, bob));
    convene.stop().await;
}

#[tokio::test]
async fn ten_faults_in_a_row_end_a_socket_and_one_good_frame_forgives() {
    let convene = Convene::start().await;
    let mut eve = convene.client("Eve").await;
    for _ in 0..9 {
        eve.sends_text("nonsense").await;
    }
    eve.asks(json!({"type": "hello", "protocol": 1})).await;
    for _ in 0..10 {
        eve.sends_text("nonsense").await;
    }
    assert_eq!(eve.is_closed().await, 4302);
    drop(eve);
    convene.stop().await;
}

#[tokio::test]
async fn a_drain_tells_everybody() {
    let convene = Convene::start().await;
    let room = convene.plain_room().await;
    let mut ana = convene.joins("Ana", &room).await;
    let mut lurker = convene.stranger("Lurker").await;
    ana.says("kept").await;
    convene.stop().await;
    assert_eq!(ana.hears("going_away").await["action"], "resume");
    assert_eq!((ana.is_closed().await, lurker.is_closed().await), (4000, 4000));
}

#[tokio::test]
async fn a_hundred_people_join_at_once() {
    let convene = Convene::start_with(&[("LIMITS__TRUSTED_SOURCES", "127.0.0.1")]).await;
    let room = convene.room(json!({"name": "Hall", "capacity": 100})).await;
    let joins = (0..101).map(|number| {
        let (convene, room) = (&convene, &room);
        async move {
            let mut client = convene.client(&format!("Guest {number}")).await;
            let join = json!({"type": "join", "room": room.code, "profile": {"name": "Guest"}});
            let id = client.sends(join).await;
            let reply = client.reply(id).await;
            (client, reply)
        }
    });
    let mut came = futures_util::future::join_all(joins).await;
    let refused: Vec<_> = came.iter().filter_map(|(_, reply)| reply.get("err")).collect();
    assert_eq!(refused.len(), 1, "one seat too few");
    assert_eq!(refused[0]["code"], "room_full");
    let at = came.iter().position(|(_, reply)| reply.get("ok").is_some()).expect("someone is in");
    came[at].0.says("hello all").await;
    for (client, reply) in &mut came {
        if reply.get("ok").is_some() {
            assert_eq!(client.hears("chat_message").await["message"]["text"], "hello all");
        }
    }
    drop(came);
    convene.stop().await;
}
