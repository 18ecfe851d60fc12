//! An account's share of live sockets: what is beyond it is refused and closed, others notice nothing, and each place is given back.
use serde_json::{Value, json};

use crate::common::office::{Device, Office};
use crate::common::{Client, Convene};

fn hello(device: &Device) -> Value {
    json!({"type": "hello", "protocol": 1, "token": device.token})
}

async fn greets(server: &Convene, device: &Device) -> Client {
    let mut client = server.stranger("Ada").await;
    assert_eq!(client.asks(hello(device)).await["identity"], "account");
    client
}

/// One more than it may: told why, and closed.
async fn is_one_too_many(server: &Convene, device: &Device) {
    let mut client = server.stranger("Ada").await;
    assert_eq!(client.is_refused(hello(device)).await["code"], "quota");
    assert_eq!(client.is_closed().await, 4304);
}

/// Until the server has noticed that a socket is gone.
async fn one_goes(server: &Convene, client: Client) {
    let before = server.metrics.connections.get();
    drop(client);
    server.until("it is gone", |server| server.metrics.connections.get() < before).await;
}

#[tokio::test]
async fn an_account_has_its_share_of_sockets_on_all_devices_and_others_have_theirs() {
    let server = Convene::start_with(&[("LIMITS__CONNECTIONS_PER_ACCOUNT", "3")]).await;
    let office = Office::of(&server).await;
    let (ada, bob) = (office.device_of("Ada").await, office.device_of("Bob").await);
    let tablet = office.signs_in(ada.user).await;
    let mut all = vec![greets(&server, &ada).await, greets(&server, &ada).await];
    all.push(greets(&server, &tablet).await);
    is_one_too_many(&server, &ada).await;
    is_one_too_many(&server, &tablet).await;
    let again = all[0].asks(hello(&ada)).await;
    assert_eq!(again["identity"], "account", "one that is in may say so again");
    let bystanders = (greets(&server, &bob).await, server.client("Guest").await);

    one_goes(&server, all.pop().unwrap()).await;
    all.push(greets(&server, &ada).await);
    is_one_too_many(&server, &ada).await;
    drop((all, bystanders));
    office.closes().await;
    server.stop().await;
}

#[tokio::test]
async fn coming_back_to_a_seat_is_no_way_around_the_share() {
    let server = Convene::start_with(&[("LIMITS__CONNECTIONS_PER_ACCOUNT", "2")]).await;
    let office = Office::of(&server).await;
    let ada = office.device_of("Ada").await;
    let room = server.plain_room().await;
    let mut seated = greets(&server, &ada).await;
    seated.joins(&room.code).await;
    let seat = seated.seat();
    one_goes(&server, seated).await;
    let (phone, laptop) = (greets(&server, &ada).await, greets(&server, &ada).await);

    let mut third = server.stranger("Ada").await;
    third.sends(seat.clone()).await;
    assert_eq!(third.is_closed().await, 4304);
    one_goes(&server, laptop).await;
    let mut back = server.stranger("Ada").await;
    back.resumes(&seat).await;
    is_one_too_many(&server, &ada).await;
    drop((phone, back));
    office.closes().await;
    server.stop().await;
}

#[tokio::test]
async fn whoever_is_trusted_has_any_number() {
    let changes = [
        ("LIMITS__CONNECTIONS_PER_ACCOUNT", "1"),
        ("LIMITS__CONNECTIONS_PER_ADDRESS", "3"),
        ("LIMITS__TRUSTED_SOURCES", "127.0.0.0/8"),
    ];
    let server = Convene::start_with(&changes).await;
    let office = Office::of(&server).await;
    let ada = office.device_of("Ada").await;
    let mut all = Vec::new();
    for _ in 0..5 {
        all.push(greets(&server, &ada).await);
    }
    drop(all);
    office.closes().await;
    server.stop().await;
}
