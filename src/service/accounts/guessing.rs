//! How fast passwords may be guessed: at each login from everywhere together, and beside that from where its owner is known.
use super::login::Meant;
use super::{Accounts, Visit, after, away, now};
use crate::auth::username::Username;
use crate::fault::Fault;
use crate::room::ids::{Millis, UserId};
use crate::service::limits::Source;
use crate::store::audit;
use crate::store::users::User;
use std::sync::PoisonError;
use uuid::Uuid;

/// Sign-ins of an account that are looked through for a source.
const SIGN_INS: u64 = 100;

impl Accounts {
    /// Counts a guess before it is made, by what was typed: a login that nobody has is held to the same. Who guesses from
    /// elsewhere doesn't keep the owner out: a source that the account was entered from before has a count of its own
    /// (NIST SP 800-63B, 5.2.2, and OWASP Authentication).
    ///
    /// # Errors
    /// [`Fault::RateLimited`], [`Fault::StorageUnavailable`]
    pub(super) async fn reserve(&self, login: &str, meant: &Meant, visit: &Visit) -> Result<[u8; 32], Fault> {
        let user = match meant {
            Meant::User(user) => Some(user),
            Meant::Signup(_) | Meant::Nobody => None,
        };
        // those of this life are counted here; the database remembers those of the lives before
        let earlier = user.and_then(|user| user.failed_at.map(|at| (user.failures, at)));
        let earlier = earlier.filter(|(_, at)| *at < self.0.started_at);
        let Err(refused) = self.count(self.target_hash("login", login), earlier) else {
            return Ok(self.target_hash("login", login));
        };
        let source = Source::of(visit.from);
        // looked up for nobody too: how long an answer takes tells nothing
        let user = user.map_or(UserId(Uuid::nil()), |user| user.id);
        if !self.has_entered_from(user, source).await? {
            return Err(refused);
        }
        let key = self.target_hash("login from", &format!("{source} {login}"));
        self.count(key, None).map(|()| key)
    }

    /// As at the sign-in, for those who are signed in and show their password anew.
    pub(super) fn reserve_own(&self, user: &User) -> Result<[u8; 32], Fault> {
        let key = self.target_hash("login", &user.id.to_string());
        self.count(key, None).map(|()| key)
    }

    fn count(&self, key: [u8; 32], earlier: Option<(u32, Millis)>) -> Result<(), Fault> {
        let mut throttle = self.0.throttle.lock().unwrap_or_else(PoisonError::into_inner);
        throttle.reserve(key, earlier, now()).map_err(|wait| after(wait.retry_after_ms))
    }

    async fn has_entered_from(&self, user: UserId, source: Source) -> Result<bool, Fault> {
        let sources = audit::sources_of(&self.0.store, user, SIGN_INS).await.map_err(away)?;
        Ok(sources.iter().filter_map(|text| text.parse().ok()).any(|known| Source::of(known) == source))
    }

    pub(super) fn give_back(&self, key: &[u8; 32]) {
        self.0.throttle.lock().unwrap_or_else(PoisonError::into_inner).give_back(key);
    }

    /// Whoever has shown in another way who they are may try passwords anew.
    pub(super) fn forgive_all(&self, user: &User) {
        let username = user.username.as_deref().and_then(Username::key_of);
        let logins = [username.as_deref(), user.email_key.as_deref(), user.phone.as_deref()];
        for login in logins.into_iter().flatten() {
            self.forgive(&self.target_hash("login", login));
        }
    }

    pub(super) fn forgive(&self, key: &[u8; 32]) {
        self.0.throttle.lock().unwrap_or_else(PoisonError::into_inner).forgive(key);
    }
}
