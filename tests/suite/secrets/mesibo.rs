//! What mesibo's documents print into addresses: tokens, codes and PINs, all by `GET`, right ones and wrong ones.
use serde_json::Value;
use url::form_urlencoded;

use super::mailbox;
use super::program::Program;
use super::talk::By::{Bearer, Nobody};
use super::talk::Talk;
use super::vault::Vault;

const MAIL: &str = "gus.mover@example.org";
const PHONE: &str = "4930901821";

struct Page<'a> {
    program: &'a Program,
    talk: &'a mut Talk,
    vault: &'a mut Vault,
}

pub(super) async fn all(program: &Program, talk: &mut Talk, vault: &mut Vault) {
    vault.keep_told("address", MAIL);
    vault.keep_told("address", PHONE);
    let mut page = Page { program, talk, vault };
    let token = page.signs_in(&[("email", MAIL), ("name", "Gus")], MAIL).await;
    page.makes_and_enters(&token).await;
    page.signs_in(&[("phone", PHONE), ("name", "Gus")], &format!("+{PHONE}")).await;
    page.refused(&[("op", "rooms"), ("token", &format!("{token}x"))]).await;
    page.gets(&[("op", "logout"), ("token", &token)]).await;
    page.refused(&[("op", "rooms"), ("token", &token)]).await;
}

impl Page<'_> {
    async fn asks(&mut self, given: &[(&str, &str)]) -> Value {
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(given).finish();
        self.talk.asks(Nobody, "GET", &format!("/api.php?{query}"), Value::Null).await.body
    }

    async fn gets(&mut self, given: &[(&str, &str)]) -> Value {
        let answer = self.asks(given).await;
        assert_eq!(answer["result"], "OK", "{answer}");
        answer
    }

    /// Answered by 200 as everything here, and searched as every refusal.
    async fn refused(&mut self, given: &[(&str, &str)]) {
        let answer = self.asks(given).await;
        assert_eq!(answer["result"], "FAIL", "{answer}");
        self.talk.refusals.push((given[0].1.to_owned(), answer.to_string()));
    }

    async fn signs_in(&mut self, who: &[(&str, &str)], to: &str) -> String {
        let login = [&[("op", "login"), ("appid", "app")], who].concat();
        self.gets(&login).await;
        let code = mailbox::code(self.program, self.talk, to, 1).await;
        self.vault.keep("code", &code);
        let wrong = if code == "100000" { "100001" } else { "100000" };
        self.refused(&[&login[..], &[("code", wrong)]].concat()).await;
        let entered = self.gets(&[&login[..], &[("otp", code.as_str())]].concat()).await;
        self.refused(&[&login[..], &[("code", code.as_str())]].concat()).await;
        self.vault.keep("session token", entered["token"].as_str().unwrap())
    }

    async fn makes_and_enters(&mut self, token: &str) {
        let made = self.gets(&[("op", "setgroup"), ("token", token), ("name", "Weekly")]).await;
        let gid = made["gid"].to_string();
        let pins = ["pin", "spin"].map(|key| self.vault.keep("PIN", made[key].as_str().unwrap()));
        let join = [("op", "joingroup"), ("token", token), ("gid", gid.as_str())];
        for pin in &pins {
            self.gets(&[&join[..], &[("pin", pin.as_str())]].concat()).await;
        }
        self.refused(&[&join[..2], &[("gid", "1000"), ("pin", pins[0].as_str())]].concat()).await;
        self.gets(&[("op", "rooms"), ("token", token)]).await;
        self.talk.asks(Bearer(token), "GET", &format!("/v1/rooms/{gid}"), Value::Null).await;
        let renewed = [("op", "setgroup"), ("token", token), ("gid", gid.as_str()), ("pin", "new")];
        let renewed = self.gets(&renewed).await;
        self.vault.keep("PIN", renewed["pin"].as_str().unwrap());
    }
}
