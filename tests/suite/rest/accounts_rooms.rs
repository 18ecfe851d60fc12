//! What belongs to an account: its rooms, by session and by key; a guest's room claimed; its calls.
use super::ask::ask;
use super::person::{PASSWORD, Person, signs_up};
use crate::common::{Convene, db};
use convene::store::users;
use serde_json::{Value, json};

#[tokio::test]
async fn an_accounts_room_is_its_owners_alone() {
    let server = Convene::start().await;
    let (ana, ben) = (signs_up(&server, "Ana").await, signs_up(&server, "Ben").await);
    let room = ana.makes_room().await;
    assert!(ana.gets(&room).await["pins"].is_object());
    assert_eq!(ben.gets(&room).await.get("pins"), None, "the link shows it, but not its PINs");
    let rename = json!({"name": "Ours"});
    ben.asks("PATCH", &room).json(&rename).is_refused(404, "no_such_room").await;
    ana.asks("PATCH", &room).json(&rename).gives(200).await;
    ben.asks("GET", &format!("{room}/participants")).is_refused(404, "no_such_room").await;
    ana.asks("GET", &format!("{room}/participants")).gives(200).await;
    let other = ana.signs_in().await;
    other.asks("POST", &format!("{room}/pins")).json(&json!({"pin": true})).gives(200).await;
    other.asks("DELETE", &room).gives(204).await;
    server.stop().await;
}

async fn makes_once(who: &Person<'_>) -> Value {
    let ask = who.asks("POST", "/v1/rooms").with("idempotency-key", "a-key-that-is-long-enough");
    ask.json(&json!({"name": "Once"})).gives(201).await.json()["room"]["code"].clone()
}

#[tokio::test]
async fn a_retry_makes_no_second_room_and_is_nobody_elses() {
    let server = Convene::start().await;
    let (ana, ben) = (signs_up(&server, "Ana").await, signs_up(&server, "Ben").await);
    let first = makes_once(&ana).await;
    assert_eq!(makes_once(&ana).await, first);
    assert_ne!(makes_once(&ben).await, first);
    server.stop().await;
}

#[tokio::test]
async fn rooms_are_listed_page_by_page() {
    let server = Convene::start().await;
    let (ana, ben) = (signs_up(&server, "Ana").await, signs_up(&server, "Ben").await);
    let mut made = Vec::new();
    for _ in 0..3 {
        made.push(ana.makes_room().await);
    }
    ben.makes_room().await;
    server.plain_room().await;
    let mut seen = Vec::new();
    let mut path = "/v1/rooms?limit=2".to_owned();
    loop {
        let page = ana.gets(&path).await;
        let codes =
            page["rooms"].as_array().unwrap().iter().map(|room| room["code"].as_str().unwrap().to_owned());
        seen.extend(codes.map(|code| format!("/v1/rooms/{code}")));
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/v1/rooms?limit=2&cursor={next}");
    }
    seen.sort();
    made.sort();
    assert_eq!(seen, made);
    ana.asks("GET", "/v1/rooms?cursor=x").is_refused(422, "invalid_field").await;
    ask(&server, "GET", "/v1/rooms").is_refused(401, "unauthenticated").await;
    server.stop().await;
}

#[tokio::test]
async fn a_guests_room_can_be_claimed_once_and_its_secret_is_dead() {
    let server = Convene::start().await;
    let (ana, ben) = (signs_up(&server, "Ana").await, signs_up(&server, "Ben").await);
    let made = server.plain_room().await;
    let room = format!("/v1/rooms/{}", made.code);
    let claim = |secret: &str| (format!("{room}/claim"), json!({"owner_secret": secret}));
    let (path, wrong) = claim(&format!("cvo_{}", "A".repeat(43)));
    ana.asks("POST", &path).json(&wrong).is_refused(404, "no_such_room").await;
    let (path, right) = claim(&made.owner_secret);
    ask(&server, "POST", &path).json(&right).is_refused(401, "unauthenticated").await;
    let claimed = ana.asks("POST", &path).json(&right).gives(200).await.json();
    assert!(claimed["pins"].is_object());
    ana.asks("POST", &path).json(&right).gives(200).await;
    ben.asks("POST", &path).json(&right).is_refused(404, "no_such_room").await;
    let rename = json!({"name": "Mine"});
    ask(&server, "PATCH", &room)
        .shows(&made.owner_secret)
        .json(&rename)
        .is_refused(404, "no_such_room")
        .await;
    ana.asks("PATCH", &room).json(&rename).gives(200).await;
    assert_eq!(ana.gets("/v1/rooms").await["rooms"][0]["name"], "Mine");
    let (folder, changes) = server.stop().await;

    let server = Convene::again(folder, changes).await;
    let body = json!({"login": "ana", "password": PASSWORD});
    let entered = ask(&server, "POST", "/v1/login").json(&body).gives(200).await.json();
    let token = entered["token"].as_str().unwrap();
    ask(&server, "PATCH", &room).shows(token).json(&rename).gives(200).await;
    ask(&server, "PATCH", &room)
        .shows(&made.owner_secret)
        .json(&rename)
        .is_refused(404, "no_such_room")
        .await;
    server.stop().await;
}

#[tokio::test]
async fn a_key_does_what_its_scopes_say_in_its_owners_rooms() {
    let server = Convene::start().await;
    let (ana, ben) = (signs_up(&server, "Ana").await, signs_up(&server, "Ben").await);
    let (mine, foreign) = (ana.makes_room().await, ben.makes_room().await);
    let reads = ana.makes_key(&["rooms:read"]).await;
    let writes = ana.makes_key(&["rooms:write"]).await;
    let by = |key: &str, method: &str, path: &str| ask(&server, method, path).shows(key);
    let rename = json!({"name": "Renamed"});

    assert_eq!(by(&reads, "GET", "/v1/rooms").gives(200).await.json()["rooms"].as_array().unwrap().len(), 1);
    assert!(by(&reads, "GET", &mine).gives(200).await.json()["pins"].is_object());
    by(&reads, "GET", &format!("{mine}/participants")).gives(200).await;
    by(&reads, "GET", &format!("{foreign}/participants")).is_refused(404, "no_such_room").await;
    by(&reads, "PATCH", &mine).json(&rename).is_refused(404, "no_such_room").await;
    let refused = by(&reads, "POST", "/v1/rooms").json(&json!({})).is_refused(403, "forbidden").await;
    assert_eq!(refused["right"], "rooms:write");

    by(&writes, "PATCH", &mine).json(&rename).gives(200).await;
    by(&writes, "PATCH", &foreign).json(&rename).is_refused(404, "no_such_room").await;
    let refused = by(&writes, "GET", "/v1/rooms").is_refused(403, "forbidden").await;
    assert_eq!(refused["right"], "rooms:read");
    assert_eq!(by(&writes, "GET", &mine).gives(200).await.json().get("pins"), None);
    let made = by(&writes, "POST", "/v1/rooms").json(&json!({})).gives(201).await.json();
    assert_eq!(made["owner_secret"], Value::Null);
    assert_eq!(ana.gets("/v1/rooms").await["rooms"].as_array().unwrap().len(), 2);
    for path in ["/v1/me", "/v1/keys", "/v1/me/sessions"] {
        by(&writes, "GET", path).is_refused(401, "unauthenticated").await;
    }
    server.stop().await;
}

#[tokio::test]
async fn keys_are_shown_once_listed_and_revoked() {
    let server = Convene::start_with(&[("LIMITS__KEYS_PER_ACCOUNT", "2")]).await;
    let (ana, ben) = (signs_up(&server, "Ana").await, signs_up(&server, "Ben").await);
    let secret = ana.makes_key(&["rooms:read", "moderate"]).await;
    let keys = ana.asks("GET", "/v1/keys").gives(200).await;
    assert!(!keys.text.contains(&secret));
    let key = &keys.json()["keys"][0];
    assert_eq!((&key["name"], &key["scopes"]), (&"server".into(), &json!(["rooms:read", "moderate"])));
    assert!(secret.starts_with(key["prefix"].as_str().unwrap()));
    assert_eq!(key["last_used_at"], Value::Null);
    ask(&server, "GET", "/v1/rooms").shows(&secret).gives(200).await;
    assert!(ana.gets("/v1/keys").await["keys"][0]["last_used_at"].is_string());
    ana.makes_key(&["rooms:read"]).await;
    let third = json!({"name": "third", "scopes": ["rooms:read"]});
    ana.asks("POST", "/v1/keys").json(&third).is_refused(429, "quota").await;
    let path = format!("/v1/keys/{}", key["id"].as_str().unwrap());
    ben.asks("DELETE", &path).is_refused(404, "no_such_target").await;
    ana.asks("DELETE", &path).gives(204).await;
    ana.asks("DELETE", &path).is_refused(404, "no_such_target").await;
    ask(&server, "GET", "/v1/rooms").shows(&secret).is_refused(401, "token_invalid").await;
    for (body, field) in [
        (json!({"name": "x", "scopes": []}), "scopes"),
        (json!({"name": "x", "scopes": ["everything"]}), "scopes[0]"),
        (json!({"name": "", "scopes": ["moderate"]}), "name"),
        (json!({"name": "x", "scopes": ["moderate"], "expires_at": "2001-01-01T00:00:00Z"}), "expires_at"),
        (json!({"name": "x", "scopes": ["moderate"], "expires_at": "soon"}), "expires_at"),
        (json!({"name": "x", "scopes": ["moderate"], "owner": ben.id}), "owner"),
    ] {
        let refused = ana.asks("POST", "/v1/keys").json(&body).is_refused(422, "invalid_field").await;
        assert_eq!(refused["field"], field, "{body}");
    }
    server.stop().await;
}

#[tokio::test]
async fn ones_calls_are_listed_with_place_and_people() {
    let server = Convene::start().await;
    let (ana, ben) = (signs_up(&server, "Ana").await, signs_up(&server, "Ben").await);
    let room = ana.makes_room().await;
    let code = room.rsplit('/').next().unwrap();
    let mut guest = server.client("Gus").await;
    guest.joins(code).await;
    guest.asks(json!({"type": "leave"})).await;
    let calls = loop {
        let calls = ana.gets("/v1/calls").await["calls"].as_array().unwrap().clone();
        if calls.iter().any(|call| call["duration_ms"].is_i64()) {
            break calls;
        }
    };
    assert_eq!((calls.len(), &calls[0]["room"]["code"]), (1, &code.into()));
    assert_eq!(calls[0]["people"][0]["name"], "Gus");
    assert!(ben.gets("/v1/calls").await["calls"].as_array().unwrap().is_empty());
    drop(guest);
    server.stop().await;
}

#[tokio::test]
async fn tokens_that_are_made_and_ended_stand_in_their_owners_trail() {
    let server = Convene::start().await;
    let ana = signs_up(&server, "Ana").await;
    let room = ana.makes_room().await;
    let key = ana.makes_key(&["rooms:write"]).await;
    let path = format!("{room}/tokens");
    let wish = json!({"subject": "student-17"});
    let made = ana.asks("POST", &path).json(&wish).gives(201).await.json();
    ask(&server, "POST", &path).shows(&key).json(&wish).gives(201).await;
    ana.asks("DELETE", &format!("{path}?jti={}", made["jti"].as_str().unwrap())).gives(204).await;
    let page = ana.gets("/v1/me/events?limit=3").await;
    let events: Vec<_> =
        page["events"].as_array().unwrap().iter().map(|event| (&event["action"], &event["actor"])).collect();
    let key_id = ana.gets("/v1/keys").await["keys"][0]["id"].clone();
    let (her, made, ended) = (json!(ana.id), json!("token_made"), json!("tokens_revoked"));
    assert_eq!(events, [(&ended, &her), (&made, &key_id), (&made, &her)]);
    assert!(!page.to_string().contains("student-17"), "whom a token is for is not kept");
    server.stop().await;
}

#[tokio::test]
async fn an_account_that_goes_takes_its_live_rooms_with_it_and_no_others() {
    let server = Convene::start_forgetting(&[("AUTH__DELETE_GRACE_DAYS", "0")]).await;
    let (ana, ben) = (signs_up(&server, "Ana").await, signs_up(&server, "Ben").await);
    let (hers, his) = (ana.makes_room().await, ben.makes_room().await);
    let code = |room: &str| room.rsplit('/').next().unwrap().to_owned();
    let (mut guest, mut other) = (server.client("Gus").await, server.client("Cleo").await);
    guest.joins(&code(&hers)).await;
    other.joins(&code(&his)).await;
    ana.asks("DELETE", "/v1/me").json(&json!({"password": PASSWORD})).gives(202).await;
    guest.hears("room_ended").await;
    assert_eq!(guest.is_closed().await, 4202);
    other.says("still here").await;
    let store = db::open(&server.database_url()).await;
    let id = ana.id.parse().unwrap();
    server.until_so("she is gone", async || users::find(&store, id).await.unwrap().is_none()).await;
    store.close().await.unwrap();
    ben.asks("GET", &hers).is_refused(410, "ended").await;
    drop((guest, other));
    server.stop().await;
}
