//! Signing up: the checks in their order, the code, whose it is and how long.
use super::page::{PASSWORD, Page, REGISTERED, address, code, member, wrong};
use super::tables;
use crate::common::Convene;
use crate::rest::ask::ask;
use crate::rest::mailbox::letters;
use futures_util::future::join_all;
use serde_json::json;

const SIGN_UP: &str = "auth/signup.php";
const VERIFY: &str = "auth/verify.php";
const LENIENT: &[(&str, &str)] =
    &[("LIMITS__CODES_PER_MINUTE_PER_TARGET", "100"), ("LIMITS__CODES_PER_HOUR_PER_TARGET", "100")];

#[tokio::test]
async fn m_h1_sign_up_checks_in_order() {
    let server = Convene::start().await;
    member(&server, "Ana").await;
    let mut page = Page::of(&server);
    for (username, email, password, message) in [
        ("", "", "", "All fields are required"),
        ("bob", "", PASSWORD, "All fields are required"),
        ("bob", "bob@example.org", "", "All fields are required"),
        ("  ", "bob@example.org", PASSWORD, "All fields are required"),
        ("", "no address", "x", "All fields are required"),
        ("ana", "no address", "x", "Invalid email format"),
        ("ana", "ana@example.org", "12345", "Password must be at least 6 characters long"),
        ("ana", "ana@example.org", "123456", "Username already exists"),
        ("ANA", "new@example.org", "123456", "Username already exists"),
        ("bob", "ana@example.org", "123456", "Email already exists and is verified"),
        ("bob", "ANA@Example.org", "123456", "Email already exists and is verified"),
    ] {
        let body = json!({"username": username, "email": email, "password": password});
        page.is_refused(SIGN_UP, body, 400, message).await;
    }
    assert_eq!(page.session, None, "no refusal sets a cookie");
    page.signs_up("Bob").await;
    assert!(page.session.is_some(), "it names the sign-up that awaits its code");
    server.stop().await;
}

#[tokio::test]
async fn m_h2_the_code_of_the_page_that_asked_makes_the_account_once() {
    let server = Convene::start().await;
    let mut page = Page::of(&server);
    page.is_refused(VERIFY, json!({"code": "1234"}), 400, "Invalid request").await;
    page.signs_up("Ana").await;
    let right = code(&server, "Ana", 0).await;
    for (shown, message) in [
        (json!(""), "Invalid request"),
        (json!("0"), "Invalid request"),
        (json!(0), "Invalid request"),
        (json!(null), "Invalid request"),
        (json!({"$ne": 1}), "Invalid request"),
        (json!("12345"), "Please enter a valid 4-digit code"),
        (json!("abcd"), "Please enter a valid 4-digit code"),
        (json!("１２３４"), "Please enter a valid 4-digit code"),
        (json!(wrong(&right)), "Invalid verification code"),
    ] {
        page.is_refused(VERIFY, json!({"code": shown}), 400, message).await;
    }
    let before = page.session.clone();
    let answer = page.posts(VERIFY, json!({"code": right})).await;
    assert_eq!(answer.text, r#"{"success":true,"message":"Email verified successfully!"}"#);
    assert_ne!(page.session, before, "a new id after the code");
    page.is_refused(VERIFY, json!({"code": right}), 400, "Invalid request").await;
    let mut old = Page::of(&server);
    old.session = before;
    old.is_refused(VERIFY, json!({"code": right}), 400, "Invalid or already verified email").await;
    assert_eq!(page.gets("auth/check_session.php").await.status, 401, "nobody is signed in by a code");
    page.logs_in("Ana").await;
    server.stop().await;
}

#[tokio::test]
async fn m_h2_a_code_may_be_a_json_number() {
    let server = Convene::start_with(LENIENT).await;
    let mut page = Page::of(&server);
    for place in 0.. {
        let name = format!("ana{place}");
        page.signs_up(&name).await;
        let right = code(&server, &name, 0).await;
        if right.starts_with('0') {
            continue; // such a code needs a text
        }
        let number: u32 = right.parse().unwrap();
        assert_eq!(page.posts(VERIFY, json!({"code": number})).await.status, 200);
        break;
    }
    server.stop().await;
}

#[tokio::test]
async fn m_c1_without_a_cookie_the_address_says_whose_code_it_is() {
    let server = Convene::start().await;
    Page::of(&server).signs_up("Ana").await;
    let right = code(&server, "Ana", 0).await;
    let mut tool = Page::of(&server);
    let shown = |email: &str, code: &str| json!({"code": code, "email": email});
    tool.is_refused(VERIFY, shown("nobody@example.org", &right), 400, "Invalid or already verified email")
        .await;
    tool.is_refused(VERIFY, shown("no address", &right), 400, "Invalid or already verified email").await;
    tool.is_refused(VERIFY, shown("ana@example.org", &wrong(&right)), 400, "Invalid verification code").await;
    assert_eq!(tool.posts(VERIFY, shown("ANA@example.org", &right)).await.status, 200);
    tool.session = None;
    tool.is_refused(VERIFY, shown("ana@example.org", &right), 400, "Invalid or already verified email").await;
    server.stop().await;
}

#[tokio::test]
async fn m_s3_five_tries_and_then_the_right_code_is_wrong() {
    let server = Convene::start().await;
    let mut page = Page::of(&server);
    page.signs_up("Ana").await;
    let right = code(&server, "Ana", 0).await;
    for _ in 0..5 {
        page.is_refused(VERIFY, json!({"code": wrong(&right)}), 400, "Invalid verification code").await;
    }
    page.is_refused(VERIFY, json!({"code": right}), 400, "Invalid verification code").await;
    page.signs_up("Ana").await; // and nobody is shut out: a new code may be asked for
    let again = code(&server, "Ana", 1).await;
    assert_eq!(page.posts(VERIFY, json!({"code": again})).await.status, 200);
    server.stop().await;
}

#[tokio::test]
async fn m_s3_a_code_is_good_for_fifteen_minutes() {
    let server = Convene::start().await;
    let mut page = Page::of(&server);
    page.signs_up("Ana").await;
    let right = code(&server, "Ana", 0).await;
    let lasts = tables::numbers(&server, "SELECT expires_at - created_at FROM flow").await;
    assert_eq!(lasts, [15 * 60_000]);
    tables::run(&server, "UPDATE flow SET expires_at = created_at").await;
    page.is_refused(VERIFY, json!({"code": right}), 400, "Invalid verification code").await;
    server.stop().await;
}

#[tokio::test]
async fn m_d1_the_same_sign_up_again_hears_that_its_name_is_taken() {
    let server = Convene::start().await;
    let mut page = Page::of(&server);
    page.signs_up("Ana").await;
    let same = json!({"username": "Ana", "email": address("Ana"), "password": PASSWORD});
    page.is_refused(SIGN_UP, same.clone(), 400, "Username already exists").await;
    // whoever waits for a code blocks nobody else, and no row stays
    let other = json!({"username": "Ana", "email": "other@example.org", "password": PASSWORD});
    Page::of(&server).is_told(SIGN_UP, other, 200, REGISTERED).await;
    tables::run(&server, "UPDATE flow SET expires_at = 0").await;
    page.is_told(SIGN_UP, same, 200, REGISTERED).await;
    server.stop().await;
}

#[tokio::test]
async fn m_s7_each_sign_up_voids_the_codes_of_before_and_brings_its_own_password() {
    let server = Convene::start().await;
    let (mut victim, mut thief) = (Page::of(&server), Page::of(&server));
    let asks = |name: &str, password: &str| json!({"username": name, "email": "ana@example.org", "password": password});
    thief.is_told(SIGN_UP, asks("thief", "thiefs own"), 200, REGISTERED).await;
    let of_thief = code(&server, "Ana", 0).await;
    victim.is_told(SIGN_UP, asks("ana", PASSWORD), 200, REGISTERED).await;
    let of_victim = code(&server, "Ana", 1).await;
    thief.is_refused(VERIFY, json!({"code": of_thief}), 400, "Invalid verification code").await;
    if of_thief != of_victim {
        thief.is_refused(VERIFY, json!({"code": of_victim}), 400, "Invalid verification code").await;
    }
    assert_eq!(victim.posts(VERIFY, json!({"code": of_victim})).await.status, 200);
    let stolen = json!({"email": "ana@example.org", "password": "thiefs own"});
    thief.is_refused("auth/login.php", stolen, 401, "Invalid credentials").await;
    assert_eq!(victim.logs_in("Ana").await["user"]["username"], "ana");
    server.stop().await;
}

#[tokio::test]
async fn m_s7_of_a_hundred_who_show_the_right_code_one_makes_the_account() {
    let server = Convene::start_with(&[
        ("LIMITS__TRUSTED_SOURCES", "127.0.0.0/8"),
        ("LIMITS__FAILURES_PER_MINUTE", "10000"),
    ])
    .await;
    let mut page = Page::of(&server);
    page.signs_up("Ana").await;
    let right = code(&server, "Ana", 0).await;
    let shown =
        join_all((0..100).map(|_| page.asks("POST", VERIFY).json(&json!({"code": right})).answer())).await;
    let good: Vec<_> = shown.iter().filter(|answer| answer.status == 200).collect();
    assert_eq!(good.len(), 1);
    assert!(shown.iter().all(|answer| matches!(answer.status, 200 | 400)), "{shown:?}");
    assert_eq!(tables::numbers(&server, r#"SELECT COUNT(*) FROM "user""#).await, [1]);
    server.stop().await;
}

#[tokio::test]
async fn m_s6_what_is_known_may_be_hidden() {
    let server = Convene::start_with(&[("DIALECTS__MEET__TELL_KNOWN_EMAIL", "false")]).await;
    member(&server, "Ana").await;
    let mut page = Page::of(&server);
    let body = json!({"username": "bob", "email": "ana@example.org", "password": PASSWORD});
    page.is_told(SIGN_UP, body, 200, REGISTERED).await;
    let mail = crate::rest::mailbox::letter(&server, "ana@example.org", 1).await;
    assert!(mail.contains("has an account already"), "{mail}");
    page.is_refused(VERIFY, json!({"code": "1234"}), 400, "Invalid verification code").await;
    server.stop().await;
}

#[tokio::test]
async fn m_s13_a_flooded_mailbox_gets_no_more_and_the_answer_stays() {
    let server = Convene::start().await;
    let mut page = Page::of(&server);
    for name in ["one", "two", "three", "four", "five"] {
        let body = json!({"username": name, "email": "ana@example.org", "password": PASSWORD});
        page.is_told(SIGN_UP, body, 200, REGISTERED).await;
    }
    crate::rest::mailbox::all_is_sent(&server).await;
    assert_eq!(letters(&server, "ana@example.org").len(), 3, "three in a minute");
    server.stop().await;
}

#[tokio::test]
async fn m_s15_usernames_hold_nothing_that_a_page_could_run() {
    let server = Convene::start().await;
    let mut page = Page::of(&server);
    for username in ["<b>ana</b>", "a\"na", "ana lovelace", "аna", "an", "ana@example.org", "a\u{202e}na"] {
        let body = json!({"username": username, "email": "ana@example.org", "password": PASSWORD});
        let message = "Username must be 3 to 32 letters, digits or . _ - between them";
        page.is_refused(SIGN_UP, body, 400, message).await;
    }
    server.stop().await;
}

#[tokio::test]
async fn a_native_page_cannot_use_or_renew_a_short_code() {
    let server = Convene::start().await;
    let mut page = Page::of(&server);
    page.signs_up("Ana").await;
    let (flow, right) = (page.session.clone().unwrap(), code(&server, "Ana", 0).await);
    let shown = json!({"flow": flow, "code": right});
    ask(&server, "POST", "/v1/accounts/verify").json(&shown).is_refused(401, "code_invalid").await;
    ask(&server, "POST", "/v1/codes/resend")
        .json(&json!({"flow": flow}))
        .is_refused(401, "code_invalid")
        .await;
    assert_eq!(page.posts(VERIFY, json!({"code": right})).await.status, 200);
    server.stop().await;
}
