//! What the original let through, and this server doesn't.
use super::page::{by_mail, by_phone, says};
use crate::common::{Convene, columns};
use crate::rest::ask::ask;
use crate::rest::mailbox;
use serde_json::json;

#[tokio::test]
async fn s_h3_guesses_of_one_source_run_out_and_the_answer_stays_the_same() {
    let server = Convene::start().await;
    let (ana, ben) = (by_mail(&server, "Ana").await, by_mail(&server, "Ben").await);
    let (gid, pin, _) = ana.makes("Weekly").await;
    for _ in 0..5 {
        assert_eq!(ben.joins(&gid, "99999999").await["error"], "BADGROUP");
    }
    let right = ben.joins(&gid, &pin).await;
    assert_eq!(right["error"], "BADGROUP", "not even the right one");
    assert_eq!(ana.joins(&gid, &pin).await["result"], "OK", "its owner needs no guess");
    assert_eq!(ben.gets(&[("op", "rooms")]).await["count"], 0, "and stays signed in");
    server.stop().await;
}

#[tokio::test]
async fn s_h3_without_a_pin_nothing_is_guessed() {
    let server = Convene::start().await;
    let (ana, ben) = (by_mail(&server, "Ana").await, by_mail(&server, "Ben").await);
    let (gid, pin, _) = ana.makes("Weekly").await;
    for _ in 0..9 {
        assert_eq!(ben.joins(&gid, "").await["error"], "BADGROUP");
    }
    assert_eq!(ben.joins(&gid, &pin).await["result"], "OK");
    server.stop().await;
}

#[tokio::test]
async fn s_h3_guesses_from_many_sources_run_out_too() {
    let server = Convene::start_with(&[("HTTP__TRUSTED_PROXIES", "127.0.0.0/8")]).await;
    let (ana, ben) = (by_mail(&server, "Ana").await, by_mail(&server, "Ben").await);
    let (gid, pin, _) = ana.makes("Weekly").await;
    let tries = async |source: String, pin: String| {
        let path = format!("/api.php?op=joingroup&gid={gid}&pin={pin}&token={}", ben.token);
        ask(&server, "GET", &path).with("x-forwarded-for", &source).gives(200).await.json()
    };
    for n in 0..20 {
        assert_eq!(tries(format!("192.0.2.{n}"), "99999999".into()).await["error"], "BADGROUP");
    }
    assert_eq!(tries("192.0.2.99".into(), pin.clone()).await["error"], "BADGROUP");
    server.stop().await;
}

#[tokio::test]
async fn s_h3_numbers_of_rooms_are_not_found_by_trying() {
    let server = Convene::start_with(&[("HTTP__TRUSTED_PROXIES", "127.0.0.0/8")]).await;
    let (ana, ben) = (by_mail(&server, "Ana").await, by_mail(&server, "Ben").await);
    let (gid, pin, _) = ana.makes("Weekly").await;
    let tries = async |source: String, gid: String| {
        let path = format!("/api.php?op=joingroup&gid={gid}&pin={pin}&token={}", ben.token);
        ask(&server, "GET", &path).with("x-forwarded-for", &source).gives(200).await.json()
    };
    for n in 0..30 {
        assert_eq!(tries(format!("192.0.2.{n}"), (1_000 + n).to_string()).await["error"], "BADGROUP");
    }
    assert_eq!(
        tries("192.0.2.99".into(), gid.clone()).await["error"],
        "BADGROUP",
        "one account, many sources"
    );
    server.stop().await;
}

#[tokio::test]
async fn s_h4_what_could_mean_more_to_sql_is_text() {
    let server = Convene::start().await;
    let ana = by_phone(&server, "Ana", "919876543210").await;
    let evil = "919876543210) OR 1=1 --,'; DROP TABLE user;--";
    let answer = ana.gets(&[("op", "getcontacts"), ("phones", evil), ("ts", "0 OR 1=1")]).await;
    assert_eq!(answer["contacts"], json!([]));
    assert_eq!(ana.joins("1 OR 1=1", "' OR ''='").await["error"], "BADGROUP");
    let made = ana.gets(&[("op", "setgroup"), ("name", "'); DELETE FROM room;--")]).await;
    assert_eq!(made["name"], "'); DELETE FROM room;--");
    server.stop().await;
}

#[tokio::test]
async fn s_h6_tokens_and_pins_are_kept_as_hashes_or_sealed() {
    let server = Convene::start().await;
    let ana = by_mail(&server, "Ana").await;
    let (gid, pin, spin) = ana.makes("Weekly").await;
    let ben = by_mail(&server, "Ben").await;
    ben.joins(&gid, &spin).await;
    for (column, value) in columns::all(&server.database_url()).await {
        for secret in [&ana.token, &ben.token, &pin, &spin] {
            let found = value.windows(secret.len()).any(|part| part == secret.as_bytes());
            assert!(!found, "a secret of {} characters stands in {column}", secret.len());
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn s_h7_wrong_codes_of_one_source_run_out_over_all_addresses() {
    let server = Convene::start_with(&[("LIMITS__FAILURES_PER_MINUTE", "5")]).await;
    for n in 0..5 {
        let email = format!("a{n}@example.org");
        let given = [("op", "login"), ("name", "Eve"), ("email", email.as_str()), ("code", "123456")];
        assert_eq!(says(&server, &given).await["error"], "BADCODE");
    }
    let who = [("op", "login"), ("name", "Ana"), ("email", "ana@example.org")];
    says(&server, &who).await;
    let code = mailbox::code(&server, "ana@example.org", 0).await;
    let answer = says(&server, &[&who[..], &[("code", &code)]].concat()).await;
    assert_eq!(answer["error"], "BADCODE", "not AUTHFAIL, at which clients forget themselves");
    server.stop().await;
}

#[tokio::test]
async fn s_t2_whoever_only_looks_changes_nothing() {
    let server = Convene::start().await;
    let ana = by_mail(&server, "Ana").await;
    let path = format!("/api.php?op=setgroup&name=Weekly&token={}", ana.token);
    assert_eq!(ask(&server, "HEAD", &path).gives(200).await.text, "");
    assert_eq!(ana.gets(&[("op", "rooms")]).await["count"], 0);
    server.stop().await;
}
