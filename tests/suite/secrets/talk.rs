//! Questions to the program over HTTP; whatever is refused is kept whole, to be searched.
use reqwest::{Client, Method, redirect};
use serde_json::Value;

use super::program::Program;

pub(super) struct Talk {
    client: Client,
    base: String,
    /// What was asked, and the head and body of its refusal.
    pub(super) refusals: Vec<(String, String)>,
}

/// Who asks.
#[derive(Clone, Copy)]
pub(super) enum By<'a> {
    Nobody,
    Bearer(&'a str),
    Cookie(&'a str),
}

pub(super) struct Answer {
    pub(super) body: Value,
    pub(super) cookie: Option<String>,
}

impl Talk {
    pub(super) fn with(program: &Program) -> Self {
        let client = Client::builder().redirect(redirect::Policy::none()).build().unwrap();
        Self { client, base: format!("http://{}", program.address), refusals: Vec::new() }
    }

    pub(super) fn socket(&self) -> String {
        format!("{}/v1/connect", self.base.replace("http://", "ws://"))
    }

    pub(super) async fn metrics(&self) -> String {
        let answer = self.client.get(format!("{}/metrics", self.base)).send().await.unwrap();
        answer.text().await.unwrap()
    }

    /// A question that is answered well.
    pub(super) async fn asks(&mut self, by: By<'_>, method: &str, path: &str, body: Value) -> Answer {
        let (status, answer, text) = self.exchange(by, method, path, body).await;
        assert!((200..300).contains(&status), "{method} {path}: {status} {text}");
        answer
    }

    /// A question that is refused.
    pub(super) async fn is_refused(&mut self, by: By<'_>, method: &str, path: &str, body: Value) {
        let (status, _, text) = self.exchange(by, method, path, body).await;
        assert!((400..500).contains(&status), "{method} {path}: {status} {text}");
    }

    async fn exchange(&mut self, by: By<'_>, method: &str, path: &str, body: Value) -> (u16, Answer, String) {
        let verb: Method = method.parse().unwrap();
        let mut request = self.client.request(verb, format!("{}{path}", self.base));
        request = match by {
            By::Nobody => request,
            By::Bearer(token) => request.bearer_auth(token),
            By::Cookie(cookie) => request.header("cookie", cookie).header("sec-fetch-site", "same-origin"),
        };
        if !body.is_null() {
            request = request.json(&body);
        }
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        let head = format!("{:?}", answer.headers());
        let cookie = answer.headers().get("set-cookie").map(|value| value.to_str().unwrap().to_owned());
        let text = answer.text().await.unwrap();
        if status >= 400 {
            self.refusals.push((format!("{method} {path}"), format!("{head}\n{text}")));
        }
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        (status, Answer { body, cookie }, text)
    }
}
