//! Bearer and cookie in every combination that real clients send, and pages of other origins.
use super::person::{PASSWORD, Person, at, logs_in, message, signs_up};
use crate::common::Convene;
use crate::rest::ask::ask;
use serde_json::json;

const NONE: &str = "no token provided";
const INVALID: &str = "Invalid token, login again";

#[tokio::test]
async fn the_bearer_counts_and_a_husk_of_one_leaves_it_to_the_cookie() {
    let server = Convene::start().await;
    let ana = Person::new(&server, "ana").await;
    let (token, good) = (ana.token.as_str(), format!("convene={}", ana.token));
    let (bearer, lower) = (format!("Bearer {token}"), format!("bearer {token}"));
    let (more, foreign) = (format!("Bearer {token} and more"), format!("Basic {token}"));
    for (authorization, cookie, expected) in [
        (None, None, Err(NONE)),
        (Some(bearer.as_str()), None, Ok(())),
        (Some(more.as_str()), None, Ok(())),
        (Some(lower.as_str()), None, Err(NONE)),
        (Some(foreign.as_str()), None, Err(NONE)),
        (Some("Bearer null"), None, Err(INVALID)),
        (Some("Bearer undefined"), None, Err(INVALID)),
        (Some("Bearer nonsense"), None, Err(INVALID)),
        (None, Some(good.as_str()), Ok(())),
        (Some("Bearer null"), Some(good.as_str()), Ok(())),
        (Some("Bearer undefined"), Some(good.as_str()), Ok(())),
        (Some(lower.as_str()), Some(good.as_str()), Ok(())),
        (Some("Bearer nonsense"), Some(good.as_str()), Err(INVALID)),
        (Some(bearer.as_str()), Some("convene=nonsense"), Ok(())),
        (None, Some("convene=nonsense"), Err(INVALID)),
        (None, Some("other=1"), Err(NONE)),
    ] {
        let mut asked = at(&server, "GET", "/users/verify-user");
        if let Some(authorization) = authorization {
            asked = asked.with("authorization", authorization);
        }
        if let Some(cookie) = cookie {
            asked = asked.with("cookie", cookie);
        }
        let answer = asked.answer().await;
        let got = if answer.status == 200 { Ok(()) } else { Err(message(&answer)) };
        assert_eq!(got, expected.map_err(Into::into), "{authorization:?} {cookie:?}");
        if answer.status == 200 {
            assert_eq!(answer.json()["token"], token, "what was shown is told again");
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn a_cookie_makes_a_meeting_from_an_own_page_only_and_never_by_get() {
    let server = Convene::start_with(&[("HTTP__ALLOWED_ORIGINS", "https://old.example")]).await;
    let ana = Person::new(&server, "ana").await;
    let cookie = format!("convene={}", ana.token);
    let make = |method: &str, code: &str| {
        let path = match method {
            "GET" => format!("/meeting/check-code/{code}"),
            _ => format!("/meeting/create-meet/{code}"),
        };
        at(&server, method, &path).with("cookie", &cookie)
    };
    let refused = make("GET", "abc-defg-hij").with("origin", "https://old.example").gives(401).await;
    assert_eq!(message(&refused), NONE);
    for origin in ["https://evil.example", "null", "https://old.example.evil", "http://old.example", ""] {
        let asked = make("POST", "abc-defg-hij");
        let asked = if origin.is_empty() { asked } else { asked.with("origin", origin) };
        asked.gives(403).await;
    }
    at(&server, "GET", "/meeting/check-meet/abc-defg-hij").gives(404).await;
    make("POST", "abc-defg-hij").with("origin", "https://old.example").gives(200).await;
    let codes = at(&server, "GET", "/meeting/prev-meets/ana").with("cookie", &cookie);
    let codes = codes.with("authorization", "Bearer undefined").gives(200).await;
    assert_eq!(codes.json(), json!(["abc-defg-hij"]));
    make("POST", "ignored").with("origin", "https://evil.example").gives(403).await;
    server.stop().await;
}

#[tokio::test]
async fn a_foreign_page_signs_nobody_in_or_out() {
    let server = Convene::start().await;
    let ana = Person::new(&server, "ana").await;
    let shown = json!({"username": "ana", "password": PASSWORD});
    at(&server, "POST", "/users/login").with("origin", "https://evil.example").json(&shown).gives(403).await;
    let out = at(&server, "POST", "/users/logout").with("cookie", &format!("convene={}", ana.token));
    out.with("origin", "https://evil.example").gives(403).await;
    ana.asks(&server, "GET", "/users/verify-user").gives(200).await;
    server.stop().await;
}

#[tokio::test]
async fn the_cookie_goes_to_an_allowed_page_of_another_host_over_tls_only() {
    let changes = [("HTTP__ALLOWED_ORIGINS", "https://old.example"), ("HTTP__TRUSTED_PROXIES", "127.0.0.1")];
    let server = Convene::start_with(&changes).await;
    signs_up(&server, "ana").await;
    let shown = json!({"username": "ana", "password": PASSWORD});
    for (origin, proto, attributes) in [
        (Some("https://old.example"), "https", "HttpOnly; SameSite=None; Secure; Path=/; "),
        (None, "https", "HttpOnly; SameSite=Lax; Secure; Path=/; "),
        (Some("https://old.example"), "http", "HttpOnly; SameSite=Lax; Path=/; "),
    ] {
        let mut asked = at(&server, "POST", "/users/login").json(&shown).with("x-forwarded-proto", proto);
        if let Some(origin) = origin {
            asked = asked.with("origin", origin);
        }
        let entered = asked.gives(200).await;
        assert!(entered.header("set-cookie").contains(attributes), "{}", entered.header("set-cookie"));
    }
    server.stop().await;
}

#[tokio::test]
async fn pages_of_allowed_origins_may_read_the_answers() {
    let server = Convene::start_with(&[("HTTP__ALLOWED_ORIGINS", "https://old.example")]).await;
    for (origin, allowed) in
        [("https://old.example", "https://old.example"), ("https://evil.example", ""), ("null", "")]
    {
        let asked = at(&server, "OPTIONS", "/users/login").with("origin", origin);
        let asked = asked.with("access-control-request-method", "POST");
        let answer = asked.with("access-control-request-headers", "authorization,x-other").gives(204).await;
        assert_eq!(answer.header("access-control-allow-origin"), allowed, "{origin}");
        let named = if allowed.is_empty() { "" } else { "authorization,x-other" };
        assert_eq!(answer.header("access-control-allow-headers"), named, "{origin}");
        let methods = if allowed.is_empty() { "" } else { "GET,POST,PUT,DELETE" };
        assert_eq!(answer.header("access-control-allow-methods"), methods, "{origin}");
        let answer = at(&server, "GET", "/users/verify-user").with("origin", origin).gives(401).await;
        assert_eq!(answer.header("access-control-allow-origin"), allowed, "{origin}");
        let credentials = if allowed.is_empty() { "" } else { "true" };
        assert_eq!(answer.header("access-control-allow-credentials"), credentials, "{origin}");
        assert_eq!(answer.header("vary"), "Origin");
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_session_of_this_face_is_one_everywhere() {
    let server = Convene::start().await;
    signs_up(&server, "ana").await;
    let token = logs_in(&server, "ana").await;
    ask(&server, "GET", "/v1/me").with("cookie", &format!("convene={token}")).gives(200).await;
    let devices = ask(&server, "GET", "/v1/me/sessions").shows(&token).gives(200).await.json();
    assert_eq!(devices["sessions"][0]["face"], "animo", "{devices}");
    server.stop().await;
}
