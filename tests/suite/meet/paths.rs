//! The paths that the client's pages name: served from the operator's folder, or led to where there is something.
use crate::common::Convene;
use crate::rest::ask::ask;
use std::fs;
use tempfile::TempDir;

fn pages() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for sub in ["dashboard", "verify"] {
        fs::create_dir(folder.path().join(sub)).unwrap();
    }
    for (name, text) in [
        ("index.php", "<?php include './includes/nav.php'; ?>\n<h1>welcome</h1>"),
        ("login.php", "<h1>log in</h1>"),
        ("dashboard/index.php", "<h1>dashboard</h1>"),
        ("dashboard/call.php", "<h1>call</h1>"),
        ("verify/forgot.php", "<h1>new password</h1>"),
        ("tailwind.js", "style()"),
        (".env", "DB_PASS=root"),
    ] {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

async fn serving(folder: &TempDir) -> Convene {
    Convene::start_with(&[("DIALECTS__MEET__STATIC_DIR", &folder.path().display().to_string())]).await
}

#[tokio::test]
async fn m_p1_old_pages_are_served_where_they_expect_to_be() {
    let folder = pages();
    let server = serving(&folder).await;
    for (path, text) in [
        ("/client/", "<h1>welcome</h1>"),
        ("/client/login.php?error=Please%20log%20in", "<h1>log in</h1>"),
        ("/client/dashboard/", "<h1>dashboard</h1>"),
        ("/client/dashboard/call.php?room=0123456789abcdef", "<h1>call</h1>"),
        ("/client/verify/forgot.php?token=x", "<h1>new password</h1>"),
    ] {
        let answer = ask(&server, "GET", path).gives(200).await;
        assert_eq!(answer.text, text, "{path}");
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8", "never run, never downloaded");
    }
    let script = ask(&server, "GET", "/client/tailwind.js").gives(200).await;
    assert_eq!(script.header("content-type"), "text/javascript; charset=utf-8");
    let again = ask(&server, "GET", "/client/tailwind.js").with("if-none-match", script.header("etag"));
    again.gives(304).await;
    assert_eq!(ask(&server, "HEAD", "/client/").gives(200).await.text, "");
    server.stop().await;
}

#[tokio::test]
async fn m_p2_names_that_lead_nowhere_are_led_on() {
    let folder = pages();
    let server = serving(&folder).await;
    for (path, to) in [
        ("/client", "/client/"),
        ("/client/dashboard/dashboard.php", "/client/dashboard/"),
        ("/reset.php?token=abc", "/client/verify/forgot.php?token=abc"),
        ("/client/reset.php?token=abc", "/client/verify/forgot.php?token=abc"),
        ("/client/verify/login.html", "/client/login.php"),
        ("/client/verify/tailwind.js", "/client/tailwind.js"),
        ("/tailwind.js", "/client/tailwind.js"),
    ] {
        let answer = ask(&server, "GET", path).gives(302).await;
        assert_eq!(answer.header("location"), to, "{path}");
    }
    assert_eq!(ask(&server, "GET", "/client/dashboard").gives(308).await.header("location"), "./dashboard/");
    // the page that sets a new password asks below /client
    let asked = ask(&server, "POST", "/client/server/auth/reset.php").body("application/json", "{}");
    assert!(asked.gives(400).await.text.contains("Token and password are required"));
    server.stop().await;
}

#[tokio::test]
async fn m_p2_without_a_folder_the_reset_leads_to_our_page() {
    let server = Convene::start().await;
    for (path, to) in [
        ("/reset.php?token=0f0f", "/reset#token=0f0f"),
        ("/client/reset.php?token=cvr_a-b", "/reset#token=cvr_a-b"),
        ("/client/verify/forgot.php?x=1&token=ab", "/reset#token=ab"),
        ("/reset.php", "/reset"),
        ("/reset.php?token=%0d%0aset-cookie:x", "/reset"),
        ("/reset.php?token=//evil.example", "/reset"),
    ] {
        assert_eq!(ask(&server, "GET", path).gives(302).await.header("location"), to, "{path}");
    }
    ask(&server, "GET", "/client/").with("accept", "text/html").gives(404).await;
    ask(&server, "GET", "/client/").is_refused(404, "not_found").await;
    ask(&server, "GET", "/client/dashboard/dashboard.php").is_refused(404, "not_found").await;
    server.stop().await;
}

#[tokio::test]
async fn m_p1_no_path_leads_out_of_the_folder() {
    let folder = pages();
    fs::write(folder.path().parent().unwrap().join("meet-outside.html"), "secret").unwrap();
    let server = serving(&folder).await;
    for path in [
        "/client/.env",
        "/client/%2e%2e/meet-outside.html",
        "/client/..%2fmeet-outside.html",
        "/client/%2e%2e%2fmeet-outside.html",
        "/client//etc/passwd",
        "/client/dashboard/%00",
        "/client/includes/nav.php",
    ] {
        let answer = ask(&server, "GET", path).answer().await;
        assert!(matches!(answer.status, 400 | 404), "{path}: {}", answer.status);
        assert!(!answer.text.contains("secret") && !answer.text.contains("root"), "{path}");
    }
    server.stop().await;
    fs::remove_file(folder.path().parent().unwrap().join("meet-outside.html")).unwrap();
}

#[tokio::test]
async fn m_p3_switched_off_none_of_its_paths_answer() {
    let folder = pages();
    let path = folder.path().display().to_string();
    let off = [("DIALECTS__MEET__ENABLED", "false"), ("DIALECTS__MEET__STATIC_DIR", path.as_str())];
    let server = Convene::start_with(&off).await;
    for path in
        ["/server/auth/check_session.php", "/client/", "/client/login.php", "/reset.php", "/tailwind.js"]
    {
        ask(&server, "GET", path).is_refused(404, "not_found").await;
    }
    server.stop().await;
}
