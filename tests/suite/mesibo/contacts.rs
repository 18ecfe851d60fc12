//! Address books and groups, synchronised.
use super::page::{Person, by_mail, by_phone, says};
use crate::common::Convene;
use crate::rest::ask::ask;
use serde_json::{Value, json};

const ANA: &str = "919876543210";
const BEN: &str = "4915123456789";
const NOBODY: &str = "12025550123";

fn phones(answer: &Value) -> Vec<&str> {
    let rows = answer["contacts"].as_array().unwrap();
    rows.iter().map(|row| row["phone"].as_str().unwrap()).collect()
}

async fn two(server: &Convene) -> (Person<'_>, Person<'_>) {
    (by_phone(server, "Ana", ANA).await, by_phone(server, "Ben", BEN).await)
}

#[tokio::test]
async fn s_c1_numbers_come_in_every_form_and_those_of_users_are_found() {
    let server = Convene::start().await;
    let (ana, _) = two(&server).await;
    let json = format!("[\"{BEN}\",\"{NOBODY}\",123]");
    for list in [format!("{BEN},{NOBODY},12"), json, format!("+{BEN}"), format!("00{BEN}")] {
        let found = ana.gets(&[("op", "getcontacts"), ("ts", "99999999999"), ("phones", &list)]).await;
        assert_eq!(phones(&found), [BEN], "{list}");
        let row = &found["contacts"][0];
        assert_eq!(
            (&row["name"], &row["gid"], &row["photo"], &row["status"]),
            (&json!("Ben"), &json!("0"), &json!(""), &json!(""))
        );
        assert!(row["ts"].as_str().is_some_and(|ts| ts.parse::<i64>().is_ok()) && row.get("tn").is_none());
    }
    let body = format!("op=getcontacts&token={}&phones[]={BEN}&phones[]={NOBODY}", ana.token);
    let form = "application/x-www-form-urlencoded";
    assert_eq!(phones(&ask(&server, "POST", "/api.php").body(form, body).gives(200).await.json()), [BEN]);
    let body =
        json!({"op": "getcontacts", "token": ana.token, "phones": [BEN.parse::<i64>().unwrap()], "ts": 0});
    assert_eq!(phones(&ask(&server, "POST", "/api.php").json(&body).gives(200).await.json()), [BEN]);
    server.stop().await;
}

#[tokio::test]
async fn s_c2_oneself_and_the_places_stand_beside() {
    let server = Convene::start().await;
    let (ana, _) = two(&server).await;
    let answer = ana.gets(&[("op", "getcontacts"), ("ts", "0"), ("phones", "[]")]).await;
    let keys: Vec<_> =
        ["contacts", "u", "invite", "share", "urls", "downloadurl", "fileurl", "uploadurl"].into();
    assert!(keys.iter().all(|key| answer.get(*key).is_some()), "{answer}");
    let u = &answer["u"];
    assert_eq!((&u["connection_status"], &u["name"], &u["phone"]), (&json!(""), &json!("Ana"), &json!(ANA)));
    assert!(u["ts"].is_string() && u["photo"] == "" && u["status"] == "");
    server.stop().await;
}

#[tokio::test]
async fn s_c3_without_numbers_what_changed_since_is_told_with_groups_behind() {
    let server = Convene::start().await;
    let (ana, ben) = two(&server).await;
    ana.gets(&[("op", "getcontacts"), ("phones", BEN)]).await;
    let (gid, pin, _) = ana.makes("Weekly").await;
    ben.joins(&gid, &pin).await;
    for empty in ["", "[]"] {
        let all = ana.gets(&[("op", "getcontacts"), ("ts", "0"), ("phones", empty)]).await;
        assert_eq!(phones(&all), [BEN, ""]);
        let group = &all["contacts"][1];
        assert_eq!((&group["gid"], &group["name"]), (&json!(gid), &json!("Weekly")));
        assert_eq!(group["members"], format!("1:{ANA},{BEN}"), "the owner first");
    }
    let late = ana.gets(&[("op", "getcontacts"), ("ts", "99999999999")]).await;
    assert_eq!(phones(&late), Vec::<&str>::new());
    ben.gets(&[("op", "profile"), ("name", "Benjamin"), ("status", "away")]).await;
    let all = ana.gets(&[("op", "getcontacts"), ("ts", "0")]).await;
    assert_eq!(
        (&all["contacts"][0]["name"], &all["contacts"][0]["status"]),
        (&json!("Benjamin"), &json!("away"))
    );
    let reset = ana.gets(&[("op", "getcontacts"), ("reset", "1")]).await;
    assert_eq!(phones(&reset), [""], "groups alone");
    assert_eq!(phones(&ana.gets(&[("op", "getcontacts")]).await), [""], "the book is empty");
    server.stop().await;
}

#[tokio::test]
async fn s_c4_numbers_are_taken_out() {
    let server = Convene::start().await;
    let (ana, _) = two(&server).await;
    ana.gets(&[("op", "getcontacts"), ("phones", BEN)]).await;
    ana.gets(&[("op", "delcontacts"), ("phones", BEN)]).await;
    assert_eq!(phones(&ana.gets(&[("op", "getcontacts"), ("ts", "0")]).await), Vec::<&str>::new());
    server.stop().await;
}

#[tokio::test]
async fn s_c5_a_token_without_a_number_is_none_here() {
    let server = Convene::start().await;
    let ana = by_mail(&server, "Ana").await;
    ana.is_refused(&[("op", "getcontacts"), ("phones", BEN)], "AUTHFAIL").await;
    assert_eq!(says(&server, &[("op", "getcontacts")]).await["error"], "AUTHFAIL");
    server.stop().await;
}

#[tokio::test]
async fn s_h5_who_harvests_numbers_finds_nobody_beyond_the_days_quota() {
    let server = Convene::start_with(&[("DIALECTS__MESIBO__CONTACTS_PER_DAY", "3")]).await;
    let (ana, _) = two(&server).await;
    let guesses = "12025550101,12025550102,12025550103";
    ana.gets(&[("op", "getcontacts"), ("phones", guesses)]).await;
    let found = ana.gets(&[("op", "getcontacts"), ("phones", BEN)]).await;
    assert_eq!(phones(&found), Vec::<&str>::new(), "as if nobody had it");
    ana.gets(&[("op", "getcontacts"), ("reset", "1")]).await;
    let found = ana.gets(&[("op", "getcontacts"), ("phones", BEN)]).await;
    assert_eq!(phones(&found), Vec::<&str>::new(), "an emptied book gives nothing back");
    crate::meet::tables::run(&server, "UPDATE card SET looked_since = looked_since - 86400001").await;
    assert_eq!(phones(&ana.gets(&[("op", "getcontacts"), ("phones", BEN)]).await), [BEN], "another day");
    server.stop().await;
}

#[tokio::test]
async fn s_h5_a_call_brings_a_thousand_numbers_at_most() {
    let server = Convene::start().await;
    let (ana, _) = two(&server).await;
    let mut many: Vec<String> = (0..1000).map(|n| format!("1202{:07}", 5_000_000 + n)).collect();
    many.push(BEN.to_owned());
    let found = ana.gets(&[("op", "getcontacts"), ("phones", &many.join(","))]).await;
    assert_eq!(phones(&found), Vec::<&str>::new());
    assert_eq!(crate::meet::tables::numbers(&server, "SELECT COUNT(*) FROM contact").await, [1000]);
    server.stop().await;
}

#[tokio::test]
async fn s_h8_an_export_holds_book_card_and_memberships() {
    let server = Convene::start().await;
    let (ana, ben) = two(&server).await;
    let (gid, pin, _) = ana.makes("Weekly").await;
    ben.joins(&gid, &pin).await;
    ben.gets(&[("op", "getcontacts"), ("phones", ANA)]).await;
    ben.gets(&[("op", "profile"), ("status", "away")]).await;
    let export = ask(&server, "GET", "/v1/me/export").shows(&ben.token).gives(200).await.json();
    assert_eq!(export["contacts"], json!([format!("+{ANA}")]));
    assert_eq!(export["card"], json!({"status": "away", "photo": null}));
    assert_eq!(export["memberships"].as_array().unwrap().len(), 1);
    assert!(!export.to_string().contains(&pin));
    server.stop().await;
}
