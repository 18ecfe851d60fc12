//! Entering where one doesn't belong: guessed PINs, planted and spent sessions.
use super::super::ask::ask;
use super::super::person::{PASSWORD, signs_up};
use super::Stage;
use crate::common::{Client, Made};
use crate::scenario::sessions;
use serde_json::{Value, json};

/// Wrong PINs in ten minutes of one source and of all, as `limits.pin_guesses_per_source` and `_per_room` are by default.
const OF_ONE: usize = 5;
const OF_ALL: usize = 20;

fn join(room: &Made, pin: &str) -> Value {
    json!({"type": "join", "room": room.code, "profile": {"name": "Eve"}, "pin": pin})
}

/// A PIN that isn't the room's.
fn wrong(room: &Made) -> &'static str {
    if room.pin == "12345678" { "87654321" } else { "12345678" }
}

async fn closed_room(stage: &Stage) -> Made {
    stage.server.room(json!({"needs_pin": true})).await
}

/// Somebody who comes from this address, by the proxy.
async fn from(stage: &Stage, source: &str) -> Client {
    let url = stage.server.url("ws", "/v1/connect");
    let mut client = Client::connect_with("Eve", &url, &[("x-forwarded-for", source)]).await;
    client.asks(json!({"type": "hello", "protocol": 1})).await;
    client
}

pub(super) async fn pins_by_one_source(stage: &Stage) {
    let room = closed_room(stage).await;
    let mut eve = from(stage, "192.0.2.1").await;
    for _ in 0..OF_ONE {
        assert_eq!(eve.is_refused(join(&room, wrong(&room))).await["code"], "wrong_pin");
    }
    let late = eve.is_refused(join(&room, &room.pin)).await;
    assert_eq!(late["code"], "rate_limited", "not even the right one");
    assert!(late["retry_after_ms"].as_i64().unwrap() > 0, "{late}");
    from(stage, "192.0.2.2").await.asks(join(&room, &room.pin)).await;
}

pub(super) async fn pins_by_many_sources(stage: &Stage) {
    let room = closed_room(stage).await;
    let mut inside = from(stage, "198.51.100.1").await;
    inside.asks(join(&room, &room.pin)).await;
    let mut answers = Vec::new();
    for source in 0..200 {
        let refused =
            from(stage, &format!("192.0.2.{source}")).await.is_refused(join(&room, wrong(&room))).await;
        answers.push(refused["code"].as_str().unwrap().to_owned());
    }
    let (heard, shut) = answers.split_at(OF_ALL);
    assert!(heard.iter().all(|code| code == "wrong_pin"), "{heard:?}");
    assert!(shut.iter().all(|code| code == "rate_limited"), "{shut:?}");
    inside.says("still here").await;
    // whose room it is needs no PIN
    let owner = json!({"type": "join", "room": room.code, "profile": {"name": "Ana"}, "owner_secret": room.owner_secret});
    from(stage, "198.51.100.2").await.asks(owner).await;
}

pub(super) async fn spent_sessions(stage: &Stage) {
    let ana = signs_up(&stage.server, "Ana").await;
    // what somebody planted before signing in is not what one is signed in by
    let planted = format!("cvs_{}", "A".repeat(43));
    let body = json!({"login": "ana", "password": PASSWORD, "session": "cookie"});
    let login = ask(&stage.server, "POST", "/v1/login").with("cookie", &format!("convene={planted}"));
    let set = login.with("sec-fetch-site", "same-origin").json(&body).gives(200).await;
    let given = set.header("set-cookie").split(';').next().unwrap().to_owned();
    assert!(given.starts_with("convene=cvs_") && !given.contains(&planted), "a session of its own");
    ask(&stage.server, "GET", "/v1/me").shows(&planted).is_refused(401, "token_invalid").await;
    // a session that was signed out, or that another password ended, opens nothing
    let second = ana.signs_in().await;
    second.asks("POST", "/v1/logout").gives(204).await;
    assert!(!second.is_in().await);
    let third = ana.signs_in().await;
    let change = json!({"current": PASSWORD, "password": "eleven loud walruses"});
    ana.asks("POST", "/v1/me/password").json(&change).gives(204).await;
    assert!(!third.is_in().await && ana.is_in().await);
    sessions::whatever_ends_a_session_ends_its_sockets_and_seats_within_a_second(&stage.server).await;
}

/// mesibo's short numbers, asked for by the socket of our own: what is no room's number is answered as a room's is.
pub(super) async fn numbers_of_rooms(stage: &Stage) {
    let room = closed_room(stage).await;
    let path = format!("/v1/rooms/{}", room.code);
    let shown = ask(&stage.server, "GET", &path).shows(&room.owner_secret).gives(200).await.json();
    let number = shown["keys"]["mesibo"].as_u64().expect("a number");
    let nobodys = number ^ 1;
    let token = format!("cvs_{}", "A".repeat(43));
    for source in ["192.0.2.1", "192.0.2.2"] {
        let mut eve = from(stage, source).await;
        let numbers = [number, nobodys];
        for extra in [json!({}), json!({"owner_secret": token})]
            .into_iter()
            .chain((0..7).map(|_| json!({"pin": wrong(&room)})))
        {
            let mut words = Vec::new();
            for number in numbers {
                let mut join =
                    json!({"type": "join", "room": number.to_string(), "profile": {"name": "Eve"}});
                join.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
                words.push(eve.is_refused(join).await["code"].clone());
            }
            assert_eq!(words[0], words[1], "{extra}");
        }
    }
}
