//! Signing in and out, and who one is: by this face, by others, and back.
use super::page::{PASSWORD, Page, address, code, member};
use crate::common::Convene;
use crate::rest::ask::ask;
use crate::rest::person;
use serde_json::{Value, json};
use std::time::Instant;

const LOGIN: &str = "auth/login.php";
const CHECK: &str = "auth/check_session.php";

#[tokio::test]
async fn m_h3_login_checks_in_order_and_answers_in_its_key_order() {
    let server = Convene::start().await;
    let mut page = member(&server, "Ana").await;
    page.session = None;
    for (email, password, status, message) in [
        ("", "", 400, "Email and password are required"),
        ("ana@example.org", "   ", 400, "Email and password are required"),
        ("  ", PASSWORD, 400, "Email and password are required"),
        ("ana", PASSWORD, 400, "Invalid email format"),
        ("ana@example.org", "wrong", 401, "Invalid credentials"),
        ("nobody@example.org", PASSWORD, 401, "Invalid credentials"),
    ] {
        page.is_refused(LOGIN, json!({"email": email, "password": password}), status, message).await;
    }
    assert_eq!(page.session, None);
    let body = json!({"email": " ana@example.org ", "password": PASSWORD});
    let text = r#"{"success":true,"message":"Login successful","user":{"id":1,"email":"ana@example.org","username":"Ana"}}"#;
    page.is_told(LOGIN, body, 200, text).await;
    let checked = page.gets(CHECK).await;
    assert_eq!(
        checked.text,
        r#"{"success":true,"user":{"id":1,"username":"Ana","email":"ana@example.org"}}"#
    );
    server.stop().await;
}

#[tokio::test]
async fn m_h6_nobody_is_not_authenticated() {
    let server = Convene::start().await;
    let mut page = Page::of(&server);
    for id in [
        None,
        Some("0198c5e2a1b27000800000000000000f"),
        Some("abc"),
        Some("ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"),
    ] {
        page.session = id.map(str::to_owned);
        let answer = page.gets(CHECK).await;
        assert_eq!(
            (answer.status, answer.text.as_str()),
            (401, r#"{"success":false,"message":"Not authenticated"}"#)
        );
    }
    server.stop().await;
}

#[tokio::test]
async fn m_h6_an_account_without_a_confirmed_address_is_not_verified() {
    let server = Convene::start().await;
    let page = member(&server, "Ana").await;
    let token = page.session.clone().unwrap();
    ask(&server, "DELETE", "/v1/me/email").shows(&token).gives(204).await;
    let answer = page.asks("GET", CHECK).answer().await;
    assert_eq!(
        (answer.status, answer.text.as_str()),
        (403, r#"{"success":false,"message":"Account not verified"}"#)
    );
    server.stop().await;
}

#[tokio::test]
async fn m_h7_logout_ends_the_session_for_good() {
    let server = Convene::start().await;
    let mut page = member(&server, "Ana").await;
    let id = page.session.clone();
    let out = r#"{"success":true,"message":"Logged out"}"#;
    page.is_told("auth/logout.php", json!({}), 200, out).await;
    assert_eq!(page.session, None, "the browser forgets it");
    page.session = id;
    assert_eq!(page.asks("GET", CHECK).answer().await.status, 401, "and so does the server");
    page.is_told("auth/logout.php", json!({}), 200, out).await;
    Page::of(&server).is_told("auth/logout.php", json!({}), 200, out).await;
    server.stop().await;
}

#[tokio::test]
async fn m_s5_unverified_is_said_to_the_right_password_only() {
    let server = Convene::start().await;
    let mut page = Page::of(&server);
    page.signs_up("Ana").await;
    let with = |password: &str| json!({"email": address("Ana"), "password": password});
    page.is_refused(LOGIN, with("wrong"), 401, "Invalid credentials").await;
    page.is_refused(LOGIN, with(PASSWORD), 403, "Please verify your email before logging in").await;
    let right = code(&server, "Ana", 0).await; // still the one that was sent
    assert_eq!(page.posts("auth/verify.php", json!({"code": right})).await.status, 200);
    page.logs_in("Ana").await;
    server.stop().await;
}

#[tokio::test]
async fn m_s5_known_and_unknown_addresses_cost_the_same_work() {
    let server = Convene::start().await;
    let mut page = member(&server, "Ana").await;
    let before = server.metrics.password_hashes.get();
    page.is_refused(
        LOGIN,
        json!({"email": "nobody@example.org", "password": "x"}),
        401,
        "Invalid credentials",
    )
    .await;
    page.is_refused(LOGIN, json!({"email": "ana@example.org", "password": "x"}), 401, "Invalid credentials")
        .await;
    assert_eq!(server.metrics.password_hashes.get() - before, 2);
    page.is_refused(
        LOGIN,
        json!({"email": "nobody@example.org", "password": " x"}),
        401,
        "Invalid credentials",
    )
    .await;
    assert_eq!(server.metrics.password_hashes.get() - before, 4, "as typed, and without the space");
    server.stop().await;
}

#[tokio::test]
async fn m_d2_a_password_is_tried_as_typed_and_then_trimmed() {
    let server = Convene::start().await;
    let mut page = Page::of(&server);
    for (name, kept) in [("Ana", " spaced "), ("Bob", "plain secret")] {
        let body = json!({"username": name, "email": address(name), "password": kept});
        assert_eq!(page.posts("auth/signup.php", body).await.status, 200);
        let shown = code(&server, name, 0).await;
        assert_eq!(page.posts("auth/verify.php", json!({"code": shown})).await.status, 200);
    }
    for (name, typed, status) in [
        ("Ana", " spaced ", 200),
        ("Ana", "spaced", 401),
        ("Bob", "plain secret", 200),
        ("Bob", "  plain secret ", 200),
    ] {
        let answer = page.posts(LOGIN, json!({"email": address(name), "password": typed})).await;
        assert_eq!(answer.status, status, "{name} {typed:?}");
    }
    server.stop().await;
}

#[tokio::test]
async fn m_s8_signing_in_gives_a_new_id_and_the_old_one_dies() {
    let server = Convene::start().await;
    let mut page = member(&server, "Ana").await;
    let first = page.session.clone();
    page.logs_in("Ana").await;
    assert_ne!(page.session, first);
    let mut old = Page::of(&server);
    old.session = first;
    assert_eq!(old.gets(CHECK).await.status, 401);
    // an id that somebody planted is not taken over
    let mut planted = Page::of(&server);
    planted.session = Some("a".repeat(32));
    planted.logs_in("Ana").await;
    assert_ne!(planted.session, Some("a".repeat(32)));
    server.stop().await;
}

/// Somebody behind a proxy that this server trusts, at an address of their own.
fn at(address: &'static str) -> (&'static str, &'static str) {
    ("x-forwarded-for", address)
}

#[tokio::test]
async fn m_s12_a_guesser_is_slowed_and_hears_the_same_and_the_owner_comes_in_from_where_they_are_known() {
    let server = Convene::start_with(&[("HTTP__TRUSTED_PROXIES", "127.0.0.1")]).await;
    let page = member(&server, "Ana").await; // she signed in from 127.0.0.1
    let login = async |password: &str, from: Option<&'static str>| {
        let shown = json!({"email": "ana@example.org", "password": password});
        let mut asked = ask(&server, "POST", "/server/auth/login.php").json(&shown);
        if let Some((name, address)) = from.map(at) {
            asked = asked.with(name, address);
        }
        let answer = asked.answer().await;
        (answer.status, answer.json()["message"].clone())
    };
    let (no, yes) = ((401, json!("Invalid credentials")), (200, json!("Login successful")));
    let (guesser, began) = (Some("198.51.100.7"), Instant::now());
    for _ in 0..8 {
        assert_eq!(login("wrong", guesser).await, no);
    }
    if began.elapsed().as_secs() < 1 {
        assert_eq!(login(PASSWORD, guesser).await, no, "so soon even the right one is not looked at");
        assert_eq!(login(PASSWORD, Some("203.0.113.9")).await, no, "nor from where she never was");
    }
    assert_eq!(login(PASSWORD, None).await, yes);
    for _ in 0..8 {
        assert_eq!(login("wrong", None).await, no, "where she is known there is a count too");
    }
    assert_eq!(
        page.asks("GET", CHECK).answer().await.status,
        200,
        "a session that is there is in nobody's way"
    );
    server.stop().await;
}

#[tokio::test]
async fn m_x1_one_account_on_every_face() {
    let server = Convene::start().await;
    let mut page = member(&server, "Ana").await;
    let token = page.session.clone().unwrap();
    let me = ask(&server, "GET", "/v1/me").shows(&token).gives(200).await.json();
    assert_eq!((&me["username"], &me["email"]), (&json!("Ana"), &json!("ana@example.org")));
    let sessions = ask(&server, "GET", "/v1/me/sessions").shows(&token).gives(200).await.json();
    let faces: Vec<&Value> =
        sessions["sessions"].as_array().unwrap().iter().map(|one| &one["face"]).collect();
    assert_eq!(faces, ["meet"]);
    let native = json!({"login": "ana", "password": PASSWORD});
    let entered = ask(&server, "POST", "/v1/login").json(&native).gives(200).await.json();
    assert_eq!(entered["user"]["id"], me["id"]);
    // and an account of the native page signs in here
    person::signs_up(&server, "Bob").await;
    let body = json!({"email": "bob@example.org", "password": person::PASSWORD});
    let text = page.posts(LOGIN, body).await.json();
    assert_eq!(text["user"], json!({"id": 2, "email": "bob@example.org", "username": "Bob"}));
    // what ends it there ends it here
    let token = page.session.clone().unwrap();
    ask(&server, "POST", "/v1/logout").shows(&token).gives(204).await;
    assert_eq!(page.gets(CHECK).await.status, 401);
    server.stop().await;
}

#[tokio::test]
async fn m_x2_the_cookie_is_a_session_under_v1_with_the_same_proof_of_where_it_comes_from() {
    let server = Convene::start().await;
    let page = member(&server, "Ana").await;
    let cookie = format!("PHPSESSID={}", page.session.clone().unwrap());
    let by_cookie = |method: &str, path: &str| ask(&server, method, path).with("cookie", &cookie);
    assert_eq!(by_cookie("GET", "/v1/me").gives(200).await.json()["username"], "Ana");
    by_cookie("POST", "/v1/rooms").json(&json!({})).is_refused(403, "csrf").await;
    by_cookie("POST", "/v1/rooms").with("sec-fetch-site", "same-origin").json(&json!({})).gives(201).await;
    ask(&server, "GET", "/v1/me").with("cookie", "PHPSESSID=abc").is_refused(401, "unauthenticated").await;
    server.stop().await;
}
