//! Somebody at a page of Animo Meet, as it asks over HTTP.
use crate::common::Convene;
use crate::rest::ask::{Answer, Ask, ask};
use serde_json::{Value, json};

/// An account that was made by its sign-up, and signed in.
pub(crate) struct Person {
    pub(crate) username: String,
    pub(crate) token: String,
}

pub(crate) const PASSWORD: &str = "pw";

impl Person {
    /// Signs up and in.
    pub(crate) async fn new(server: &Convene, username: &str) -> Self {
        signs_up(server, username).await;
        let token = logs_in(server, username).await;
        Self { username: username.to_owned(), token }
    }

    pub(crate) fn asks<'a>(&self, server: &'a Convene, method: &str, path: &str) -> Ask<'a> {
        at(server, method, path).shows(&self.token)
    }

    /// Makes a meeting with that code, as clients of the first generations do.
    pub(crate) async fn makes(&self, server: &Convene, code: &str) {
        self.asks(server, "GET", &format!("/meeting/check-code/{code}")).gives(200).await;
    }
}

/// A request below its base.
pub(crate) fn at<'a>(server: &'a Convene, method: &str, path: &str) -> Ask<'a> {
    ask(server, method, &format!("/api/v1{path}"))
}

pub(crate) async fn signs_up(server: &Convene, username: &str) {
    let wish = json!({"name": format!("{username} N."), "username": username, "password": PASSWORD});
    at(server, "POST", "/users/signup").json(&wish).gives(201).await;
}

pub(crate) async fn logs_in(server: &Convene, username: &str) -> String {
    let shown = json!({"username": username, "password": PASSWORD});
    let answer = at(server, "POST", "/users/login").json(&shown).gives(200).await;
    answer.json()["token"].as_str().expect("a token").to_owned()
}

pub(crate) fn message(answer: &Answer) -> Value {
    answer.json()["message"].clone()
}
