//! Signing in with a password. Known and unknown logins cost one hash each, and the limiters come before it.
use super::view::{Account, Entered};
use super::{Accounts, Visit, away, input, now};
use crate::auth::code::{Code, DIGITS};
use crate::auth::email::Email;
use crate::auth::password::{Password, Verdict};
use crate::auth::phone::Phone;
use crate::auth::session::{Form, Token};
use crate::auth::username::Username;
use crate::fault::Fault;
use crate::post::CodeFor;
use crate::room::ids::{LoginId, Millis};
use crate::room::record::System;
use crate::store::Mail;
use crate::store::audit::Actor;
use crate::store::flows::{self, Kind, Whose};
use crate::store::sessions::{self, NewSession, Opened, Proof};
use crate::store::signups::{self, Find, Signup};
use crate::store::users::{self, User};
use uuid::Uuid;

/// Bytes of a login that are looked at; none that anybody has is longer.
const LOGIN_BYTES: usize = 320;

/// What was typed as login, in the form by which it is looked up.
pub(super) enum Login {
    Email(String),
    Phone(String),
    Username(String),
    /// What no account can have.
    Nothing(String),
}

impl Login {
    fn read(text: &str) -> Result<Self, Fault> {
        let text = text.trim();
        if text.is_empty() || text.len() > LOGIN_BYTES || text.chars().any(char::is_control) {
            return Err(Fault::field("login", "a username, e-mail address or phone number"));
        }
        Ok(if let Ok(email) = Email::parse(text) {
            Self::Email(email.key().to_owned())
        } else if let Ok(phone) = Phone::parse(text) {
            Self::Phone(phone.as_str().to_owned())
        } else if let Some(key) = Username::key_of(text) {
            Self::Username(key)
        } else {
            Self::Nothing(text.to_lowercase())
        })
    }

    pub(super) fn key(&self) -> &str {
        let (Self::Email(key) | Self::Phone(key) | Self::Username(key) | Self::Nothing(key)) = self;
        key
    }
}

/// Whom a login could mean.
pub(super) enum Meant {
    User(Box<User>),
    /// Somebody who has never shown their code.
    Signup(Box<Signup>),
    Nobody,
}

impl Meant {
    pub(super) fn kept(&self) -> Option<&str> {
        match self {
            Self::User(user) => user.password_hash.as_deref(),
            Self::Signup(signup) => signup.password_hash.as_deref(),
            Self::Nobody => None,
        }
    }
}

impl Accounts {
    /// # Errors
    /// [`Fault::Unauthenticated`], one text whatever is wrong; [`Fault::Unverified`] if the password is right, but the
    /// address was never confirmed (a new code is sent); [`Fault::RateLimited`], [`Fault::Busy`],
    /// [`Fault::StorageUnavailable`].
    pub async fn login(&self, login: &str, password: &str, visit: &Visit) -> Result<Entered, Fault> {
        let login = Login::read(login)?;
        let password = input::password(password)?;
        self.may_fail(visit)?;
        let meant = self.meant(&login).await?;
        let key = self.reserve(login.key(), &meant, visit).await?;
        let verdict = self.0.hasher.verify(password.clone(), meant.kept()).await;
        let verdict = verdict.inspect_err(|_| self.give_back(&key))?;
        match (verdict, meant) {
            (Verdict::Right | Verdict::RightButOutdated, Meant::User(user)) => {
                let entered = self.enter(*user, verdict, password, visit).await?;
                self.forgive(&key);
                Ok(entered)
            }
            (Verdict::Right | Verdict::RightButOutdated, Meant::Signup(signup)) => {
                self.forgive(&key);
                Err(self.unverified(*signup, visit).await?)
            }
            (_, meant) => Err(self.wrong(meant, visit).await?),
        }
    }

    pub(super) async fn meant(&self, login: &Login) -> Result<Meant, Fault> {
        let store = &self.0.store;
        let (user, find) = match login {
            Login::Email(key) => (users::by_email(store, key).await, Find::Email(key)),
            Login::Phone(number) => (users::by_phone(store, number).await, Find::Phone(number)),
            Login::Username(key) => (users::by_username(store, key).await, Find::Username(key)),
            // looked up like the others: nobody has it
            Login::Nothing(key) => (users::by_username(store, key).await, Find::Username(key)),
        };
        let signups = signups::find_by(store, find, now()).await.map_err(away)?;
        let with_password = signups.into_iter().find(|signup| signup.password_hash.is_some());
        Ok(match (user.map_err(away)?, with_password) {
            (Some(user), _) => Meant::User(Box::new(user)),
            (None, Some(signup)) => Meant::Signup(Box::new(signup)),
            (None, None) => Meant::Nobody,
        })
    }

    pub(super) async fn enter(
        &self,
        user: User,
        verdict: Verdict,
        password: Password,
        visit: &Visit,
    ) -> Result<Entered, Fault> {
        let by = self.by(Actor::User(user.id), visit);
        let (token, session) = self.new_session(by.at, visit);
        let proof = Proof::Password { changed_at: user.password_changed_at };
        let opened = sessions::open(&self.0.store, &by, user.id, proof, &session, &[]).await.map_err(away)?;
        let Opened::Opened(user) = opened else { return Err(Fault::Unauthenticated) };
        if verdict == Verdict::RightButOutdated {
            self.rehash(&user, password).await;
        }
        Ok(self.entered(user, token, &session, by.at))
    }

    /// Keeps today's hash in place of an older one; if that fails now, the next sign-in does it.
    async fn rehash(&self, user: &User, password: Password) {
        let Some(seen) = &user.password_hash else { return };
        let done = match self.0.hasher.hash(password).await {
            Ok(hash) => users::rehash(&self.0.store, user.id, seen, &hash).await.map_err(away),
            Err(fault) => Err(fault),
        };
        if let Err(fault) = done {
            tracing::debug!(code = fault.code(), "an older hash stays until the next sign-in");
        }
    }

    /// The way to the code that was never shown.
    async fn unverified(&self, signup: Signup, visit: &Visit) -> Result<Fault, Fault> {
        self.may_send(&signup.address, visit).await?;
        let (code, at) = (Code::random(DIGITS), now());
        let flow = self.flow(Kind::SignUp, Whose::SignUp(signup.id), &signup.address, &code, at);
        let notice = self.code_notice(CodeFor::SignUp, &code);
        let mail = Mail::Sent(self.post(&signup.address, &signup.locale, notice, at));
        flows::begin(&self.0.store, &flow, &[mail]).await.map_err(away)?;
        Ok(Fault::Unverified { flow: flow.id.to_string() })
    }

    /// Counted where it outlives this server, and kept in the trail.
    pub(super) async fn wrong(&self, meant: Meant, visit: &Visit) -> Result<Fault, Fault> {
        self.failed(visit);
        let by = self.by(Actor::Nobody, visit);
        let user = match meant {
            Meant::User(user) => Some(user.id),
            Meant::Signup(_) | Meant::Nobody => None,
        };
        users::note_failure(&self.0.store, &by, user).await.map_err(away)?;
        Ok(Fault::Unauthenticated)
    }

    pub(super) fn new_session(&self, at: Millis, visit: &Visit) -> (Token, NewSession) {
        let token = Token::random_session(form(visit.system));
        let settings = &self.0.settings;
        let lasts_ms = match visit.system {
            System::Mesibo => settings.mesibo_session_ms,
            System::Native | System::Animo | System::Meet | System::HundredMs => settings.session_ms,
        };
        let session = NewSession {
            id: LoginId(Uuid::now_v7()),
            token_hash: token.hash(),
            device: visit.device.clone(),
            face: visit.system.word().into(),
            expires_at: at.plus(lasts_ms),
        };
        (token, session)
    }

    pub(super) fn entered(&self, user: User, token: Token, session: &NewSession, at: Millis) -> Entered {
        Entered {
            account: Account::from(user),
            login: session.id,
            expires_at: session.expires_at,
            lasts_seconds: session.expires_at.since(at) / 1_000,
            token,
        }
    }
}

/// How the tokens of a system's sessions are spelt.
fn form(system: System) -> Form {
    match system {
        System::Native | System::HundredMs => Form::Native,
        System::Animo => Form::Hex40,
        System::Meet | System::Mesibo => Form::Alnum32,
    }
}
