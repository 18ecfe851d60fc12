//! One's own account over REST: profile, password, ways in, devices, events, export, deletion.
use super::ask::ask;
use super::mailbox::{code, letter, wrong};
use super::person::{PASSWORD, signs_up};
use crate::common::Convene;
use serde_json::{Value, json};

const NEW: &str = "eleven loud walruses";

#[tokio::test]
async fn name_username_and_language_can_be_changed() {
    let server = Convene::start().await;
    let (ana, ben) = (signs_up(&server, "Ana").await, signs_up(&server, "Ben").await);
    let change = |body: Value| ana.asks("PATCH", "/v1/me").json(&body);
    let me = change(json!({"name": "Ana B.", "username": "ana.b", "locale": "de"})).gives(200).await.json();
    assert_eq!(
        (&me["name"], &me["username"], &me["locale"]),
        (&"Ana B.".into(), &"ana.b".into(), &"de".into())
    );
    change(json!({"username": "BEN"})).is_refused(409, "name_taken").await;
    change(json!({"username": "ANA.B"})).gives(200).await;
    for (body, field) in [
        (json!({}), "name"),
        (json!({"name": "a\r\nb"}), "name"),
        (json!({"is_admin": true}), "is_admin"),
        (json!({"id": ben.id}), "id"),
        (json!({"email": "x@example.org"}), "email"),
        (json!({"username": null}), "username"),
    ] {
        assert_eq!(change(body.clone()).is_refused(422, "invalid_field").await["field"], field, "{body}");
    }
    assert_eq!(ana.gets("/v1/me").await["is_admin"], false);
    server.stop().await;
}

#[tokio::test]
async fn a_new_password_needs_the_old_one_and_ends_all_other_sessions() {
    let server = Convene::start().await;
    let ana = signs_up(&server, "Ana").await;
    let other = ana.signs_in().await;
    let change = |body: Value| ana.asks("POST", "/v1/me/password").json(&body);
    let missing = change(json!({"password": NEW})).is_refused(403, "forbidden").await;
    assert_eq!(missing["right"], "password");
    change(json!({"current": "not this one", "password": NEW})).is_refused(403, "forbidden").await;
    change(json!({"current": PASSWORD, "password": "ana"})).is_refused(422, "weak_password").await;
    assert!(other.is_in().await);
    change(json!({"current": PASSWORD, "password": NEW})).gives(204).await;
    assert!(ana.is_in().await && !other.is_in().await);
    letter(&server, &ana.email, 1).await;
    let login = |password: &str| {
        ask(&server, "POST", "/v1/login").json(&json!({"login": "ana", "password": password}))
    };
    login(PASSWORD).is_refused(401, "unauthenticated").await;
    login(NEW).gives(200).await;
    server.stop().await;
}

#[tokio::test]
async fn an_address_counts_once_its_code_is_shown() {
    let server = Convene::start().await;
    let (ana, ben) = (signs_up(&server, "Ana").await, signs_up(&server, "Ben").await);
    let give = |email: &str| ana.asks("POST", "/v1/me/email").json(&json!({"email": email}));
    let flow = give("new@example.org").gives(202).await.json()["flow"].clone();
    assert_eq!(ana.gets("/v1/me").await["email"], ana.email.as_str());
    let sent = code(&server, "new@example.org", 0).await;
    let shown = json!({"flow": flow, "code": sent});
    ben.asks("POST", "/v1/me/email/verify").json(&shown).is_refused(401, "code_invalid").await;
    ana.asks("POST", "/v1/me/phone/verify").json(&shown).is_refused(401, "code_invalid").await;
    let guess = json!({"flow": flow, "code": wrong(&sent)});
    ana.asks("POST", "/v1/me/email/verify").json(&guess).is_refused(401, "code_invalid").await;
    let me = ana.asks("POST", "/v1/me/email/verify").json(&shown).gives(200).await.json();
    assert_eq!(me["email"], "new@example.org");
    letter(&server, &ana.email, 1).await; // the old address is told

    let taken = give(&ben.email).gives(202).await.json();
    letter(&server, &ben.email, 1).await;
    let shown = json!({"flow": taken["flow"], "code": "123456"});
    ana.asks("POST", "/v1/me/email/verify").json(&shown).is_refused(401, "code_invalid").await;
    server.stop().await;
}

#[tokio::test]
async fn the_last_way_in_stays() {
    let server = Convene::start().await;
    let body = json!({"name": "Ana", "email": "ana@example.org"});
    let asked = ask(&server, "POST", "/v1/accounts").json(&body).gives(202).await.json();
    let shown = json!({"flow": asked["flow"], "code": code(&server, "ana@example.org", 0).await});
    let entered = ask(&server, "POST", "/v1/accounts/verify").json(&shown).gives(201).await.json();
    let token = entered["token"].as_str().unwrap();
    let by_ana = |method: &str, path: &str| ask(&server, method, path).shows(token);
    let refused = by_ana("DELETE", "/v1/me/email").is_refused(422, "invalid_field").await;
    assert_eq!(refused["field"], "email");
    let flow =
        by_ana("POST", "/v1/me/phone").json(&json!({"phone": "+49 30 901820"})).gives(202).await.json();
    let shown = json!({"flow": flow["flow"], "code": code(&server, "+4930901820", 0).await});
    by_ana("POST", "/v1/me/phone/verify").json(&shown).gives(200).await;
    by_ana("DELETE", "/v1/me/email").gives(204).await;
    let me = by_ana("GET", "/v1/me").gives(200).await.json();
    assert_eq!((&me["email"], &me["phone"]), (&Value::Null, &"+4930901820".into()));
    by_ana("DELETE", "/v1/me/phone").is_refused(422, "invalid_field").await;
    // a first password needs no old one right after the sign-in
    by_ana("POST", "/v1/me/password").json(&json!({"password": NEW})).gives(204).await;
    assert_eq!(by_ana("GET", "/v1/me").gives(200).await.json()["has_password"], true);
    server.stop().await;
}

#[tokio::test]
async fn devices_are_listed_and_signed_out_one_by_one() {
    let server = Convene::start().await;
    let (ana, ben) = (signs_up(&server, "Ana").await, signs_up(&server, "Ben").await);
    let body = json!({"login": "ana", "password": PASSWORD});
    let phone =
        ask(&server, "POST", "/v1/login").with("user-agent", "Phone/1.0").json(&body).gives(200).await.json();
    let sessions = ana.gets("/v1/me/sessions").await["sessions"].as_array().unwrap().clone();
    assert_eq!(sessions.len(), 2);
    let named = sessions.iter().find(|session| session["device"] == "Phone/1.0").unwrap();
    assert_eq!((&named["id"], &named["current"]), (&phone["session"]["id"], &false.into()));
    assert_eq!((&named["face"], &named["source"]), (&"native".into(), &"127.0.0.1".into()));
    let path = format!("/v1/me/sessions/{}", named["id"].as_str().unwrap());
    ben.asks("DELETE", &path).is_refused(404, "no_such_target").await;
    ana.asks("DELETE", "/v1/me/sessions/nonsense").is_refused(404, "no_such_target").await;
    ana.asks("DELETE", &path).gives(204).await;
    ask(&server, "GET", "/v1/me")
        .shows(phone["token"].as_str().unwrap())
        .is_refused(401, "token_invalid")
        .await;
    let others = [ana.signs_in().await, ana.signs_in().await];
    ana.asks("DELETE", "/v1/me/sessions").gives(204).await;
    for other in &others {
        assert!(!other.is_in().await);
    }
    assert!(ana.is_in().await && ben.is_in().await);
    server.stop().await;
}

#[tokio::test]
async fn what_happened_is_told_to_its_owner_page_by_page() {
    let server = Convene::start().await;
    let (ana, _ben) = (signs_up(&server, "Ana").await, signs_up(&server, "Ben").await);
    let wrong = json!({"login": "ana", "password": "wrong password"});
    ask(&server, "POST", "/v1/login").json(&wrong).is_refused(401, "unauthenticated").await;
    ana.signs_in().await;
    let mut actions = Vec::new();
    let mut path = "/v1/me/events?limit=2".to_owned();
    loop {
        let page = ana.gets(&path).await;
        for event in page["events"].as_array().unwrap() {
            assert_eq!(event["source"], "127.0.0.1");
            actions.push(event["action"].as_str().unwrap().to_owned());
        }
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/v1/me/events?limit=2&cursor={next}");
    }
    assert_eq!(actions, ["signed_in", "sign_in_failed", "signed_in", "account_made"]);
    let refused = ana.asks("GET", "/v1/me/events?cursor=1.2").is_refused(422, "invalid_field").await;
    assert_eq!(refused["field"], "cursor");
    server.stop().await;
}

#[tokio::test]
async fn an_export_holds_everything_but_secrets() {
    let server = Convene::start().await;
    let ana = signs_up(&server, "Ana").await;
    let key = ana.makes_key(&["rooms:read"]).await;
    ana.makes_room().await;
    let answer = ana.asks("GET", "/v1/me/export").gives(200).await;
    assert!(answer.header("content-disposition").contains("attachment"));
    let export = answer.json();
    assert_eq!(export["user"], ana.gets("/v1/me").await);
    for (list, count) in
        [("sessions", 1), ("keys", 1), ("rooms", 1), ("calls", 0), ("contacts", 0), ("memberships", 0)]
    {
        assert_eq!(export[list].as_array().unwrap().len(), count, "{list}");
    }
    assert!(export["events"].as_array().unwrap().iter().any(|event| event["action"] == "key_made"));
    for secret in [ana.token.as_str(), key.as_str(), "$argon2", PASSWORD] {
        assert!(!answer.text.contains(secret));
    }
    server.stop().await;
}

#[tokio::test]
async fn a_deleted_account_can_be_kept_by_signing_in() {
    let server = Convene::start().await;
    let ana = signs_up(&server, "Ana").await;
    let delete = |body: Value| ana.asks("DELETE", "/v1/me").json(&body);
    delete(json!({})).is_refused(403, "forbidden").await;
    delete(json!({"password": "not this one"})).is_refused(403, "forbidden").await;
    let gone = delete(json!({"password": PASSWORD})).gives(202).await.json();
    assert!(gone["delete_after"].is_string());
    assert!(!ana.is_in().await);
    let back = ana.signs_in().await;
    assert_eq!(back.gets("/v1/me").await["delete_after"], Value::Null);
    server.stop().await;
}
