//! Accounts on sockets: shown by token or cookie, ended by whatever ends a session; guests beside them notice nothing.
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::common::office::{Device, Office};
use crate::common::{Client, Convene, Made};
use crate::rest::ask::raw;

pub(super) fn hello(token: &str) -> Value {
    json!({"type": "hello", "protocol": 1, "token": token})
}

/// A socket that has shown the device's session, and sits in the room.
pub(super) async fn joins_as(server: &Convene, device: &Device, name: &str, room: &Made) -> Client {
    let mut client = server.stranger(name).await;
    let welcome = client.asks(hello(&device.token)).await;
    assert_eq!(welcome["identity"], "account");
    client.joins(&room.code).await;
    client
}

#[tokio::test]
async fn a_session_is_shown_by_token_or_by_cookie_and_a_stale_cookie_shuts_nobody_out() {
    let server = Convene::start().await;
    let office = Office::of(&server).await;
    let ada = office.device_of("Ada").await;
    let url = server.url("ws", "/v1/connect");
    let cookie = |token: &str| format!("theme=dark; convene={token}");
    let greeting = json!({"type": "hello", "protocol": 1});

    let mut by_token = server.stranger("Ada").await;
    assert_eq!(by_token.asks(hello(&ada.token)).await["identity"], "account");
    let mut by_cookie = Client::connect_with("Ada", &url, &[("cookie", &cookie(&ada.token))]).await;
    assert_eq!(by_cookie.asks(greeting.clone()).await["identity"], "account");
    let stale = cookie("cvs_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    let mut guest = Client::connect_with("Gus", &url, &[("cookie", &stale)]).await;
    assert_eq!(guest.asks(greeting).await["identity"], "guest");
    drop((by_token, by_cookie, guest));
    office.closes().await;
    server.stop().await;
}

#[tokio::test]
async fn another_sites_page_gets_no_socket_with_our_cookie() {
    let server = Convene::start().await;
    let office = Office::of(&server).await;
    let ada = office.device_of("Ada").await;
    let host = server.url("http", "").replace("http://", "");
    let upgrade = |origin: &str| {
        format!(
            "GET /v1/connect HTTP/1.1\r\nhost: {host}\r\norigin: {origin}\r\ncookie: convene={}\r\n\
             connection: upgrade, close\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
             sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
            ada.token
        )
    };
    for origin in
        ["https://evil.example", "null", &format!("http://{host}.evil.example"), "http://127.0.0.1:1"]
    {
        let answer = raw(&server, upgrade(origin).as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 403 ") && answer.contains("bad_origin"), "{origin}: {answer}");
    }
    office.closes().await;
    server.stop().await;
}

/// Attack 36, on a healthy server: each way in which a session ends, against a live socket, its seat, and its token.
pub(crate) async fn whatever_ends_a_session_ends_its_sockets_and_seats_within_a_second(server: &Convene) {
    let office = Office::of(server).await;
    let room = server.plain_room().await;
    let mut bystander = server.joins("Bob", &room).await;
    let steady = office.device_of("Steady").await;
    let mut other_account = joins_as(server, &steady, "Steady", &room).await;

    for way in ["signed out", "another password", "password reset", "disabled"] {
        let ada = office.device_of(&format!("Ada-{}", way.replace(' ', "-"))).await;
        let second = office.signs_in(ada.user).await;
        let mut seated = joins_as(server, &ada, "Ada", &room).await;
        let mut unseated = server.stranger("Ada").await;
        unseated.asks(hello(&ada.token)).await;
        let peer = seated.peer();

        let started = Instant::now();
        match way {
            "signed out" => office.signs_out(&ada).await,
            "another password" => office.ends_all_but(&second).await,
            "password reset" => office.ends_all(ada.user).await,
            "disabled" => office.disables(ada.user).await,
            other => panic!("{other}"),
        }
        assert_eq!((seated.is_closed().await, unseated.is_closed().await), (4205, 4205), "{way}");
        assert!(started.elapsed() < Duration::from_secs(1), "{way} took {:?}", started.elapsed());

        let left = loop {
            let left = bystander.hears("participant_left").await;
            if left["peer"] == peer.as_str() {
                break left;
            }
        };
        assert_eq!(left["reason"], "revoked", "{way}");
        let mut again = server.stranger("Ada").await;
        assert_eq!(again.is_refused(hello(&ada.token)).await["code"], "token_invalid", "{way}");
        assert_eq!(again.is_refused(seated.seat()).await["code"], "unknown_session", "{way}: no way back");
        if matches!(way, "signed out" | "another password") {
            again.asks(hello(&second.token)).await;
        }
    }
    other_account.says("still here").await;
    assert_eq!(bystander.hears("chat_message").await["message"]["text"], "still here");
    drop((bystander, other_account));
    office.closes().await;
}

#[tokio::test]
async fn a_seat_that_waits_for_its_holder_goes_with_the_session_too() {
    let server = Convene::start().await;
    let office = Office::of(&server).await;
    let room = server.plain_room().await;
    let mut bob = server.joins("Bob", &room).await;
    let ada = office.device_of("Ada").await;
    let away = joins_as(&server, &ada, "Ada", &room).await.vanishes();
    bob.hears("participant_changed").await;
    office.signs_out(&ada).await;
    assert_eq!(bob.hears("participant_left").await["reason"], "revoked");
    let mut thief = server.stranger("Eve").await;
    assert_eq!(thief.is_refused(away).await["code"], "unknown_session");
    drop((bob, thief));
    office.closes().await;
    server.stop().await;
}

#[tokio::test]
async fn who_signs_in_anew_right_after_a_reset_stays() {
    let server = Convene::start().await;
    let office = Office::of(&server).await;
    let room = server.plain_room().await;
    let ada = office.device_of("Ada").await;
    let mut old = joins_as(&server, &ada, "Ada", &room).await;
    office.ends_all(ada.user).await;
    let fresh = office.signs_in(ada.user).await;
    let mut new = joins_as(&server, &fresh, "Ada", &room).await;
    assert_eq!(old.is_closed().await, 4205);
    new.says("here again").await;
    drop((old, new));
    office.closes().await;
    server.stop().await;
}

#[tokio::test]
async fn a_newer_session_of_the_same_account_takes_over() {
    let server = Convene::start().await;
    let office = Office::of(&server).await;
    let room = server.plain_room().await;
    let (ada, eve) = (office.device_of("Ada").await, office.device_of("Eve").await);
    let mut seated = joins_as(&server, &ada, "Ada", &room).await;
    let newer = office.signs_in(ada.user).await;
    let refresh = |device: &Device| json!({"type": "token_refresh", "token": device.token});
    assert_eq!(seated.is_refused(refresh(&eve)).await["code"], "token_invalid", "another account's");
    seated.asks(refresh(&newer)).await;
    office.signs_out(&ada).await;
    let mut witness = joins_as(&server, &eve, "Eve", &room).await;
    office.signs_out(&eve).await;
    assert_eq!(witness.is_closed().await, 4205, "both ends are news by now");
    seated.says("still here").await;
    office.signs_out(&newer).await;
    assert_eq!(seated.is_closed().await, 4205);
    drop((seated, witness));
    office.closes().await;
    server.stop().await;
}

#[tokio::test]
async fn the_owners_account_owns_its_room_on_the_socket() {
    let server = Convene::start().await;
    let office = Office::of(&server).await;
    let ada = office.device_of("Ada").await;
    let room = server.room(json!({"needs_pin": true})).await;
    office.gives_room(&server, &room.code, ada.user).await;
    let mut owner = server.stranger("Ada").await;
    owner.asks(hello(&ada.token)).await;
    let joined = owner.joins(&room.code).await;
    assert_eq!(joined["self"]["role"], "owner");
    let mut eve = server.stranger("Eve").await;
    eve.asks(hello(&office.device_of("Eve").await.token)).await;
    let join = json!({"type": "join", "room": room.code, "profile": {"name": "Eve"}});
    assert_eq!(eve.is_refused(join).await["code"], "wrong_pin");
    drop((owner, eve));
    office.closes().await;
    server.stop().await;
}
