//! Entering by an address alone, as mesibo's clients do: whoever shows the code that came to it is signed in, and has an
//! account from then on.
use super::view::Entered;
use super::{Accounts, Visit, away, input, now};
use crate::auth::code::Code;
use crate::auth::phone::Phone;
use crate::fault::Fault;
use crate::post::CodeFor;
use crate::room::ids::UserId;
use crate::seal::Purpose;
use crate::store::audit::Actor;
use crate::store::flows::{self, Entered as Became, Flow, Kind, Whose};
use crate::store::users::{Address, NewUser, Rank};
use uuid::Uuid;

/// What somebody is called who gives no name, or none that can be shown.
const NAMELESS: &str = "Guest";
/// Codes sent to one address in a minute: a second one would only be in the way of the first.
const A_MINUTE: u64 = 1;
/// Bytes of an alias: as many as a SHA-1 has, for which its readers take it.
const ALIAS_BYTES: usize = 20;

/// The address by which somebody enters, as it was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way<'a> {
    Email(&'a str),
    /// With `+` and country code.
    Phone(&'a str),
}

impl Way<'_> {
    fn read(self) -> Result<Address, Fault> {
        match self {
            Self::Email(text) => input::email(text),
            Self::Phone(text) => input::phone(text),
        }
    }
}

impl Accounts {
    /// Sends a code, unless one was sent within a minute or too many were: nobody is told which.
    ///
    /// # Errors
    /// [`Fault::InvalidEmail`], [`Fault::InvalidPhone`], [`Fault::StorageUnavailable`].
    pub async fn ask_entry(&self, way: Way<'_>, visit: &Visit) -> Result<(), Fault> {
        let address = way.read()?;
        match self.may_send_so_often(&address, visit, A_MINUTE).await {
            Err(Fault::RateLimited { .. }) => return Ok(()),
            sent => sent?,
        }
        let locale = match self.user_with(&address).await? {
            Some(user) => user.locale,
            None => input::locale(None)?,
        };
        let (code, at) = (Code::random_number(), now());
        let flow = self.flow(Kind::Entry, Whose::Nobody, &address, &code, at);
        let notice = self.code_notice(CodeFor::SignIn, &code);
        let mail = crate::store::Mail::Sent(self.post(&address, &locale, notice, at));
        flows::begin_alone(&self.0.store, &flow, &[mail]).await.map_err(away)
    }

    /// Signs in with the code that came last, and makes the account if the address has none; its name is taken then.
    ///
    /// # Errors
    /// [`Fault::CodeInvalid`] for a wrong, expired, used or unknown one, [`Fault::Unauthenticated`] for a right one of an
    /// account that is shut; [`Fault::RateLimited`], [`Fault::StorageUnavailable`].
    pub async fn enter_by_code(
        &self,
        way: Way<'_>,
        code: &str,
        name: &str,
        visit: &Visit,
    ) -> Result<Entered, Fault> {
        self.may_fail(visit)?;
        let shown = match (way.read(), Code::parse(code)) {
            (Ok(address), Some(code)) => self.open_entry(&address).await?.map(|flow| (flow, code)),
            _ => None,
        };
        let Some((flow, code)) = shown else {
            self.failed(visit);
            return Err(Fault::CodeInvalid);
        };
        let new = NewUser {
            id: UserId(Uuid::now_v7()),
            name: input::name(name).unwrap_or_else(|_| NAMELESS.to_owned()),
            username: None,
            addresses: Vec::new(),
            password_hash: None,
            rank: Rank::Member,
            locale: input::locale(None)?,
        };
        let by = self.by(Actor::Nobody, visit);
        let (token, session) = self.new_session(by.at, visit);
        let fits = |flow: &Flow| self.fits(&code, flow);
        match flows::enter(&self.0.store, &by, flow.id, fits, &new, &session).await.map_err(away)? {
            Became::Entered(user) => {
                self.forgive_all(&user);
                Ok(self.entered(user, token, &session, by.at))
            }
            Became::NotRight => {
                self.failed(visit);
                Err(Fault::CodeInvalid)
            }
            Became::Shut => Err(Fault::Unauthenticated),
        }
    }

    async fn open_entry(&self, address: &Address) -> Result<Option<Flow>, Fault> {
        let newest = flows::newest(&self.0.store, Kind::Entry, address.key()).await.map_err(away)?;
        Ok(newest.filter(|seen| !seen.is_done).map(|seen| seen.flow))
    }

    /// What stands for an e-mail address where others see it: 40 hex digits that tell nothing of it.
    pub fn alias_of(&self, email: &str) -> String {
        let key = input::email(email).map_or_else(|_| email.to_lowercase(), |email| email.key().to_owned());
        let hash = self.0.ring.derive(Purpose::Alias, &[key.as_bytes()]);
        hash[..ALIAS_BYTES].iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The digits of a number's country code; none if it is no number.
    pub fn country_of(phone: &str) -> String {
        Phone::country_code(phone).unwrap_or_default()
    }
}
