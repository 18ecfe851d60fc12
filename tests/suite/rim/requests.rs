//! Requests that no route should see.
use super::{client::Client, server::Rim};

#[tokio::test]
async fn malformed_requests_are_refused_and_the_connection_ends() {
    let rim = Rim::start().await;
    let host = "host: here.example\r\n";
    let many: String = (0..150).map(|number| format!("x-{number}: 1\r\n")).collect();
    let (long, wide) = ("a".repeat(70_000), "b".repeat(64_000));
    for (what, request, status) in [
        ("no host", "GET /who HTTP/1.1\r\n\r\n".to_owned(), 400),
        ("two hosts", format!("GET /who HTTP/1.1\r\n{host}{host}\r\n"), 400),
        ("empty host", "GET /who HTTP/1.1\r\nhost:\r\n\r\n".to_owned(), 400),
        ("odd host", "GET /who HTTP/1.1\r\nhost: a b\r\n\r\n".to_owned(), 400),
        (
            "two lengths",
            format!("POST /echo HTTP/1.1\r\n{host}content-length: 1\r\ncontent-length: 2\r\n\r\nab"),
            400,
        ),
        ("bad transfer", format!("POST /echo HTTP/1.1\r\n{host}transfer-encoding: gzip\r\n\r\n"), 400),
        ("150 headers", format!("GET /who HTTP/1.1\r\n{host}{many}\r\n"), 431),
        ("64 kB of headers", format!("GET /who HTTP/1.1\r\n{host}x: {wide}\r\n\r\n"), 431),
        ("70 kB of path", format!("GET /{long} HTTP/1.1\r\n{host}\r\n"), 431),
        ("no HTTP", "hello\r\n\r\n".to_owned(), 400),
    ] {
        let mut client = Client::connect(rim.serve.address()).await;
        let answer = client.asks(&request).await;
        assert_eq!(answer.status(), status, "{what}: {answer:?}");
        client.hears_end().await;
    }
    rim.ends_clean().await;
}

#[tokio::test]
async fn length_and_chunks_together_are_one_request_and_the_last() {
    let rim = Rim::start().await;
    for order in
        ["content-length: 4\r\ntransfer-encoding: chunked", "transfer-encoding: chunked\r\ncontent-length: 4"]
    {
        let mut smuggler = Client::connect(rim.serve.address()).await;
        let hidden = "GET /who HTTP/1.1\r\nhost: h\r\n\r\n";
        let answer = smuggler
            .asks(&format!("POST /echo HTTP/1.1\r\nhost: h\r\n{order}\r\n\r\n0\r\n\r\n{hidden}"))
            .await;
        assert!(answer.head.contains("connection: close"), "{answer:?}");
        assert_eq!(smuggler.hears_end().await, 0, "the hidden request is never answered");
    }
    rim.ends_clean().await;
}

#[tokio::test]
async fn http2_is_not_spoken() {
    let rim = Rim::start().await;
    let mut client = Client::connect(rim.serve.address()).await;
    client.says(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").await;
    client.hears_end().await;
    rim.ends_clean().await;
}

#[tokio::test]
async fn a_connection_serves_one_request_after_the_other() {
    let rim = Rim::start().await;
    let mut client = Client::connect(rim.serve.address()).await;
    for body in ["one", "two", "three"] {
        let length = body.len();
        let request = format!("POST /echo HTTP/1.1\r\nhost: h\r\ncontent-length: {length}\r\n\r\n{body}");
        assert_eq!(client.asks(&request).await.body, body);
    }
    drop(client);
    rim.ends_clean().await;
}
