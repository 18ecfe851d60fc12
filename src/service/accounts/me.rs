//! One's own account: looked at, renamed, signed out; one's devices.
use super::view::{Account, Device};
use super::{Accounts, Visit, away, input};
use crate::fault::Fault;
use crate::room::ids::{LoginId, RoomId, UserId};
use crate::service::caller::SignedIn;
use crate::store::audit::{self, Action, Actor};
use crate::store::numbers;
use crate::store::sessions::{self, Except};
use crate::store::users::{self, Changed};
use serde_json::json;

/// What is to be changed; the rest stays.
pub struct Profile {
    pub name: Option<String>,
    pub username: Option<String>,
    pub locale: Option<String>,
}

impl Accounts {
    /// # Errors
    /// [`Fault::StorageUnavailable`]
    pub async fn me(&self, who: SignedIn) -> Result<Account, Fault> {
        self.user(who).await.map(Account::from)
    }

    /// The small number by which some systems name this user.
    ///
    /// # Errors
    /// [`Fault::StorageUnavailable`]
    pub async fn number(&self, user: UserId) -> Result<i64, Fault> {
        numbers::of(&self.0.store, user).await.map_err(away)
    }

    /// # Errors
    /// What is wrong with a field; [`Fault::NameTaken`], [`Fault::StorageUnavailable`].
    pub async fn change(&self, who: SignedIn, wish: Profile, visit: &Visit) -> Result<Account, Fault> {
        let profile = users::Profile {
            name: wish.name.as_deref().map(input::name).transpose()?,
            username: wish.username.as_deref().map(input::username).transpose()?,
            locale: wish.locale.as_deref().map(|locale| input::locale(Some(locale))).transpose()?,
        };
        if profile == users::Profile::default() {
            return Err(Fault::field("name", "say name, username or locale"));
        }
        let by = self.by(Actor::User(who.user), visit);
        match users::change_profile(&self.0.store, &by, who.user, &profile).await.map_err(away)? {
            Changed::Changed(user) => Ok(user.into()),
            Changed::NameTaken => Err(Fault::NameTaken),
            Changed::Gone => Err(Fault::Unauthenticated),
        }
    }

    /// Ends this session; its sockets are closed.
    ///
    /// # Errors
    /// [`Fault::StorageUnavailable`]
    pub async fn logout(&self, who: SignedIn, visit: &Visit) -> Result<(), Fault> {
        let by = self.by(Actor::User(who.user), visit);
        let ended = sessions::end(&self.0.store, &by, who.user, who.login, Action::SignedOut).await;
        ended.map(drop).map_err(away) // ended by another device meanwhile: so it is ended
    }

    /// Keeps in the trail that a guest's room became this account's.
    ///
    /// # Errors
    /// [`Fault::StorageUnavailable`]
    pub async fn note_claim(&self, who: SignedIn, room: RoomId, visit: &Visit) -> Result<(), Fault> {
        let by = self.by(Actor::User(who.user), visit);
        let detail = json!({ "room": room.to_string() });
        audit::record(&self.0.store, &by, Some(who.user), Action::RoomClaimed, detail).await.map_err(away)
    }

    /// # Errors
    /// [`Fault::StorageUnavailable`]
    pub async fn devices(&self, who: SignedIn) -> Result<Vec<Device>, Fault> {
        let found = sessions::list(&self.0.store, who.user, self.good()).await.map_err(away)?;
        Ok(found.into_iter().map(|session| Device::of(session, who.login)).collect())
    }

    /// # Errors
    /// [`Fault::NoSuchTarget`] also for a session of somebody else; [`Fault::StorageUnavailable`].
    pub async fn end_device(&self, who: SignedIn, id: &str, visit: &Visit) -> Result<(), Fault> {
        let id: LoginId = id.parse().map_err(|_| Fault::NoSuchTarget)?;
        let by = self.by(Actor::User(who.user), visit);
        let ended = sessions::end(&self.0.store, &by, who.user, id, Action::SessionEnded).await;
        if ended.map_err(away)? { Ok(()) } else { Err(Fault::NoSuchTarget) }
    }

    /// # Errors
    /// [`Fault::StorageUnavailable`]
    pub async fn end_other_devices(&self, who: SignedIn, visit: &Visit) -> Result<(), Fault> {
        let by = self.by(Actor::User(who.user), visit);
        let except = Except::This(who.login);
        sessions::end_all(&self.0.store, &by, who.user, except).await.map(drop).map_err(away)
    }
}
