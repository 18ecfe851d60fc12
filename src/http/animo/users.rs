//! Signing up, in and out, and who one is: `/users/…`.
use super::answer::Said;
use super::body::Fields;
use super::credentials::handle;
use super::{Animo, Asked, text};
use crate::fault::Fault;
use crate::http::context::Scheme;
use crate::http::origin::Origins;
use crate::http::rest::{cookies, csrf};
use crate::service::accounts::NamedAccount;
use std::time::{SystemTime, UNIX_EPOCH};

const CREDENTIALS: &str = "Please provide all credentials";

impl Animo {
    pub(super) async fn sign_up(&self, asked: &Asked, fields: Fields) -> Said {
        let given = [text(&fields, "name"), text(&fields, "username"), text(&fields, "password")];
        let [Some(name), Some(username), Some(password)] = given else { return Said::new(400, CREDENTIALS) };
        let wish = NamedAccount { name, username, password };
        match self.accounts.register_by_name(wish, &asked.visit()).await {
            Ok(account) => Said::new(201, "User registered successfully")
                .with("username", handle(&account))
                .with("name", account.name),
            Err(Fault::NameTaken) => Said::new(409, "User already exists ! Try a different username"),
            Err(fault) => self.refused(&fault),
        }
    }

    pub(super) async fn log_in(&self, asked: &Asked, fields: Fields) -> Said {
        let (Some(username), Some(password)) = (text(&fields, "username"), text(&fields, "password")) else {
            return Said::new(400, CREDENTIALS);
        };
        if csrf::may_set_cookie(&self.origins, &asked.headers, asked.client).is_err() {
            return self.refused(&Fault::Csrf);
        }
        match self.accounts.login(username, password, &asked.visit()).await {
            Ok(entered) => {
                let token = entered.token.as_str();
                let cookie = self.cookie(asked, token, entered.lasts_seconds);
                Said::new(200, "login successful")
                    .with("token", token)
                    .with("username", handle(&entered.account))
                    .with("name", entered.account.name.as_str())
                    .with_cookie(cookie)
            }
            // one answer, whatever is wrong with what was typed
            Err(
                Fault::Unauthenticated
                | Fault::Unverified { .. }
                | Fault::InvalidField { .. }
                | Fault::WeakPassword { .. },
            ) => Said::new(401, "invalid credentials"),
            Err(fault) => self.refused(&fault),
        }
    }

    pub(super) async fn log_out(&self, asked: &Asked) -> Said {
        let done = Said::new(200, "logout successful").with_cookie(self.cookie(asked, "", 0));
        match self.known(asked).await {
            Ok(known) => match self.accounts.logout(known.who, &asked.visit()).await {
                Ok(()) => done,
                Err(fault) => self.refused(&fault),
            },
            Err(said) if said.is_unknown() => done, // nobody is signed in: so it is
            Err(said) => said,
        }
    }

    pub(super) async fn verify_user(&self, asked: &Asked) -> Said {
        match self.known(asked).await {
            Ok(known) => Said::new(200, "User validated")
                .with("username", known.username())
                .with("name", known.account.name.as_str())
                .with("time", now_ms())
                .with("token", known.token),
            Err(said) => said,
        }
    }

    /// A page of another host gets a cookie that its requests may carry, which needs TLS.
    fn cookie(&self, asked: &Asked, token: &str, seconds: i64) -> warp::http::HeaderValue {
        let is_elsewhere = Origins::is_elsewhere(&asked.headers, asked.client);
        match (asked.client.scheme, is_elsewhere) {
            (Scheme::Https, true) => cookies::set_for_other_sites(token, seconds),
            (scheme, _) => cookies::set(token, scheme, seconds),
        }
    }
}

fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
