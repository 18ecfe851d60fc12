//! Signing in with a code by mail or text message. An address that nobody has gets the same answer, and no message.
use super::view::{Entered, Opened};
use super::{Accounts, Visit, away, input, now};
use crate::auth::code::{Code, DIGITS};
use crate::fault::Fault;
use crate::post::CodeFor;
use crate::room::ids::FlowId;
use crate::store::Mail;
use crate::store::audit::Actor;
use crate::store::flows::{self, Flow, Kind, SignedIn, Whose};
use crate::store::users::Status;

impl Accounts {
    /// # Errors
    /// What is wrong with the address; [`Fault::RateLimited`], [`Fault::StorageUnavailable`].
    pub async fn ask_code(
        &self,
        email: Option<&str>,
        phone: Option<&str>,
        visit: &Visit,
    ) -> Result<Opened, Fault> {
        let address = input::address(email, phone)?;
        self.may_send(&address, visit).await?;
        let user = self.user_with(&address).await?.filter(|user| user.status == Status::Active);
        let (code, at) = (Code::random(DIGITS), now());
        let notice = self.code_notice(CodeFor::SignIn, &code);
        let (whose, mail) = match &user {
            Some(user) => (Whose::User(user.id), Mail::Sent(self.post(&address, &user.locale, notice, at))),
            None => (Whose::Nobody, Mail::Blank(self.post(&address, "", notice, at))),
        };
        let flow = self.flow(Kind::SignIn, whose, &address, &code, at);
        flows::begin(&self.0.store, &flow, &[mail]).await.map_err(away)?;
        Ok(Opened { flow: flow.id, expires_at: flow.expires_at })
    }

    /// # Errors
    /// [`Fault::CodeInvalid`] for a wrong, expired, used or unknown one; [`Fault::RateLimited`],
    /// [`Fault::StorageUnavailable`].
    pub async fn login_by_code(&self, flow: &str, code: &str, visit: &Visit) -> Result<Entered, Fault> {
        self.may_fail(visit)?;
        let (Ok(flow), Some(code)) = (flow.parse::<FlowId>(), Code::parse(code)) else {
            self.failed(visit);
            return Err(Fault::CodeInvalid);
        };
        let by = self.by(Actor::Nobody, visit);
        let (token, session) = self.new_session(by.at, visit);
        let fits = |flow: &Flow| self.fits(&code, flow);
        match flows::sign_in(&self.0.store, &by, flow, fits, &session).await.map_err(away)? {
            SignedIn::SignedIn(user) => {
                self.forgive_all(&user);
                Ok(self.entered(user, token, &session, by.at))
            }
            SignedIn::NotRight => {
                self.failed(visit);
                Err(Fault::CodeInvalid)
            }
        }
    }
}
