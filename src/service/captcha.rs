//! Asks the service that drew a puzzle whether it was solved: one POST of secret, answer and address, as reCAPTCHA,
//! hCaptcha and Turnstile take it.
use reqwest::{Client, redirect};
use serde::Deserialize;
use std::net::IpAddr;
use std::time::Duration;
use url::Url;

const TIME_LIMIT: Duration = Duration::from_secs(5);
/// Bytes of an answer that are read.
const ANSWER_BYTES: usize = 64 << 10;
/// Bytes of what a page shows; real ones have about 2,000.
const SHOWN_BYTES: usize = 8 << 10;

/// Where to ask, and by which secret. Cheap to clone.
#[derive(Clone)]
pub struct Captcha {
    client: Client,
    url: Url,
    secret: String,
}

#[derive(Deserialize)]
struct Verdict {
    success: bool,
}

/// Whether the puzzle was solved; a service that can't be asked has not said so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Solved {
    Yes,
    No,
}

impl Captcha {
    /// `None` if no client can be made.
    pub fn new(url: Url, secret: String) -> Option<Self> {
        let client =
            Client::builder().timeout(TIME_LIMIT).redirect(redirect::Policy::none()).no_proxy().build();
        Some(Self { client: client.ok()?, url, secret })
    }

    pub async fn judge(&self, shown: &str, from: IpAddr) -> Solved {
        if shown.len() > SHOWN_BYTES {
            return Solved::No;
        }
        match self.ask(shown, from).await {
            Some(Verdict { success: true }) => Solved::Yes,
            Some(Verdict { success: false }) => Solved::No,
            None => {
                tracing::warn!("the captcha service gave no verdict");
                Solved::No
            }
        }
    }

    async fn ask(&self, shown: &str, from: IpAddr) -> Option<Verdict> {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("secret", &self.secret)
            .append_pair("response", shown)
            .append_pair("remoteip", &from.to_string())
            .finish();
        let form = "application/x-www-form-urlencoded";
        let request = self.client.post(self.url.clone()).header("content-type", form).body(body);
        let mut answer = request.send().await.ok()?;
        let mut whole = Vec::new();
        while let Some(part) = answer.chunk().await.ok()? {
            if whole.len() + part.len() > ANSWER_BYTES {
                return None;
            }
            whole.extend_from_slice(&part);
        }
        serde_json::from_slice(&whole).ok()
    }
}

impl std::fmt::Debug for Captcha {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Captcha")
    }
}
