//! One's ways in: a new e-mail address or phone number counts once its code is shown; the last way in stays.
use super::view::{Account, Opened};
use super::{Accounts, Factor, Visit, away, input, now};
use crate::auth::code::{Code, DIGITS};
use crate::fault::Fault;
use crate::post::{CodeFor, Notice};
use crate::room::ids::{FlowId, Millis};
use crate::service::caller::SignedIn;
use crate::store::Mail;
use crate::store::audit::Actor;
use crate::store::flows::{self, Confirmed, Flow, Kind, Whose};
use crate::store::users::{self, Address, Dropped, User};

impl Accounts {
    /// # Errors
    /// [`Fault::InvalidEmail`], [`Fault::RateLimited`], [`Fault::StorageUnavailable`].
    pub async fn give_email(&self, who: SignedIn, email: &str, visit: &Visit) -> Result<Opened, Fault> {
        self.give(who, &input::email(email)?, visit).await
    }

    /// # Errors
    /// [`Fault::InvalidPhone`], [`Fault::RateLimited`], [`Fault::StorageUnavailable`].
    pub async fn give_phone(&self, who: SignedIn, phone: &str, visit: &Visit) -> Result<Opened, Fault> {
        self.give(who, &input::phone(phone)?, visit).await
    }

    /// The answer doesn't tell whether the address is somebody else's already; a mail to it does.
    async fn give(&self, who: SignedIn, address: &Address, visit: &Visit) -> Result<Opened, Fault> {
        self.may_send(address, visit).await?;
        let other = self.user_with(address).await?.filter(|user| user.id != who.user);
        let (code, at) = (Code::random(DIGITS), now());
        let (whose, notice, locale) = match other {
            Some(other) => (Whose::Nobody, Notice::AccountExists, other.locale),
            None => {
                let notice = self.code_notice(CodeFor::NewAddress, &code);
                (Whose::User(who.user), notice, self.user(who).await?.locale)
            }
        };
        let flow = self.flow(Kind::Address, whose, address, &code, at);
        let mail = Mail::Sent(self.post(address, &locale, notice, at));
        flows::begin(&self.0.store, &flow, &[mail]).await.map_err(away)?;
        Ok(Opened { flow: flow.id, expires_at: flow.expires_at })
    }

    /// # Errors
    /// [`Fault::CodeInvalid`] for a wrong, expired, used, unknown or somebody else's one; [`Fault::RateLimited`],
    /// [`Fault::StorageUnavailable`].
    pub async fn confirm(
        &self,
        who: SignedIn,
        factor: Factor,
        flow: &str,
        code: &str,
        visit: &Visit,
    ) -> Result<Account, Fault> {
        self.may_fail(visit)?;
        let (Ok(flow), Some(code)) = (flow.parse::<FlowId>(), Code::parse(code)) else {
            self.failed(visit);
            return Err(Fault::CodeInvalid);
        };
        let by = self.by(Actor::User(who.user), visit);
        let mail = self.farewell(&self.user(who).await?, factor, by.at);
        let fits = |flow: &Flow| flow.address.factor() == factor && self.fits(&code, flow);
        let confirmed = flows::confirm_address(&self.0.store, &by, (who.user, flow), fits, &mail).await;
        match confirmed.map_err(away)? {
            Confirmed::Confirmed(user) => Ok(user.into()),
            Confirmed::NotRight => {
                self.failed(visit);
                Err(Fault::CodeInvalid)
            }
        }
    }

    /// # Errors
    /// [`Fault::InvalidField`] if it is the last way in; [`Fault::StorageUnavailable`].
    pub async fn remove(&self, who: SignedIn, factor: Factor, visit: &Visit) -> Result<(), Fault> {
        let by = self.by(Actor::User(who.user), visit);
        let mail = self.farewell(&self.user(who).await?, factor, by.at);
        match users::drop_address(&self.0.store, &by, who.user, factor, &mail).await.map_err(away)? {
            Dropped::Dropped(_) => Ok(()),
            Dropped::LastWayIn => {
                let field = match factor {
                    Factor::Email => "email",
                    Factor::Phone => "phone",
                };
                Err(Fault::field(field, "the last way in can't be removed"))
            }
            Dropped::Gone => Err(Fault::Unauthenticated),
        }
    }

    /// Tells the address that was in use until now, if there was one.
    fn farewell(&self, user: &User, factor: Factor, at: Millis) -> Vec<Mail> {
        let old = match factor {
            Factor::Email => user.email.as_ref().map(|text| Address::Email {
                text: text.clone(),
                key: user.email_key.clone().unwrap_or_default(),
            }),
            Factor::Phone => user.phone.clone().map(Address::Phone),
        };
        let mail = old.map(|old| Mail::Sent(self.post(&old, &user.locale, Notice::AddressRemoved, at)));
        mail.into_iter().collect()
    }
}
