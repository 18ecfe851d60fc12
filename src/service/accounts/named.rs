//! Signing up with a username and a password alone, as other systems' clients do: the account is there at once, and nothing
//! is known by which its owner could be reached.
use super::{Account, Accounts, Visit, away, input};
use crate::auth::username::Username;
use crate::fault::Fault;
use crate::room::ids::UserId;
use crate::store::audit::Actor;
use crate::store::users::{self, Made, NewUser, Rank};
use uuid::Uuid;

/// The wish for an account without an address, as it was typed.
pub struct NamedAccount<'a> {
    pub name: &'a str,
    pub username: &'a str,
    pub password: &'a str,
}

/// By what two usernames are one, however they are written; `None` for what no username can be.
pub fn username_key(text: &str) -> Option<String> {
    Username::key_of(text)
}

impl Accounts {
    /// Makes the account. Any password that is one will do, by those systems' own rule. It costs one sign-up of its
    /// source, also where the username is taken: nobody asks for usernames in masses.
    ///
    /// # Errors
    /// What is wrong with a field; [`Fault::NameTaken`], [`Fault::RateLimited`], [`Fault::Busy`],
    /// [`Fault::StorageUnavailable`].
    pub async fn register_by_name(&self, wish: NamedAccount<'_>, visit: &Visit) -> Result<Account, Fault> {
        let name = input::name(wish.name)?;
        let username = input::username(wish.username)?;
        let password = input::password(wish.password)?;
        self.0.limits.signup(visit.from)?;
        let store = &self.0.store;
        if !users::username_is_free(store, &username.key).await.map_err(away)? {
            return Err(Fault::NameTaken);
        }
        let password_hash = Some(self.0.hasher.hash(password).await?);
        let id = UserId(Uuid::now_v7());
        let new = NewUser {
            id,
            name,
            username: Some(username),
            addresses: Vec::new(),
            password_hash,
            rank: Rank::Member,
            locale: input::locale(None)?,
        };
        let by = self.by(Actor::User(id), visit);
        match users::make(store, &by, &new, &[]).await.map_err(away)? {
            Made::Made => {}
            Made::NameTaken => return Err(Fault::NameTaken),
            Made::AddressTaken | Made::NoWayIn => return Err(Fault::Internal), // it has a username and a password
        }
        let made = users::find(store, id).await.map_err(away)?;
        made.map(Account::from).ok_or(Fault::Internal)
    }

    /// Whether nobody has this username, as far as can be told now.
    pub async fn is_username_free(&self, text: &str) -> bool {
        let Some(key) = Username::key_of(text) else { return true }; // nobody can have it
        users::username_is_free(&self.0.store, &key).await.map_err(away).unwrap_or(false)
    }
}
