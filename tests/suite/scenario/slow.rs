//! Someone who doesn't read: closed as slow, back by resume, and never in anybody's way.
use serde_json::json;

use crate::common::Convene;

#[tokio::test]
async fn a_slow_reader_is_closed_and_comes_back() {
    let convene = Convene::start_with(&[("LIMITS__TRUSTED_SOURCES", "127.0.0.1")]).await;
    let room = convene.plain_room().await;
    let mut ana = convene.joins("Ana", &room).await;
    let mut bob = convene.joins("Bob", &room).await;
    let mut sloth = convene.joins("Sloth", &room).await;
    let body = "x".repeat(15_000);
    let mut sent = 0;
    while ana.has_heard("participant_changed").await.is_empty() {
        let broadcast = json!({"type": "broadcast", "topic": "flood", "body": body});
        ana.asks(broadcast).await;
        assert_eq!(bob.hears("broadcast").await["topic"], "flood", "the others get all of it");
        sent += 1;
        assert!(sent < 5_000, "the sloth is never closed");
    }
    assert_eq!(ana.hears("participant_changed").await["state"], "away");
    assert_eq!(sloth.is_closed().await, 4002);

    let seat = sloth.vanishes();
    let mut sloth = convene.client("Sloth").await;
    sloth.resumes(&seat).await;
    ana.says("still there?").await;
    assert_eq!(sloth.hears("chat_message").await["message"]["text"], "still there?");
    drop((ana, bob, sloth));
    convene.stop().await;
}
