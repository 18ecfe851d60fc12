//! A password forgotten: a link by mail sets a new one, once, and ends every session of before.
use super::{Accounts, Visit, away, input, minutes, now};
use crate::auth::password::Password;
use crate::auth::session::{Token, TokenKind};
use crate::auth::strength;
use crate::fault::Fault;
use crate::post::{Hidden, Notice, ResetPage};
use crate::store::Mail;
use crate::store::audit::Actor;
use crate::store::resets::{self, Earlier, Link, NewReset, Spent};
use crate::store::users::{self, Status, User};

/// How a system sends links to a new password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Links {
    pub spelt: Spelt,
    /// How long one is good, in ms.
    pub good_ms: i64,
    pub page: ResetPage,
    pub earlier: Earlier,
}

/// How the token in a link is spelt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelt {
    /// As all our own secrets.
    Native,
    /// 64 hex digits.
    Hex,
}

/// Whether an address is anybody's. Only for those who are told so by the operator's wish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    Somebodys,
    Nobodys,
}

/// What became of a new password by a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reset {
    Done,
    /// The link was good, until a while ago.
    Over,
    /// Unknown, used or voided.
    Unknown,
}

impl Accounts {
    /// # Errors
    /// [`Fault::InvalidEmail`], [`Fault::RateLimited`], [`Fault::StorageUnavailable`]; never tells whether it is anybody's.
    pub async fn forgot(&self, email: &str, visit: &Visit) -> Result<(), Fault> {
        let good_ms = self.0.settings.reset_ms;
        let links = Links { spelt: Spelt::Native, good_ms, page: ResetPage::Own, earlier: Earlier::Kept };
        self.send_link(email, links, visit).await.map(drop)
    }

    /// As [`Self::forgot`], by another system's links.
    ///
    /// # Errors
    /// As [`Self::forgot`].
    pub async fn send_link(&self, email: &str, links: Links, visit: &Visit) -> Result<Known, Fault> {
        let address = input::email(email)?;
        self.may_send(&address, visit).await?;
        let user = self.user_with(&address).await?.filter(|user| user.status == Status::Active);
        let at = now();
        let token = match links.spelt {
            Spelt::Native => Token::random(TokenKind::Reset),
            Spelt::Hex => Token::random_reset_in_hex(),
        };
        let (shown, minutes) = (Hidden::new(token.as_str()), minutes(links.good_ms));
        let notice = Notice::ResetLink { token: shown, minutes, page: links.page };
        let store = &self.0.store;
        let (begun, known) = match user {
            Some(user) => {
                let mail = Mail::Sent(self.post(&address, &user.locale, notice, at));
                let expires_at = at.plus(links.good_ms);
                let new = NewReset { token_hash: token.hash(), user: user.id, expires_at };
                let by = self.by(Actor::Nobody, visit);
                (resets::begin(store, &by, &new, links.earlier, &[mail]).await, Known::Somebodys)
            }
            None => {
                let mail = Mail::Blank(self.post(&address, "", notice, at));
                (resets::begin_for_nobody(store, &[mail]).await, Known::Nobodys)
            }
        };
        begun.map_err(away).map(|()| known)
    }

    /// As [`Self::reset`], by a system's own rule for passwords: so many characters at least, and any will do.
    ///
    /// # Errors
    /// [`Fault::WeakPassword`], [`Fault::InvalidField`], [`Fault::RateLimited`], [`Fault::Busy`],
    /// [`Fault::StorageUnavailable`].
    pub async fn reset_by_link(
        &self,
        token: &str,
        password: &str,
        least: usize,
        visit: &Visit,
    ) -> Result<Reset, Fault> {
        if password.chars().count() < least {
            return Err(Fault::WeakPassword { reason: "short" });
        }
        let password = input::password(password)?;
        self.may_fail(visit)?;
        let link = match Token::parse_reset(token) {
            Some(token) => resets::look(&self.0.store, &token.hash(), now()).await.map_err(away)?,
            None => Link::Unknown,
        };
        let refused = match link {
            Link::Good(_) => match self.holder(token).await? {
                Some((token, user)) => match self.set_by_link(&token, &user, password, visit).await? {
                    Spent::Spent(_) => return Ok(Reset::Done),
                    Spent::NotRight => Reset::Unknown,
                },
                None => Reset::Unknown,
            },
            Link::Over => Reset::Over,
            Link::Unknown => Reset::Unknown,
        };
        self.failed(visit);
        Ok(refused)
    }

    /// # Errors
    /// [`Fault::TokenInvalid`] for a link that is unknown, over or used; [`Fault::WeakPassword`], [`Fault::RateLimited`],
    /// [`Fault::Busy`], [`Fault::StorageUnavailable`].
    pub async fn reset(&self, token: &str, password: &str, visit: &Visit) -> Result<(), Fault> {
        let password = input::password(password)?;
        self.may_fail(visit)?;
        let Some((token, user)) = self.holder(token).await? else {
            self.failed(visit);
            return Err(Fault::TokenInvalid);
        };
        strength::judge(&password, self.0.settings.password_least, &known(&user))?;
        match self.set_by_link(&token, &user, password, visit).await? {
            Spent::Spent(_) => Ok(()),
            Spent::NotRight => Err(Fault::TokenInvalid),
        }
    }

    async fn set_by_link(
        &self,
        token: &Token,
        user: &User,
        password: Password,
        visit: &Visit,
    ) -> Result<Spent, Fault> {
        let hash = self.0.hasher.hash(password).await?;
        let by = self.by(Actor::User(user.id), visit);
        let mail = self.tell(user, Notice::PasswordChanged, by.at);
        let spent = resets::spend(&self.0.store, &by, &token.hash(), &hash, &mail).await.map_err(away)?;
        if let Spent::Spent(user) = &spent {
            self.forgive_all(user);
        }
        Ok(spent)
    }

    /// Whose link it is, asked before anything dear is done.
    async fn holder(&self, token: &str) -> Result<Option<(Token, User)>, Fault> {
        let Some(token) = Token::parse_reset(token) else { return Ok(None) };
        let found = resets::find(&self.0.store, &token.hash(), now()).await.map_err(away)?;
        let Some(user) = found else { return Ok(None) };
        let user = users::find(&self.0.store, user).await.map_err(away)?;
        Ok(user.map(|user| (token, user)))
    }
}

/// What others know of them, so that no password is made of it.
pub(super) fn known(user: &User) -> Vec<&str> {
    let also = [&user.username, &user.email, &user.phone];
    std::iter::once(user.name.as_str()).chain(also.into_iter().filter_map(Option::as_deref)).collect()
}
