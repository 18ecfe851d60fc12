//! One's own password: shown anew before what matters, and changed.
use super::{Accounts, Visit, away, input, now, reset};
use crate::auth::password::Verdict;
use crate::auth::strength;
use crate::fault::Fault;
use crate::post::Notice;
use crate::room::ids::Millis;
use crate::service::caller::SignedIn;
use crate::store::Mail;
use crate::store::audit::Actor;
use crate::store::sessions::{self, Except};
use crate::store::users::{self, Address, Changed, User};

/// How long after a sign-in nothing more has to be shown by those who have no password.
const PROVEN_MS: i64 = 15 * 60_000;
/// The password, or a sign-in of just now, is needed here.
const PROOF: Fault = Fault::Forbidden { right: "password" };

impl Accounts {
    /// Sets or changes the password, and ends all other sessions.
    ///
    /// # Errors
    /// [`Fault::Forbidden`] without the current one (or, where there is none, a sign-in of the last 15 minutes);
    /// [`Fault::WeakPassword`], [`Fault::RateLimited`], [`Fault::Busy`], [`Fault::StorageUnavailable`].
    pub async fn change_password(
        &self,
        who: SignedIn,
        current: Option<&str>,
        new: &str,
        visit: &Visit,
    ) -> Result<(), Fault> {
        let new = input::password(new)?;
        let user = self.user(who).await?;
        strength::judge(&new, self.0.settings.password_least, &reset::known(&user))?;
        self.prove(who, &user, current).await?;
        let hash = self.0.hasher.hash(new).await?;
        let by = self.by(Actor::User(who.user), visit);
        let mail = self.tell(&user, Notice::PasswordChanged, by.at);
        let (seen, except) = (user.password_changed_at, Except::This(who.login));
        let changed = users::set_password(&self.0.store, &by, (who.user, seen), &hash, except, &mail).await;
        match changed.map_err(away)? {
            Changed::Changed(_) => sessions::prove(&self.0.store, who.login, now()).await.map_err(away),
            // changed by another device meanwhile, which has ended this session
            Changed::Gone | Changed::NameTaken => Err(Fault::Unauthenticated),
        }
    }

    /// Whoever holds a session may be somebody who found an open laptop: what can't be undone needs the password.
    pub(super) async fn prove(&self, who: SignedIn, user: &User, shown: Option<&str>) -> Result<(), Fault> {
        let Some(kept) = &user.password_hash else {
            let is_fresh = now().since(who.proven_at) < PROVEN_MS;
            return if is_fresh { Ok(()) } else { Err(PROOF) };
        };
        let shown = input::password(shown.ok_or(PROOF)?)?;
        let key = self.reserve_own(user)?;
        let verdict = self.0.hasher.verify(shown, Some(kept)).await;
        match verdict.inspect_err(|_| self.give_back(&key))? {
            Verdict::Wrong => Err(PROOF),
            Verdict::Right | Verdict::RightButOutdated => {
                self.forgive(&key);
                Ok(())
            }
        }
    }

    /// The account as it is now.
    pub(super) async fn user(&self, who: SignedIn) -> Result<User, Fault> {
        let found = users::find(&self.0.store, who.user).await.map_err(away)?;
        found.ok_or(Fault::Unauthenticated)
    }

    /// Tells the account's owner, where they can be reached.
    pub(super) fn tell(&self, user: &User, notice: Notice, at: Millis) -> Vec<Mail> {
        let to = match (&user.email, &user.phone) {
            (Some(text), _) => {
                Address::Email { text: text.clone(), key: user.email_key.clone().unwrap_or_default() }
            }
            (None, Some(number)) => Address::Phone(number.clone()),
            (None, None) => return Vec::new(),
        };
        vec![Mail::Sent(self.post(&to, &user.locale, notice, at))]
    }
}
