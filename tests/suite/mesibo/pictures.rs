//! Pictures: uploaded, shown, taken away.
use super::page::{Person, by_phone, says};
use crate::common::Convene;
use crate::rest::ask::ask;
use image::codecs::jpeg::JpegEncoder;
use serde_json::{Value, json};

const ANA: &str = "919876543210";
const BEN: &str = "4915123456789";

fn jpeg(side: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let picture = image::DynamicImage::new_rgb8(side, side);
    picture.write_with_encoder(JpegEncoder::new(&mut bytes)).unwrap();
    bytes
}

async fn uploads(server: &Convene, who: &Person<'_>, profile: &str, file: &[u8]) -> Value {
    let mut body = Vec::new();
    for (name, value) in [("op", "upload"), ("token", &who.token), ("profile", profile)] {
        body.extend(
            format!("--xx\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
        );
    }
    let head = "--xx\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"../../a.php\"\r\n\r\n";
    body.extend(head.bytes());
    body.extend(file);
    body.extend(b"\r\n--xx--\r\n");
    let media = "multipart/form-data; boundary=xx";
    ask(server, "POST", "/api.php").body(media, body).gives(200).await.json()
}

#[tokio::test]
async fn s_u1_a_picture_is_kept_anew_under_a_name_nobody_chose() {
    let server = Convene::start().await;
    let ana = by_phone(&server, "Ana", ANA).await;
    let mut came = jpeg(4);
    came.extend(b"<?php system($_GET['x']); ?>");
    let told = uploads(&server, &ana, "1", &came).await;
    assert_eq!(
        (&told["result"], &told["email"], &told["gid"], &told["profile"]),
        (&json!("OK"), &json!(""), &json!(0), &json!(1))
    );
    let url = told["file"].as_str().unwrap();
    let path = url.strip_prefix(&server.url("http", "")).unwrap();
    assert!(
        path.starts_with("/mesibo/files/") && path.ends_with(".jpg") && !path.contains("a.php"),
        "{path}"
    );
    let answer = reqwest::get(url).await.unwrap();
    assert_eq!(answer.headers()["content-type"], "image/jpeg");
    assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
    let bytes = answer.bytes().await.unwrap();
    assert!(!bytes.windows(5).any(|part| part == b"<?php"));
    ask(&server, "GET", &path.replace(".jpg", ".png")).is_refused(404, "not_found").await;
    ask(&server, "GET", "/mesibo/files/..%2fconvene.db").is_refused(404, "not_found").await;

    let ben = by_phone(&server, "Ben", BEN).await;
    let found = ben.gets(&[("op", "getcontacts"), ("phones", ANA)]).await;
    let row = &found["contacts"][0];
    assert!(path.ends_with(row["photo"].as_str().unwrap()) && row["tn"].is_string(), "{row}");
    ana.gets(&[("op", "upload"), ("delete", "1")]).await;
    let found = ben.gets(&[("op", "getcontacts"), ("phones", ANA)]).await;
    assert_eq!(found["contacts"][0]["photo"], "");
    ask(&server, "GET", path).is_refused(404, "not_found").await;
    server.stop().await;
}

#[tokio::test]
async fn s_u2_what_is_no_picture_is_told() {
    let server = Convene::start_with(&[("DIALECTS__MESIBO__UPLOAD_BYTES", "5000")]).await;
    let ana = by_phone(&server, "Ana", ANA).await;
    ana.is_refused(&[("op", "upload")], "MISSINGFILE").await;
    for file in [&b"<svg onload=alert(1)/>"[..], b"GIF89a", b"MZ"] {
        assert_eq!(uploads(&server, &ana, "0", file).await["error"], "BADIMAGE");
    }
    assert_eq!(uploads(&server, &ana, "0", &[0; 5001]).await["error"], "TOOLARGE");
    assert_eq!(says(&server, &[("op", "upload")]).await["error"], "AUTHFAIL");
    server.stop().await;
}

#[tokio::test]
async fn s_u3_the_pictures_of_a_deleted_account_go_with_it() {
    let server = Convene::start_forgetting(&[("AUTH__DELETE_GRACE_DAYS", "0")]).await;
    let (ana, ben) = (by_phone(&server, "Ana", ANA).await, by_phone(&server, "Ben", BEN).await);
    let paths = |told: Value| told["file"].as_str().unwrap().split_once("/mesibo").unwrap().1.to_owned();
    let mut hers = Vec::new();
    for profile in ["1", "0"] {
        hers.push(format!("/mesibo{}", paths(uploads(&server, &ana, profile, &jpeg(4)).await)));
    }
    let his = format!("/mesibo{}", paths(uploads(&server, &ben, "1", &jpeg(4)).await));
    ask(&server, "DELETE", "/v1/me").shows(&ana.token).json(&json!({})).gives(202).await;
    let all_gone = async || {
        for path in &hers {
            if ask(&server, "GET", path).answer().await.status != 404 {
                return false;
            }
        }
        true
    };
    server.until_so("they are gone", all_gone).await;
    assert_eq!(std::fs::read_dir(server.database().with_file_name("pictures")).unwrap().count(), 1);
    ask(&server, "GET", &his).gives(200).await;
    server.stop().await;
}
