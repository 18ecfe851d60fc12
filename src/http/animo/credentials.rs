//! Who asks: by `Authorization: Bearer …`, or where its clients send none worth the name by the session's cookie.
use super::answer::Said;
use super::{Animo, Asked};
use crate::fault::Fault;
use crate::http::rest::{cookies, csrf};
use crate::service::accounts::{Account, username_key};
use crate::service::caller::{Caller, SignedIn};
use warp::http::{HeaderMap, header};

/// What a request shows.
enum Shown {
    Bearer(String),
    Cookie(String),
    /// `Bearer null` or `Bearer undefined`, and no cookie: real clients send that.
    Husk,
    Nothing,
}

/// By what one is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Bearer,
    Cookie,
}

/// Somebody signed in.
pub(super) struct Known {
    pub(super) who: SignedIn,
    pub(super) account: Account,
    pub(super) way: Way,
    /// What was shown.
    pub(super) token: String,
}

impl Known {
    /// What this system's clients call them.
    pub(super) fn username(&self) -> String {
        handle(&self.account)
    }

    /// Whether that is their username, in whatever case it is written.
    pub(super) fn is_called(&self, username: &str) -> bool {
        let own = self.username();
        let key = username_key(username);
        own == username || (key.is_some() && key == username_key(&own))
    }
}

/// The name that rooms show for an account: its username, or for one without a word of its own.
pub(super) fn handle(account: &Account) -> String {
    account.username.clone().unwrap_or_else(|| format!("{UNNAMED}{}", &account.id.to_string()[..8]))
}

/// What the word for an account without username begins with.
pub(super) const UNNAMED: &str = "user-";

impl Animo {
    /// Whoever must be signed in for this.
    pub(super) async fn known(&self, asked: &Asked) -> Result<Known, Said> {
        let (token, way) = match shown(asked) {
            Shown::Bearer(token) => (token, Way::Bearer),
            Shown::Cookie(token) => (token, Way::Cookie),
            Shown::Husk => return Err(invalid()),
            Shown::Nothing => return Err(Said::new(401, "no token provided")),
        };
        if way == Way::Cookie
            && csrf::prove(&self.origins, &asked.method, &asked.headers, asked.client).is_err()
        {
            return Err(self.refused(&Fault::Csrf));
        }
        let who = match self.accounts.caller_by_cookie(&token).await {
            Ok(Caller::User(who)) => who,
            Ok(_) | Err(Fault::TokenInvalid | Fault::Unauthenticated) => return Err(invalid()),
            Err(fault) => return Err(self.refused(&fault)),
        };
        match self.accounts.me(who).await {
            Ok(account) => Ok(Known { who, account, way, token }),
            Err(Fault::Unauthenticated) => Err(invalid()),
            Err(fault) => Err(self.refused(&fault)),
        }
    }

    /// Whoever asks where nobody must be signed in.
    pub(super) async fn maybe_known(&self, asked: &Asked) -> Option<Known> {
        self.known(asked).await.ok()
    }
}

fn invalid() -> Said {
    Said::new(401, "Invalid token, login again")
}

fn shown(asked: &Asked) -> Shown {
    let bearer = bearer(&asked.headers);
    match (bearer, cookies::token(&asked.headers, asked.client.scheme)) {
        (Some(token), _) if !matches!(token, "null" | "undefined" | "") => Shown::Bearer(token.to_owned()),
        (_, Some(cookie)) => Shown::Cookie(cookie),
        (Some(_), None) => Shown::Husk,
        (None, None) => Shown::Nothing,
    }
}

/// Text up to the next space behind exactly `Bearer `, the first word in its own spelling.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let text = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    Some(text.strip_prefix("Bearer ")?.split(' ').next().unwrap_or_default())
}

/// The token of a Socket.IO handshake, by the same rule.
pub(in crate::http) fn of_handshake(
    headers: &HeaderMap,
    scheme: crate::http::context::Scheme,
) -> Option<String> {
    let bearer = bearer(headers).filter(|token| !matches!(*token, "null" | "undefined" | ""));
    bearer.map(str::to_owned).or_else(|| cookies::token(headers, scheme))
}
