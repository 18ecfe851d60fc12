//! What every row has in common: methods, headers, where a request may come from, what happens without a database.
use super::page::{Page, member};
use super::tables;
use crate::common::Convene;
use crate::rest::ask::ask;
use crate::rim::client::Client;
use serde_json::json;

const ROWS: [(&str, &str); 10] = [
    ("POST", "auth/signup.php"),
    ("POST", "auth/verify.php"),
    ("POST", "auth/login.php"),
    ("POST", "auth/forgot.php"),
    ("POST", "auth/reset.php"),
    ("GET", "auth/check_session.php"),
    ("POST", "auth/logout.php"),
    ("POST", "call/start_call.php"),
    ("POST", "call/join_call.php"),
    ("GET", "call/call_history.php"),
];

#[tokio::test]
async fn m_h0_only_the_documented_method_and_headers_as_php_sends_them() {
    let server = Convene::start().await;
    let page = Page::of(&server);
    for (method, script) in ROWS {
        for other in ["GET", "POST", "PUT", "DELETE", "PATCH"].into_iter().filter(|other| *other != method) {
            let answer = page.asks(other, script).answer().await;
            assert_eq!(
                (answer.status, answer.text.as_str()),
                (405, r#"{"success":false,"message":"Method not allowed"}"#)
            );
            assert!(answer.header("allow").contains(method), "{script}");
        }
        let options = page.asks("OPTIONS", script).gives(204).await;
        assert!(options.header("allow").contains(method), "{script}");
        let answer = page.asks(method, script).answer().await;
        assert_eq!(answer.header("content-type"), "application/json", "{script}");
        assert_eq!(answer.header("cache-control"), "no-store, no-cache, must-revalidate");
        assert_eq!(answer.header("pragma"), "no-cache");
        assert_eq!(answer.header("expires"), "Thu, 19 Nov 1981 08:52:00 GMT");
        assert_eq!(answer.header("vary"), "Origin");
        assert!(answer.json()["success"].is_boolean(), "{script}: {}", answer.text);
    }
    assert_eq!(page.asks("HEAD", "auth/check_session.php").answer().await.status, 401);
    server.stop().await;
}

#[tokio::test]
async fn m_h11_the_older_register_php_is_not_there() {
    let server = Convene::start().await;
    for script in ["auth/register.php", "db/db_connect.php", "", "x"] {
        for method in ["GET", "POST"] {
            let answer = ask(&server, method, &format!("/server/{script}")).answer().await;
            assert_eq!(answer.status, 404, "{script}");
            assert_eq!(answer.json()["success"], false, "{script}");
        }
    }
    // as no library would write it: the dots come to the server
    let address = server.url("http", "").trim_start_matches("http://").parse().unwrap();
    for method in ["GET", "POST"] {
        let mut raw = Client::connect(address).await;
        let head = "host: h\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        let answer = raw.asks(&format!("{method} /server/auth/../auth/login.php HTTP/1.1\r\n{head}")).await;
        assert_eq!(answer.status(), 404, "{answer:?}");
        assert!(answer.body.contains("\"success\":false"), "{answer:?}");
    }
    server.stop().await;
}

#[tokio::test]
async fn m_s9_the_cookie_is_secure_over_tls() {
    let server = Convene::start_with(&[("HTTP__TRUSTED_PROXIES", "127.0.0.1")]).await;
    let body = json!({"username": "ana", "email": "ana@example.org", "password": "secret"});
    let asked =
        ask(&server, "POST", "/server/auth/signup.php").with("x-forwarded-proto", "https").json(&body);
    let set = asked.gives(200).await.header("set-cookie").to_owned();
    assert!(set.ends_with("; HttpOnly; SameSite=Lax; Secure; Path=/"), "{set}");
    server.stop().await;
}

#[tokio::test]
async fn m_s10_other_sites_pages_change_nothing() {
    let server = Convene::start_with(&[("HTTP__ALLOWED_ORIGINS", "https://ok.example")]).await;
    let page = member(&server, "Ana").await;
    let host = server.url("http", "");
    for (name, value, passes) in [
        ("origin", "https://evil.example", false),
        ("origin", "null", false),
        ("origin", "https://ok.example.evil", false),
        ("origin", "http://ok.example", false),
        ("sec-fetch-site", "cross-site", false),
        ("origin", "https://ok.example", true),
        ("origin", host.as_str(), true),
        ("sec-fetch-site", "same-origin", true),
        ("sec-fetch-site", "none", true),
        ("user-agent", "a tool", true),
    ] {
        for media in ["text/plain", "application/json", "application/x-www-form-urlencoded"] {
            let answer =
                page.asks("POST", "call/start_call.php").with(name, value).body(media, "{}").answer().await;
            assert_eq!(answer.status, if passes { 200 } else { 403 }, "{name}: {value}");
        }
    }
    for (_, script) in ROWS.into_iter().filter(|(method, _)| *method == "POST") {
        let answer = page.asks("POST", script).with("origin", "https://evil.example").answer().await;
        assert_eq!((answer.status, &answer.json()["success"]), (403, &json!(false)), "{script}");
        assert_eq!(page.asks("GET", script).answer().await.status, 405, "no GET changes anything: {script}");
    }
    assert_eq!(page.asks("GET", "auth/check_session.php").answer().await.status, 200, "nothing was ended");
    server.stop().await;
}

#[tokio::test]
async fn m_h12_answers_may_be_read_by_allowed_origins_only() {
    let server = Convene::start_with(&[("HTTP__ALLOWED_ORIGINS", "https://ok.example")]).await;
    for (origin, is_allowed) in
        [("https://ok.example", true), ("https://evil.example", false), ("null", false)]
    {
        for (method, script) in ROWS {
            for asked in ["OPTIONS", method] {
                let answer = ask(&server, asked, &format!("/server/{script}"))
                    .with("origin", origin)
                    .with("access-control-request-method", method)
                    .answer()
                    .await;
                let allowed = answer.header("access-control-allow-origin");
                assert_eq!(allowed, if is_allowed { origin } else { "" }, "{asked} {script}");
                assert_eq!(answer.header("access-control-allow-credentials") == "true", is_allowed);
                assert!(answer.headers.get_all("vary").iter().any(|vary| vary == "Origin"));
            }
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn m_s16_whatever_breaks_is_told_as_json() {
    let server = Convene::start().await;
    let mut page = member(&server, "Ana").await;
    tables::run(&server, r#"ALTER TABLE "user" RENAME TO user_gone"#).await;
    let later = "Server error. Please try again later.";
    let body =
        json!({"username": "bob", "email": "bob@example.org", "password": "secret", "token": "0".repeat(64)});
    page.is_refused("auth/signup.php", body.clone(), 500, later).await;
    page.is_refused("auth/login.php", body.clone(), 500, later).await;
    let answer = page.posts("auth/forgot.php", body).await;
    assert_eq!(answer.status, 500, "{}", answer.text);
    for (method, script) in
        [("GET", "auth/check_session.php"), ("POST", "call/start_call.php"), ("GET", "call/call_history.php")]
    {
        let answer = page.asks(method, script).answer().await;
        assert_eq!(
            (answer.status, answer.text.as_str()),
            (500, r#"{"success":false,"message":"Server error"}"#),
            "{script}"
        );
    }
    tables::run(&server, r#"ALTER TABLE user_gone RENAME TO "user""#).await;
    assert_eq!(page.gets("auth/check_session.php").await.status, 200);
    server.stop().await;
}
