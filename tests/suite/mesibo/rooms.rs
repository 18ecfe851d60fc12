//! Rooms: made, renamed, entered by PIN, listed, deleted.
use super::page::{Written, asks, by_mail, is_refused, without};
use crate::common::Convene;
use serde_json::{Value, json};

fn is_pin(value: &Value) -> bool {
    value.as_str().is_some_and(|pin| {
        pin.len() == 8 && !pin.starts_with('0') && pin.bytes().all(|byte| byte.is_ascii_digit())
    })
}

#[tokio::test]
async fn s_r1_a_room_is_made_as_the_document_prints_it() {
    let server = Convene::start().await;
    let ana = by_mail(&server, "Ana").await;
    let token = ("token", ana.token.as_str());
    let given = [("op", "setgroup"), ("name", "newroom"), ("resolution", "0"), token];
    for (written, resolution) in [(Written::Query, "0"), (Written::Json, "0")] {
        let made = asks(&server, "/api.php", written, &given).await;
        let answer = made.json();
        let gid = answer["gid"].as_i64().unwrap();
        let (pin, spin) = (answer["pin"].as_str().unwrap(), answer["spin"].as_str().unwrap());
        let shape = "{\n    \"op\": \"setgroup\",\n    \"ts\": 0,\n    \"gid\": G,\n    \"name\": \"newroom\",\n    \
            \"type\": 0,\n    \"resolution\": \"0\",\n    \"publish\": 1,\n    \"pin\": \"P\",\n    \
            \"spin\": \"S\",\n    \"result\": \"OK\"\n}";
        let gid_text = format!("\"gid\": {gid}");
        let told = without(&made.text, &[(&gid_text, "\"gid\": G"), (pin, "P"), (spin, "S")]);
        assert_eq!(told, shape, "{resolution}");
        assert!((1_000..=2_147_483_647).contains(&gid));
        assert!(is_pin(&answer["pin"]) && is_pin(&answer["spin"]) && pin != spin);
    }
    server.stop().await;
}

#[tokio::test]
async fn s_r1_resolution_is_said_back_as_text() {
    let server = Convene::start().await;
    let ana = by_mail(&server, "Ana").await;
    for (asked, told) in [("3", "3"), ("5", "5"), ("", "0"), ("6", "0"), ("x", "0")] {
        let made = ana.gets(&[("op", "setgroup"), ("name", "n"), ("resolution", asked)]).await;
        assert_eq!(made["resolution"], told);
    }
    let unnamed = ana.gets(&[("op", "setgroup")]).await;
    assert_eq!((&unnamed["name"], &unnamed["resolution"]), (&json!("Meeting"), &json!("0")));
    server.stop().await;
}

#[tokio::test]
async fn s_r2_its_owner_renames_it_and_replaces_pins_and_nobody_else_does() {
    let server = Convene::start().await;
    let (ana, ben) = (by_mail(&server, "Ana").await, by_mail(&server, "Ben").await);
    let (gid, pin, spin) = ana.makes("Weekly").await;
    let renamed = ana.gets(&[("op", "setgroup"), ("gid", &gid), ("name", "Daily")]).await;
    assert_eq!(renamed["gid"].to_string(), gid);
    assert_eq!(
        (&renamed["name"], &renamed["pin"], &renamed["spin"]),
        (&json!("Daily"), &json!(pin), &json!(spin))
    );
    let other = ana.gets(&[("op", "setgroup"), ("gid", &gid), ("pin", "new")]).await;
    assert!(is_pin(&other["pin"]) && other["pin"] != pin && other["spin"] == spin, "{other}");
    let other = ana.gets(&[("op", "setgroup"), ("gid", &gid), ("spin", "new")]).await;
    assert!(other["spin"] != spin, "{other}");
    ben.gets(&[("op", "joingroup"), ("gid", &gid), ("pin", other["pin"].as_str().unwrap())]).await;
    for gid in [gid.as_str(), "96734", "x"] {
        ben.is_refused(&[("op", "setgroup"), ("gid", gid), ("name", "Mine")], "BADGROUP").await;
    }
    server.stop().await;
}

#[tokio::test]
async fn s_r3_the_pin_publishes_and_the_viewers_pin_watches() {
    let server = Convene::start().await;
    let (ana, ben) = (by_mail(&server, "Ana").await, by_mail(&server, "Ben").await);
    let (gid, pin, spin) = ana.makes("Weekly").await;
    let given = [("op", "joingroup"), ("gid", &gid), ("pin", &pin), ("token", &ben.token)];
    let joined = asks(&server, "/api.php", Written::Multipart, &given).await;
    let gid_text = format!("\"gid\": {gid}");
    let shape = "{\n    \"op\": \"joingroup\",\n    \"ts\": 0,\n    \"gid\": G,\n    \"name\": \"Weekly\",\n    \
        \"type\": 0,\n    \"publish\": 1,\n    \"result\": \"OK\"\n}";
    assert_eq!(without(&joined.text, &[(&gid_text, "\"gid\": G")]), shape);
    assert_eq!(ben.joins(&gid, &spin).await["publish"], 0);
    // its owner enters by anything, and has both PINs again
    for (shown, publish) in [(pin.as_str(), 1), ("x", 1), ("", 1), (spin.as_str(), 0)] {
        let joined = ana.joins(&gid, shown).await;
        assert_eq!(
            (&joined["publish"], &joined["pin"], &joined["spin"]),
            (&json!(publish), &json!(pin), &json!(spin))
        );
    }
    server.stop().await;
}

#[tokio::test]
async fn s_r3_a_wrong_pin_and_an_unknown_room_are_one_answer() {
    let server = Convene::start().await;
    let (ana, ben) = (by_mail(&server, "Ana").await, by_mail(&server, "Ben").await);
    let (gid, pin, _) = ana.makes("Weekly").await;
    ben.is_refused(&[("op", "joingroup"), ("pin", &pin)], "MISSINGPARA").await;
    for (gid, pin) in
        [(gid.as_str(), "99999999"), (gid.as_str(), ""), ("1000", "99999999"), ("x", "1"), ("-1", "")]
    {
        let refused = ben.joins(gid, pin).await;
        let keys: Vec<_> = refused.as_object().unwrap().keys().cloned().collect();
        assert_eq!((keys.len(), &refused["error"]), (4, &json!("BADGROUP")), "{refused}");
    }
    assert_eq!(ben.joins(&format!(" {gid} "), &format!(" {pin} ")).await["result"], "OK");
    server.stop().await;
}

#[tokio::test]
async fn s_r4_rooms_are_listed_as_texts_the_last_entered_first() {
    let server = Convene::start().await;
    let (ana, ben) = (by_mail(&server, "Ana").await, by_mail(&server, "Ben").await);
    let (first, pin, spin) = ana.makes("First").await;
    let (second, own_pin, own_spin) = ben.makes("Second").await;
    ben.joins(&first, &spin).await;
    let uid = |person: &super::page::Person<'_>| person.answer["uid"].to_string();
    let rooms = ben.gets(&[("op", "rooms")]).await;
    assert_eq!(rooms["count"], 2);
    assert_eq!(
        rooms["rooms"],
        json!([
            {"uid": uid(&ana), "gid": first, "name": "First", "pin": spin, "spin": ""},
            {"uid": uid(&ben), "gid": second, "name": "Second", "pin": own_pin, "spin": own_spin},
        ])
    );
    ben.joins(&first, &pin).await;
    assert_eq!(ben.gets(&[("op", "rooms")]).await["rooms"][0]["pin"], pin);
    // a PIN that was replaced is shown to nobody any more
    ana.gets(&[("op", "setgroup"), ("gid", &first), ("pin", "new")]).await;
    assert_eq!(ben.gets(&[("op", "rooms")]).await["rooms"][0]["pin"], "");
    server.stop().await;
}

#[tokio::test]
async fn s_r5_its_owner_deletes_it() {
    let server = Convene::start().await;
    let (ana, ben) = (by_mail(&server, "Ana").await, by_mail(&server, "Ben").await);
    let (gid, pin, _) = ana.makes("Weekly").await;
    ben.joins(&gid, &pin).await;
    ana.is_refused(&[("op", "delgroup")], "MISSINGPARA").await;
    ben.is_refused(&[("op", "delgroup"), ("gid", &gid)], "BADGROUP").await;
    let gone = ana.gets(&[("op", "delgroup"), ("gid", &gid)]).await;
    assert_eq!(gone["gid"].to_string(), gid);
    ana.is_refused(&[("op", "delgroup"), ("gid", &gid)], "BADGROUP").await;
    assert_eq!(ben.joins(&gid, &pin).await["error"], "BADGROUP");
    assert_eq!(ben.gets(&[("op", "rooms")]).await["count"], 0);
    server.stop().await;
}

#[tokio::test]
async fn s_r6_whiteboards_are_empty_and_groups_are_their_members() {
    let server = Convene::start().await;
    let (ana, ben) = (by_mail(&server, "Ana").await, by_mail(&server, "Ben").await);
    let (gid, _, _) = ana.makes("Weekly").await;
    let board = ana.gets(&[("op", "getboard"), ("gid", &gid)]).await;
    assert_eq!((&board["count"], &board["objs"]), (&json!(0), &json!([])));
    ana.gets(&[("op", "setboard"), ("gid", &gid), ("obj", "{}")]).await;
    let group = ana.gets(&[("op", "getgroup"), ("gid", &gid)]).await;
    assert_eq!((&group["name"], &group["members"]), (&json!("Weekly"), &json!("0:")));
    ben.is_refused(&[("op", "getgroup"), ("gid", &gid)], "NOTMEMBER").await;
    ben.is_refused(&[("op", "getgroup")], "MISSINGPARA").await;
    is_refused(&server, &[("op", "getboard"), ("gid", &gid)], "AUTHFAIL").await;
    server.stop().await;
}
