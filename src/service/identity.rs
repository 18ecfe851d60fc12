//! Who shows a token on a socket: an account by its session, or whoever holds a room token.
use super::hundredms::App;
use super::token_ends::{End, LONGEST_MS, TokenEnds, Which};
use crate::actors::Clock;
use crate::actors::gate::Principal;
use crate::auth::room_token::{LEEWAY_MS, RoomTokens};
use crate::auth::session::Token;
use crate::fault::Fault;
use crate::room::footing::{self, Footing};
use crate::room::ids::{RoomId, TokenId};
use crate::room::join::handle_of_app;
use crate::room::join::is_guessable;
use crate::store::audit::{Actor, By};
use crate::store::sessions::{self, Good};
use crate::store::{Store, rooms, token_ends};
use std::sync::Arc;

/// The subject of a token that names no user.
const NAMELESS: &str = "-";

/// What is needed to tell. Cheap to clone.
#[derive(Clone)]
pub struct Identity {
    pub store: Store,
    pub clock: Clock,
    pub tokens: Arc<RoomTokens>,
    pub ends: Arc<TokenEnds>,
    /// The app whose tokens open rooms too, if any is served.
    pub app: Option<Arc<App>>,
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
            None => match self.by_room_token(shown) {
                Err(Fault::TokenInvalid) => self.by_app_token(shown).await,
                known => known,
            },
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
            handle: None,
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
            handle: None,
            until: Some(grant.until.plus(LEEWAY_MS)),
        })
    }

    /// As an app's backend signs them, where such apps are served.
    async fn by_app_token(&self, shown: &str) -> Result<Principal, Fault> {
        let app = self.app.as_ref().ok_or(Fault::TokenInvalid)?;
        let token = app.tokens.verify(shown, self.clock.now())?;
        if is_guessable(&token.room) {
            return Err(Fault::TokenInvalid);
        }
        let room = rooms::find_by_key(&self.store, &token.room).await?.ok_or(Fault::TokenInvalid)?;
        let subject = if token.user.is_empty() { NAMELESS } else { &token.user };
        if self.ends.include(room, token.jti, subject, token.key) {
            return Err(Fault::TokenInvalid);
        }
        Ok(Principal {
            footing: Footing::Token { token: token.jti, subject: subject.into(), key: token.key },
            grant: Some(footing::Grant {
                room,
                role: app.roles.role_of(token.role.as_deref()),
                rights: None,
            }),
            name: None,
            handle: (!token.user.is_empty()).then(|| handle_of_app(&token.user)),
            until: Some(token.until.plus(LEEWAY_MS)),
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
