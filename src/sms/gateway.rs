//! The gateway for text messages: one JSON POST for each, signed as <https://www.standardwebhooks.com> says.
use std::time::Duration;

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Certificate, Client, Response, StatusCode, Url, redirect};
use serde::Serialize;
use sha2::Sha256;

use crate::post::{Failure, Line};

const CONNECT: Duration = Duration::from_secs(2);
/// For a whole text message.
pub const TIME_LIMIT: Duration = Duration::from_secs(5);
/// What is read of an answer, so that its connection can serve again.
const REPLY_BYTES: usize = 64 * 1024;

/// One gateway.
#[derive(Clone)]
pub struct Settings {
    pub url: Url,
    /// Signs each message; with `whsec_` before it, it is base64.
    pub secret: String,
    /// Sent along with each message, such as the gateway's own authorization. Names and values.
    pub headers: Vec<(String, String)>,
    /// Certificates (PEM) to be trusted beside the system's.
    pub extra_ca: Option<Vec<u8>>,
}

/// Settings that no message can be sent with. Names no secret.
#[derive(Debug, thiserror::Error)]
#[error("text messages can't be sent to a gateway: {0}")]
pub struct NotUsable(String);

/// A client with its key.
pub struct Gateway {
    client: Client,
    url: Url,
    key: Vec<u8>,
}

#[derive(Serialize)]
struct Body<'a> {
    id: String,
    to: &'a str,
    text: &'a str,
}

impl Gateway {
    pub(super) fn new(settings: Settings) -> Result<Self, NotUsable> {
        let mut builder = Client::builder()
            .connect_timeout(CONNECT)
            .timeout(TIME_LIMIT)
            .redirect(redirect::Policy::none())
            .default_headers(headers(&settings.headers)?)
            .no_proxy();
        if let Some(pem) = &settings.extra_ca {
            let extra = Certificate::from_pem_bundle(pem).map_err(|error| NotUsable(error.to_string()))?;
            builder = builder.tls_certs_merge(extra);
        }
        let client = builder.build().map_err(|error| NotUsable(error.to_string()))?;
        Ok(Self { client, url: settings.url, key: key(&settings.secret)? })
    }

    pub(super) async fn send(&self, line: &Line) -> Result<(), Failure> {
        let id = line.id.to_string();
        let body = Body { id: id.clone(), to: line.to.reveal(), text: line.text.reveal() };
        let body = serde_json::to_string(&body)
            .map_err(|error| Failure::Never(format!("gateway: it has no form: {error}")))?;
        let timestamp = jiff::Timestamp::now().as_second().to_string();
        let request = self
            .client
            .post(self.url.clone())
            .header(CONTENT_TYPE, "application/json")
            .header("webhook-signature", format!("v1,{}", signature(&self.key, &id, &timestamp, &body)))
            .header("webhook-timestamp", timestamp)
            .header("webhook-id", &id)
            .header("idempotency-key", &id)
            .body(body);
        let answer = request.send().await.map_err(|error| Failure::Later(cause(&error).to_owned()))?;
        let status = answer.status();
        finish(answer).await;
        judge(status)
    }
}

/// HMAC-SHA-256 over `id.timestamp.body`, in base64.
fn signature(key: &[u8], id: &str, timestamp: &str, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    for part in [id, ".", timestamp, ".", body] {
        mac.update(part.as_bytes());
    }
    STANDARD.encode(mac.finalize().into_bytes())
}

fn key(secret: &str) -> Result<Vec<u8>, NotUsable> {
    match secret.strip_prefix("whsec_") {
        Some(coded) => {
            STANDARD.decode(coded).map_err(|_| NotUsable("the secret behind whsec_ is no base64".to_owned()))
        }
        None => Ok(secret.as_bytes().to_vec()),
    }
}

fn headers(given: &[(String, String)]) -> Result<HeaderMap, NotUsable> {
    let mut headers = HeaderMap::new();
    for (name, value) in given {
        let wrong = || NotUsable(format!("{name:?} is no header"));
        let mut value = HeaderValue::from_str(value).map_err(|_| wrong())?;
        value.set_sensitive(true);
        headers.insert(HeaderName::try_from(name.as_str()).map_err(|_| wrong())?, value);
    }
    Ok(headers)
}

/// Reads the rest of a short answer; a longer one loses its connection. What it says makes no difference.
async fn finish(mut answer: Response) {
    let mut read = 0;
    while let Ok(Some(part)) = answer.chunk().await {
        read += part.len();
        if read > REPLY_BYTES {
            return;
        }
    }
}

/// Not the error's own text: it names the URL, which may hold a key.
fn cause(error: &reqwest::Error) -> &'static str {
    if error.is_timeout() {
        "gateway: no answer in time"
    } else if error.is_connect() {
        "gateway: no connection"
    } else {
        "gateway: the connection failed"
    }
}

/// What an answer means. A refusal of ourselves (401, 403) can be mended by the operator, and so can a redirect, which
/// is not followed: it would carry the message to somewhere else.
fn judge(status: StatusCode) -> Result<(), Failure> {
    let why = format!("gateway: {}", status.as_u16());
    match status.as_u16() {
        200..=299 => Ok(()),
        401 | 403 | 407 | 408 | 409 | 425 | 429 => Err(Failure::Later(why)),
        400..=499 => Err(Failure::Never(why)),
        _ => Err(Failure::Later(why)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_the_one_of_standard_webhooks() {
        // the example of the specification's reference libraries
        let key = key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let made = signature(&key, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", r#"{"test": 2432232314}"#);
        assert_eq!(made, "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_refused_message_is_given_up_and_a_refused_sender_is_not() {
        let says = |code: u16| judge(StatusCode::from_u16(code).unwrap());
        assert_eq!([says(200), says(202), says(204)], [Ok(()), Ok(()), Ok(())]);
        assert!([400, 404, 410, 422].into_iter().all(|code| matches!(says(code), Err(Failure::Never(_)))));
        assert!(
            [301, 401, 403, 429, 500, 503]
                .into_iter()
                .all(|code| matches!(says(code), Err(Failure::Later(_))))
        );
    }

    #[test]
    fn what_is_no_header_is_refused_by_name_without_its_value() {
        let refused = headers(&[("authorization".to_owned(), "Bearer secret\r\n".to_owned())]).unwrap_err();
        assert!(refused.to_string().contains("authorization") && !refused.to_string().contains("secret"));
    }
}
