//! The wish to go: after some days the account is gone for good; signing in until then keeps it.
use super::{Accounts, Visit, away};
use crate::fault::Fault;
use crate::room::ids::Millis;
use crate::service::caller::SignedIn;
use crate::store::audit::Actor;
use crate::store::users;

impl Accounts {
    /// Ends all sessions; gives when the account goes.
    ///
    /// # Errors
    /// [`Fault::Forbidden`] without the password (or, where there is none, a sign-in of the last 15 minutes);
    /// [`Fault::RateLimited`], [`Fault::Busy`], [`Fault::StorageUnavailable`].
    pub async fn delete(
        &self,
        who: SignedIn,
        password: Option<&str>,
        visit: &Visit,
    ) -> Result<Millis, Fault> {
        let user = self.user(who).await?;
        self.prove(who, &user, password).await?;
        let by = self.by(Actor::User(who.user), visit);
        let delete_after = by.at.plus(self.0.settings.delete_grace_ms);
        let asked = users::ask_deletion(&self.0.store, &by, who.user, delete_after, &[]).await;
        if asked.map_err(away)? { Ok(delete_after) } else { Err(Fault::Unauthenticated) }
    }
}
