//! Roles and rights of one person: granted, revoked, given and taken.
use super::Room;
use super::authorize::Need;
use super::effect::Effects;
use super::event::{By, Event};
use super::ids::{Millis, No, PeerId, SeatId, Slot};
use super::permissions::{Right, Rights, Role};
use super::queue::Deed;
use super::record::Change;
use super::turn::{Ruling, Turn, Verdict};

/// How a person's rights are to change.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shift {
    Grant(Rights),
    Revoke(Rights),
    /// A new role brings its own rights; what was granted or revoked before ends.
    Role(Role),
}

impl Room {
    pub(super) fn shift(&mut self, turn: Turn, peer: &PeerId, shift: Shift, fx: &mut Effects) -> Ruling {
        match shift {
            Shift::Grant(rights) => {
                self.authorize(turn.who, Need::Right(Right::Moderate))?;
                self.authorize(turn.who, Need::Share(rights))?;
            }
            Shift::Revoke(_) => self.authorize(turn.who, Need::Right(Right::Moderate))?,
            Shift::Role(role) => {
                self.authorize(turn.who, Need::Right(Right::Manage))?;
                self.authorize(turn.who, Need::Give(role))?;
            }
        }
        let slot = self.target(peer)?;
        self.authorize(turn.who, Need::Change(slot))?;
        self.queue.admit(self.seat_of(turn.who))?;
        let no = self.queue.next_no();
        let (by_seat, by) = (self.seat_of(turn.who), self.by(turn.who));

        let standing = &mut self.roster.at_mut(slot).standing;
        let (role, wrote, rights) = match shift {
            Shift::Grant(rights) => (None, rights, standing.next_rights.union(rights)),
            Shift::Revoke(rights) => (None, rights, standing.next_rights.without(rights)),
            Shift::Role(role) => (Some(role), Rights::ALL, role.rights()),
        };
        standing.next_rights = rights;
        standing.next_role = role.unwrap_or(standing.next_role);
        standing.wrote(wrote, no);
        if role.is_some() {
            standing.role_no = no;
        }
        let kept_role = standing.next_role;
        // at once: what is taken away
        let lowered = role.filter(|role| rank(*role) < rank(standing.role));
        let narrowed = standing.rights.without(wrote.without(rights));
        self.put_standing(
            slot,
            lowered.unwrap_or(self.roster.at(slot).standing.role),
            narrowed,
            by.clone(),
            fx,
        );

        let seat = self.roster.at(slot).id;
        let change = Change::Standing { seat, role: kept_role, rights };
        self.persist_by(
            by_seat,
            turn,
            no,
            change,
            Deed::Standing { seat, role, kept_role, wrote, rights, by },
            fx,
        );
        Ok(Verdict::Later)
    }

    /// The change is committed: what no later one has written comes into force.
    #[expect(clippy::too_many_arguments, reason = "the parts of one deed")]
    pub(super) fn standing_kept(
        &mut self,
        seat: SeatId,
        no: No,
        role: Option<Role>,
        wrote: Rights,
        rights: Rights,
        by: By,
        fx: &mut Effects,
    ) {
        let Some(slot) = self.roster.of_seat(seat) else { return };
        let standing = &self.roster.at(slot).standing;
        let mine = standing.still_of(wrote, no);
        let after = standing.rights.without(mine).union(rights.intersect(mine));
        let role = role.filter(|_| standing.role_no <= no).unwrap_or(standing.role);
        self.put_standing(slot, role, after, by, fx);
    }

    pub(super) fn standing_refused(&mut self, seat: SeatId, no: No, role: Option<Role>, wrote: Rights) {
        let Some(slot) = self.roster.of_seat(seat) else { return };
        let standing = &mut self.roster.at_mut(slot).standing;
        let mine = standing.still_of(wrote, no);
        standing.next_rights = standing.next_rights.without(mine).union(standing.rights.intersect(mine));
        if role.is_some() && standing.role_no == no {
            standing.next_role = standing.role;
        }
    }

    /// If what was just kept is not what is to be (an earlier change was refused), that is kept after it.
    pub(super) fn mend_standing(
        &mut self,
        now: Millis,
        seat: SeatId,
        kept: (Role, Rights),
        fx: &mut Effects,
    ) {
        let Some(slot) = self.roster.of_seat(seat) else { return };
        let standing = &self.roster.at(slot).standing;
        let (role, rights) = (standing.next_role, standing.next_rights);
        if self.queue.changes_standing(seat) || (role, rights) == kept {
            return;
        }
        let (no, turn) = (self.queue.next_no(), self.own_turn(now));
        self.persist_by(None, turn, no, Change::Standing { seat, role, rights }, Deed::Acted, fx);
    }

    /// Puts role and rights in force and tells everyone what changed.
    fn put_standing(&mut self, slot: Slot, role: Role, rights: Rights, by: By, fx: &mut Effects) {
        let before = self.rights_of(self.roster.at(slot));
        let standing = &mut self.roster.at_mut(slot).standing;
        let (new_role, old) = (standing.role != role, (standing.role, standing.rights));
        standing.role = role;
        standing.rights = rights;
        if old == (role, rights) {
            return;
        }
        let seat = self.roster.at(slot);
        let (peer, in_force) = (seat.peer.clone(), self.rights_of(seat));
        if new_role {
            self.show_all(Event::RoleChanged { peer, role, rights: in_force, by: by.clone() }, fx);
        } else if before != in_force {
            self.show_all(Event::RightsChanged { peer, rights: in_force, by: by.clone() }, fx);
        }
        self.write_behind(slot, fx);
        self.rights_shrank(slot, before, by, fx);
    }
}

fn rank(role: Role) -> u8 {
    match role {
        Role::Viewer => 0,
        Role::Participant => 1,
        Role::Cohost => 2,
        Role::Owner => 3,
    }
}
