//! Signing up by a short code, as older systems' pages do it: only the page that asked may show the code, each new sign-up
//! voids the codes of before, and nobody is signed in by it.
use super::{Account, Accounts, Visit, away, input, now};
use crate::auth::code::Code;
use crate::fault::Fault;
use crate::post::{CodeFor, Hidden, Notice};
use crate::room::ids::{FlowId, SignupId};
use crate::store::Mail;
use crate::store::audit::Actor;
use crate::store::flows::{self, Kind, Seen, Whose};
use crate::store::signups::{self, Confirmed, NewSignup};
use crate::store::users::{self, Address};
use uuid::Uuid;

/// The wish for an account, as it was typed.
pub struct ShortWish<'a> {
    pub username: &'a str,
    pub email: &'a str,
    pub password: &'a str,
}

/// How such a system signs people up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShortRules {
    /// Digits of a code, 4 to 8.
    pub digits: u32,
    /// How long a code is good, in ms.
    pub code_ms: i64,
    /// Characters of a password at least. Beyond that any will do, by those systems' own rule.
    pub password_least: usize,
    pub known: KnownAddress,
}

/// What somebody hears who signs up with an address that has an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KnownAddress {
    /// That it has one.
    Told,
    /// The same as everybody; the account's owner gets a mail.
    Hidden,
}

/// What became of a sign-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begun {
    /// The code is on its way; whoever holds this id may show it.
    Waiting(FlowId),
    /// Too much was sent to that address already: nothing is.
    Unsent,
    /// The address has an account.
    AddressTaken,
}

/// Whose code is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ByWhom<'a> {
    /// By the page that signed up.
    Page(FlowId),
    /// By somebody who names the address: the last sign-up of it is meant.
    Address(&'a str),
}

/// What became of a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    Confirmed(Box<Account>),
    /// There is no sign-up that awaits one.
    NothingWaits,
    /// Wrong, over, or tried too often.
    Wrong,
    /// It was right, but somebody was faster with the username.
    NameTaken,
}

impl Accounts {
    /// Judges address, password and username in this order.
    ///
    /// # Errors
    /// [`Fault::InvalidEmail`], [`Fault::WeakPassword`], [`Fault::InvalidField`], [`Fault::NameTaken`] (also for the same
    /// sign-up once more, while its code is good), [`Fault::RateLimited`] for its source, [`Fault::Busy`],
    /// [`Fault::StorageUnavailable`].
    pub async fn sign_up_by_short_code(
        &self,
        wish: ShortWish<'_>,
        rules: ShortRules,
        visit: &Visit,
    ) -> Result<Begun, Fault> {
        let address = input::email(wish.email)?;
        if wish.password.chars().count() < rules.password_least {
            return Err(Fault::WeakPassword { reason: "short" });
        }
        let password = input::password(wish.password)?;
        let username = input::username(wish.username)?;
        self.0.limits.signup(visit.from)?;
        let store = &self.0.store;
        let is_taken = !users::username_is_free(store, &username.key).await.map_err(away)?
            || signups::is_waiting(store, address.key(), &username.key, now()).await.map_err(away)?;
        if is_taken {
            return Err(Fault::NameTaken);
        }
        let known = self.user_with(&address).await?;
        if known.is_some() && rules.known == KnownAddress::Told {
            return Ok(Begun::AddressTaken);
        }
        match self.may_send(&address, visit).await {
            Err(Fault::RateLimited { .. }) => return Ok(Begun::Unsent),
            sent => sent?,
        }
        let password_hash = Some(self.0.hasher.hash(password).await?);
        let (code, at, signup) = (Code::random(rules.digits), now(), SignupId(Uuid::now_v7()));
        let whose = if known.is_some() { Whose::Nobody } else { Whose::SignUp(signup) };
        let mut flow = self.flow(Kind::ShortSignUp, whose, &address, &code, at);
        flow.expires_at = at.plus(rules.code_ms);
        match known {
            Some(user) => {
                let mail = Mail::Sent(self.post(&address, &user.locale, Notice::AccountExists, at));
                flows::begin(store, &flow, &[mail]).await.map_err(away)?;
            }
            None => {
                let locale = input::locale(None)?;
                let minutes = super::minutes(rules.code_ms);
                let notice =
                    Notice::Code { opens: CodeFor::SignUp, code: Hidden::new(code.as_str()), minutes };
                let mail = Mail::Sent(self.post(&address, &locale, notice, at));
                let name = username.text.clone();
                let username = Some(username);
                let new = NewSignup { id: signup, name, username, address, password_hash, locale, at };
                signups::begin(store, &new, &flow, &[mail]).await.map_err(away)?;
            }
        }
        Ok(Begun::Waiting(flow.id))
    }

    /// The code is shown: the account begins.
    ///
    /// # Errors
    /// [`Fault::RateLimited`], [`Fault::StorageUnavailable`].
    pub async fn verify_short_code(
        &self,
        by_whom: ByWhom<'_>,
        code: &str,
        visit: &Visit,
    ) -> Result<Shown, Fault> {
        self.may_fail(visit)?;
        let seen = self.awaiting(by_whom).await?;
        let (Some(seen), Some(code)) = (seen, Code::parse(code)) else {
            self.failed(visit);
            return Ok(Shown::NothingWaits);
        };
        let by = self.by(Actor::Nobody, visit);
        let fits = |flow: &flows::Flow| self.fits(&code, flow);
        let shown = signups::confirm_short(&self.0.store, &by, seen.flow.id, fits).await;
        Ok(match shown.map_err(away)? {
            Confirmed::Confirmed(user) => Shown::Confirmed(Box::new(user.into())),
            Confirmed::NameTaken => Shown::NameTaken,
            Confirmed::NotRight => {
                self.failed(visit);
                Shown::Wrong
            }
        })
    }

    async fn awaiting(&self, by_whom: ByWhom<'_>) -> Result<Option<Seen>, Fault> {
        let store = &self.0.store;
        let found = match by_whom {
            ByWhom::Page(flow) => flows::see(store, flow).await,
            ByWhom::Address(text) => {
                let Ok(Address::Email { key, .. }) = input::email(text) else { return Ok(None) };
                flows::newest(store, Kind::ShortSignUp, &key).await
            }
        };
        let found = found.map_err(away)?;
        Ok(found.filter(|seen| seen.flow.kind == Kind::ShortSignUp && !seen.is_done))
    }
}
