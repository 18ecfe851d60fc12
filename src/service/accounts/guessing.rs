//! How fast passwords may be guessed: at each login from everywhere together, and by itself from where its owner is known.
use super::login::Meant;
use super::{Accounts, Visit, after, away, now};
use crate::auth::username::Username;
use crate::fault::Fault;
use crate::room::ids::{Millis, UserId};
use crate::service::limits::Source;
use crate::store::audit::{self, Action};
use crate::store::users::User;
use std::sync::PoisonError;
use uuid::Uuid;

/// Sign-ins of an account that are looked through for a source, and failures for those of one.
const LOOKED_THROUGH: u64 = 300;

/// How many failed in a row, and the last of them.
type Earlier = Option<(u32, Millis)>;

impl Accounts {
    /// Counts a guess before it is made, by what was typed: a login that nobody has is held to the same. Who guesses from
    /// elsewhere doesn't keep the owner out: a source that the account was entered from has a count of its own in place
    /// of the others' (NIST SP 800-63B, 5.2.2).
    ///
    /// # Errors
    /// [`Fault::RateLimited`], [`Fault::StorageUnavailable`]
    pub(super) async fn reserve(&self, login: &str, meant: &Meant, visit: &Visit) -> Result<[u8; 32], Fault> {
        let user = match meant {
            Meant::User(user) => Some(user),
            Meant::Signup(_) | Meant::Nobody => None,
        };
        let source = Source::of(visit.from);
        // looked up for nobody too: how long an answer takes tells nothing
        let id = user.map_or(UserId(Uuid::nil()), |user| user.id);
        let entered = self.last_from(source, id, Action::SignedIn, Millis(0)).await?;
        let (key, earlier) = match (user, entered.first()) {
            (Some(user), Some(entered)) => {
                let since = user.password_changed_at.map_or(*entered, |changed| changed.max(*entered));
                let failed = self.last_from(source, id, Action::SignInFailed, since).await?;
                let count = u32::try_from(failed.len()).unwrap_or(u32::MAX);
                // signing in there and a new password begin another count
                let key = self.target_hash("login from", &format!("{source} {} {login}", since.0));
                (key, failed.first().map(|last| (count, *last)))
            }
            _ => {
                let earlier = user.and_then(|user| user.failed_at.map(|at| (user.failures, at)));
                (self.target_hash("login", login), earlier)
            }
        };
        self.count(key, earlier).map(|()| key)
    }

    /// When an account was visited so from that source, newest first.
    async fn last_from(
        &self,
        source: Source,
        user: UserId,
        action: Action,
        since: Millis,
    ) -> Result<Vec<Millis>, Fault> {
        let visits = audit::visits(&self.0.store, user, action, since, LOOKED_THROUGH).await.map_err(away)?;
        let is_there = |text: &str| text.parse().is_ok_and(|address| Source::of(address) == source);
        Ok(visits.into_iter().filter(|(from, _)| is_there(from)).map(|(_, at)| at).collect())
    }

    /// As at the sign-in, for those who are signed in and show their password anew.
    pub(super) fn reserve_own(&self, user: &User) -> Result<[u8; 32], Fault> {
        let key = self.target_hash("login", &user.id.to_string());
        self.count(key, None).map(|()| key)
    }

    fn count(&self, key: [u8; 32], earlier: Earlier) -> Result<(), Fault> {
        // those of this life are counted here; the database remembers those of the lives before
        let earlier = earlier.filter(|(_, at)| *at < self.0.started_at);
        let mut throttle = self.0.throttle.lock().unwrap_or_else(PoisonError::into_inner);
        throttle.reserve(key, earlier, now()).map_err(|wait| after(wait.retry_after_ms))
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
