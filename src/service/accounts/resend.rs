//! A code sent anew: it takes the place of the one before, and the tries go on counting.
use super::view::Opened;
use super::{Accounts, Visit, away, now};
use crate::auth::code::{Code, DIGITS};
use crate::fault::Fault;
use crate::post::{CodeFor, Notice};
use crate::room::ids::FlowId;
use crate::store::Mail;
use crate::store::flows::{self, Flow, Kind, Whose};
use crate::store::signups::{self, Find};
use crate::store::users::{self, Address};

impl Accounts {
    /// # Errors
    /// [`Fault::CodeInvalid`] if there is no such flow, or it is spent, over or tried too often; [`Fault::RateLimited`],
    /// [`Fault::StorageUnavailable`].
    pub async fn resend(&self, flow: &str, visit: &Visit) -> Result<Opened, Fault> {
        self.may_fail(visit)?;
        let found = match flow.parse::<FlowId>() {
            Ok(flow) => flows::find(&self.0.store, flow).await.map_err(away)?,
            Err(_) => None,
        };
        // the pages of these have no way to ask for another code by the flow's id
        let by_id = |flow: &Flow| !matches!(flow.kind, Kind::ShortSignUp | Kind::Entry);
        let Some(flow) = found.filter(by_id) else {
            self.failed(visit);
            return Err(Fault::CodeInvalid);
        };
        self.may_send(&flow.address, visit).await?;
        let (code, at) = (Code::random(DIGITS), now());
        let expires_at = at.plus(self.0.settings.code_ms);
        let mail = self.again(&flow, &code).await?;
        let hash = code.hash(&self.0.ring, flow.id, flow.address.key());
        let renewed = flows::renew(&self.0.store, flow.id, &hash, expires_at, &[mail]).await.map_err(away)?;
        if renewed { Ok(Opened { flow: flow.id, expires_at }) } else { Err(Fault::CodeInvalid) }
    }

    /// What is said the second time is what was said the first time.
    async fn again(&self, flow: &Flow, code: &Code) -> Result<Mail, Fault> {
        let (address, at) = (&flow.address, now());
        let opens = match flow.kind {
            Kind::SignUp | Kind::ShortSignUp => CodeFor::SignUp,
            Kind::SignIn | Kind::Entry => CodeFor::SignIn,
            Kind::Address => CodeFor::NewAddress,
        };
        let notice = self.code_notice(opens, code);
        let locale = self.locale_of(flow).await?;
        Ok(match (flow.whose, flow.kind) {
            (Whose::User(_) | Whose::SignUp(_), _) => Mail::Sent(self.post(address, &locale, notice, at)),
            (Whose::Nobody, Kind::SignUp | Kind::ShortSignUp | Kind::Address) => {
                Mail::Sent(self.post(address, &locale, Notice::AccountExists, at))
            }
            (Whose::Nobody, Kind::SignIn | Kind::Entry) => {
                Mail::Blank(self.post(address, &locale, notice, at))
            }
        })
    }

    /// The language of whoever reads it; empty if that is not known.
    async fn locale_of(&self, flow: &Flow) -> Result<String, Fault> {
        let store = &self.0.store;
        Ok(match flow.whose {
            Whose::User(user) => {
                users::find(store, user).await.map_err(away)?.map(|user| user.locale).unwrap_or_default()
            }
            Whose::Nobody => self.user_with(&flow.address).await?.map(|user| user.locale).unwrap_or_default(),
            Whose::SignUp(id) => {
                let find = match &flow.address {
                    Address::Email { key, .. } => Find::Email(key),
                    Address::Phone(number) => Find::Phone(number),
                };
                let found = signups::find_by(store, find, now()).await.map_err(away)?;
                let this = found.into_iter().find(|signup| signup.id == id);
                this.map(|signup| signup.locale).unwrap_or_default()
            }
        })
    }
}
