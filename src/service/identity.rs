//! Who shows a token on a socket: an account by its session, or whoever holds a room token.
use super::token_ends::{End, LONGEST_MS, TokenEnds, Which};
use crate::actors::Clock;
use crate::actors::gate::Principal;
use crate::auth::room_token::{LEEWAY_MS, RoomTokens};
use crate::auth::session::Token;
use crate::fault::Fault;
use crate::room::footing::{self, Footing};
use crate::room::ids::{RoomId, TokenId};
use crate::store::audit::{Actor, By};
use crate::store::sessions::{self, Good};
use crate::store::{Store, token_ends};
use std::sync::Arc;

/// What is needed to tell. Cheap to clone.
#[derive(Clone)]
pub struct Identity {
    pub store: Store,
    pub clock: Clock,
    pub tokens: Arc<RoomTokens>,
    pub ends: Arc<TokenEnds>,
    /// A session unused for so long has ended.
    pub idle_ms: i64,
}

impl Identity {
    /// # Errors
    /// [`Fault::TokenInvalid`], whatever is wrong with it; [`Fault::StorageUnavailable`] for a session that can't be
    /// looked up now. A room token needs no database.
    pub async fn of(&self, shown: &str) -> Result<Principal, Fault> {
        match Token::parse_session(shown) {
            Some(token) => self.by_session(&token).await,
            None => self.by_room_token(shown),
        }
    }

    async fn by_session(&self, token: &Token) -> Result<Principal, Fault> {
        let now = self.clock.now();
        let good = Good { now, idle_ms: self.idle_ms };
        let found = sessions::find(&self.store, &token.hash(), good).await?;
        let (session, user) = found.ok_or(Fault::TokenInvalid)?;
        sessions::touch(&self.store, &session, now).await?;
        Ok(Principal {
            footing: Footing::Account { user: user.id, login: session.id },
            grant: None,
            name: None,
            until: Some(session.expires_at),
        })
    }

    fn by_room_token(&self, shown: &str) -> Result<Principal, Fault> {
        let grant = self.tokens.verify(shown, self.clock.now())?;
        if self.ends.include(grant.room, grant.jti, &grant.subject, grant.key) {
            return Err(Fault::TokenInvalid);
        }
        Ok(Principal {
            footing: Footing::Token { token: grant.jti, subject: grant.subject.into(), key: grant.key },
            grant: Some(footing::Grant { room: grant.room, role: grant.role, rights: grant.rights }),
            name: grant.name.map(Arc::from),
            until: Some(grant.until.plus(LEEWAY_MS)),
        })
    }

    /// Ends a token for good; in memory at once, in the database as soon as it takes it.
    pub fn spend(&self, room: RoomId, token: TokenId) {
        let at = self.clock.now();
        let until = at.plus(LONGEST_MS);
        self.ends.note(room, End { which: Which::Token(token), at, until }, at);
        let store = self.store.clone();
        tokio::spawn(async move {
            let by = By { actor: Actor::Operator, source: None, at };
            let which = token.to_string();
            let kept =
                token_ends::end(&store, &by, None, room, token_ends::Which::Token(&which), until).await;
            if let Err(error) = kept {
                tracing::warn!(%error, room.id = %room, "the end of a removed person's token was not kept");
            }
        });
    }
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Identity")
    }
}
