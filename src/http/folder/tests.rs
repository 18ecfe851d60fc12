//! A folder as browsers and attackers ask for it.
use super::*;
use http_body_util::BodyExt;
use std::fs;
use tempfile::TempDir;

fn pages() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("client");
    fs::create_dir_all(root.join("dashboard")).unwrap();
    for (name, text) in [
        ("client/index.html", "<h1>home</h1>"),
        ("client/login.php", "<?php $db = 'secret'; ?>\n<h1>log in</h1>"),
        ("client/dashboard/index.php", "<h1>dashboard</h1>"),
        ("client/app.js", "go()"),
        ("client/.env", "DB_PASS=secret"),
        ("client/notes.md", "secret"),
        ("client/noend", "secret"),
        ("outside.html", "secret"),
    ] {
        fs::write(folder.path().join(name), text).unwrap();
    }
    std::os::unix::fs::symlink(folder.path().join("outside.html"), root.join("link.html")).unwrap();
    folder
}

fn opened(folder: &TempDir, unknown: Unknown) -> Folder {
    Folder::open(&folder.path().join("client"), unknown).unwrap()
}

async fn text(response: Response) -> String {
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    String::from_utf8(bytes.to_vec()).unwrap()
}

async fn get(folder: &Folder, path: &str) -> Option<Response> {
    folder.answer(path, &HeaderMap::new()).await
}

#[tokio::test]
async fn files_come_with_their_types() {
    let lying = pages();
    let folder = opened(&lying, Unknown::Nothing);
    for (path, kind, body) in [
        ("", "text/html; charset=utf-8", "<h1>home</h1>"),
        ("login.php", "text/html; charset=utf-8", "<h1>log in</h1>"),
        ("dashboard/", "text/html; charset=utf-8", "<h1>dashboard</h1>"),
        ("app.js", "text/javascript; charset=utf-8", "go()"),
    ] {
        let response = get(&folder, path).await.unwrap_or_else(|| panic!("{path:?}"));
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()[header::CONTENT_TYPE], kind, "{path:?}");
        assert_eq!(response.headers()[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        assert_eq!(text(response).await, body, "{path:?}");
    }
}

#[tokio::test]
async fn nothing_else_comes() {
    let lying = pages();
    for unknown in [Unknown::Nothing, Unknown::Index] {
        let folder = opened(&lying, unknown);
        for path in [
            "../outside.html",
            "%2e%2e/outside.html",
            "..%2foutside.html",
            "link.html",
            ".env",
            "notes.md",
            "missing.js",
            "/etc/passwd",
            "dashboard/../../outside.html",
            "dashboard//index.php",
            "app.js/",
        ] {
            let Some(response) = get(&folder, path).await else { continue };
            let body = text(response).await;
            assert!(unknown == Unknown::Index && body == "<h1>home</h1>", "{path:?} gave {body}");
            assert_eq!(path, "app.js/", "only what looks like no file");
        }
    }
    assert!(get(&opened(&lying, Unknown::Nothing), "noend").await.is_none());
    assert!(Folder::open(&lying.path().join("outside.html"), Unknown::Nothing).is_err());
    assert!(Folder::open(&lying.path().join("nowhere"), Unknown::Nothing).is_err());
}

#[tokio::test]
async fn a_page_that_reads_its_own_address_is_given_for_any() {
    let lying = pages();
    let folder = opened(&lying, Unknown::Index);
    for path in ["abc-defg-hij", "meeting/7", "noend"] {
        assert_eq!(text(get(&folder, path).await.unwrap()).await, "<h1>home</h1>", "{path}");
    }
    assert!(get(&folder, "static/gone.js").await.is_none());
    assert!(get(&folder, "../x").await.is_none());
}

#[tokio::test]
async fn a_folder_gets_its_slash() {
    let lying = pages();
    let response = get(&opened(&lying, Unknown::Nothing), "dashboard").await.unwrap();
    assert_eq!(response.status(), 308);
    assert_eq!(response.headers()[header::LOCATION], "./dashboard/");
}

#[tokio::test]
async fn what_a_browser_has_is_asked_for_once_a_change() {
    let lying = pages();
    let folder = opened(&lying, Unknown::Nothing);
    let first = get(&folder, "app.js").await.unwrap();
    assert_eq!(first.headers()[header::CACHE_CONTROL], "no-cache");
    let seen = HeaderMap::from_iter([(header::IF_NONE_MATCH, first.headers()[header::ETAG].clone())]);
    let again = folder.answer("app.js", &seen).await.unwrap();
    assert_eq!(again.status(), 304);
    assert_eq!(text(again).await, "");
    fs::write(lying.path().join("client/app.js"), "stop()").unwrap();
    let changed = folder.answer("app.js", &seen).await.unwrap();
    assert_eq!((changed.status().as_u16(), text(changed).await), (200, "stop()".to_owned()));
}

#[tokio::test]
async fn what_is_too_large_does_not_come() {
    let lying = pages();
    let file = File::create(lying.path().join("client/big.js")).unwrap();
    file.set_len(MOST_BYTES + 1).unwrap();
    assert!(get(&opened(&lying, Unknown::Nothing), "big.js").await.is_none());
}
