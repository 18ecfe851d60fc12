//! Ana's way through everything that takes or gives a secret, right ones and wrong ones.
use serde_json::{Value, json};

use super::mailbox;
use super::program::Program;
use super::talk::By::{Bearer, Cookie, Nobody};
use super::talk::{Answer, Talk};
use super::vault::Vault;
use crate::common::Client;

const MAIL: &str = "ana.walker@example.org";
const NEW_MAIL: &str = "ana.runner@example.org";
const BEN: &str = "ben.sleeper@example.org";
const PHONE: &str = "+4930901820";
const FIRST: &str = "seven quiet llamas";
const SECOND: &str = "eleven loud walruses";
const THIRD: &str = "nineteen small otters";

struct Walk<'a> {
    program: &'a Program,
    talk: &'a mut Talk,
    vault: &'a mut Vault,
}

pub(super) async fn all(program: &Program, talk: &mut Talk, vault: &mut Vault) {
    for password in [FIRST, SECOND, THIRD, "a wrong password"] {
        vault.keep("password", password);
    }
    for address in [MAIL, NEW_MAIL, BEN, PHONE] {
        vault.keep_told("address", address);
    }
    let mut walk = Walk { program, talk, vault };
    walk.signs_up().await;
    walk.ben_is_late().await;
    let token = walk.signs_in().await;
    let token = walk.resets(&token).await;
    walk.changes_her_ways_in(&token).await;
    walk.makes_keys(&token).await;
    walk.meets(&token).await;
    walk.leaves(&token).await;
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("a text, not {value}"))
}

impl Walk<'_> {
    async fn post(&mut self, path: &str, body: Value) -> Answer {
        self.talk.asks(Nobody, "POST", path, body).await
    }

    async fn refused(&mut self, path: &str, body: Value) {
        self.talk.is_refused(Nobody, "POST", path, body).await;
    }

    /// The code of that number that came to `to`, remembered.
    async fn code(&mut self, to: &str, number: usize) -> String {
        let code = mailbox::code(self.program, self.talk, to, number).await;
        self.vault.keep("code", &code)
    }

    fn token_of(&mut self, entered: &Answer) -> String {
        self.vault.keep("session token", text(&entered.body["token"]))
    }

    /// With a resent code, a wrong one, one used twice, and again by somebody who does not know that she was here.
    async fn signs_up(&mut self) {
        let ana = json!({"name": "Ana", "username": "ana", "email": MAIL, "password": FIRST});
        let flow = self.post("/v1/accounts", ana.clone()).await.body["flow"].clone();
        self.code(MAIL, 1).await;
        let flow = self.post("/v1/codes/resend", json!({"flow": flow})).await.body["flow"].clone();
        let code = self.code(MAIL, 2).await;
        let wrong = if code == "000000" { "000001" } else { "000000" };
        self.refused("/v1/accounts/verify", json!({"flow": flow, "code": wrong})).await;
        let entered = self.post("/v1/accounts/verify", json!({"flow": flow, "code": code})).await;
        self.token_of(&entered);
        self.refused("/v1/accounts/verify", json!({"flow": flow, "code": code})).await;
        self.refused("/v1/accounts", json!({"name": "Ana", "email": "ana@@example", "password": FIRST}))
            .await;
        self.refused("/v1/accounts", json!({"name": "A", "email": NEW_MAIL, "password": "password1"})).await;
        self.refused("/v1/accounts", json!({"name": "A\r\nB", "email": NEW_MAIL, "password": SECOND})).await;
    }

    /// Ben never shows his first code: signing in with the right password brings him another.
    async fn ben_is_late(&mut self) {
        let ben = json!({"name": "Ben", "email": BEN, "password": FIRST});
        self.post("/v1/accounts", ben).await;
        self.code(BEN, 1).await;
        self.refused("/v1/login", json!({"login": BEN, "password": FIRST})).await;
        self.code(BEN, 2).await;
    }

    /// By password, right and wrong, by cookie, by code.
    async fn signs_in(&mut self) -> String {
        self.refused("/v1/login", json!({"login": "ana", "password": "a wrong password"})).await;
        self.refused("/v1/login", json!({"login": MAIL, "password": 7})).await;
        let body = json!({"login": "ana", "password": FIRST, "session": "cookie"});
        let cookie = self.post("/v1/login", body).await.cookie.expect("a cookie");
        let cookie = cookie.split(';').next().unwrap().to_owned();
        self.vault.keep("session cookie", cookie.split_once('=').unwrap().1);
        self.talk.asks(Cookie(&cookie), "GET", "/v1/me", Value::Null).await;
        self.talk.asks(Cookie(&cookie), "POST", "/v1/logout", Value::Null).await;
        self.talk.is_refused(Cookie(&cookie), "GET", "/v1/me", Value::Null).await;
        let entered = self.post("/v1/login", json!({"login": MAIL, "password": FIRST})).await;
        let token = self.token_of(&entered);
        self.talk.is_refused(Bearer(&format!("{token}x")), "GET", "/v1/me", Value::Null).await;
        let query = format!("/v1/me?token={token}");
        self.talk.is_refused(Nobody, "GET", &query, Value::Null).await;
        self.talk.refusals.pop(); // it was asked for by a path that holds the token
        token
    }

    async fn resets(&mut self, token: &str) -> String {
        self.post("/v1/password/forgot", json!({"email": MAIL})).await;
        self.post("/v1/password/forgot", json!({"email": "nobody.here@example.org"})).await;
        let reset = mailbox::reset_token(self.program, self.talk, MAIL).await;
        self.vault.keep("reset token", &reset);
        self.refused("/v1/password/reset", json!({"token": reset, "password": "short"})).await;
        self.post("/v1/password/reset", json!({"token": reset, "password": SECOND})).await;
        self.refused("/v1/password/reset", json!({"token": reset, "password": THIRD})).await;
        self.talk.is_refused(Bearer(token), "GET", "/v1/me", Value::Null).await;
        let entered = self.post("/v1/login", json!({"login": "ana", "password": SECOND})).await;
        let token = self.token_of(&entered);
        let body = json!({"current": "a wrong password", "password": THIRD});
        self.talk.is_refused(Bearer(&token), "POST", "/v1/me/password", body).await;
        let body = json!({"current": SECOND, "password": THIRD});
        self.talk.asks(Bearer(&token), "POST", "/v1/me/password", body).await;
        token
    }

    async fn changes_her_ways_in(&mut self, token: &str) {
        for (kind, address) in [("email", NEW_MAIL), ("phone", PHONE)] {
            let path = format!("/v1/me/{kind}");
            let asked = self.talk.asks(Bearer(token), "POST", &path, json!({kind: address})).await;
            let code = self.code(address, 1).await;
            let shown = json!({"flow": asked.body["flow"], "code": code});
            self.talk.asks(Bearer(token), "POST", &format!("{path}/verify"), shown).await;
        }
        let asked = self.post("/v1/login/code", json!({"phone": PHONE})).await;
        let code = self.code(PHONE, 2).await;
        let shown = json!({"flow": asked.body["flow"], "code": code});
        let entered = self.post("/v1/login/code/verify", shown.clone()).await;
        self.token_of(&entered);
        self.refused("/v1/login/code/verify", shown).await;
        for path in ["/v1/me", "/v1/me/sessions", "/v1/me/events", "/v1/me/export"] {
            self.talk.asks(Bearer(token), "GET", path, Value::Null).await;
        }
    }

    async fn makes_keys(&mut self, token: &str) {
        let body = json!({"name": "server", "scopes": ["rooms:read", "rooms:write"]});
        let made = self.talk.asks(Bearer(token), "POST", "/v1/keys", body).await;
        let key = self.vault.keep("API key", text(&made.body["secret"]));
        self.talk.asks(Bearer(&key), "GET", "/v1/rooms", Value::Null).await;
        self.talk.is_refused(Bearer(&key), "GET", "/v1/me", Value::Null).await;
        self.talk.is_refused(Bearer(&format!("{key}A")), "GET", "/v1/rooms", Value::Null).await;
    }

    /// A guest's room with a PIN, claimed; a room token; people in it, one of whom loses her socket.
    async fn meets(&mut self, token: &str) {
        let made = self.post("/v1/rooms", json!({"name": "Weekly", "needs_pin": true})).await.body;
        let owner = self.vault.keep("owner secret", text(&made["owner_secret"]));
        let pin = self.vault.keep("PIN", text(&made["room"]["pins"]["pin"]));
        self.vault.keep("PIN", text(&made["room"]["pins"]["spin"]));
        let (code, path) =
            (text(&made["room"]["code"]), format!("/v1/rooms/{}", text(&made["room"]["code"])));
        let claim = json!({"owner_secret": owner});
        self.talk.asks(Bearer(token), "POST", &format!("{path}/claim"), claim).await;
        self.talk.is_refused(Bearer(&owner), "PATCH", &path, json!({"name": "Mine"})).await;
        let mut bob = Client::connect("Bob", &self.talk.socket()).await;
        bob.asks(json!({"type": "hello", "protocol": 1})).await;
        let wrong = json!({"type": "join", "room": code, "profile": {"name": "Bob"}, "pin": "00000000"});
        let refusal = bob.is_refused(wrong).await;
        self.talk.refusals.push(("join".to_owned(), refusal.to_string()));
        let right = json!({"type": "join", "room": code, "profile": {"name": "Bob"}, "pin": pin});
        let joined = bob.asks(right).await;
        self.vault.keep("resume secret", text(&joined["secret"]));
        bob.says("a word between us").await;
        self.vault.keep_told("chat", "a word between us");
        drop(bob);
        self.shows_tokens(token, code).await;
    }

    /// On sockets: a session, a room token, a forged one.
    async fn shows_tokens(&mut self, token: &str, code: &str) {
        let body = json!({"subject": "carl", "name": "Carl"});
        let made = self.talk.asks(Bearer(token), "POST", &format!("/v1/rooms/{code}/tokens"), body).await;
        let room_token = self.vault.keep("room token", text(&made.body["token"]));
        for shown in [token, &room_token] {
            let mut socket = Client::connect("Carl", &self.talk.socket()).await;
            socket.asks(json!({"type": "hello", "protocol": 1, "token": shown})).await;
            let joined = socket.joins(code).await;
            self.vault.keep("resume secret", text(&joined["secret"]));
        }
        let mut eve = Client::connect("Eve", &self.talk.socket()).await;
        let forged = format!("{room_token}x");
        let refusal = eve.is_refused(json!({"type": "hello", "protocol": 1, "token": forged})).await;
        self.talk.refusals.push(("hello".to_owned(), refusal.to_string()));
    }

    async fn leaves(&mut self, token: &str) {
        let body = json!({"password": "a wrong password"});
        self.talk.is_refused(Bearer(token), "DELETE", "/v1/me", body).await;
        self.talk.asks(Bearer(token), "DELETE", "/v1/me", json!({"password": THIRD})).await;
    }
}
