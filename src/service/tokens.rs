//! Room tokens: made by a room's owner or a server with a key, ended one by one, by subject, or all of a room.
use super::caller::Caller;
use super::rooms::Rooms;
use super::token_ends::{End, LONGEST_MS, TokenEnds, Which};
use crate::actors::Clock;
use crate::actors::directory::Directory;
use crate::auth::room_token::{Grant, RoomTokens, SUBJECT_BYTES, new_id};
use crate::fault::Fault;
use crate::room::footing::Ended;
use crate::room::ids::{Millis, TokenId, UserId};
use crate::room::join::checked_name;
use crate::room::permissions::{Rights, Role};
use crate::store::audit::{self, Action, Actor, By};
use crate::store::{Store, token_ends};
use serde_json::json;
use std::net::IpAddr;
use std::sync::Arc;

/// How long a token lets someone enter, unless asked otherwise, in seconds.
const SECONDS: i64 = 600;

/// What a token is to say.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// Whom it is for, in the asker's own words: 1 to 128 bytes.
    pub subject: String,
    pub name: Option<String>,
    pub role: Role,
    pub rights: Option<Rights>,
    /// 1 to 86,400; 600 unless given.
    pub seconds: Option<i64>,
}

/// A new token, shown once.
#[derive(Debug, Clone)]
pub struct Issued {
    pub token: String,
    pub jti: TokenId,
    pub expires_at: Millis,
}

/// The use cases. Cheap to clone.
#[derive(Clone)]
pub struct Tokens {
    pub rooms: Rooms,
    pub directory: Directory,
    pub store: Store,
    pub clock: Clock,
    pub tokens: Arc<RoomTokens>,
    pub ends: Arc<TokenEnds>,
}

impl Tokens {
    /// Makes a token for the room of that key.
    ///
    /// # Errors
    /// [`Fault::NoSuchRoom`] for everyone but its owner; [`Fault::InvalidField`]; [`Fault::Ended`];
    /// [`Fault::StorageUnavailable`] if the trail can't be kept: then there is no token.
    pub async fn issue(
        &self,
        key: &str,
        caller: Caller,
        new: NewToken,
        source: IpAddr,
    ) -> Result<Issued, Fault> {
        let subject = checked_subject(&new.subject)?.to_owned();
        let name = new.name.map(|name| checked_name(&name)).transpose()?;
        let seconds = new.seconds.unwrap_or(SECONDS);
        if !(1..=LONGEST_MS / 1_000).contains(&seconds) {
            return Err(Fault::field("expires_in_seconds", "a whole number from 1 to 86400"));
        }
        let room = self.rooms.owned(key, caller).await?;
        let issued = self.clock.now();
        let grant = Grant {
            room,
            jti: new_id(issued),
            subject,
            name: name.map(|name| name.to_string()),
            role: new.role,
            rights: new.rights,
            key: caller.key(),
            issued,
            until: Millis(issued.plus(seconds * 1_000).0 / 1_000 * 1_000),
        };
        let token = self.tokens.sign(&grant)?;
        let by = By { actor: actor(caller), source: Some(source.to_string().into()), at: issued };
        let detail = json!({ "room": room.to_string(), "jti": grant.jti.to_string() });
        audit::record(&self.store, &by, account(caller), Action::TokenMade, detail).await?;
        Ok(Issued { token, jti: grant.jti, expires_at: grant.until })
    }

    /// Ends tokens, removes those who came in by them, and closes their sockets.
    ///
    /// # Errors
    /// [`Fault::NoSuchRoom`] for everyone but its owner; [`Fault::StorageUnavailable`] if it can't be kept: then it is
    /// in force all the same, until the server goes.
    pub async fn end(&self, key: &str, caller: Caller, which: Which, source: IpAddr) -> Result<(), Fault> {
        let room = self.rooms.owned(key, caller).await?;
        let at = self.clock.now();
        let until = at.plus(LONGEST_MS);
        self.ends.note(room, End { which: which.clone(), at, until }, at);
        let ended = match &which {
            Which::Token(token) => Ended::Token(*token),
            Which::Subject(subject) => Ended::Subject(subject.clone()),
            Which::All => Ended::Tokens,
        };
        let removed = self.directory.end_tokens(room, ended).await;
        let by = By { actor: actor(caller), source: Some(source.to_string().into()), at };
        let jti = if let Which::Token(token) = &which { token.to_string() } else { String::new() };
        let row = match &which {
            Which::Token(_) => token_ends::Which::Token(&jti),
            Which::Subject(subject) => token_ends::Which::Subject(subject),
            Which::All => token_ends::Which::All,
        };
        token_ends::end(&self.store, &by, account(caller), room, row, until).await?;
        removed
    }
}

/// A subject as it may stand in a token, a row and a log line.
///
/// # Errors
/// [`Fault::InvalidField`]
pub fn checked_subject(subject: &str) -> Result<&str, Fault> {
    let is_good = (1..=SUBJECT_BYTES).contains(&subject.len()) && !subject.chars().any(char::is_control);
    if is_good {
        Ok(subject)
    } else {
        Err(Fault::field("subject", "1 to 128 bytes without control characters"))
    }
}

fn actor(caller: Caller) -> Actor {
    match caller {
        Caller::Key(holder) => Actor::Key(holder.key),
        Caller::User(signed_in) => Actor::User(signed_in.user),
        Caller::Owner(_) | Caller::Seat(_) | Caller::Nobody => Actor::Nobody,
    }
}

/// In whose trail it stands.
fn account(caller: Caller) -> Option<UserId> {
    match caller {
        Caller::Key(holder) => holder.owner,
        Caller::User(signed_in) => Some(signed_in.user),
        Caller::Owner(_) | Caller::Seat(_) | Caller::Nobody => None,
    }
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tokens")
    }
}
