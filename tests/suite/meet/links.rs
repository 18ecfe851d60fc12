//! Forgotten passwords: the link by mail, once and for an hour, and what its use ends.
use super::page::{PASSWORD, Page, member};
use super::tables;
use crate::common::Convene;
use crate::common::office::now;
use crate::rest::ask::ask;
use crate::rest::mailbox::{all_is_sent, letter, letters};
use serde_json::json;

const FORGOT: &str = "auth/forgot.php";
const RESET: &str = "auth/reset.php";
const SENT: &str = r#"{"success":true,"message":"Password reset link sent to your email"}"#;
const DONE: &str = r#"{"success":true,"message":"Password reset successfully"}"#;
const WRONG: &str = "Invalid or expired reset token";

/// The 64 hex digits behind `token=` in that letter.
async fn token(server: &Convene, place: usize) -> String {
    let letter = letter(server, "ana@example.org", place).await;
    let at = letter.find("token=").unwrap_or_else(|| panic!("no link in {letter}")) + 6;
    let token = letter[at..at + 64].to_owned();
    assert!(token.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')), "{letter}");
    token
}

async fn asks(page: &mut Page<'_>) {
    page.is_told(FORGOT, json!({"email": "ana@example.org"}), 200, SENT).await;
}

#[tokio::test]
async fn m_h4_forgot_sends_a_link_and_says_no_more() {
    let server = Convene::start().await;
    let mut page = member(&server, "Ana").await;
    for email in [json!(""), json!("ana"), json!(null), json!(["ana@example.org"])] {
        page.is_refused(FORGOT, json!({"email": email}), 400, "Valid email is required").await;
    }
    asks(&mut page).await;
    page.is_told(FORGOT, json!({"email": "nobody@example.org"}), 200, SENT).await;
    let mail = letter(&server, "ana@example.org", 1).await;
    assert!(mail.contains("/reset#token="), "without the client's folder our own page sets it: {mail}");
    all_is_sent(&server).await;
    assert!(letters(&server, "nobody@example.org").is_empty());
    server.stop().await;
}

#[tokio::test]
async fn m_s4_the_documented_404_is_a_switch() {
    let server = Convene::start_with(&[("DIALECTS__MEET__TELL_UNKNOWN_EMAIL", "true")]).await;
    let mut page = member(&server, "Ana").await;
    let nobody = json!({"email": "nobody@example.org"});
    page.is_refused(FORGOT, nobody, 404, "No account found with this email").await;
    asks(&mut page).await;
    server.stop().await;
}

#[tokio::test]
async fn m_h5_reset_checks_in_order_and_a_link_works_once() {
    let server = Convene::start().await;
    let mut page = member(&server, "Ana").await;
    asks(&mut page).await;
    let good = token(&server, 1).await;
    let unknown = "0".repeat(64);
    for (token, password, message) in [
        ("", "", "Token and password are required"),
        (good.as_str(), "", "Token and password are required"),
        ("", "long enough", "Token and password are required"),
        ("x", "1234567", "Password must be at least 8 characters long"),
        (good.as_str(), "1234567", "Password must be at least 8 characters long"),
        ("x", "12345678", WRONG),
        (unknown.as_str(), "12345678", WRONG),
    ] {
        page.is_refused(RESET, json!({"token": token, "password": password}), 400, message).await;
    }
    let new = json!({"token": good, "password": "12345678"});
    page.is_told(RESET, new.clone(), 200, DONE).await;
    page.is_refused(RESET, new, 400, WRONG).await;
    let mail = letter(&server, "ana@example.org", 2).await;
    assert!(mail.contains("was changed"), "{mail}");
    let login = |password: &str| json!({"email": "ana@example.org", "password": password});
    page.is_refused("auth/login.php", login(PASSWORD), 401, "Invalid credentials").await;
    assert_eq!(page.posts("auth/login.php", login("12345678")).await.status, 200);
    server.stop().await;
}

#[tokio::test]
async fn m_s11_only_the_last_link_is_good_and_its_use_ends_every_session() {
    let server = Convene::start().await;
    let mut page = member(&server, "Ana").await;
    let mut elsewhere = Page::of(&server);
    elsewhere.logs_in("Ana").await;
    asks(&mut page).await;
    let first = token(&server, 1).await;
    asks(&mut page).await;
    let second = token(&server, 2).await;
    page.is_refused(RESET, json!({"token": first, "password": "new password"}), 400, WRONG).await;
    let kept = tables::texts(&server, "SELECT token_hash FROM reset").await;
    assert!(kept.len() == 1 && !kept.contains(&second), "only a hash is kept");
    let ends = tables::numbers(&server, "SELECT expires_at FROM reset").await;
    let hour = ends[0] - now().0;
    assert!((3_500_000..=3_601_000).contains(&hour), "an hour: {hour}");
    page.is_told(RESET, json!({"token": second, "password": "new password"}), 200, DONE).await;
    for page in [&mut page, &mut elsewhere] {
        assert_eq!(page.gets("auth/check_session.php").await.status, 401);
    }
    server.stop().await;
}

#[tokio::test]
async fn m_h5_a_link_that_is_over_is_told_so() {
    let server = Convene::start().await;
    let mut page = member(&server, "Ana").await;
    asks(&mut page).await;
    let token = token(&server, 1).await;
    tables::run(&server, "UPDATE reset SET expires_at = 1").await;
    let new = json!({"token": token, "password": "new password"});
    page.is_refused(RESET, new, 400, "Reset token has expired").await;
    server.stop().await;
}

#[tokio::test]
async fn m_h5_a_link_of_here_opens_our_own_page_too() {
    let server = Convene::start().await;
    let mut page = member(&server, "Ana").await;
    asks(&mut page).await;
    let token = token(&server, 1).await;
    let new = json!({"token": token, "password": "eleven loud walruses"});
    ask(&server, "POST", "/v1/password/reset").json(&new).gives(204).await;
    page.is_refused(RESET, new, 400, WRONG).await;
    server.stop().await;
}

#[tokio::test]
async fn m_s13_a_mailbox_is_not_flooded_with_links_and_the_answer_stays() {
    let server = Convene::start().await;
    let mut page = member(&server, "Ana").await;
    for _ in 0..6 {
        asks(&mut page).await;
    }
    all_is_sent(&server).await;
    assert_eq!(letters(&server, "ana@example.org").len(), 3, "the code and two links in this minute");
    server.stop().await;
}

#[tokio::test]
async fn m_s10_a_link_leads_to_the_clients_own_page_if_that_is_served() {
    let folder = tempfile::tempdir().unwrap();
    let pages = folder.path().display().to_string();
    let settings =
        [("DIALECTS__MEET__STATIC_DIR", pages.as_str()), ("HTTP__PUBLIC_URL", "https://meet.example")];
    let server = Convene::start_with(&settings).await;
    let page = member(&server, "Ana").await;
    let body = json!({"email": "ana@example.org"});
    let asked = page.asks("POST", FORGOT).with("host", "evil.example").json(&body).answer().await;
    assert_eq!(asked.text, SENT);
    let mail = letter(&server, "ana@example.org", 1).await;
    let link = format!("https://meet.example/client/verify/forgot.php?token={}", token(&server, 1).await);
    assert!(mail.contains(&link) && !mail.contains("evil"), "{mail}");
    server.stop().await;
}
