//! The endpoint itself: where it is, what it reads, how it answers.
use super::page::{EVERY, Written, asks, by_mail, is_refused, says};
use crate::common::Convene;
use crate::rest::ask::ask;

const NOOP: &str = "{\n    \"code\": \"NOOP\",\n    \"result\": \"FAIL\"\n}";

#[tokio::test]
async fn s_t1_the_paths_and_what_they_leave_to_others() {
    let server = Convene::start().await;
    for path in ["/api.php", "/conf/api.php"] {
        for method in ["GET", "POST"] {
            assert_eq!(ask(&server, method, path).gives(200).await.text, NOOP, "{method} {path}");
        }
    }
    let op = "application/x-www-form-urlencoded";
    let asked = ask(&server, "POST", "/").body(op, "op=rooms").gives(200).await;
    assert_eq!(asked.json()["error"], "AUTHFAIL");
    ask(&server, "POST", "/").body(op, "x=1").is_refused(404, "not_found").await;
    assert_eq!(ask(&server, "GET", "/?op=rooms").gives(200).await.text, "I am home");
    server.stop().await;
}

#[tokio::test]
async fn s_t2_every_encoding_and_both_methods() {
    let server = Convene::start().await;
    let ana = by_mail(&server, "Ana").await;
    for path in ["/api.php", "/conf/api.php", "/"] {
        for written in EVERY.into_iter().filter(|written| path != "/" || *written != Written::Query) {
            let given = [("op", "rooms"), ("token", ana.token.as_str())];
            let answer = asks(&server, path, written, &given).await.json();
            assert_eq!(
                (&answer["result"], &answer["count"]),
                (&"OK".into(), &0.into()),
                "{path} {written:?}"
            );
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn s_t2_form_wins_over_query_and_blanks_are_nothing() {
    let server = Convene::start().await;
    let path = "/api.php?op=rooms&token=x";
    let form = "application/x-www-form-urlencoded";
    let answer = ask(&server, "POST", path).body(form, "op= LOGOUT ").gives(200).await;
    assert_eq!(answer.text, "{\n    \"op\": \"logout\",\n    \"result\": \"OK\"\n}");
    let answer = ask(&server, "POST", path).body("application/json", "{\"op\":\"logout\"}").gives(200).await;
    assert_eq!(answer.json()["op"], "logout");
    let answer = ask(&server, "GET", "/api.php?%20op=login&phone=91&appid%20=test").gives(200).await;
    assert_eq!(answer.json()["op"], "login", "as the document prints it");
    server.stop().await;
}

#[tokio::test]
async fn s_t3_answers_are_200_pretty_and_for_any_page() {
    let server = Convene::start().await;
    let answer =
        ask(&server, "GET", "/api.php?op=rooms").with("origin", "https://elsewhere.example").gives(200).await;
    assert_eq!(
        answer.text,
        "{\n    \"op\": \"rooms\",\n    \"error\": \"AUTHFAIL\",\n    \"result\": \"FAIL\"\n}"
    );
    for (name, value) in [
        ("access-control-allow-origin", "*"),
        ("cache-control", "no-cache, must-revalidate"),
        ("pragma", "no-cache"),
        ("expires", "Sat, 26 Jul 1997 05:00:00 GMT"),
        ("content-type", "application/json; charset=utf-8"),
        ("x-content-type-options", "nosniff"),
    ] {
        assert_eq!(answer.header(name), value, "{name}");
    }
    assert!(!answer.headers.contains_key("set-cookie"));
    for path in ["/api.php", "/conf/api.php", "/"] {
        let may = ask(&server, "OPTIONS", path).gives(204).await;
        assert_eq!(may.header("access-control-allow-origin"), "*");
        assert_eq!(may.header("access-control-allow-methods"), "GET, POST, OPTIONS");
        assert_eq!(may.header("access-control-allow-headers"), "content-type");
    }
    server.stop().await;
}

#[tokio::test]
async fn s_t4_errors_before_the_operation_in_their_order() {
    let server = Convene::start().await;
    let (short, unknown) = ("a".repeat(16), "A".repeat(32));
    for token in ["", &short, &unknown, "cvk_x", "../../etc"] {
        for op in ["rooms", "setgroup", "joingroup", "getcontacts", "upload", "nosuchop"] {
            is_refused(&server, &[("op", op), ("token", token)], "AUTHFAIL").await;
        }
        let out = says(&server, &[("op", "logout"), ("token", token)]).await;
        assert_eq!((&out["result"], out.get("error")), (&"OK".into(), None));
    }
    let ana = by_mail(&server, "Ana").await;
    for op in ["nosuchop", "setnotify", "setadmin", "editmembers", "loginui"] {
        ana.is_refused(&[("op", op)], "BADOP").await;
    }
    server.stop().await;
}

#[tokio::test]
async fn s_t5_large_bodies_and_junk_are_answered() {
    let server = Convene::start().await;
    let form = "application/x-www-form-urlencoded";
    let large = format!("op=login&name={}", "a".repeat(300 << 10));
    let answer = ask(&server, "POST", "/api.php?op=login").body(form, large).gives(200).await.json();
    assert_eq!((&answer["op"], &answer["error"]), (&"login".into(), &"TOOLARGE".into()));
    for (media, body) in [
        ("application/json", &b"{\"op\":"[..]),
        ("application/json", b"[1,2]"),
        ("multipart/form-data; boundary=x", b"--y\r\n"),
        (form, b"%ff%fe=\x00\xff&&&==="),
    ] {
        assert_eq!(ask(&server, "POST", "/api.php").body(media, body).gives(200).await.text, NOOP, "{media}");
    }
    server.stop().await;
}

#[tokio::test]
async fn s_x1_switched_off_none_of_it_answers() {
    let server = Convene::start_with(&[("DIALECTS__MESIBO__ENABLED", "false")]).await;
    for path in ["/api.php", "/conf/api.php", "/mesibo/mesibo.js", "/mesibo/live.js", "/_/x/mesibo/mesibo.js"]
    {
        ask(&server, "GET", path).is_refused(404, "not_found").await;
    }
    server.stop().await;
}
