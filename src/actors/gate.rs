//! What the actors ask of those who know addresses: rates and guesses, in memory, never awaited. Injected by boot.
use std::{fmt, net::IpAddr};

use crate::fault::Fault;
use crate::room::ids::RoomId;
use crate::room::join::Trusted;

/// Rates and guessing budgets by source. Every method answers at once.
pub trait Gate: Send + Sync + 'static {
    /// Whether the rates leave this source alone.
    fn trusts(&self, source: IpAddr) -> Trusted;

    /// Counts one entering (a join or a resume).
    ///
    /// # Errors
    /// [`Fault::RateLimited`] when the source has used up its joins.
    fn enter(&self, source: IpAddr) -> Result<(), Fault>;

    /// Takes one guess at the PINs of `room`, before its outcome is known.
    ///
    /// # Errors
    /// [`Fault::RateLimited`] when no guess is left.
    fn guess(&self, source: IpAddr, room: RoomId) -> Result<Guess, Fault>;
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
