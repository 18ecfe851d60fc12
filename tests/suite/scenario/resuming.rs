//! Coming back: by a delta, by a snapshot after a restart, and never to someone else's seat.
use serde_json::json;

use crate::common::Convene;

#[tokio::test]
async fn a_lost_connection_catches_up_by_a_delta() {
    let convene = Convene::start().await;
    let room = convene.plain_room().await;
    let mut ana = convene.joins("Ana", &room).await;
    let mut bob = convene.joins("Bob", &room).await;
    ana.says("before").await;
    bob.hears("chat_message").await;
    let seat = bob.vanishes();
    assert_eq!(ana.hears("participant_changed").await["state"], "away");
    ana.says("meanwhile").await;

    let mut bob = convene.client("Bob").await;
    let resumed = bob.resumes(&seat).await;
    assert_eq!(resumed["mode"], "delta");
    let missed = resumed["events"].as_array().expect("events").clone();
    let texts: Vec<_> = missed.iter().filter_map(|event| event["message"]["text"].as_str()).collect();
    assert_eq!(texts, ["meanwhile"], "what it missed, once");
    assert_eq!(ana.hears("participant_changed").await["state"], "here");
    ana.says("after").await;
    assert_eq!(bob.hears("chat_message").await["message"]["text"], "after");
    drop((ana, bob));
    convene.stop().await;
}

#[tokio::test]
async fn a_restarted_server_knows_every_seat() {
    let convene = Convene::start().await;
    let room = convene.plain_room().await;
    let mut ana = convene.joins("Ana", &room).await;
    let mut bob = convene.joins("Bob", &room).await;
    let kept = ana.says("kept").await;
    bob.hears("chat_message").await;
    let (folder, changes) = convene.stop().await;
    assert_eq!((ana.is_closed().await, bob.is_closed().await), (4000, 4000));
    let (ana_peer, ana_epoch) = (ana.peer(), ana.epoch());
    let (ana, bob) = (ana.vanishes(), bob.vanishes());

    let convene = Convene::again(folder, changes).await;
    let mut bob_again = convene.client("Bob").await;
    let resumed = bob_again.resumes(&bob).await;
    assert_eq!(resumed["mode"], "snapshot");
    assert_ne!(resumed["epoch"], ana_epoch, "a new life of the room");
    let others = &resumed["snapshot"]["participants"];
    assert_eq!((others[0]["peer"].as_str(), others[0]["state"].as_str()), (Some(&*ana_peer), Some("away")));
    let mut ana_again = convene.client("Ana").await;
    ana_again.resumes(&ana).await;
    let back = bob_again.hears("participant_changed").await;
    assert_eq!((&back["peer"], &back["state"]), (&json!(ana_peer), &json!("here")));
    let history = bob_again.asks(json!({"type": "chat_history"})).await;
    assert_eq!(history["messages"][0]["message"], kept["message"]);
    let next = ana_again.says("and on").await;
    assert_eq!(next["no"].as_i64(), kept["no"].as_i64().map(|no| no + 1), "the history goes on");
    drop((ana_again, bob_again));
    convene.stop().await;
}

#[tokio::test]
async fn a_seat_opens_only_to_its_own_secret() {
    let convene = Convene::start().await;
    let room = convene.plain_room().await;
    let ana = convene.joins("Ana", &room).await;
    let bob = convene.joins("Bob", &room).await;
    let mut mallory = convene.client("Mallory").await;
    let mut stolen = ana.seat();
    stolen["secret"] = bob.seat()["secret"].clone();
    assert_eq!(mallory.is_refused(stolen).await["code"], "bad_secret");
    let mut nowhere = ana.seat();
    nowhere["session"] = "0".repeat(64).into();
    assert_eq!(mallory.is_refused(nowhere).await["code"], "unknown_session");
    drop((ana, bob, mallory));
    convene.stop().await;
}

#[tokio::test]
async fn a_second_device_takes_the_seat_over() {
    let convene = Convene::start().await;
    let room = convene.plain_room().await;
    let mut phone = convene.joins("Ana", &room).await;
    let mut laptop = convene.client("Ana").await;
    laptop.resumes(&phone.seat()).await;
    assert_eq!(phone.is_closed().await, 4203);
    assert_eq!(laptop.says("still me").await["no"], 1);
    drop((phone, laptop));
    convene.stop().await;
}
