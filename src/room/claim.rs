//! From a guest's room to an account's: whoever has the owner secret may hand it over, once.
use super::Room;
use super::authorize::Need;
use super::command::Asker;
use super::effect::Effects;
use super::event::Answer;
use super::ids::{No, UserId};
use super::queue::Deed;
use super::record::{Change, Owner};
use super::turn::{Ruling, Turn, Verdict};
use crate::fault::Fault;

impl Room {
    /// Acts when it is committed: until then the secret is good, and goes on being good if it is refused.
    pub(super) fn claim(&mut self, turn: Turn, user: UserId, fx: &mut Effects) -> Ruling {
        self.authorize(turn.who, Need::Owner)?;
        if self.ended_at.is_some() {
            return Err(Fault::Ended);
        }
        if self.belongs_to(user) {
            return Ok(Verdict::Now(Answer::Kept { no: No(0) }));
        }
        if !matches!(turn.from, Asker::OwnerSecret(_)) {
            return Err(Fault::NotFound); // a room is handed over by its secret only
        }
        if self.claim.is_some() {
            return Err(Fault::Busy); // somebody else was faster; when that is settled, so is this
        }
        self.queue.admit(None)?;
        let no = self.queue.next_no();
        self.claim = Some(user);
        self.persist(turn, no, Change::Claimed { user }, Deed::Claimed { user }, fx);
        Ok(Verdict::Later)
    }

    pub(super) fn claimed(&mut self, user: UserId) {
        self.owner = Owner::from(user);
        self.claim = None;
    }

    /// Whether the room is this account's.
    pub(super) fn belongs_to(&self, user: UserId) -> bool {
        self.owner.account == Some(user)
    }
}
