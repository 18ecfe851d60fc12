//! The old client's built page out of a folder.
use crate::common::Convene;
use crate::rest::ask::ask;
use std::fs;

#[tokio::test]
async fn its_page_is_served_for_every_address_that_is_no_file_and_ours_stay() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("assets")).expect("a folder in it");
    for (name, text) in [("index.html", "<h1>old</h1>"), ("assets/index-a1b2.js", "go()"), (".env", "secret")]
    {
        fs::write(folder.path().join(name), text).expect("it is written");
    }
    let dir = folder.path().display().to_string();
    let server = Convene::start_with(&[("DIALECTS__ANIMO__STATIC_DIR", &dir)]).await;
    for path in ["/", "/abc-defg-hij", "/home", "/auth"] {
        let page = ask(&server, "GET", path).with("accept", "text/html").gives(200).await;
        assert_eq!(
            (page.text.as_str(), page.header("content-type")),
            ("<h1>old</h1>", "text/html; charset=utf-8"),
            "{path}"
        );
        assert_eq!(page.header("cache-control"), "no-cache");
    }
    let script = ask(&server, "GET", "/assets/index-a1b2.js").gives(200).await;
    assert_eq!(
        (script.text.as_str(), script.header("content-type")),
        ("go()", "text/javascript; charset=utf-8")
    );
    let again = ask(&server, "GET", "/assets/index-a1b2.js").with("if-none-match", script.header("etag"));
    again.gives(304).await;
    assert_eq!(ask(&server, "GET", "/").gives(200).await.text, "I am home");
    for path in ["/.env", "/assets/gone.js", "/..%2f..%2fetc%2fpasswd", "/assets/..%2f..%2findex.html"] {
        ask(&server, "GET", path).gives(404).await;
    }
    let ours = ask(&server, "GET", "/m/abc-defg-hij").with("accept", "text/html").gives(200).await;
    assert_ne!(ours.text, "<h1>old</h1>");
    ask(&server, "GET", "/healthz").gives(200).await;
    ask(&server, "GET", "/v1/rooms/abc-defg-hij").gives(404).await;
    server.stop().await;
}

#[tokio::test]
async fn without_its_folder_a_code_leads_to_our_page() {
    let server = Convene::start().await;
    let moved = ask(&server, "GET", "/abc-defg-hij").with("accept", "text/html").gives(308).await;
    assert_eq!(moved.header("location"), "/m/abc-defg-hij");
    server.stop().await;
}
