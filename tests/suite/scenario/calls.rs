//! Two people meet: they see each other, signal, chat, and leave.
use serde_json::json;

use crate::common::Convene;

#[tokio::test]
async fn two_people_talk() {
    let convene = Convene::start().await;
    let room = convene.plain_room().await;
    let mut ana = convene.joins("Ana", &room).await;
    let mut bob = convene.joins("Bob", &room).await;

    let came = ana.hears("participant_joined").await;
    assert_eq!(came["participant"]["name"], "Bob");
    assert_eq!(came["participant"]["polite"], false, "who came first does not yield");
    let first = &bob.pass["participants"][0];
    assert_eq!((first["name"].as_str(), first["polite"].as_bool()), (Some("Ana"), Some(true)));

    let offer = json!({"type": "offer", "to": ana.peer(), "gen": 1, "sdp": "v=0", "sources": {"0": "mic"}});
    bob.asks(offer).await;
    let offer = ana.hears("offer").await;
    assert_eq!((offer["from"].as_str(), offer["sdp"].as_str()), (Some(&*bob.peer()), Some("v=0")));
    ana.asks(json!({"type": "answer", "to": bob.peer(), "gen": 1, "sdp": "v=1", "sources": {}})).await;
    assert_eq!(bob.hears("answer").await["sdp"], "v=1");

    let said = ana.says("hello").await;
    let shown = bob.hears("chat_message").await;
    assert_eq!(shown["message"]["text"], "hello");
    assert_eq!((&shown["message"]["no"], &shown["seq"]), (&said["no"], &said["seq"]));

    bob.asks(json!({"type": "leave"})).await;
    let left = ana.hears("participant_left").await;
    assert_eq!((&left["peer"], &left["reason"]), (&json!(bob.peer()), &json!("left")));
    bob.joins(&room.code).await;
    drop((ana, bob));
    convene.stop().await;
}

#[tokio::test]
async fn a_message_that_is_sent_twice_is_shown_once() {
    let convene = Convene::start().await;
    let room = convene.plain_room().await;
    let mut ana = convene.joins("Ana", &room).await;
    let mut bob = convene.joins("Bob", &room).await;
    let first = ana.says("once").await;
    let second = ana.says("once").await;
    assert_eq!((&first["message"], &first["no"]), (&second["message"], &second["no"]));
    bob.hears("chat_message").await;
    assert!(bob.has_heard("chat_message").await.is_empty());
    drop((ana, bob));
    convene.stop().await;
}
