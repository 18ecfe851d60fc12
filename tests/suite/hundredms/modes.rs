//! Who gets which token: in open, role and strict mode.
use super::app::{Wire, claims, count, makes, room, token, update};
use crate::common::Convene;
use crate::common::office::Office;
use crate::rest::ask::ask;
use serde_json::json;

const MODE: &str = "DIALECTS__HUNDREDMS__MODE";

#[tokio::test]
async fn h_s1_a_strangers_role_never_runs_a_room_and_the_makers_does() {
    let server = Convene::start().await;
    let made = makes(&server, "Class").await;
    let (id, secret) = (made["id"].as_str().unwrap(), made["creator_secret"].as_str().unwrap());
    for privileged in ["host", "HOST", "moderator", "broadcaster", "co-host"] {
        let said = claims(&token(&server, id, json!({"role": privileged})).await);
        assert_eq!(said["role"], "guest", "{privileged}, still with 200");
    }
    for plain in ["guest", "viewer", "student", "presenter"] {
        assert_eq!(claims(&token(&server, id, json!({"role": plain})).await)["role"], plain);
    }
    let path = format!("/rooms/{id}/token");
    let wish = json!({"role": "host"});
    let by_header = ask(&server, "POST", &path).shows(secret).json(&wish).gives(200).await.json();
    assert_eq!(claims(by_header["token"].as_str().unwrap())["role"], "host");
    let by_field = token(&server, id, json!({"role": "host", "creator_secret": secret})).await;
    assert_eq!(claims(&by_field)["role"], "host");
    let other = makes(&server, "Other").await;
    let of_other = other["creator_secret"].as_str().unwrap();
    let of_another_room = ask(&server, "POST", &path).shows(of_other).json(&wish).gives(200).await.json();
    assert_eq!(claims(of_another_room["token"].as_str().unwrap())["role"], "guest");
    for nonsense in ["nonsense", "cvo_nonsense", "cvk_nonsense"] {
        let refused = ask(&server, "POST", &path).shows(nonsense).json(&wish).gives(401).await;
        assert_eq!(refused.json(), json!({"error": "Invalid credentials"}), "{nonsense}");
    }
    server.stop().await;
}

#[tokio::test]
async fn h_s1_an_api_key_stands_for_its_owner_as_far_as_its_scopes_go() {
    let server = Convene::start().await;
    let office = Office::of(&server).await;
    let ada = office.makes_user("Ada").await;
    let (_, writes) = office.makes_key(Some(ada), "rooms:write").await;
    let (_, reads) = office.makes_key(Some(ada), "rooms:read").await;
    let (_, all) = office.makes_key(None, "rooms:write rooms:read").await;
    let made =
        ask(&server, "POST", "/rooms").shows(&writes).json(&json!({"roomName": "x"})).gives(201).await.json();
    assert!(made.get("creator_secret").is_none(), "it is the account's");
    let path = format!("/rooms/{}/token", made["id"].as_str().unwrap());
    for (key, role) in [(&writes, "host"), (&reads, "guest"), (&all, "host")] {
        let answer =
            ask(&server, "POST", &path).shows(key).json(&json!({"role": "host"})).gives(200).await.json();
        let said = claims(answer["token"].as_str().unwrap());
        assert_eq!(said["role"], role);
        assert!(said["key"].is_string(), "it ends with the key");
    }
    let refused =
        ask(&server, "POST", "/rooms").shows(&reads).json(&json!({"roomName": "x"})).gives(403).await;
    assert_eq!(refused.json(), json!({"error": "Not allowed"}));
    office.closes().await;
    server.stop().await;
}

#[tokio::test]
async fn h_s1_a_room_that_asks_for_a_pin_gives_strangers_no_token() {
    let server = Convene::start().await;
    let shut = server.room(json!({"needs_pin": true})).await;
    let path = format!("/rooms/{}/token", shut.code);
    let refused = ask(&server, "POST", &path).json(&json!({"role": "guest"})).gives(403).await;
    assert_eq!(refused.json(), json!({"error": "This room asks for a PIN"}));
    ask(&server, "POST", &path).shows(&shut.owner_secret).gives(200).await;
    let mut wire = Wire::opens(&server).await;
    wire.tries(&shut.code, "u").await;
    wire.has_heard_nothing().await;
    drop(wire);
    server.stop().await;
}

#[tokio::test]
async fn h_s2_open_mode_is_the_document_to_the_letter() {
    let server = Convene::start_with(&[(MODE, "open")]).await;
    let id = room(&server).await;
    assert_eq!(claims(&token(&server, &id, json!({"role": "host"})).await)["role"], "host");
    let invented = token(&server, "roomId", json!({"role": "host"})).await;
    assert_eq!(claims(&invented)["room_id"], "roomId", "as the original: no room is looked up");
    let mut eve = server.stranger("Eve").await;
    let hello = json!({"type": "hello", "protocol": 1, "token": invented});
    assert_eq!(eve.is_refused(hello).await["code"], "token_invalid", "it opens nothing");
    let mut wire = Wire::opens(&server).await;
    wire.joins("roomId", "userId").await;
    assert_eq!(count(&server, "roomId").await, None, "and none is made");
    let native = server.plain_room().await;
    let elsewhere = claims(&token(&server, &native.code, json!({"role": "host"})).await);
    assert_eq!(elsewhere["role"], "guest", "rooms of other faces are nobody's to open");
    drop(eve);
    drop(wire);
    server.stop().await;
}

#[tokio::test]
async fn h_s3_strict_mode_asks_for_a_credential_everywhere() {
    let origins = ("HTTP__ALLOWED_ORIGINS", "https://app.example");
    let server = Convene::start_with(&[(MODE, "strict"), origins]).await;
    let office = Office::of(&server).await;
    let (ada, bob) = (office.makes_user("Ada").await, office.makes_user("Bob").await);
    let (_, of_ada) = office.makes_key(Some(ada), "rooms:read rooms:write").await;
    let (_, of_bob) = office.makes_key(Some(bob), "rooms:read rooms:write").await;
    for (method, path) in [("POST", "/rooms"), ("GET", "/rooms"), ("POST", "/rooms/x/token")] {
        let refused = ask(&server, method, path).gives(401).await;
        assert_eq!(refused.json(), json!({"error": "Authentication is required"}), "{method} {path}");
    }
    let nameless = ask(&server, "POST", "/rooms").shows(&of_ada).json(&json!({})).gives(400).await;
    assert_eq!(nameless.json(), json!({"error": "roomName is required"}));
    let wish = json!({"roomName": "Class"});
    let made = ask(&server, "POST", "/rooms").shows(&of_ada).json(&wish).gives(201).await.json();
    let id = made["id"].as_str().unwrap();
    let path = format!("/rooms/{id}/token");
    let refused = ask(&server, "POST", &path).shows(&of_bob).json(&json!({"role": "guest"})).gives(403).await;
    assert_eq!(refused.json(), json!({"error": "Not allowed"}));
    let wish = json!({"role": "host", "userId": "ada"});
    let text = ask(&server, "POST", &path).shows(&of_ada).json(&wish).gives(200).await.json();
    let text = text["token"].as_str().unwrap();
    let listed = |key: &str| ask(&server, "GET", "/rooms").shows(key);
    assert_eq!(listed(&of_ada).gives(200).await.json()["rooms"].as_array().unwrap().len(), 1);
    assert_eq!(listed(&of_bob).gives(200).await.json(), json!({"rooms": []}), "of others nothing is shown");

    let mut wire = Wire::opens(&server).await;
    wire.tries(id, "ada").await;
    wire.has_heard_nothing().await;
    wire.joins_with(id, "ada", text).await;
    wire.hears(update(id, "ada", "joined")).await;
    let mut by_query = Wire::opens_at(&server, &format!("/?token={text}"), &[]).await;
    by_query.joins(id, "ada").await;
    let mut foreign = Wire::opens_at(&server, "/", &[("origin", "https://evil.example")]).await;
    foreign.tries(id, "ada").await;
    assert_eq!(foreign.is_closed().await, 1008);
    let page = |origin: &str| ask(&server, "GET", "/rooms").shows(&of_ada).with("origin", origin);
    let own = page("https://app.example").gives(200).await;
    assert_eq!(own.header("access-control-allow-origin"), "https://app.example");
    let evil = page("https://evil.example").gives(200).await;
    assert!(!evil.headers.contains_key("access-control-allow-origin"), "a foreign page reads nothing");
    office.closes().await;
    drop((wire, by_query, foreign));
    server.stop().await;
}

#[tokio::test]
async fn h_s4_an_operator_may_show_everyone_their_own_rooms_alone() {
    let server = Convene::start_with(&[("DIALECTS__HUNDREDMS__LIST", "own")]).await;
    let office = Office::of(&server).await;
    let ada = office.makes_user("Ada").await;
    let (_, of_ada) = office.makes_key(Some(ada), "rooms:read rooms:write").await;
    let strangers = room(&server).await;
    let wish = json!({"roomName": "Class"});
    let made = ask(&server, "POST", "/rooms").shows(&of_ada).json(&wish).gives(201).await.json();
    let mut wire = Wire::opens(&server).await;
    wire.joins(&strangers, "u").await;
    assert_eq!(ask(&server, "GET", "/rooms").gives(200).await.json(), json!({"rooms": []}));
    let own = ask(&server, "GET", "/rooms").shows(&of_ada).gives(200).await.json();
    let ids: Vec<_> = own["rooms"].as_array().unwrap().iter().map(|room| &room["roomId"]).collect();
    assert_eq!(ids, [&made["id"]]);
    office.closes().await;
    drop(wire);
    server.stop().await;
}
