//! The database goes away and comes back: the call goes on, nothing unkept is shown, and all heals by itself.
use convene::telemetry::Metrics;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection};
use serde_json::json;

use crate::common::Convene;

/// Another process that has the file to itself.
async fn locks(convene: &Convene) -> DatabaseConnection {
    let mut options = ConnectOptions::new(format!("sqlite://{}", convene.database().display()));
    options.max_connections(1);
    let other = Database::connect(options).await.expect("the file opens");
    other.execute_unprepared("BEGIN EXCLUSIVE").await.expect("the lock is taken");
    other
}

async fn unlocks(other: DatabaseConnection) {
    other.execute_unprepared("ROLLBACK").await.expect("the lock is given back");
    other.close().await.expect("closed");
}

#[tokio::test]
async fn the_call_goes_on_without_its_database() {
    let convene = Convene::start().await;
    let room = convene.plain_room().await;
    let mut ana = convene.joins("Ana", &room).await;
    let mut bob = convene.joins("Bob", &room).await;
    let lock = locks(&convene).await;

    let lost = ana.sends(json!({"type": "chat_send", "client_id": "lost", "text": "lost"})).await;
    bob.asks(json!({"type": "raise_hand"})).await;
    assert_eq!(ana.hears("hand_raised").await["rank"], 1, "what is ephemeral doesn't wait");
    let mut carl = convene.joins("Carl", &room).await;
    assert_eq!(ana.reply(lost).await["err"]["code"], "storage_unavailable");
    convene.until("it is not ready", |convene| !convene.is_ready()).await;
    let refused =
        ana.is_refused(json!({"type": "chat_send", "client_id": "at once", "text": "at once"})).await;
    assert_eq!(refused["code"], "storage_unavailable");
    assert!(
        bob.has_heard("chat_message").await.is_empty() && carl.has_heard("chat_message").await.is_empty()
    );

    unlocks(lock).await;
    convene.until("it is ready", Convene::is_ready).await;
    ana.says("back").await;
    assert_eq!(carl.hears("chat_message").await["message"]["text"], "back");
    drop((ana, bob, carl));
    convene.stop().await;
}

#[tokio::test]
async fn an_empty_room_sleeps_and_wakes_with_its_history() {
    let convene = Convene::start_with(&[("ROOMS__RETIRE_SECONDS", "1")]).await;
    let room = convene.plain_room().await;
    let mut ana = convene.joins("Ana", &room).await;
    ana.says("remember me").await;
    let first = ana.epoch();
    ana.asks(json!({"type": "leave"})).await;
    let asleep = |metrics: &Metrics| metrics.rooms.get() == 0;
    convene.until("the room sleeps", |convene| asleep(&convene.metrics)).await;

    let mut bob = convene.client("Bob").await;
    let joined = bob.joins(&room.code).await;
    assert_eq!(joined["chat"]["messages"][0]["text"], "remember me");
    assert_ne!(joined["epoch"], first);
    assert_eq!(bob.says("I do").await["no"], 2);
    drop((ana, bob));
    convene.stop().await;
}

#[tokio::test]
async fn a_row_that_cant_be_read_is_our_fault_and_nobody_elses() {
    let convene = Convene::start_with(&[("ROOMS__RETIRE_SECONDS", "1")]).await;
    let (broken, sound) = (convene.plain_room().await, convene.plain_room().await);
    let other =
        Database::connect(format!("sqlite://{}", convene.database().display())).await.expect("it opens");
    let id = format!("SELECT room_id FROM room_key WHERE \"key\" = '{}'", broken.code);
    let tear = format!("UPDATE room SET pins = x'00' WHERE id = ({id})");
    other.execute_unprepared(&tear).await.expect("torn");
    other.close().await.expect("closed");
    convene.until("the rooms sleep", |convene| convene.metrics.rooms.get() == 0).await;

    let mut ana = convene.client("Ana").await;
    let join = json!({"type": "join", "room": broken.code, "profile": {"name": "Ana"}});
    assert_eq!(ana.is_refused(join).await["code"], "internal");
    ana.joins(&sound.code).await;
    drop(ana);
    convene.stop().await;
}
