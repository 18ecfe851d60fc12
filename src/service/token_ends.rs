//! Room tokens that were ended early, in memory: so that a token is judged without the database, and at once.
use crate::auth::room_token::made_at;
use crate::room::ids::{KeyId, Millis, RoomId, TokenId};
use crate::store::{self, Store, StoreError};
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How long a token lets someone enter at most.
pub const LONGEST_MS: i64 = 24 * 60 * 60 * 1_000;
/// Ends kept per room; beyond, all tokens of the room made so far are ended, which is the safe side.
const PER_ROOM: usize = 1_000;

/// Which tokens of a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    Token(TokenId),
    /// All made for this subject so far.
    Subject(Arc<str>),
    /// All made so far.
    All,
}

/// An early end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    pub which: Which,
    pub at: Millis,
    /// No token it ends is good by itself after this.
    pub until: Millis,
}

/// The ends that still count.
#[derive(Debug, Default)]
pub struct TokenEnds(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    rooms: HashMap<RoomId, VecDeque<End>>,
    /// Revoked API keys, until no token they made can be good.
    keys: HashMap<KeyId, Millis>,
}

impl TokenEnds {
    /// What the database remembers.
    ///
    /// # Errors
    /// As the database fails.
    pub async fn remembered(store: &Store, now: Millis) -> Result<Self, StoreError> {
        let ends = Self::default();
        for kept in store::token_ends::list(store, now).await? {
            let which = match kept.kind.as_str() {
                "jti" => kept.value.parse().map_or(Which::All, Which::Token),
                "subject" => Which::Subject(kept.value.into()),
                _ => Which::All, // also what this version doesn't know: the safe side
            };
            ends.note(kept.room, End { which, at: kept.at, until: kept.until }, now);
        }
        for (key, at) in store::keys::revoked_since(store, now.plus(-LONGEST_MS)).await? {
            ends.note_key(key, at);
        }
        Ok(ends)
    }

    /// Notes an end; what counts no more at `now` is forgotten.
    pub fn note(&self, room: RoomId, end: End, now: Millis) {
        let mut known = self.lock();
        known.forget(now);
        let ends = known.rooms.entry(room).or_default();
        ends.retain(|other| other.which != end.which || other.at > end.at);
        if end.which == Which::All {
            ends.retain(|other| other.at > end.at);
        }
        ends.push_back(end);
        if ends.len() > PER_ROOM {
            ends.clear();
            ends.push_back(End { which: Which::All, at: now, until: now.plus(LONGEST_MS) });
        }
    }

    /// Notes that an API key was revoked.
    pub fn note_key(&self, key: KeyId, now: Millis) {
        let mut known = self.lock();
        known.forget(now);
        known.keys.insert(key, now.plus(LONGEST_MS));
    }

    /// Whether a token has been ended.
    pub fn include(&self, room: RoomId, jti: TokenId, subject: &str, key: Option<KeyId>) -> bool {
        let known = self.lock();
        if key.is_some_and(|key| known.keys.contains_key(&key)) {
            return true;
        }
        let made_at = made_at(jti);
        let mut ends = known.rooms.get(&room).into_iter().flatten();
        ends.any(|end| match &end.which {
            Which::Token(token) => *token == jti,
            Which::Subject(ended) => **ended == *subject && made_at <= end.at,
            Which::All => made_at <= end.at,
        })
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn forget(&mut self, now: Millis) {
        self.keys.retain(|_, until| *until > now);
        self.rooms.retain(|_, ends| {
            ends.retain(|end| end.until > now);
            !ends.is_empty()
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::room_token::new_id;
    use uuid::Uuid;

    const NOW: Millis = Millis(1_795_262_400_000);
    const ROOM: RoomId = RoomId(Uuid::from_u128(1));

    fn end(which: Which, at: Millis) -> End {
        End { which, at, until: at.plus(LONGEST_MS) }
    }

    #[test]
    fn an_end_reaches_what_was_made_before_it_to_the_millisecond() {
        let (before, after) = (new_id(NOW), new_id(NOW.plus(1)));
        let ends = TokenEnds::default();
        let is_ended = |jti, subject| ends.include(ROOM, jti, subject, None);
        ends.note(ROOM, end(Which::Subject("ada".into()), NOW), NOW);
        assert!(is_ended(before, "ada") && !is_ended(after, "ada") && !is_ended(before, "bob"));
        ends.note(ROOM, end(Which::Token(after), NOW), NOW);
        assert!(is_ended(after, "ada") && !is_ended(before, "bob"));
        ends.note(ROOM, end(Which::All, NOW), NOW);
        assert!(is_ended(before, "bob") && !is_ended(new_id(NOW.plus(1)), "bob"));
        assert!(!ends.include(RoomId(Uuid::from_u128(2)), before, "bob", None), "another room's");
    }

    #[test]
    fn a_revoked_key_takes_its_tokens_along() {
        let (key, ends) = (KeyId(Uuid::from_u128(7)), TokenEnds::default());
        assert!(!ends.include(ROOM, new_id(NOW), "ada", Some(key)));
        ends.note_key(key, NOW);
        assert!(ends.include(ROOM, new_id(NOW.plus(5)), "ada", Some(key)));
        assert!(!ends.include(ROOM, new_id(NOW), "ada", None));
    }

    #[test]
    fn memory_is_bounded_and_what_is_over_is_forgotten() {
        let ends = TokenEnds::default();
        for n in 0..10_000_u128 {
            ends.note(ROOM, end(Which::Token(TokenId(Uuid::from_u128(n))), NOW), NOW);
        }
        assert!(ends.lock().rooms[&ROOM].len() <= PER_ROOM);
        assert!(ends.include(ROOM, new_id(NOW), "anyone", None), "too many to remember: all are ended");
        ends.note(RoomId(Uuid::from_u128(2)), end(Which::All, NOW), NOW.plus(LONGEST_MS + 1));
        assert!(!ends.lock().rooms.contains_key(&ROOM));
    }
}
