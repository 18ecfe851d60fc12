//! Signing up: a code goes to the address, and whoever shows it has an account. A known address gets the same answer, and a
//! mail that says so.
use super::view::{Entered, Opened};
use super::{Accounts, Visit, away, input, minutes, now};
use crate::auth::code::{Code, DIGITS};
use crate::auth::strength;
use crate::fault::Fault;
use crate::post::{CodeFor, Hidden, Locale, Notice, Post};
use crate::room::ids::{FlowId, Millis, SignupId};
use crate::store::Mail;
use crate::store::audit::Actor;
use crate::store::flows::{self, Kind, NewFlow, Whose};
use crate::store::outbox::NewMessage;
use crate::store::signups::{self, Confirmed, NewSignup};
use crate::store::users::{self, Address, User};
use uuid::Uuid;

/// The wish for an account, as it was typed.
pub struct NewAccount {
    pub name: String,
    pub username: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub password: Option<String>,
    pub locale: Option<String>,
}

impl Accounts {
    /// # Errors
    /// What is wrong with a field; [`Fault::NameTaken`], [`Fault::RateLimited`], [`Fault::Busy`],
    /// [`Fault::StorageUnavailable`].
    pub async fn register(&self, wish: NewAccount, visit: &Visit) -> Result<Opened, Fault> {
        let name = input::name(&wish.name)?;
        let username = wish.username.as_deref().map(input::username).transpose()?;
        let address = input::address(wish.email.as_deref(), wish.phone.as_deref())?;
        let locale = input::locale(wish.locale.as_deref())?;
        let password = wish.password.as_deref().map(input::password).transpose()?;
        if let Some(password) = &password {
            let known = [name.as_str(), wish.username.as_deref().unwrap_or_default(), address.text()];
            strength::judge(password, self.0.settings.password_least, &known)?;
        }
        self.0.limits.signup(visit.from)?;
        if let Some(username) = &username
            && !users::username_is_free(&self.0.store, &username.key).await.map_err(away)?
        {
            return Err(Fault::NameTaken);
        }
        self.may_send(&address, visit).await?;
        let password_hash = match password {
            Some(password) => Some(self.0.hasher.hash(password).await?),
            None => None,
        };
        let known = self.user_with(&address).await?;
        let (code, at, signup) = (Code::random(DIGITS), now(), SignupId(Uuid::now_v7()));
        let whose = if known.is_some() { Whose::Nobody } else { Whose::SignUp(signup) };
        let flow = self.flow(Kind::SignUp, whose, &address, &code, at);
        match known {
            Some(user) => {
                let mail = Mail::Sent(self.post(&address, &user.locale, Notice::AccountExists, at));
                flows::begin(&self.0.store, &flow, &[mail]).await.map_err(away)?;
            }
            None => {
                let notice = self.code_notice(CodeFor::SignUp, &code);
                let mail = Mail::Sent(self.post(&address, &locale, notice, at));
                let new = NewSignup { id: signup, name, username, address, password_hash, locale, at };
                signups::begin(&self.0.store, &new, &flow, &[mail]).await.map_err(away)?;
            }
        }
        Ok(Opened { flow: flow.id, expires_at: flow.expires_at })
    }

    /// The code is shown: the account begins, and its owner is signed in.
    ///
    /// # Errors
    /// [`Fault::CodeInvalid`] for a wrong, expired, used or unknown one; [`Fault::NameTaken`] if somebody was faster with
    /// the username; [`Fault::RateLimited`], [`Fault::StorageUnavailable`].
    pub async fn verify(&self, flow: &str, code: &str, visit: &Visit) -> Result<Entered, Fault> {
        self.may_fail(visit)?;
        let (Ok(flow), Some(code)) = (flow.parse::<FlowId>(), Code::parse(code)) else {
            self.failed(visit);
            return Err(Fault::CodeInvalid);
        };
        let by = self.by(Actor::Nobody, visit);
        let (token, session) = self.new_session(by.at, visit);
        let fits = |flow: &flows::Flow| self.fits(&code, flow);
        match signups::confirm(&self.0.store, &by, flow, fits, &session).await.map_err(away)? {
            Confirmed::Confirmed(user) => Ok(self.entered(user, token, &session, by.at)),
            Confirmed::NameTaken => Err(Fault::NameTaken),
            Confirmed::NotRight => {
                self.failed(visit);
                Err(Fault::CodeInvalid)
            }
        }
    }

    /// Who has confirmed this address.
    pub(super) async fn user_with(&self, address: &Address) -> Result<Option<User>, Fault> {
        let found = match address {
            Address::Email { key, .. } => users::by_email(&self.0.store, key).await,
            Address::Phone(number) => users::by_phone(&self.0.store, number).await,
        };
        found.map_err(away)
    }

    pub(super) fn flow(
        &self,
        kind: Kind,
        whose: Whose,
        address: &Address,
        code: &Code,
        at: Millis,
    ) -> NewFlow {
        let id = FlowId(Uuid::now_v7());
        NewFlow {
            id,
            kind,
            whose,
            address: address.clone(),
            code_hash: code.hash(&self.0.ring, id, address.key()),
            at,
            expires_at: at.plus(self.0.settings.code_ms),
        }
    }

    pub(super) fn fits(&self, code: &Code, flow: &flows::Flow) -> bool {
        code.is(&self.0.ring, flow.id, flow.address.key(), &flow.code_hash)
    }

    pub(super) fn code_notice(&self, opens: CodeFor, code: &Code) -> Notice {
        let minutes = minutes(self.0.settings.code_ms);
        Notice::Code { opens, code: Hidden::new(code.as_str()), minutes }
    }

    pub(super) fn post(&self, to: &Address, locale: &str, notice: Notice, at: Millis) -> NewMessage {
        let post = Post { to: input::receiver(to), locale: Locale::of(locale), notice };
        NewMessage::new(post, at)
    }
}
