//! From what was shown to who asks: sessions and API keys are looked up, owner secrets and seats are read.
use super::{Accounts, away, now};
use crate::auth::session::{Token, TokenKind};
use crate::fault::Fault;
use crate::service::caller::{Caller, KeyHolder, SignedIn};
use crate::service::scopes::Scopes;
use crate::store::sessions::Good;
use crate::store::{keys, sessions};

impl Accounts {
    /// Who shows this bearer token.
    ///
    /// # Errors
    /// [`Fault::TokenInvalid`] for every kind of bad token; [`Fault::StorageUnavailable`].
    pub async fn caller(&self, token: &str) -> Result<Caller, Fault> {
        if let Some(token) = Token::parse_session(token) {
            return self.by_session(&token).await;
        }
        if let Some(token) = Token::parse(TokenKind::ApiKey, token) {
            return self.by_key(&token).await;
        }
        Caller::read(token, &self.0.ring)
    }

    /// Who shows this cookie: a session, and nothing else.
    ///
    /// # Errors
    /// As [`Self::caller`].
    pub async fn caller_by_cookie(&self, token: &str) -> Result<Caller, Fault> {
        let token = Token::parse_session(token).ok_or(Fault::TokenInvalid)?;
        self.by_session(&token).await
    }

    async fn by_session(&self, token: &Token) -> Result<Caller, Fault> {
        let (store, now) = (&self.0.store, now());
        let good = self.good();
        let found = sessions::find(store, &token.hash(), good).await.map_err(away)?;
        let (session, user) = found.ok_or(Fault::TokenInvalid)?;
        sessions::touch(store, &session, now).await.map_err(away)?;
        Ok(Caller::User(SignedIn { user: user.id, login: session.id, proven_at: session.proven_at }))
    }

    async fn by_key(&self, token: &Token) -> Result<Caller, Fault> {
        let (store, now) = (&self.0.store, now());
        let found = keys::find(store, &token.hash(), now).await.map_err(away)?;
        let key = found.ok_or(Fault::TokenInvalid)?;
        keys::touch(store, &key, now).await.map_err(away)?;
        Ok(Caller::Key(KeyHolder { key: key.id, owner: key.owner, scopes: Scopes::read(&key.scopes) }))
    }

    pub(super) fn good(&self) -> Good {
        Good { now: now(), idle_ms: self.0.settings.idle_ms }
    }
}
