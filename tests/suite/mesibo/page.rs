//! Somebody at a page or app of mesibo's, who asks as those do.
use crate::common::{Convene, spill};
use crate::rest::ask::{Answer, ask};
use crate::rest::mailbox;
use serde_json::{Map, Value, json};
use url::form_urlencoded;

/// How a request is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Written {
    Query,
    PostedQuery,
    Form,
    /// As the old pages send it.
    Plain,
    Multipart,
    Json,
}

pub(crate) const EVERY: [Written; 6] =
    [Written::Query, Written::PostedQuery, Written::Form, Written::Plain, Written::Multipart, Written::Json];

type Given<'a> = &'a [(&'a str, &'a str)];

/// Asks the endpoint; the answer is always 200.
pub(crate) async fn asks(server: &Convene, path: &str, written: Written, given: Given<'_>) -> Answer {
    let encoded = form_urlencoded::Serializer::new(String::new()).extend_pairs(given).finish();
    let form = "application/x-www-form-urlencoded";
    let question = match written {
        Written::Query => ask(server, "GET", &format!("{path}?{encoded}")),
        Written::PostedQuery => ask(server, "POST", &format!("{path}?{encoded}")),
        Written::Form => ask(server, "POST", path).body(form, encoded),
        Written::Plain => {
            let pairs: Vec<_> = given.iter().map(|(name, value)| format!("{name}={value}")).collect();
            ask(server, "POST", path).body(form, pairs.join("&"))
        }
        Written::Multipart => {
            let parts = given.iter().map(|(name, value)| {
                format!("--xx\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
            });
            let body = format!("{}--xx--\r\n", parts.collect::<String>());
            ask(server, "POST", path).body("multipart/form-data; boundary=xx", body)
        }
        Written::Json => {
            let object: Map<String, Value> =
                given.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
            ask(server, "POST", path).json(&Value::Object(object))
        }
    };
    let answer = question.gives(200).await;
    if answer.text.contains("\"FAIL\"") {
        spill::told(path, &answer.text);
    }
    answer
}

/// By form to `/api.php`.
pub(crate) async fn says(server: &Convene, given: Given<'_>) -> Value {
    asks(server, "/api.php", Written::Form, given).await.json()
}

/// The same, refused by this word.
pub(crate) async fn is_refused(server: &Convene, given: Given<'_>, word: &str) {
    let answer = says(server, given).await;
    assert_eq!((&answer["result"], &answer["error"]), (&json!("FAIL"), &json!(word)), "{given:?}: {answer}");
    assert_eq!(answer["op"], given.iter().find(|(name, _)| *name == "op").unwrap().1, "{answer}");
    assert_eq!(answer.get("ts").is_some(), !matches!(word, "AUTHFAIL" | "BADOP"), "{answer}");
}

/// Somebody signed in.
pub(crate) struct Person<'a> {
    server: &'a Convene,
    pub(crate) token: String,
    /// The whole answer to the sign-in.
    pub(crate) answer: Value,
}

/// Signs in by mail.
pub(crate) async fn by_mail<'a>(server: &'a Convene, name: &str) -> Person<'a> {
    let email = format!("{}@example.org", name.to_lowercase());
    let who = [("op", "login"), ("appid", "app"), ("name", name), ("email", email.as_str())];
    assert_eq!(says(server, &who).await["result"], "OK");
    let code = mailbox::code(server, &email, 0).await;
    let answer = says(server, &[&who[..], &[("code", code.as_str())]].concat()).await;
    Person::of(server, answer)
}

/// Signs in by text message.
pub(crate) async fn by_phone<'a>(server: &'a Convene, name: &str, phone: &str) -> Person<'a> {
    let who = [("op", "login"), ("appid", "app"), ("name", name), ("phone", phone)];
    assert_eq!(says(server, &who).await["result"], "OK");
    let code = mailbox::code(server, &format!("+{phone}"), 0).await;
    let answer = says(server, &[&who[..], &[("otp", code.as_str())]].concat()).await;
    Person::of(server, answer)
}

impl<'a> Person<'a> {
    fn of(server: &'a Convene, answer: Value) -> Self {
        assert_eq!(answer["result"], "OK", "{answer}");
        let token = answer["token"].as_str().expect("a token").to_owned();
        spill::keep(&token);
        Self { server, token, answer }
    }

    pub(crate) async fn says(&self, given: Given<'_>) -> Value {
        says(self.server, &[given, &[("token", self.token.as_str())]].concat()).await
    }

    pub(crate) async fn gets(&self, given: Given<'_>) -> Value {
        let answer = self.says(given).await;
        assert_eq!(answer["result"], "OK", "{given:?}: {answer}");
        answer
    }

    pub(crate) async fn is_refused(&self, given: Given<'_>, word: &str) {
        is_refused(self.server, &[given, &[("token", self.token.as_str())]].concat(), word).await;
    }

    /// A room of one's own: gid, PIN and viewers' PIN.
    pub(crate) async fn makes(&self, name: &str) -> (String, String, String) {
        let made = self.gets(&[("op", "setgroup"), ("name", name), ("resolution", "0")]).await;
        let text = |key: &str| made[key].as_str().expect("a text").to_owned();
        spill::keep(&text("pin"));
        spill::keep(&text("spin"));
        (made["gid"].to_string(), text("pin"), text("spin"))
    }

    pub(crate) async fn joins(&self, gid: &str, pin: &str) -> Value {
        self.says(&[("op", "joingroup"), ("gid", gid), ("pin", pin)]).await
    }
}

/// A text with what differs from one time to another replaced: the time itself, and what is named.
pub(crate) fn without(text: &str, changing: &[(&str, &str)]) -> String {
    let ts = text.split("\"ts\": ").nth(1).and_then(|rest| rest.split(',').next()).unwrap_or_default();
    let mut text = text.replace(&format!("\"ts\": {ts}"), "\"ts\": 0");
    for (value, name) in changing {
        text = text.replace(value, name);
    }
    text
}
