//! A first entry: who is let in, as what, and what everybody hears of it.
use super::effect::{Effect, Effects, Farewell, ReplyTo};
use super::event::{Answer, Event, Left};
use super::ids::{ConnId, Millis, Seq, Slot};
use super::join::{Again, Join, PinTry};
use super::log::Readers;
use super::media::{Media, MediaPatch};
use super::permissions::{Right, Rights, Role};
use super::record::Behind;
use super::seat::{Budget, Line, Seat, Standing};
use super::turn::{Ruling, Verdict, reply};
use super::view::ChatFrom;
use super::{Room, pass, text};
use crate::fault::Fault;
use std::collections::BTreeMap;
use subtle::ConstantTimeEq;

impl Room {
    pub(super) fn join(&mut self, now: Millis, to: ReplyTo, join: Join, fx: &mut Effects) -> Ruling {
        if self.ended_at.is_some() {
            return Err(Fault::Ended);
        }
        let taken = self.roster.of_conn(join.conn).is_some()
            || self.roster.of_peer(&join.peer).is_some()
            || self.roster.of_seat(join.seat).is_some();
        if taken {
            return Err(Fault::IdentityInUse);
        }
        let name = text::name(&join.name)?;
        text::avatar(join.avatar.as_deref())?;
        let (role, rights) = self.standing_of(&join, fx)?;
        let inherits = self.take_over(now, &join, fx);
        self.has_place(role)?;

        let (conn, call) = (join.conn, join.call);
        let slot = self.roster_insert(now, Join { name, ..join }, Standing::new(role, rights));
        fx.push(self.seated(slot, conn));
        if let Some(partner) = inherits {
            self.pair_up(slot, partner);
        }
        self.assign_partners();
        let participant = Box::new(self.participant(slot));
        let seat = self.roster.at(slot).id;
        let seq = self.show(Event::ParticipantJoined(participant), Readers::Except(seat), fx);
        self.roster.at_mut(slot).joined_seq = seq;

        let pass = pass::issue(&self.ring, self.id, seat, 1);
        let snapshot = self.snapshot(slot, ChatFrom::Latest);
        reply(fx, to, Ok(Answer::Joined { pass, snapshot }));
        self.write_behind(slot, fx);
        self.call_goes_on(now, call, fx);
        fx.push(Effect::Behind(Behind::Touched { room: self.id, at: now }));
        Ok(Verdict::Later)
    }

    /// A page that was loaded anew takes the place of its former self; gives the one that was linked with.
    fn take_over(&mut self, now: Millis, join: &Join, fx: &mut Effects) -> Option<Slot> {
        if join.face.again == Again::Beside || join.footing.user().is_none() {
            return None;
        }
        let is_former = |seat: &Seat| seat.face.word == join.face.word && seat.footing == join.footing;
        let (slot, seat) = self.roster.iter().find(|(_, seat)| is_former(seat))?;
        let (partner, conn) = (seat.partner, seat.conn());
        if let Some(conn) = conn {
            fx.push(Effect::Close { conn, close: Farewell::Replaced });
        }
        self.unseat(slot, fx);
        self.release(now, slot, Left::Replaced, fx);
        partner
    }

    /// The owner's account and the owner secret open everything, to a stored cohost's account all doors but the owner's; a token grants what it says, in its own room only.
    fn standing_of(&self, join: &Join, fx: &mut Effects) -> Result<(Role, Rights), Fault> {
        if let Some(shown) = &join.owner {
            let owner = (Role::Owner, Role::Owner.rights());
            return if self.is_owner_secret(shown) { Ok(owner) } else { Err(Fault::TokenInvalid) };
        }
        if join.footing.user().is_some_and(|user| self.belongs_to(user)) {
            return Ok((Role::Owner, Role::Owner.rights()));
        }
        if join.footing.user().is_some_and(|user| self.cohosts.contains(&user)) {
            return Ok((Role::Cohost, Role::Cohost.rights()));
        }
        let Some(grant) = join.grant else {
            let role = self.role_by_pin(join, fx)?;
            return Ok((role, role.rights()));
        };
        if grant.room != self.id {
            return Err(Fault::Forbidden { right: "join" });
        }
        if self.house.settings.locked && grant.role != Role::Owner {
            return Err(Fault::Locked);
        }
        Ok((grant.role, grant.rights.unwrap_or(grant.role.rights())))
    }

    /// A PIN decides, where one is shown or asked for; then one that was shown before, while it stands.
    fn role_by_pin(&self, join: &Join, fx: &mut Effects) -> Result<Role, Fault> {
        let pins = &self.house.pins;
        let role = match &join.pin {
            PinTry::OutOfGuesses { retry_after_ms } => {
                return Err(Fault::RateLimited { retry_after_ms: *retry_after_ms });
            }
            PinTry::Garbled => None,
            PinTry::Shown(pin) => pins.role_of(pin),
            PinTry::None | PinTry::NoneByNumber => {
                let kept = join.member.and_then(|kept| pins.role_of_proof(&self.ring, self.id, &kept));
                let open = !self.needs_pin && matches!(join.pin, PinTry::None);
                let role = kept.or(open.then_some(Role::Participant));
                return role.ok_or(Fault::WrongPin).and_then(|role| self.unless_locked(role));
            }
        };
        let Some(role) = role else {
            fx.push(Effect::WrongPin { conn: join.conn });
            return Err(Fault::WrongPin);
        };
        self.unless_locked(role)
    }

    fn unless_locked(&self, role: Role) -> Result<Role, Fault> {
        if self.house.settings.locked { Err(Fault::Locked) } else { Ok(role) }
    }

    /// That a connection sits there from now on.
    pub(super) fn seated(&self, slot: Slot, conn: ConnId) -> Effect {
        let seat = self.roster.at(slot);
        Effect::Seated { slot, conn, seat: seat.id, ties: seat.footing.ties().collect() }
    }

    pub(super) fn is_owner_secret(&self, shown: &[u8; 32]) -> bool {
        self.owner.secret.is_some_and(|secret| secret.ct_eq(shown).into())
    }

    /// An owner finds one place more than the others: no crowd shuts it out of its own room.
    fn has_place(&self, role: Role) -> Result<(), Fault> {
        let extra = usize::from(role == Role::Owner);
        let places = self.house.settings.capacity as usize + extra;
        if self.roster.len() < places { Ok(()) } else { Err(Fault::RoomFull) }
    }

    fn roster_insert(&mut self, now: Millis, join: Join, standing: Standing) -> Slot {
        let order = self.roster.next_order();
        let mut seat = Seat {
            id: join.seat,
            peer: join.peer,
            face: join.face,
            order,
            line: Line::Here(join.conn),
            name: join.name,
            handle: join.handle,
            avatar: join.avatar,
            media: Media::default(),
            attributes: BTreeMap::new(),
            standing,
            footing: join.footing,
            joined_at: now,
            joined_seq: Seq(0),
            resume_n: 1,
            issued_n: 1,
            budget: Budget::new(join.trusted, now),
            told: Seq(0),
            partner: None,
        };
        seat.media = allowed(Media::default().patched(join.media), self.rights_of(&seat));
        self.roster.insert(seat)
    }
}

/// The flags with those turned off that these rights don't cover.
pub(super) fn allowed(media: Media, rights: Rights) -> Media {
    let off = |right| if rights.has(right) { None } else { Some(false) };
    media.patched(MediaPatch {
        audio: off(Right::PublishAudio),
        video: off(Right::PublishVideo),
        screen: off(Right::PublishScreen),
        ..MediaPatch::default()
    })
}
