//! A Meet page with its cookies, as a browser keeps them: `ana.posts("auth/login.php", …)`.
use crate::common::Convene;
use crate::rest::ask::{Answer, Ask, ask};
use crate::rest::mailbox::letter;
use serde_json::{Value, json};

/// A password that everybody here may have; shorter than the native page would take.
pub(crate) const PASSWORD: &str = "secret";
pub(crate) const REGISTERED: &str = r#"{"success":true,"message":"Registration successful! Please check your email for the verification code."}"#;

/// One browser.
pub(crate) struct Page<'a> {
    server: &'a Convene,
    /// `PHPSESSID`, if it has one.
    pub(crate) session: Option<String>,
}

impl<'a> Page<'a> {
    pub(crate) fn of(server: &'a Convene) -> Self {
        Self { server, session: None }
    }

    /// A request as the page makes it: same origin, with the cookie.
    pub(crate) fn asks(&self, method: &str, script: &str) -> Ask<'a> {
        let asked = ask(self.server, method, &format!("/server/{script}"));
        match &self.session {
            Some(id) => asked.with("cookie", &format!("PHPSESSID={id}")),
            None => asked,
        }
    }

    /// Posts JSON and keeps the cookie that comes back.
    pub(crate) async fn posts(&mut self, script: &str, body: Value) -> Answer {
        let answer = self.asks("POST", script).json(&body).answer().await;
        self.keeps(&answer);
        answer
    }

    pub(crate) async fn gets(&mut self, script: &str) -> Answer {
        let answer = self.asks("GET", script).answer().await;
        self.keeps(&answer);
        answer
    }

    /// Posts, and is told exactly this.
    pub(crate) async fn is_told(&mut self, script: &str, body: Value, status: u16, text: &str) -> Answer {
        let answer = self.posts(script, body.clone()).await;
        assert_eq!((answer.status, answer.text.as_str()), (status, text), "{script} {body}");
        answer
    }

    /// Posts, and is refused with this message.
    pub(crate) async fn is_refused(&mut self, script: &str, body: Value, status: u16, message: &str) {
        let text = format!(r#"{{"success":false,"message":{}}}"#, json!(message));
        self.is_told(script, body, status, &text).await;
    }

    fn keeps(&mut self, answer: &Answer) {
        let Some(set) = answer.headers.get("set-cookie") else { return };
        let set = set.to_str().unwrap();
        let value = set.split(';').next().unwrap().strip_prefix("PHPSESSID=").expect("its own cookie");
        for attribute in ["HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(set.contains(attribute), "{set}");
        }
        self.session = Some(value.to_owned()).filter(|value| !value.is_empty());
        if let Some(id) = &self.session {
            let is_opaque =
                (26..=32).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
            assert!(is_opaque, "{id}");
            assert!(
                !set.contains("Max-Age") && !set.contains("Expires"),
                "as long as the browser is open: {set}"
            );
        }
    }

    /// Signs up as `name@example.org`.
    pub(crate) async fn signs_up(&mut self, name: &str) {
        let body = json!({"username": name, "email": address(name), "password": PASSWORD});
        self.is_told("auth/signup.php", body, 200, REGISTERED).await;
    }

    pub(crate) async fn logs_in(&mut self, name: &str) -> Value {
        let body = json!({"email": address(name), "password": PASSWORD});
        let answer = self.posts("auth/login.php", body).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json()
    }

    /// Starts a call; answers its id.
    pub(crate) async fn starts(&mut self) -> String {
        let answer = self.asks("POST", "call/start_call.php").body("application/json", "").gives(200).await;
        answer.json()["room_id"].as_str().expect("a room").to_owned()
    }
}

pub(crate) fn address(name: &str) -> String {
    format!("{}@example.org", name.to_lowercase())
}

/// The four digits of that letter, which stand on a line of their own.
pub(crate) async fn code(server: &Convene, name: &str, place: usize) -> String {
    let letter = letter(server, &address(name), place).await;
    let is_code = |line: &&str| line.len() == 4 && line.bytes().all(|byte| byte.is_ascii_digit());
    letter.lines().map(str::trim).find(is_code).unwrap_or_else(|| panic!("no code in {letter}")).to_owned()
}

/// Another code than this one.
pub(crate) fn wrong(code: &str) -> String {
    format!("{:04}", (code.parse::<u32>().unwrap() + 1) % 10_000)
}

/// Somebody with an account, signed in.
pub(crate) async fn member<'a>(server: &'a Convene, name: &str) -> Page<'a> {
    let mut page = Page::of(server);
    page.signs_up(name).await;
    let code = code(server, name, 0).await;
    let verified = r#"{"success":true,"message":"Email verified successfully!"}"#;
    page.is_told("auth/verify.php", json!({"code": code}), 200, verified).await;
    page.logs_in(name).await;
    page
}
