//! What time ends: an account's session, told before and closed after, and the credentials for TURN, replaced before.
//! The server's clock is set forward; one person a test, who listens all the while and so answers each ping.
use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use convene::room::ids::Millis;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha1::Sha1;

use super::sessions::{hello, joins_as};
use crate::common::office::{Office, now};
use crate::common::{Client, Convene};

const MINUTE: Duration = Duration::from_secs(60);
const TTL: Duration = Duration::from_secs(60);

/// Listens for longer than a period, so that a ping and its look at the session lay in between.
async fn listens(client: &mut Client) {
    for _ in 0..2 {
        client.hears("heartbeat").await;
    }
}

fn at(time: &Value) -> Millis {
    let time: jiff::Timestamp = time.as_str().expect("a time").parse().expect("RFC 3339");
    Millis(time.as_millisecond())
}

#[tokio::test]
async fn a_session_near_its_end_is_told_and_a_newer_one_saves_the_connection() {
    let server = Convene::start_quick(&[]).await;
    let office = Office::of(&server).await;
    let room = server.plain_room().await;
    let before = now();
    let ada = office.device_of("Ada").await;
    let (least, most) = (before.plus(3_600_000), now().plus(3_600_000));
    let mut seated = joins_as(&server, &ada, "Ada", &room).await;

    server.clock.set_forward(54 * MINUTE);
    listens(&mut seated).await;
    assert!(seated.has_heard("token_expiring").await.is_empty(), "six minutes are left");
    server.clock.set_forward(2 * MINUTE);
    let end = at(&seated.hears("token_expiring").await["at"]);
    assert!(least <= end && end <= most, "{least:?} <= {end:?} <= {most:?}");

    let newer = office.signs_in_for(ada.user, 180 * MINUTE).await;
    seated.asks(json!({"type": "token_refresh", "token": newer.token})).await;
    let told = seated.has_heard("token_expiring").await.len();
    server.clock.set_forward(10 * MINUTE);
    listens(&mut seated).await;
    assert_eq!(seated.has_heard("token_expiring").await.len(), told, "two hours are left");
    seated.says("still here").await;
    let mut again = server.stranger("Ada").await;
    assert_eq!(again.is_refused(hello(&ada.token)).await["code"], "token_invalid", "the older one is over");
    drop((seated, again));
    office.closes().await;
    server.stop().await;
}

#[tokio::test]
async fn a_session_that_is_over_closes_its_socket_and_releases_its_seat() {
    let server = Convene::start_quick(&[]).await;
    let office = Office::of(&server).await;
    let room = server.plain_room().await;
    let mut bob = server.joins("Bob", &room).await;
    let ada = office.device_of("Ada").await;
    let mut seated = joins_as(&server, &ada, "Ada", &room).await;
    server.clock.set_forward(61 * MINUTE);
    let (code, left) = tokio::join!(seated.is_closed(), bob.hears("participant_left"));
    assert_eq!(code, 4102);
    assert_eq!((&left["peer"], &left["reason"]), (&json!(seated.peer()), &json!("revoked")));
    bob.says("all is well").await;
    let mut again = server.stranger("Ada").await;
    assert_eq!(again.is_refused(hello(&ada.token)).await["code"], "token_invalid");
    assert_eq!(again.is_refused(seated.seat()).await["code"], "unknown_session", "no way back");
    drop((bob, seated, again));
    office.closes().await;
    server.stop().await;
}

/// The one TURN server of a push, if it carries what coturn would compute.
fn turn(push: &Value) -> (&str, Millis) {
    let server = &push["ice_servers"][0];
    assert_eq!(server["urls"], json!(["turn:turn.example.org"]));
    let username = server["username"].as_str().expect("a user name");
    let mut mac = Hmac::<Sha1>::new_from_slice(b"north").expect("any key");
    mac.update(username.as_bytes());
    assert_eq!(server["credential"], BASE64.encode(mac.finalize().into_bytes()));
    let (seconds, _) = username.split_once(':').expect("its end and its connection");
    let end = at(&push["ice_expires"]);
    assert_eq!(seconds, (end.0 / 1_000).to_string());
    (username, end)
}

#[tokio::test]
async fn credentials_for_turn_are_replaced_before_they_end_and_after_a_resume() {
    let settings = [
        ("ICE__TURN_URLS", "turn:turn.example.org"),
        ("ICE__TURN_SECRET", "north"),
        ("ICE__TURN_TTL_SECONDS", "60"),
        ("ICE__POLICY", "relay"),
    ];
    let server = Convene::start_quick(&settings).await;
    let room = server.plain_room().await;
    let mut ana = server.client("Ana").await;
    let joined = ana.joins(&room.code).await;
    let (first, first_end) = turn(&joined);
    assert_eq!(joined["ice_policy"], "relay");
    listens(&mut ana).await;
    assert!(ana.has_heard("ice_servers").await.is_empty(), "most of their minute is left");

    server.clock.set_forward(TTL * 2 / 3);
    let renewed = ana.hears("ice_servers").await;
    let (second, second_end) = turn(&renewed);
    assert_ne!(first, second);
    assert_eq!(renewed["ice_policy"], "relay");
    assert!(second_end >= first_end.plus(40_000), "{first_end:?}, {second_end:?}");
    listens(&mut ana).await;
    assert!(ana.has_heard("ice_servers").await.is_empty(), "each is told once");

    let seat = ana.vanishes();
    let mut ana = server.client("Ana").await;
    assert_eq!(ana.resumes(&seat).await["mode"], "delta", "which carries no servers");
    let after = ana.hears("ice_servers").await;
    assert_ne!(turn(&after).0, second, "they name the new connection");
    listens(&mut ana).await;
    assert!(ana.has_heard("ice_servers").await.is_empty());
    drop(ana);
    server.stop().await;
}
