//! A password forgotten: a link by mail sets a new one, once, and ends every session of before.
use super::{Accounts, Visit, away, input, minutes, now};
use crate::auth::session::{Token, TokenKind};
use crate::auth::strength;
use crate::fault::Fault;
use crate::post::{Hidden, Notice};
use crate::store::Mail;
use crate::store::audit::Actor;
use crate::store::resets::{self, NewReset, Spent};
use crate::store::users::{self, Status, User};

impl Accounts {
    /// # Errors
    /// [`Fault::InvalidEmail`], [`Fault::RateLimited`], [`Fault::StorageUnavailable`]; never tells whether it is anybody's.
    pub async fn forgot(&self, email: &str, visit: &Visit) -> Result<(), Fault> {
        let address = input::email(email)?;
        self.may_send(&address, visit).await?;
        let user = self.user_with(&address).await?.filter(|user| user.status == Status::Active);
        let (token, at) = (Token::random(TokenKind::Reset), now());
        let minutes = minutes(self.0.settings.reset_ms);
        let notice = Notice::ResetLink { token: Hidden::new(token.as_str()), minutes };
        let store = &self.0.store;
        let begun = match user {
            Some(user) => {
                let mail = Mail::Sent(self.post(&address, &user.locale, notice, at));
                let expires_at = at.plus(self.0.settings.reset_ms);
                let new = NewReset { token_hash: token.hash(), user: user.id, expires_at };
                resets::begin(store, &self.by(Actor::Nobody, visit), &new, &[mail]).await
            }
            None => {
                let mail = Mail::Blank(self.post(&address, "", notice, at));
                resets::begin_for_nobody(store, &[mail]).await
            }
        };
        begun.map_err(away)
    }

    /// # Errors
    /// [`Fault::TokenInvalid`] for a link that is unknown, over or used; [`Fault::WeakPassword`], [`Fault::RateLimited`],
    /// [`Fault::Busy`], [`Fault::StorageUnavailable`].
    pub async fn reset(&self, token: &str, password: &str, visit: &Visit) -> Result<(), Fault> {
        let password = input::password(password)?;
        self.may_fail(visit)?;
        let Some((token, user)) = self.holder(token).await? else {
            self.failed(visit);
            return Err(Fault::TokenInvalid);
        };
        strength::judge(&password, self.0.settings.password_least, &known(&user))?;
        let hash = self.0.hasher.hash(password).await?;
        let by = self.by(Actor::User(user.id), visit);
        let mail = self.tell(&user, Notice::PasswordChanged, by.at);
        match resets::spend(&self.0.store, &by, &token.hash(), &hash, &mail).await.map_err(away)? {
            Spent::Spent(user) => {
                self.forgive_all(&user);
                Ok(())
            }
            Spent::NotRight => Err(Fault::TokenInvalid),
        }
    }

    /// Whose link it is, asked before anything dear is done.
    async fn holder(&self, token: &str) -> Result<Option<(Token, User)>, Fault> {
        let Some(token) = Token::parse(TokenKind::Reset, token) else { return Ok(None) };
        let found = resets::find(&self.0.store, &token.hash(), now()).await.map_err(away)?;
        let Some(user) = found else { return Ok(None) };
        let user = users::find(&self.0.store, user).await.map_err(away)?;
        Ok(user.map(|user| (token, user)))
    }
}

/// What others know of them, so that no password is made of it.
pub(super) fn known(user: &User) -> Vec<&str> {
    let also = [&user.username, &user.email, &user.phone];
    std::iter::once(user.name.as_str()).chain(also.into_iter().filter_map(Option::as_deref)).collect()
}
