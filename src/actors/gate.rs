//! What the actors ask of those who know addresses and credentials: rates and guesses, in memory and never awaited; and
//! who shows a token. Injected by boot.
use std::{fmt, net::IpAddr, sync::Arc};

use futures_util::future::BoxFuture;

use crate::fault::Fault;
use crate::room::footing::{Footing, Grant};
use crate::room::ids::{Millis, RoomId, TokenId, UserId};
use crate::room::join::Trusted;

/// Rates and guessing budgets by source, and who shows a token. Only `identify` and
/// `membership` may take time.
pub trait Gate: Send + Sync + 'static {
    /// Whether the rates leave this source alone.
    fn trusts(&self, source: IpAddr) -> Trusted;

    /// Counts one entering (a join or a resume).
    ///
    /// # Errors
    /// [`Fault::RateLimited`] when the source has used up its joins.
    fn enter(&self, source: IpAddr) -> Result<(), Fault>;

    /// Counts one more live socket of an account, until the answer is dropped.
    ///
    /// # Errors
    /// [`Fault::Quota`] when the account has as many as it may.
    fn hold(&self, source: IpAddr, user: UserId) -> Result<Held, Fault>;

    /// Takes one guess at the PINs of `room`, before its outcome is known.
    ///
    /// # Errors
    /// [`Fault::RateLimited`] when no guess is left.
    fn guess(&self, source: IpAddr, room: RoomId) -> Result<Guess, Fault>;

    /// Who shows this; its answer takes as long as the database does, 8 s at most.
    ///
    /// # Errors
    /// [`Fault::TokenInvalid`], whatever is wrong with it; [`Fault::StorageUnavailable`] if that can't be told now.
    fn identify(&self, token: Arc<str>) -> BoxFuture<'static, Result<Principal, Fault>>;

    /// What is kept of the PIN that `user` has shown to `room` before, if that can be told now.
    fn membership(&self, room: RoomId, user: UserId) -> BoxFuture<'static, Option<[u8; 32]>>;

    /// Whether what was good at `hello` is not known to have ended since.
    ///
    /// # Errors
    /// [`Fault::TokenInvalid`]
    fn still(&self, principal: &Principal) -> Result<(), Fault>;

    /// Whoever came into `room` by this token was removed: it opens nothing any more.
    fn spent(&self, room: RoomId, token: TokenId);
}

/// Who a connection has shown to be; the default is a guest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Principal {
    pub footing: Footing,
    /// What a room token grants.
    pub grant: Option<Grant>,
    /// The name a token fixes.
    pub name: Option<Arc<str>>,
    /// The handle a token fixes.
    pub handle: Option<Arc<str>>,
    /// When this can no longer be shown: an account's session is over then, a token lets nobody enter.
    pub until: Option<Millis>,
}

impl Principal {
    /// What `welcome` calls it.
    pub(super) fn word(&self) -> &'static str {
        match self.footing {
            Footing::Guest => "guest",
            Footing::Account { .. } => "account",
            Footing::Token { .. } => "token",
        }
    }
}

/// A guess that is counted. Dropped, it stays counted.
pub struct Guess(Box<dyn FnOnce() + Send>);

impl Guess {
    /// `give_back` is called if the guess was right.
    pub fn new(give_back: impl FnOnce() + Send + 'static) -> Self {
        Self(Box::new(give_back))
    }

    /// It was right: it doesn't count.
    pub fn right(self) {
        (self.0)();
    }
}

impl fmt::Debug for Guess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Guess")
    }
}

/// The place of a live socket among those of its account; given back when dropped.
pub struct Held(Option<Box<dyn FnOnce() + Send>>);

impl Held {
    pub fn new(give_back: impl FnOnce() + Send + 'static) -> Self {
        Self(Some(Box::new(give_back)))
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(give_back) = self.0.take() {
            give_back();
        }
    }
}

impl fmt::Debug for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Held")
    }
}
