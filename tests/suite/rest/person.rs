//! Somebody with an account, who signs up and in as people do.
use super::ask::{Answer, Ask, ask};
use super::mailbox;
use crate::common::Convene;
use serde_json::{Value, json};

/// A password that everybody here may have.
pub(crate) const PASSWORD: &str = "seven quiet llamas";

pub(crate) struct Person<'a> {
    server: &'a Convene,
    pub(crate) id: String,
    pub(crate) email: String,
    pub(crate) session: String,
    /// The bearer token.
    pub(crate) token: String,
}

/// Asks for an account with this address, password and username; answers the flow.
pub(crate) async fn registers(server: &Convene, name: &str) -> (String, String) {
    let email = address(name);
    let body = json!({"name": name, "username": name, "email": email, "password": PASSWORD});
    let asked = ask(server, "POST", "/v1/accounts").json(&body).gives(202).await.json();
    (asked["flow"].as_str().expect("a flow").to_owned(), email)
}

pub(crate) fn address(name: &str) -> String {
    format!("{}@example.org", name.to_lowercase())
}

/// Signs up and shows the code.
pub(crate) async fn signs_up<'a>(server: &'a Convene, name: &str) -> Person<'a> {
    let (flow, email) = registers(server, name).await;
    let code = mailbox::code(server, &email, 0).await;
    let shown = json!({"flow": flow, "code": code});
    let entered = ask(server, "POST", "/v1/accounts/verify").json(&shown).gives(201).await.json();
    Person::of(server, email, &entered)
}

impl<'a> Person<'a> {
    pub(crate) fn of(server: &'a Convene, email: String, entered: &Value) -> Self {
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let (id, session) = (text(&entered["user"]["id"]), text(&entered["session"]["id"]));
        Self { server, id, email, session, token: text(&entered["token"]) }
    }

    /// On another device.
    pub(crate) async fn signs_in(&self) -> Person<'a> {
        let body = json!({"login": self.email, "password": PASSWORD});
        let entered = ask(self.server, "POST", "/v1/login").json(&body).gives(200).await.json();
        Self::of(self.server, self.email.clone(), &entered)
    }

    pub(crate) fn asks(&self, method: &str, path: &str) -> Ask<'a> {
        ask(self.server, method, path).shows(&self.token)
    }

    pub(crate) async fn gets(&self, path: &str) -> Value {
        self.asks("GET", path).gives(200).await.json()
    }

    /// Whether the session is still good.
    pub(crate) async fn is_in(&self) -> bool {
        let answer: Answer = self.asks("GET", "/v1/me").answer().await;
        assert!(matches!(answer.status, 200 | 401), "{}", answer.text);
        answer.status == 200
    }

    /// A room of one's own; answers its path.
    pub(crate) async fn makes_room(&self) -> String {
        let made = self.asks("POST", "/v1/rooms").json(&json!({"name": "Mine"})).gives(201).await.json();
        assert_eq!(made["owner_secret"], Value::Null);
        format!("/v1/rooms/{}", made["room"]["code"].as_str().expect("a code"))
    }

    /// An API key with these scopes.
    pub(crate) async fn makes_key(&self, scopes: &[&str]) -> String {
        let body = json!({"name": "server", "scopes": scopes});
        let made = self.asks("POST", "/v1/keys").json(&body).gives(201).await.json();
        made["secret"].as_str().expect("a secret").to_owned()
    }
}
