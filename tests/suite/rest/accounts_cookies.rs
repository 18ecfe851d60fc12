//! Other sites' pages: what they make a browser send changes nothing here, and what comes back is not theirs to read.
use super::ask::ask;
use super::person::{PASSWORD, signs_up};
use crate::common::Convene;
use serde_json::json;

async fn cookie_of_ana(server: &Convene) -> String {
    let body = json!({"login": "ana", "password": PASSWORD, "session": "cookie"});
    let answer = ask(server, "POST", "/v1/login").json(&body).gives(200).await;
    answer.header("set-cookie").split(';').next().unwrap().to_owned()
}

pub(crate) async fn a_change_by_cookie_has_to_come_from_our_own_pages(server: &Convene) {
    let ana = signs_up(server, "Ana").await;
    let cookie = cookie_of_ana(server).await;
    let rename =
        |name: &str| ask(server, "PATCH", "/v1/me").with("cookie", &cookie).json(&json!({"name": name}));
    for (header, value) in [
        ("x-nothing", "at all"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("origin", "https://ok.example.evil"),
        ("origin", "http://ok.example"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("referer", "https://evil.example/https://ok.example/"),
    ] {
        rename("Eve").with(header, value).is_refused(403, "csrf").await;
    }
    assert_eq!(ana.gets("/v1/me").await["name"], "Ana");
    let own = server.url("http", "");
    for (header, value) in [
        ("origin", "https://ok.example"),
        ("origin", own.as_str()),
        ("sec-fetch-site", "same-origin"),
        ("sec-fetch-site", "none"),
        ("referer", "https://ok.example/account"),
    ] {
        rename("Ana B.").with(header, value).gives(200).await;
    }
}

pub(crate) async fn what_a_form_can_send_is_no_request_of_ours(server: &Convene) {
    let ana = signs_up(server, "Ana").await;
    let cookie = cookie_of_ana(server).await;
    let body = json!({"name": "Eve"}).to_string();
    for media in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"] {
        let form = ask(server, "PATCH", "/v1/me").with("cookie", &cookie).body(media, body.clone());
        form.is_refused(403, "csrf").await;
        let ours =
            ask(server, "PATCH", "/v1/me").with("cookie", &cookie).with("sec-fetch-site", "same-origin");
        ours.body(media, body.clone()).is_refused(415, "unsupported_media").await;
    }
    for path in ["/v1/logout", "/v1/me/password", "/v1/accounts"] {
        ask(server, "GET", path).with("cookie", &cookie).is_refused(405, "method_not_allowed").await;
    }
    assert!(ana.is_in().await);
}

pub(crate) async fn nobody_is_signed_in_by_another_sites_page(server: &Convene) {
    signs_up(server, "Eve").await;
    let body = json!({"login": "eve", "password": PASSWORD, "session": "cookie"});
    let login = || ask(server, "POST", "/v1/login").json(&body);
    login().with("origin", "https://evil.example").is_refused(403, "csrf").await;
    login().with("sec-fetch-site", "cross-site").is_refused(403, "csrf").await;
    login().with("sec-fetch-site", "same-origin").gives(200).await;
}

#[tokio::test]
async fn over_tls_the_cookie_is_bound_to_the_host() {
    let server = Convene::start_with(&[("HTTP__TRUSTED_PROXIES", "127.0.0.1")]).await;
    let ana = signs_up(&server, "Ana").await;
    let body = json!({"login": "ana", "password": PASSWORD, "session": "cookie"});
    let login = ask(&server, "POST", "/v1/login").with("x-forwarded-proto", "https").json(&body);
    let set = login.gives(200).await.header("set-cookie").to_owned();
    assert!(
        set.starts_with("__Host-convene=cvs_") && set.contains("Secure") && !set.contains("Domain"),
        "{set}"
    );
    let cookie = set.split(';').next().unwrap();
    let me = |cookie: &str| ask(&server, "GET", "/v1/me").with("cookie", cookie);
    assert_eq!(me(cookie).with("x-forwarded-proto", "https").gives(200).await.json()["id"], ana.id.as_str());
    me(cookie).is_refused(401, "unauthenticated").await;
    let planted = cookie.replace("__Host-convene", "convene");
    me(&planted).with("x-forwarded-proto", "https").is_refused(401, "unauthenticated").await;
    server.stop().await;
}

pub(crate) async fn answers_are_for_named_origins_and_never_for_the_one_that_asks(server: &Convene) {
    signs_up(server, "Ana").await;
    let cookie = cookie_of_ana(server).await;
    let me = |origin: &str| ask(server, "GET", "/v1/me").with("cookie", &cookie).with("origin", origin);
    let ok = me("https://ok.example").gives(200).await;
    assert_eq!(ok.header("access-control-allow-origin"), "https://ok.example");
    assert_eq!(ok.header("access-control-allow-credentials"), "true");
    assert_eq!(ok.header("vary"), "Origin");
    for origin in ["https://evil.example", "null", "https://ok.example.evil", "https://evil-ok.example"] {
        let answer = me(origin).gives(200).await;
        assert!(answer.headers.keys().all(|name| !name.as_str().starts_with("access-control-")), "{origin}");
        assert_eq!(answer.header("vary"), "Origin");
    }
}
