//! Asking the server over HTTP: one question, one answer, and what it must look like when it is a refusal.
use crate::common::{Convene, http, spill};
use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A question on its way.
pub(crate) struct Ask<'a> {
    server: &'a Convene,
    method: Method,
    path: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

pub(crate) fn ask<'a>(server: &'a Convene, method: &str, path: &str) -> Ask<'a> {
    let method = method.parse().expect("a method");
    Ask { server, method, path: path.to_owned(), headers: Vec::new(), body: None }
}

impl Ask<'_> {
    pub(crate) fn shows(self, token: &str) -> Self {
        self.with("authorization", &format!("Bearer {token}"))
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    pub(crate) fn body(self, media: &str, body: impl Into<Vec<u8>>) -> Self {
        let body = Some(body.into());
        Self { body, ..self }.with("content-type", media)
    }

    pub(crate) async fn answer(self) -> Answer {
        let mut request = http().request(self.method, self.server.url("http", &self.path));
        for (name, value) in self.headers {
            request = request.header(name, value);
        }
        if let Some(body) = self.body {
            request = request.body(body);
        }
        let answer = request.send().await.expect("an answer");
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let text = answer.text().await.expect("a body");
        if status >= 400 {
            spill::told(&self.path, &text);
        }
        Answer { status, headers, text }
    }

    /// A good answer of this status.
    pub(crate) async fn gives(self, status: u16) -> Answer {
        let what = format!("{} {}", self.method, self.path);
        let answer = self.answer().await;
        assert_eq!(answer.status, status, "{what}: {}", answer.text);
        answer
    }

    /// A refusal of this status and code, in the shape of RFC 9457.
    #[allow(clippy::wrong_self_convention)] // an ask is spent by asking; the name reads as dialogue
    pub(crate) async fn is_refused(self, status: u16, code: &str) -> Value {
        let what = format!("{} {}", self.method, self.path);
        let answer = self.answer().await;
        assert_eq!(answer.status, status, "{what}: {}", answer.text);
        assert_eq!(answer.header("content-type"), "application/problem+json", "{what}");
        let problem = answer.json();
        assert_eq!(
            (&problem["code"], &problem["status"]),
            (&code.into(), &status.into()),
            "{what}: {problem}"
        );
        assert!(problem["title"].is_string() && problem["detail"].is_string(), "{what}: {problem}");
        assert_eq!(answer.headers.contains_key("retry-after"), matches!(status, 429 | 503), "{what}");
        assert_eq!(answer.headers.contains_key("www-authenticate"), status == 401, "{what}");
        problem
    }
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {}", self.text))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("a plain header"))
    }
}

/// Sends bytes as they are; gives the first line of the answer and its text.
pub(crate) async fn raw(server: &Convene, bytes: &[u8]) -> String {
    let address = server.url("http", "").replace("http://", "");
    let mut socket = TcpStream::connect(&address).await.expect("it connects");
    socket.write_all(bytes).await.expect("it is sent");
    let mut answer = Vec::new();
    let read = socket.read_to_end(&mut answer);
    tokio::time::timeout(std::time::Duration::from_secs(20), read)
        .await
        .expect("it ends in time")
        .expect("it is read");
    String::from_utf8_lossy(&answer).into_owned()
}
