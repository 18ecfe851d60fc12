//! Text messages through a gateway that accepts, refuses for now or for good, says nothing, says too much, or hangs up.
use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use super::beside::Beside;
use super::certificate::Certificate;
use super::gateway::{Answer, Gateway, Posted};
use super::sender::{Sender, text_to};

const SECRET: &str = "a secret of some length";

async fn start(plan: &[Answer]) -> (Gateway, Sender) {
    let gateway = Gateway::start(plan).await;
    let settings = [
        ("SMS__MODE", "http"),
        ("SMS__URL", &*gateway.url),
        ("SMS__SECRET", SECRET),
        ("SMS__HEADERS", "Authorization: Bearer of news, X-Team: meet"),
    ];
    let sender = Sender::start(&settings).await;
    (gateway, sender)
}

fn header<'a>(posted: &'a Posted, name: &str) -> &'a str {
    posted.headers.get(name).unwrap_or_else(|| panic!("{name} is missing")).to_str().unwrap()
}

fn is_signed(posted: &Posted) -> bool {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    let (id, at) = (header(posted, "webhook-id"), header(posted, "webhook-timestamp"));
    mac.update(format!("{id}.{at}.{}", posted.body).as_bytes());
    let signature = header(posted, "webhook-signature").strip_prefix("v1,").unwrap();
    mac.verify_slice(&STANDARD.decode(signature).unwrap()).is_ok()
}

#[tokio::test]
async fn a_text_message_is_one_signed_post() {
    let (mut gateway, sender) = start(&[Answer::Status(202)]).await;
    let id = sender.puts_code(text_to("+4915112345678")).await;
    let posted = gateway.gets().await;
    let body: Value = serde_json::from_str(&posted.body).unwrap();
    assert_eq!((&body["id"], &body["to"]), (&json!(id.to_string()), &json!("+4915112345678")));
    assert!(body["text"].as_str().unwrap().starts_with("135790 is your code for Convene."), "{body}");
    assert!(is_signed(&posted));
    assert_eq!(header(&posted, "idempotency-key"), id.to_string());
    assert_eq!(header(&posted, "content-type"), "application/json");
    assert_eq!((header(&posted, "authorization"), header(&posted, "x-team")), ("Bearer of news", "meet"));
    let row = sender.settles(id).await;
    assert!(row.sent_at.is_some() && row.secret.is_none() && row.tries == 1);
    assert!(sender.counted("convene_post_total{channel=\"sms\",outcome=\"sent\"} 1"));
    sender.stop().await;
    gateway.stop();
}

#[tokio::test]
async fn a_gateway_in_trouble_delays_and_loses_nothing() {
    let troubles = [
        (Answer::Status(503), "gateway: 503"),
        (Answer::Status(429), "gateway: 429"),
        (Answer::Status(401), "gateway: 401"),
        (Answer::Status(302), "gateway: 302"),
        (Answer::Cut, "gateway: the connection failed"),
        (Answer::Silence, "gateway: no answer in time"),
    ];
    for (trouble, told) in troubles {
        let (mut gateway, sender) = start(&[trouble, Answer::Status(200)]).await;
        let id = sender.puts_code(text_to("+4915112345678")).await;
        let (first, second) = (gateway.gets().await, gateway.gets().await);
        assert_eq!(header(&first, "idempotency-key"), header(&second, "idempotency-key"), "{trouble:?}");
        assert!(is_signed(&second));
        let row = sender.settles(id).await;
        assert_eq!((row.tries, row.failed_at, row.error.as_deref()), (2, None, Some(told)), "{trouble:?}");
        sender.stop().await;
        gateway.stop();
    }
}

#[tokio::test]
async fn a_text_message_refused_for_good_is_given_up_at_once_and_loudly() {
    let (mut gateway, sender) = start(&[Answer::Status(422)]).await;
    let id = sender.puts_code(text_to("+4915112345678")).await;
    gateway.gets().await;
    let row = sender.settles(id).await;
    assert_eq!((row.tries, row.secret, row.error.as_deref()), (1, None, Some("gateway: 422")));
    assert!(row.failed_at.is_some());
    assert!(sender.counted("convene_post_total{channel=\"sms\",outcome=\"given_up\"} 1"));
    sender.stop().await;
    gateway.stop();
}

#[tokio::test]
async fn an_answer_without_end_is_not_read_to_its_end() {
    let (mut gateway, sender) = start(&[Answer::Endless]).await;
    let id = sender.puts_code(text_to("+4915112345678")).await;
    gateway.gets().await;
    assert_eq!(sender.settles(id).await.tries, 1, "the status was good");
    sender.stop().await;
    gateway.stop();
}

#[tokio::test]
#[ignore = "needs python3, openssl: run scripts/test"]
async fn a_gateway_with_a_certificate_of_our_own_is_trusted_by_the_file_and_only_so() {
    let certificate = Certificate::make();
    let (cert, key) = (certificate.file("server.pem"), certificate.file("server.key"));
    let mut gateway = Beside::gateway(&cert, &key).await;
    let url = format!("https://127.0.0.1:{}/send", gateway.port);
    let mut changes = vec![("SMS__MODE", "http"), ("SMS__URL", &*url), ("SMS__SECRET", SECRET)];

    let stranger = Sender::start(&changes).await;
    let id = stranger.puts_code(text_to("+4915112345678")).await;
    stranger.convene.until_so("a try failed", async || stranger.row(id).await.error.is_some()).await;
    assert_eq!(stranger.row(id).await.error.as_deref(), Some("gateway: no connection"));
    stranger.stop().await;

    let ca = certificate.file("ca.pem");
    changes.push(("SMS__CA_FILE", &*ca));
    let sender = Sender::start(&changes).await;
    let id = sender.puts_code(text_to("+4915112345678")).await;
    let told = gateway.tells("text").await;
    assert_eq!((&told["body"]["to"], &told["cipher"]), (&json!("+4915112345678"), &json!("TLSv1.3")));
    assert_eq!(sender.settles(id).await.tries, 1);
    sender.stop().await;
}
