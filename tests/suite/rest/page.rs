//! The page, the SDK, the viewer of the API, and what watches the server.
use super::ask::{ask, raw};
use crate::common::Convene;

const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
    media-src 'self' blob:; connect-src 'self' ws: wss:; font-src 'self'; manifest-src 'self'; base-uri 'none'; \
    form-action 'self'; frame-ancestors 'self'";

#[tokio::test]
async fn browsers_get_the_page_and_tools_a_word() {
    let server = Convene::start().await;
    for (path, referrer) in [
        ("/", "same-origin"),
        ("/m/abc-defg-hij", "same-origin"),
        ("/m/abc-defg-hij/", "same-origin"),
        ("/signin", "same-origin"),
        ("/signup", "same-origin"),
        ("/forgot", "same-origin"),
        ("/account", "same-origin"),
        ("/meetings", "same-origin"),
        ("/history", "same-origin"),
        ("/reset?token=cvr_x", "no-referrer"), // nothing that the page asks for repeats the secret
    ] {
        let page = ask(&server, "GET", path).with("accept", "text/html,*/*;q=0.8").gives(200).await;
        assert!(page.text.starts_with("<!doctype html>"), "{path}");
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(page.header("content-security-policy"), CSP);
        assert_eq!(page.header("x-content-type-options"), "nosniff");
        assert_eq!(page.header("referrer-policy"), referrer, "{path}");
        assert!(!page.text.contains("name=\"referrer\""), "the document does not loosen it");
        assert_eq!(page.header("cross-origin-opener-policy"), "same-origin");
        assert!(page.header("permissions-policy").contains("camera=(self)"));
    }
    for accept in ["*/*", "application/json"] {
        let word = ask(&server, "GET", "/").with("accept", accept).gives(200).await;
        assert_eq!((word.text.as_str(), word.header("vary")), ("I am home", "Accept"));
    }
    let moved = ask(&server, "GET", "/abc-defg-hij").gives(308).await;
    assert_eq!(moved.header("location"), "/m/abc-defg-hij");
    server.stop().await;
}

#[tokio::test]
async fn everything_the_page_names_is_there() {
    let server = Convene::start().await;
    let page = ask(&server, "GET", "/m/abc-defg-hij").gives(200).await.text;
    let links: Vec<&str> = page.split(['"', '\'']).filter(|text| text.starts_with('/')).collect();
    assert!(links.len() > 5, "{links:?}");
    for link in links.into_iter().chain(["/sdk/v1.js", "/sdk/v1.d.ts", "/favicon.ico"]) {
        let file = ask(&server, "GET", link).gives(200).await;
        let wanted = match link.rsplit_once('.').unwrap().1 {
            "js" => "text/javascript; charset=utf-8",
            "css" => "text/css; charset=utf-8",
            "svg" | "ico" => "image/svg+xml",
            "webmanifest" => "application/manifest+json",
            _ => "text/plain; charset=utf-8",
        };
        assert_eq!(file.header("content-type"), wanted, "{link}");
        let tag = file.header("etag").to_owned();
        ask(&server, "GET", link).with("if-none-match", &tag).gives(304).await;
        let keep = if link.starts_with("/_/") { "public, max-age=31536000, immutable" } else { "no-cache" };
        assert_eq!(file.header("cache-control"), keep, "{link}");
    }
    let older = ask(&server, "GET", "/_/000000000000/assets/js/app.js").gives(200).await;
    assert_eq!(older.header("cache-control"), "no-cache", "an older page's address is not kept");
    for absent in [
        "/assets/",
        "/assets/nothing.js",
        "/assets/js/..%2f..%2findex.html",
        "/sdk",
        "/m/",
        "/m/a/b",
        "/README.md",
        "/_/000000000000/README.md",
        "/account/x",
    ] {
        ask(&server, "GET", absent).is_refused(404, "not_found").await;
    }
    for path in [
        "/assets/../../Cargo.toml",
        "/assets/%2e%2e/%2e%2e/Cargo.toml",
        "/../../../etc/passwd",
        "//etc/passwd",
    ] {
        let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
        let answer = raw(&server, request.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 404 "), "{path}: {answer}");
    }
    ask(&server, "POST", "/m/abc-defg-hij").is_refused(404, "not_found").await;
    server.stop().await;
}

#[tokio::test]
async fn who_goes_where_nothing_is_sees_a_page_and_tools_a_refusal() {
    let server = Convene::start().await;
    for path in ["/nope", "/account/x", "/m/a/b"] {
        let page = ask(&server, "GET", path).with("accept", "text/html,*/*;q=0.8").answer().await;
        assert_eq!((page.status, page.header("content-type")), (404, "text/html; charset=utf-8"), "{path}");
        assert!(page.text.contains("There is nothing here.") && page.text.contains("href=\"/\""));
        assert_eq!((page.header("content-security-policy"), page.header("vary")), (CSP, "Accept"));
        for link in page.text.split('"').filter(|text| text.starts_with("/_/")) {
            ask(&server, "GET", link).gives(200).await;
        }
        ask(&server, "GET", path).with("accept", "*/*").is_refused(404, "not_found").await;
        ask(&server, "POST", path).with("accept", "text/html").is_refused(404, "not_found").await;
    }
    let api = ask(&server, "GET", "/v1/nope").with("accept", "text/html");
    api.is_refused(404, "not_found").await; // refusals of the API stay JSON
    server.stop().await;
}

#[tokio::test]
async fn other_sites_may_load_the_sdk_and_nothing_else() {
    let server = Convene::start().await;
    for path in ["/sdk/v1.js", "/sdk/v1/wire.js", "/_/0123456789ab/sdk/v1.js"] {
        let module = ask(&server, "GET", path).with("origin", "https://other.example").gives(200).await;
        assert_eq!(module.header("access-control-allow-origin"), "*", "{path}");
    }
    for path in ["/", "/assets/js/app.js", "/v1/openapi.json"] {
        let answer = ask(&server, "GET", path).with("origin", "https://other.example").gives(200).await;
        assert_eq!(answer.header("access-control-allow-origin"), "", "{path}");
    }
    server.stop().await;
}

#[tokio::test]
async fn the_api_is_drawn_without_another_host() {
    let server = Convene::start().await;
    let page = ask(&server, "GET", "/docs").gives(200).await;
    assert_eq!(page.header("content-security-policy"), CSP);
    assert!(!page.text.contains("://"), "{}", page.text);
    for link in ["/docs/swagger-ui.css", "/docs/swagger-ui-bundle.js", "/docs/init.js"] {
        assert!(page.text.contains(link));
        ask(&server, "GET", link).gives(200).await;
    }
    assert!(!page.text.contains("<script>"), "nothing inline");
    let document = ask(&server, "GET", "/v1/openapi.json").gives(200).await.json();
    assert_eq!(document["openapi"], "3.1.0");
    server.stop().await;
}

#[tokio::test]
async fn numbers_are_for_those_nearby() {
    let server = Convene::start().await;
    assert_eq!(ask(&server, "GET", "/healthz").gives(200).await.text, "ok");
    assert_eq!(ask(&server, "GET", "/readyz").gives(200).await.text, "ready");
    ask(&server, "GET", "/v1/rooms/aaa-bbbb-ccc").is_refused(404, "no_such_room").await;
    let numbers = ask(&server, "GET", "/metrics").gives(200).await;
    assert!(numbers.header("content-type").starts_with("application/openmetrics-text"));
    assert!(numbers.text.contains("convene_refusals_total{code=\"no_such_room\"} 1"), "{}", numbers.text);
    let forwarded = ask(&server, "GET", "/metrics").with("x-forwarded-for", "203.0.113.9");
    forwarded.is_refused(404, "not_found").await;
    server.stop().await;
}
