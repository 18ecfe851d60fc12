//! What a PIN gave holds on the native socket too, and a number alone opens nothing.
use super::page::{Person, by_mail};
use crate::common::{Client, Convene};
use serde_json::json;

async fn connects(server: &Convene, who: &Person<'_>) -> Client {
    let mut client = server.stranger("x").await;
    client.asks(json!({"type": "hello", "protocol": 1, "token": who.token})).await;
    client
}

fn join(key: &str) -> serde_json::Value {
    json!({"type": "join", "room": key, "profile": {"name": "Someone"}})
}

#[tokio::test]
async fn s_r7_members_enter_without_pin_as_what_their_pin_made_them() {
    let server = Convene::start().await;
    let (ana, ben, eve) =
        (by_mail(&server, "Ana").await, by_mail(&server, "Ben").await, by_mail(&server, "Eve").await);
    let (gid, pin, spin) = ana.makes("Weekly").await;
    ben.joins(&gid, &pin).await;
    eve.joins(&gid, &spin).await;
    for (who, role) in [(&ana, "owner"), (&ben, "participant"), (&eve, "viewer")] {
        let mut client = connects(&server, who).await;
        let joined = client.asks(join(&gid)).await;
        assert_eq!(joined["self"]["role"], role, "{joined}");
        client.asks(json!({"type": "leave"})).await;
    }
    ana.gets(&[("op", "setgroup"), ("gid", &gid), ("pin", "new")]).await;
    let mut client = connects(&server, &ben).await;
    assert_eq!(client.is_refused(join(&gid)).await["code"], "wrong_pin", "another PIN stands now");
    drop(client);
    server.stop().await;
}

#[tokio::test]
async fn s_r7_a_number_alone_opens_nothing_on_the_native_socket() {
    let server = Convene::start().await;
    let room = server.plain_room().await;
    let path = format!("/v1/rooms/{}", room.code);
    let seen = crate::rest::ask::ask(&server, "GET", &path).shows(&room.owner_secret).gives(200).await.json();
    let gid = seen["keys"]["mesibo"].to_string();
    let mut ben = server.client("Ben").await;
    assert_eq!(ben.is_refused(join(&gid)).await["code"], "wrong_pin");
    let mut by_pin = join(&gid);
    by_pin["pin"] = room.pin.as_str().into();
    ben.asks(by_pin).await;
    let mut eve = server.client("Eve").await;
    eve.asks(join(&room.code)).await;
    drop((ben, eve));
    server.stop().await;
}
