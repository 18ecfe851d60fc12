//! "May I": the one place where rights, roles and policy are weighed.
use super::Room;
use super::ids::{PeerId, Slot};
use super::permissions::{Right, Rights, Role};
use super::record::Settings;
use super::seat::Seat;
use super::turn::Who;
use crate::fault::Fault;

/// What a command asks for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Need {
    Right(Right),
    /// To be an owner.
    Owner,
    /// To change someone's role or rights: owners and cohosts are an owner's to touch.
    Change(Slot),
    /// To remove someone: an owner only by an owner, a cohost not by less than a cohost.
    Remove(Slot),
    /// To hand out these rights: one gives what one has.
    Share(Rights),
    /// To hand out that role: owners and cohosts are made by owners.
    Give(Role),
}

impl Room {
    /// Whether who asks may. A missing right is `forbidden`; a target that is out of reach looks like none.
    pub(super) fn authorize(&self, who: Who, need: Need) -> Result<(), Fault> {
        let slot = match who {
            Who::Owner => return Ok(()),
            Who::Anyone => return Err(Fault::NotFound),
            Who::Seat(slot) => slot,
        };
        let asker = self.roster.at(slot);
        let allowed = match need {
            Need::Right(right) => self.rights_of(asker).has(right),
            Need::Owner => asker.standing.role == Role::Owner,
            Need::Change(target) => may_change(asker, self.roster.at(target)),
            Need::Remove(target) => may_remove(asker, self.roster.at(target)),
            Need::Share(rights) => rights.without(asker.standing.rights).is_empty(),
            Need::Give(role) => {
                matches!(role, Role::Participant | Role::Viewer) || asker.standing.role == Role::Owner
            }
        };
        if allowed { Ok(()) } else { Err(refusal(need)) }
    }

    /// The rights in force: role and grants, masked by the room's policy.
    pub(super) fn rights_of(&self, seat: &Seat) -> Rights {
        masked(seat, &self.house.settings)
    }

    /// Someone who is addressed. Absent and out of reach look the same.
    pub(super) fn target(&self, peer: &PeerId) -> Result<Slot, Fault> {
        self.roster.of_peer(peer).ok_or(Fault::NoSuchTarget)
    }
}

/// What a seat's rights are under these settings: owner and cohosts stand above the policy.
pub(super) fn masked(seat: &Seat, settings: &Settings) -> Rights {
    let rights = seat.standing.rights;
    match seat.standing.role {
        Role::Owner | Role::Cohost => rights,
        Role::Participant | Role::Viewer => rights.without(closed(settings)),
    }
}

/// The rights that a policy takes.
fn closed(settings: &Settings) -> Rights {
    let shut = [
        (settings.audio, Right::PublishAudio),
        (settings.video, Right::PublishVideo),
        (settings.screen, Right::PublishScreen),
        (settings.chat, Right::Chat),
        (settings.chat, Right::ChatPrivate),
    ];
    shut.into_iter().filter(|(open, _)| !open).fold(Rights::NONE, |sum, (_, right)| sum.with(right))
}

fn may_change(asker: &Seat, target: &Seat) -> bool {
    match target.standing.role {
        Role::Owner | Role::Cohost => asker.standing.role == Role::Owner,
        Role::Participant | Role::Viewer => true,
    }
}

fn may_remove(asker: &Seat, target: &Seat) -> bool {
    match target.standing.role {
        Role::Owner => asker.standing.role == Role::Owner,
        Role::Cohost => matches!(asker.standing.role, Role::Owner | Role::Cohost),
        Role::Participant | Role::Viewer => true,
    }
}

fn refusal(need: Need) -> Fault {
    match need {
        Need::Right(right) => Fault::Forbidden { right: right.word() },
        Need::Owner | Need::Give(_) => Fault::Forbidden { right: "owner" },
        Need::Change(_) | Need::Remove(_) => Fault::NoSuchTarget,
        Need::Share(_) => Fault::Forbidden { right: "manage" },
    }
}
