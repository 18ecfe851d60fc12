//! Rooms that are made at a 100ms-compatible API too: one beside the test, which checks the token it is shown.
use super::app::{claims, count, token};
use crate::common::Convene;
use crate::rest::ask::ask;
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde_json::{Value, json};
use std::convert::Infallible;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

const ACCESS_KEY: &str = "aaaaaaaaaaaaaaaaaaaaaaaa";
const SECRET: &str = "the secret of the app";
const ID: &str = "bbbbbbbbbbbbbbbbbbbbbbbb";

/// How it answers.
#[derive(Clone, Copy)]
enum Answers {
    Room,
    Failure,
    Nonsense,
}

/// Says 401 to everyone without a proper management token, as 100ms does.
async fn answer(request: Request<Incoming>, how: Answers) -> Result<Response<Full<Bytes>>, Infallible> {
    let (status, body) = match judge(request).await {
        Err(why) => (401, json!({"message": why})),
        Ok(name) => match how {
            Answers::Room => {
                (200, json!({"id": ID, "name": name, "enabled": true, "customer_id": "c", "region": "eu"}))
            }
            Answers::Failure => (500, json!({})),
            Answers::Nonsense => (200, json!([])),
        },
    };
    let response = Response::builder().status(status).body(Full::new(Bytes::from(body.to_string())));
    Ok(response.unwrap())
}

async fn judge(request: Request<Incoming>) -> Result<Value, String> {
    if request.method() != "POST" || request.uri().path() != "/v2/rooms" {
        return Err("no such path".to_owned());
    }
    let shown = request.headers()["authorization"].to_str().unwrap().to_owned();
    assert!(!shown.contains(SECRET), "the secret itself is never sent");
    let token = shown.strip_prefix("Bearer ").ok_or("no bearer")?;
    let mut rules = Validation::new(Algorithm::HS256);
    rules.set_required_spec_claims(&["exp", "nbf"]);
    rules.validate_nbf = true;
    let claims = decode::<Value>(token, &DecodingKey::from_secret(SECRET.as_bytes()), &rules);
    let claims = claims.map_err(|error| error.to_string())?.claims;
    let is_right = claims["access_key"] == ACCESS_KEY
        && claims["type"] == "management"
        && claims["version"] == 2
        && claims["iat"].is_i64()
        && claims["jti"].as_str().is_some_and(|jti| uuid::Uuid::parse_str(jti).is_ok());
    if !is_right {
        return Err(format!("not these: {claims}"));
    }
    let body = request.into_body().collect().await.unwrap().to_bytes();
    let asked: Value = serde_json::from_slice(&body).unwrap();
    Ok(asked["name"].clone())
}

async fn serve(how: Answers) -> (String, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/v2/", listener.local_addr().unwrap());
    let serving = tokio::spawn(async move {
        loop {
            let (socket, _) = listener.accept().await.unwrap();
            let service = service_fn(move |request| answer(request, how));
            let connection =
                http1::Builder::new().keep_alive(false).serve_connection(TokioIo::new(socket), service);
            connection.await.unwrap();
        }
    });
    (url, serving)
}

async fn start(url: &str) -> Convene {
    Convene::start_with(&[
        ("DIALECTS__HUNDREDMS__UPSTREAM", url),
        ("DIALECTS__HUNDREDMS__ACCESS_KEY", ACCESS_KEY),
        ("DIALECTS__HUNDREDMS__APP_SECRET", SECRET),
    ])
    .await
}

#[tokio::test]
async fn h_u1_a_room_is_made_at_the_api_too_and_has_its_id() {
    let (url, serving) = serve(Answers::Room).await;
    let server = start(&url).await;
    let made = ask(&server, "POST", "/rooms").json(&json!({"roomName": "My Room"})).gives(201).await.json();
    assert_eq!((&made["id"], &made["name"], &made["region"]), (&json!(ID), &json!("My-Room"), &json!("eu")));
    assert!(made["creator_secret"].is_string(), "{made}");
    assert_eq!(count(&server, ID).await, Some(0));
    let said = claims(&token(&server, ID, json!({})).await);
    assert_eq!((&said["room_id"], &said["access_key"]), (&json!(ID), &json!(ACCESS_KEY)));
    // the api gives the same room for the same name: it is listed once
    let again = ask(&server, "POST", "/rooms").json(&json!({"roomName": "My Room"})).gives(201).await.json();
    assert_eq!(again["id"], ID);
    assert!(again.get("creator_secret").is_none(), "whoever asks again is not its maker");
    let list = ask(&server, "GET", "/rooms").gives(200).await.json();
    assert_eq!(list["rooms"].as_array().unwrap().len(), 1);
    serving.abort();
    assert!(serving.await.is_err());
    server.stop().await;
}

#[tokio::test]
async fn h_u2_what_goes_wrong_there_is_answered_here() {
    for how in [Some(Answers::Failure), Some(Answers::Nonsense), None] {
        let (url, serving) = serve(how.unwrap_or(Answers::Room)).await;
        if how.is_none() {
            serving.abort();
        }
        let server = start(&url).await;
        let refused = ask(&server, "POST", "/rooms").json(&json!({"roomName": "x"})).gives(500).await;
        assert_eq!(refused.json(), json!({"error": "Failed to create room"}));
        assert_eq!(
            ask(&server, "GET", "/rooms").gives(200).await.json(),
            json!({"rooms": []}),
            "none is made here"
        );
        serving.abort();
        assert!(serving.await.is_err());
        server.stop().await;
    }
}
