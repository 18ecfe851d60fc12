//! A room's life over REST: made once, found by every key, changed by its owner, ended.
use super::ask::ask;
use crate::common::{Convene, db};
use convene::room::ids::Millis;
use convene::store::sent;
use serde_json::{Value, json};

const ROOM: &str = "/v1/rooms";

#[tokio::test]
async fn whoever_makes_a_room_owns_it() {
    let server = Convene::start().await;
    let wish = json!({"name": " Weekly ", "capacity": 12, "max_video": 3, "chat": "ephemeral", "needs_pin": true,
                      "policy": {"screen": false}});
    let answer = ask(&server, "POST", ROOM).json(&wish).gives(201).await;
    let made = answer.json();
    let room = &made["room"];
    let code = room["code"].as_str().unwrap();
    assert_eq!(answer.header("location"), format!("/v1/rooms/{code}"));
    assert_eq!(made["link"], server.url("http", &format!("/m/{code}")));
    assert_eq!(room["name"], "Weekly");
    assert_eq!(
        (&room["capacity"], &room["max_video"], &room["chat"]),
        (&12.into(), &3.into(), &"ephemeral".into())
    );
    assert_eq!(room["policy"], json!({"audio": true, "video": true, "screen": false, "chat": true}));
    assert_eq!((&room["needs_pin"], &room["locked"]), (&true.into(), &false.into()));
    let secret = made["owner_secret"].as_str().unwrap();
    assert!(secret.starts_with("cvo_") && secret.len() == 47, "256 bits");

    let path = format!("{ROOM}/{code}");
    let seen = ask(&server, "GET", &path).shows(secret).gives(200).await;
    let mut expected = room.clone();
    expected["people"] = 0.into();
    assert_eq!(seen.json(), expected, "the owner sees all that was told at first");
    assert_eq!(seen.header("etag"), answer.header("etag"));
    let public = ask(&server, "GET", &path).gives(200).await.json();
    assert!(public.get("keys").is_none() && public.get("pins").is_none(), "{public}");
    server.stop().await;
}

#[tokio::test]
async fn every_key_finds_the_room_but_a_gid_only_for_its_own() {
    let server = Convene::start().await;
    let made = ask(&server, "POST", ROOM).json(&json!({})).gives(201).await.json();
    let other = ask(&server, "POST", ROOM).json(&json!({})).gives(201).await.json();
    let (secret, stranger) =
        (made["owner_secret"].as_str().unwrap(), other["owner_secret"].as_str().unwrap());
    let keys = made["room"]["keys"].as_object().unwrap();
    assert_eq!(keys.keys().collect::<Vec<_>>(), ["animo", "hundredms", "meet", "mesibo", "native"]);
    for (system, key) in keys {
        let key = key.as_str().map_or(key.to_string(), str::to_owned);
        let path = format!("{ROOM}/{key}");
        let seen = ask(&server, "GET", &path).shows(secret).gives(200).await.json();
        assert_eq!(seen["id"], made["room"]["id"], "{system}");
        if system == "mesibo" {
            ask(&server, "GET", &path).is_refused(404, "no_such_room").await;
            ask(&server, "GET", &path).shows(stranger).is_refused(404, "no_such_room").await;
            let change = json!({"name": "Mine"});
            ask(&server, "PATCH", &path).shows(stranger).json(&change).is_refused(404, "no_such_room").await;
        } else {
            ask(&server, "GET", &path).gives(200).await;
            let public = ask(&server, "GET", &path).shows(stranger).gives(200).await.json();
            assert!(public.get("pins").is_none(), "another room's owner has the link, no more");
        }
    }
    let ana = server.client("Ana").await;
    let mut ana = ana;
    let joined = ana.joins(made["room"]["code"].as_str().unwrap()).await;
    let by_gid = format!("{ROOM}/{}", keys["mesibo"]);
    ask(&server, "GET", &by_gid).shows(joined["access"].as_str().unwrap()).gives(200).await;
    drop(ana);
    for absent in
        ["aaa-bbbb-ccc", "1234", "0123456789abcdef", "0123456789abcdef01234567", "%27%20OR%201%3D1", "ABC"]
    {
        ask(&server, "GET", &format!("{ROOM}/{absent}")).is_refused(404, "no_such_room").await;
    }
    server.stop().await;
}

#[tokio::test]
async fn settings_change_by_the_version_that_was_seen() {
    let server = Convene::start().await;
    let made = server.plain_room().await;
    let path = format!("{ROOM}/{}", made.code);
    let first = ask(&server, "GET", &path).gives(200).await;
    let tag = first.header("etag").to_owned();
    let unchanged = ask(&server, "GET", &path).with("if-none-match", &tag).gives(304).await;
    assert!(unchanged.text.is_empty());

    let change = |body: Value| ask(&server, "PATCH", &path).shows(&made.owner_secret).json(&body);
    let answer =
        change(json!({"name": "Monthly", "policy": {"chat": false}})).with("if-match", &tag).gives(200).await;
    let room = answer.json();
    assert_eq!((&room["name"], &room["policy"]["chat"]), (&"Monthly".into(), &false.into()));
    assert_ne!(answer.header("etag"), tag);
    assert_eq!(answer.header("etag"), format!("\"{}\"", room["version"]));
    let stale = change(json!({"locked": true})).with("if-match", &tag).is_refused(412, "stale_version").await;
    assert_eq!(stale["version"], room["version"]);
    change(json!({"locked": true})).with("if-match", "\"nonsense\"").is_refused(412, "stale_version").await;
    let two = change(json!({})).with("if-match", "\"1\", \"2\"").is_refused(422, "invalid_field").await;
    assert_eq!(two["field"], "If-Match");
    let any = change(json!({"locked": true})).with("if-match", "*").gives(200).await.json();
    assert_eq!(any["locked"], true);
    change(json!({"spotlight": "p_nobody"})).is_refused(404, "no_such_target").await;
    change(json!({"spotlight": null})).gives(200).await;
    server.stop().await;
}

#[tokio::test]
async fn new_pins_open_the_room_and_old_ones_do_not() {
    let server = Convene::start().await;
    let made = server.room(json!({"needs_pin": true})).await;
    let path = format!("{ROOM}/{}/pins", made.code);
    let rotate = |body: Value| ask(&server, "POST", &path).shows(&made.owner_secret).json(&body);
    let pins = rotate(json!({"pin": true})).gives(200).await.json();
    let new = pins["pins"]["pin"].as_str().unwrap().to_owned();
    assert!(new != made.pin && new.len() == 8 && !new.starts_with('0'));
    let nothing = rotate(json!({})).is_refused(422, "invalid_field").await;
    assert_eq!(nothing["field"], "pin");

    let mut ana = server.client("Ana").await;
    let join = |pin: &str| json!({"type": "join", "room": made.code, "profile": {"name": "Ana"}, "pin": pin});
    assert_eq!(ana.is_refused(join(&made.pin)).await["code"], "wrong_pin");
    ana.asks(join(&new)).await;
    drop(ana);
    server.stop().await;
}

#[tokio::test]
async fn an_ended_room_is_gone_for_good() {
    let server = Convene::start().await;
    let made = server.plain_room().await;
    let path = format!("{ROOM}/{}", made.code);
    let mut ana = server.joins("Ana", &made).await;
    ask(&server, "DELETE", &path).shows(&made.owner_secret).gives(204).await;
    ana.hears("room_ended").await;
    assert_eq!(ana.is_closed().await, 4202);
    ask(&server, "GET", &path).is_refused(410, "ended").await;
    ask(&server, "DELETE", &path).shows(&made.owner_secret).gives(204).await;
    let mut bob = server.client("Bob").await;
    let join = json!({"type": "join", "room": made.code, "profile": {"name": "Bob"}});
    assert_eq!(bob.is_refused(join).await["code"], "ended");
    let change = ask(&server, "PATCH", &path).shows(&made.owner_secret).json(&json!({"name": "Again"}));
    change.is_refused(410, "ended").await;
    drop((ana, bob));
    server.stop().await;
}

#[tokio::test]
async fn wrong_pins_before_a_restart_count_after_it() {
    let server = Convene::start().await;
    let made = server.room(json!({"needs_pin": true})).await;
    let join = |pin: &str| json!({"type": "join", "room": made.code, "profile": {"name": "Ana"}, "pin": pin});
    let wrong = if made.pin == "12345678" { "87654321" } else { "12345678" };
    let mut ana = server.client("Ana").await;
    for _ in 0..5 {
        assert_eq!(ana.is_refused(join(wrong)).await["code"], "wrong_pin");
    }
    let store = db::open(&server.database_url()).await;
    while sent::since(&store, "pin", Millis(0)).await.unwrap().len() < 10 {
        ask(&server, "GET", "/healthz").gives(200).await; // kept behind the back of whoever guessed
    }
    store.close().await.unwrap();
    drop(ana);
    let (folder, changes) = server.stop().await;

    let server = Convene::again(folder, changes).await;
    let mut ana = server.client("Ana").await;
    let refused = ana.is_refused(join(&made.pin)).await;
    assert_eq!(refused["code"], "rate_limited", "{refused}");
    drop(ana);
    server.stop().await;
}
