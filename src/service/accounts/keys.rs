//! API keys of one's own: they reach one's rooms, as far as their scopes say.
use super::view::KeyInfo;
use super::{Accounts, Visit, away, input, now};
use crate::auth::session::{Token, TokenKind};
use crate::fault::Fault;
use crate::room::ids::{KeyId, Millis};
use crate::service::caller::SignedIn;
use crate::service::scopes::Scopes;
use crate::store::audit::Actor;
use crate::store::keys::{self, Made, Whose};
use uuid::Uuid;

/// The wish for a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewKey {
    pub name: String,
    pub scopes: Scopes,
    /// `None`: until it is revoked.
    pub expires_at: Option<Millis>,
}

impl Accounts {
    /// The keys that are good, the newest first.
    ///
    /// # Errors
    /// [`Fault::StorageUnavailable`]
    pub async fn keys(&self, who: SignedIn) -> Result<Vec<KeyInfo>, Fault> {
        let found = keys::list(&self.0.store, Whose::User(who.user)).await.map_err(away)?;
        let now = now();
        let is_good = |key: &keys::Key| {
            key.revoked_at.is_none() && key.expires_at.is_none_or(|expires_at| expires_at > now)
        };
        Ok(found.into_iter().filter(is_good).map(KeyInfo::from).collect())
    }

    /// The key and its secret, which is shown this once.
    ///
    /// # Errors
    /// What is wrong with a field; [`Fault::Quota`], [`Fault::StorageUnavailable`].
    pub async fn create_key(
        &self,
        who: SignedIn,
        wish: NewKey,
        visit: &Visit,
    ) -> Result<(KeyInfo, Token), Fault> {
        if wish.scopes.is_empty() {
            return Err(Fault::field("scopes", "at least one"));
        }
        if wish.expires_at.is_some_and(|expires_at| expires_at <= now()) {
            return Err(Fault::field("expires_at", "not in the future"));
        }
        let secret = Token::random(TokenKind::ApiKey);
        let new = keys::NewKey {
            id: KeyId(Uuid::now_v7()),
            name: input::name(&wish.name)?,
            owner: Some(who.user),
            scopes: wish.scopes.to_string(),
            secret_hash: secret.hash(),
            prefix: secret.beginning().to_owned(),
            expires_at: wish.expires_at,
        };
        let by = self.by(Actor::User(who.user), visit);
        match keys::make(&self.0.store, &by, &new, self.0.settings.keys).await.map_err(away)? {
            Made::Made(key) => Ok((key.into(), secret)),
            Made::TooMany => Err(Fault::Quota),
        }
    }

    /// # Errors
    /// [`Fault::NoSuchTarget`] also for somebody else's key; [`Fault::StorageUnavailable`].
    pub async fn revoke_key(&self, who: SignedIn, id: &str, visit: &Visit) -> Result<(), Fault> {
        let id: KeyId = id.parse().map_err(|_| Fault::NoSuchTarget)?;
        let by = self.by(Actor::User(who.user), visit);
        let revoked = keys::revoke(&self.0.store, &by, id, Whose::User(who.user)).await.map_err(away)?;
        if revoked { Ok(()) } else { Err(Fault::NoSuchTarget) }
    }
}
