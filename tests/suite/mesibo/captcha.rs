//! A sign-in by mail behind a puzzle, whose service is the test's own.
use super::page::{is_refused, says};
use crate::common::Convene;
use crate::rest::mailbox;
use std::io::{Read, Write};
use std::net::TcpListener;

/// A service that takes `solved` for the answer to every puzzle, and knows its secret.
fn service() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/siteverify", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for socket in listener.incoming() {
            let mut socket = socket.unwrap();
            let mut asked = String::new();
            let mut part = [0; 4096];
            while !asked.contains("remoteip=") {
                let read = socket.read(&mut part).unwrap();
                asked.push_str(&String::from_utf8_lossy(&part[..read]));
            }
            let good = asked.contains("secret=our-secret&response=solved&");
            let body = format!("{{\"success\":{good},\"hostname\":\"x\"}}");
            let head =
                format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
            socket.write_all((head + &body).as_bytes()).unwrap();
        }
    });
    url
}

#[tokio::test]
async fn s_l5_a_puzzle_is_asked_for_where_one_is_configured() {
    let url = service();
    let changes =
        [("DIALECTS__MESIBO__CAPTCHA_SECRET", "our-secret"), ("DIALECTS__MESIBO__CAPTCHA_URL", url.as_str())];
    let server = Convene::start_with(&changes).await;
    let op = ("op", "login");
    is_refused(&server, &[op], "MISSINGCAPTCHA").await;
    is_refused(&server, &[op, ("captcha", "x")], "MISSINGEMAIL").await;
    let who = [op, ("name", "Ana"), ("email", "ana@example.org")];
    is_refused(&server, &[&who[..], &[("captcha", "wrong")]].concat(), "BADCAPTCHA").await;
    assert_eq!(says(&server, &[&who[..], &[("captcha", "solved")]].concat()).await["result"], "OK");
    let code = mailbox::code(&server, "ana@example.org", 0).await;
    let entered = says(&server, &[&who[..], &[("code", &code)]].concat()).await;
    assert_eq!(entered["result"], "OK", "the second step needs no puzzle");
    server.stop().await;
}

#[tokio::test]
async fn s_h10_a_code_in_place_of_the_puzzle_gains_nothing() {
    let url = service();
    let changes =
        [("DIALECTS__MESIBO__CAPTCHA_SECRET", "our-secret"), ("DIALECTS__MESIBO__CAPTCHA_URL", url.as_str())];
    let server = Convene::start_with(&changes).await;
    let who = [("op", "login"), ("name", "Ana"), ("email", "ana@example.org")];
    for code in ["123456", "x", "000000"] {
        is_refused(&server, &[&who[..], &[("code", code)]].concat(), "BADCODE").await;
    }
    is_refused(&server, &[&who[..], &[("code", "0"), ("otp", "")]].concat(), "BADCODE").await;
    mailbox::all_is_sent(&server).await;
    assert!(mailbox::letters(&server, "ana@example.org").is_empty(), "nothing was sent");
    server.stop().await;
}
