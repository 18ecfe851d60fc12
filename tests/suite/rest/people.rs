//! The people of a room by REST, seen at once by those in it.
use super::ask::ask;
use crate::common::Convene;
use serde_json::json;

#[tokio::test]
async fn roles_and_rights_change_on_the_live_connection() {
    let server = Convene::start().await;
    let made = server.plain_room().await;
    let ana = server.joins("Ana", &made).await;
    let mut bob = server.joins("Bob", &made).await;
    let path = format!("/v1/rooms/{}/participants", made.code);
    let people = ask(&server, "GET", &path).shows(&made.owner_secret).gives(200).await.json();
    let names: Vec<_> =
        people["participants"].as_array().unwrap().iter().map(|one| one["name"].clone()).collect();
    assert_eq!(names, ["Ana", "Bob"]);

    let anas = format!("{path}/{}", ana.peer());
    let person = ask(&server, "PATCH", &anas).shows(&made.owner_secret).json(&json!({"role": "cohost"}));
    assert_eq!(person.gives(200).await.json()["role"], "cohost");
    let told = bob.hears("role_changed").await;
    assert_eq!(
        (&told["peer"], &told["role"], &told["by"]),
        (&ana.peer().into(), &"cohost".into(), &"owner".into())
    );

    let access = ana.pass["access"].as_str().unwrap();
    let bobs = format!("{path}/{}", bob.peer());
    let by_ana =
        ask(&server, "PATCH", &bobs).shows(access).json(&json!({"revoke": ["publish_video", "chat"]}));
    let rights = by_ana.gives(200).await.json()["rights"].to_string();
    assert!(!rights.contains("publish_video") && rights.contains("publish_audio"), "{rights}");
    let told = bob.hears("rights_changed").await;
    assert_eq!(told["by"], ana.peer());
    let chat = json!({"type": "chat_send", "client_id": "c1", "text": "hi"});
    let refused = bob.is_refused(chat).await;
    assert_eq!((&refused["code"], &refused["right"]), (&"forbidden".into(), &"chat".into()));

    let nothing =
        ask(&server, "PATCH", &bobs).shows(access).json(&json!({})).is_refused(422, "invalid_field").await;
    assert_eq!(nothing["field"], "role");
    let owner = json!({"role": "owner"});
    ask(&server, "PATCH", &bobs).shows(access).json(&owner).is_refused(403, "forbidden").await;
    drop((ana, bob));
    server.stop().await;
}

#[tokio::test]
async fn who_is_removed_hears_it_and_may_ask_no_more() {
    let server = Convene::start().await;
    let made = server.plain_room().await;
    let mut ana = server.joins("Ana", &made).await;
    let mut bob = server.joins("Bob", &made).await;
    let path = format!("/v1/rooms/{}/participants", made.code);
    let access = bob.pass["access"].as_str().unwrap().to_owned();
    ask(&server, "GET", &path).shows(&access).gives(200).await;
    let bobs = format!("{path}/{}", bob.peer());
    ask(&server, "DELETE", &bobs).shows(&made.owner_secret).gives(204).await;
    assert_eq!(ana.hears("participant_left").await["reason"], "kicked");
    assert_eq!(bob.is_closed().await, 4200);
    ask(&server, "GET", &path).shows(&access).is_refused(404, "no_such_room").await;
    for absent in [bobs.as_str(), &format!("{path}/p_00000000000000000000")] {
        ask(&server, "DELETE", absent).shows(&made.owner_secret).is_refused(404, "no_such_target").await;
        let change = ask(&server, "PATCH", absent).shows(&made.owner_secret).json(&json!({"role": "viewer"}));
        change.is_refused(404, "no_such_target").await;
    }
    drop(ana);
    server.stop().await;
}

#[tokio::test]
async fn settings_by_rest_are_pushed_to_everyone() {
    let server = Convene::start().await;
    let made = server.plain_room().await;
    let mut ana = server.joins("Ana", &made).await;
    let path = format!("/v1/rooms/{}", made.code);
    let room = ask(&server, "PATCH", &path)
        .shows(&made.owner_secret)
        .json(&json!({"name": "Monthly", "locked": true}));
    let room = room.gives(200).await.json();
    assert_eq!(room["people"], 1);
    let pushed = ana.hears("room_changed").await;
    assert_eq!(pushed["by"], "owner");
    let mut bob = server.client("Bob").await;
    let join = json!({"type": "join", "room": made.code, "profile": {"name": "Bob"}});
    assert_eq!(bob.is_refused(join).await["code"], "locked");
    drop((ana, bob));
    server.stop().await;
}
