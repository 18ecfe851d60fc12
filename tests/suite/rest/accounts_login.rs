//! Signing in and out over REST: by password, by code, by cookie; forgotten passwords.
use super::ask::{Ask, ask};
use super::mailbox::{all_is_sent, code, letters, reset_token, wrong};
use super::person::{PASSWORD, Person, signs_up};
use crate::common::Convene;
use crate::common::db;
use convene::room::ids::Millis;
use convene::store::audit::{Actor, By};
use convene::store::users;
use serde_json::{Value, json};
use std::time::{SystemTime, UNIX_EPOCH};

const NEW: &str = "eleven loud walruses";

fn login<'a>(server: &'a Convene, login: &str, password: &str) -> Ask<'a> {
    ask(server, "POST", "/v1/login").json(&json!({"login": login, "password": password}))
}

#[tokio::test]
async fn username_and_address_open_the_same_account() {
    let server = Convene::start().await;
    let ana = signs_up(&server, "Ana").await;
    for name in ["ana", "ANA", " Ana ", "ana@example.org", "ANA@EXAMPLE.ORG"] {
        let entered = login(&server, name, PASSWORD).gives(200).await.json();
        assert_eq!(entered["user"]["id"], ana.id.as_str(), "{name}");
    }
    let mut texts = Vec::new();
    for (name, password) in [
        ("ana", "wrong password"),
        ("nobody", PASSWORD),
        ("nobody@example.org", PASSWORD),
        ("+4930901820", PASSWORD),
    ] {
        texts.push(login(&server, name, password).is_refused(401, "unauthenticated").await.to_string());
    }
    texts.dedup();
    assert_eq!(texts.len(), 1, "{texts:?}");
    server.stop().await;
}

#[tokio::test]
async fn a_code_signs_in_and_works_once() {
    let server = Convene::start().await;
    let ana = signs_up(&server, "Ana").await;
    let ask_code = |email: &str| ask(&server, "POST", "/v1/login/code").json(&json!({"email": email}));
    let flow = ask_code(&ana.email).gives(202).await.json()["flow"].clone();
    let sent = code(&server, &ana.email, 1).await;
    let show = |flow: &Value, code: &str| {
        ask(&server, "POST", "/v1/login/code/verify").json(&json!({"flow": flow, "code": code}))
    };
    show(&flow, &wrong(&sent)).is_refused(401, "code_invalid").await;
    let entered = show(&flow, &sent).gives(200).await.json();
    assert_eq!(entered["user"]["id"], ana.id.as_str());
    show(&flow, &sent).is_refused(401, "code_invalid").await;

    let nobodys = ask_code("nobody@example.org").gives(202).await.json();
    assert!(nobodys["expires_at"].is_string());
    show(&nobodys["flow"], "123456").is_refused(401, "code_invalid").await;
    let others = ask_code(&ana.email).gives(202).await.json()["flow"].clone();
    let last = code(&server, &ana.email, 2).await;
    show(&nobodys["flow"], &last).is_refused(401, "code_invalid").await;
    let as_sign_up = json!({"flow": others, "code": last});
    ask(&server, "POST", "/v1/accounts/verify").json(&as_sign_up).is_refused(401, "code_invalid").await;
    show(&others, &last).gives(200).await;
    all_is_sent(&server).await;
    assert!(letters(&server, "nobody@example.org").is_empty());
    server.stop().await;
}

#[tokio::test]
async fn a_cookie_is_a_session_that_no_script_sees() {
    let server = Convene::start().await;
    let ana = signs_up(&server, "Ana").await;
    let body = json!({"login": "ana", "password": PASSWORD, "session": "cookie"});
    let answer = ask(&server, "POST", "/v1/login").json(&body).gives(200).await;
    assert_eq!(answer.json().get("token"), None);
    let set = answer.header("set-cookie").to_owned();
    assert!(set.starts_with("convene=cvs_") && !set.contains("Secure"), "{set}");
    for part in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=2592000"] {
        assert!(set.contains(part), "{part} in {set}");
    }
    let cookie = set.split(';').next().unwrap().to_owned();
    let by_cookie = |method: &str, path: &str| ask(&server, method, path).with("cookie", &cookie);
    assert_eq!(by_cookie("GET", "/v1/me").gives(200).await.json()["id"], ana.id.as_str());
    by_cookie("POST", "/v1/logout").is_refused(403, "csrf").await;
    let out = by_cookie("POST", "/v1/logout").with("sec-fetch-site", "same-origin").gives(204).await;
    assert!(out.header("set-cookie").contains("Max-Age=0"));
    by_cookie("GET", "/v1/me").is_refused(401, "unauthenticated").await;
    let again = by_cookie("POST", "/v1/login").with("sec-fetch-site", "same-origin").json(&body);
    again.gives(200).await; // an old cookie is in nobody's way
    assert!(ana.is_in().await, "another device");
    server.stop().await;
}

#[tokio::test]
async fn a_forgotten_password_is_set_anew_once_and_ends_every_session() {
    let server = Convene::start().await;
    let ana = signs_up(&server, "Ana").await;
    let forgot = |email: &str| {
        ask(&server, "POST", "/v1/password/forgot")
            .with("host", "evil.example")
            .json(&json!({"email": email}))
    };
    assert_eq!(forgot(&ana.email).gives(202).await.json(), json!({}));
    assert_eq!(forgot("nobody@example.org").gives(202).await.json(), json!({}));
    let token = reset_token(&server, &ana.email, 1).await;
    let mail = &letters(&server, &ana.email)[1];
    assert!(!mail.contains("evil.example"), "{mail}");
    let reset = |token: &str, password: &str| {
        ask(&server, "POST", "/v1/password/reset").json(&json!({"token": token, "password": password}))
    };
    reset(&token, "short").is_refused(422, "weak_password").await;
    reset(&format!("cvr_{}", "A".repeat(43)), NEW).is_refused(401, "token_invalid").await;
    reset(&token, NEW).gives(204).await;
    reset(&token, NEW).is_refused(401, "token_invalid").await;
    assert!(!ana.is_in().await);
    login(&server, "ana", PASSWORD).is_refused(401, "unauthenticated").await;
    login(&server, "ana", NEW).gives(200).await;
    all_is_sent(&server).await;
    assert!(letters(&server, "nobody@example.org").is_empty());
    server.stop().await;
}

#[tokio::test]
async fn who_is_disabled_is_out_and_hears_nothing_of_it() {
    let server = Convene::start().await;
    let ana = signs_up(&server, "Ana").await;
    let key = ana.makes_key(&["rooms:read"]).await;
    let store = db::open(&server.database_url()).await;
    let by = By { actor: Actor::Operator, source: None, at: Millis(1) };
    assert!(users::disable(&store, &by, ana.id.parse().unwrap()).await.unwrap());
    store.close().await.unwrap();
    assert!(!ana.is_in().await);
    ask(&server, "GET", "/v1/rooms").shows(&key).is_refused(401, "token_invalid").await;
    login(&server, "ana", PASSWORD).is_refused(401, "unauthenticated").await;
    let asked =
        ask(&server, "POST", "/v1/login/code").json(&json!({"email": ana.email})).gives(202).await.json();
    let shown = json!({"flow": asked["flow"], "code": "123456"});
    ask(&server, "POST", "/v1/login/code/verify").json(&shown).is_refused(401, "code_invalid").await;
    all_is_sent(&server).await;
    assert_eq!(letters(&server, &ana.email).len(), 1, "no code was sent");
    server.stop().await;
}

#[tokio::test]
async fn signing_out_ends_that_device_alone() {
    let server = Convene::start().await;
    let ana = signs_up(&server, "Ana").await;
    let (phone, tablet): (Person<'_>, Person<'_>) = (ana.signs_in().await, ana.signs_in().await);
    phone.asks("POST", "/v1/logout").gives(204).await;
    assert!(!phone.is_in().await && tablet.is_in().await && ana.is_in().await);
    ask(&server, "POST", "/v1/logout").is_refused(401, "unauthenticated").await;
    server.stop().await;
}

fn asks_code(server: &Convene) -> Ask<'_> {
    ask(server, "POST", "/v1/login/code").json(&json!({"email": "ana@example.org"}))
}

#[tokio::test]
async fn what_was_sent_and_guessed_before_a_restart_counts_after_it() {
    let server = Convene::start_with(&[("LIMITS__CODES_PER_MINUTE_PER_TARGET", "100")]).await;
    let ana = signs_up(&server, "Ana").await;
    for _ in 0..4 {
        asks_code(&server).gives(202).await; // the fifth, with the code of the sign-up
    }
    let store = db::open(&server.database_url()).await;
    let just_now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
    let by = |source: &str| By {
        actor: Actor::Nobody,
        source: Some(source.into()),
        at: Millis(just_now.try_into().unwrap()),
    };
    for (source, failures) in [("127.0.0.1", 12), ("198.51.100.7", 100)] {
        for _ in 0..failures {
            users::note_failure(&store, &by(source), Some(ana.id.parse().unwrap())).await.unwrap();
        }
    }
    store.close().await.unwrap();
    let (folder, changes) = server.stop().await;

    let server = Convene::again(folder, changes).await;
    asks_code(&server).is_refused(429, "rate_limited").await;
    let wait = login(&server, "ana", PASSWORD).is_refused(429, "rate_limited").await;
    assert!((60_000..=128_000).contains(&wait["retry_after_ms"].as_i64().unwrap()), "{wait}");
    server.stop().await;
}
