//! Changing the room: settings, lock, PINs and its end. What narrows acts at once, what widens when it is committed.
use super::Room;
use super::authorize::{Need, masked};
use super::command::SettingsPatch;
use super::effect::{Effect, Effects, Farewell};
use super::event::{Answer, By, Event};
use super::house::Fields;
use super::ids::{Millis, No, Slot};
use super::permissions::{Right, Rights};
use super::pins::Pin;
use super::queue::{Deed, WhichPins};
use super::record::{Change, Settings};
use super::text;
use super::turn::{Ruling, Turn, Verdict};
use crate::fault::Fault;

/// What settings may be, of a new room or a changed one; a name is trimmed.
///
/// # Errors
/// [`Fault::InvalidField`] naming the first that may not be so.
pub fn check(patch: &mut SettingsPatch, capacity_max: u32) -> Result<(), Fault> {
    if let Some(name) = &patch.name {
        patch.name = Some(text::name(name)?);
    }
    if patch.capacity.is_some_and(|capacity| !(1..=capacity_max).contains(&capacity)) {
        return Err(Fault::field("capacity", format!("1 to {capacity_max}")));
    }
    if patch.max_video.is_some_and(|max| max > capacity_max) {
        return Err(Fault::field("max_video", format!("0 to {capacity_max}")));
    }
    Ok(())
}

/// A title that stays as it is, for rooms of a system whose titles may be longer.
///
/// # Errors
/// [`Fault::InvalidField`]
pub fn check_title(title: &str, most: usize) -> Result<(), Fault> {
    text::title(title, most)
}

impl Room {
    pub(super) fn update(&mut self, turn: Turn, mut patch: SettingsPatch, fx: &mut Effects) -> Ruling {
        let fields = Fields::of(&patch);
        if fields.need_manage() || fields.is_empty() {
            self.authorize(turn.who, Need::Right(Right::Manage))?;
        }
        if fields.need_moderate() {
            self.authorize(turn.who, Need::Right(Right::Moderate))?;
        }
        if self.ended_at.is_some() {
            return Err(Fault::Ended);
        }
        self.check_patch(&mut patch)?;
        let version = self.queue.last_settings().unwrap_or(self.house.version).max(self.house.version);
        if patch.version.is_some_and(|seen| seen != version) {
            return Err(Fault::StaleVersion { version: version.0 });
        }
        if fields.is_empty() {
            return Ok(Verdict::Now(Answer::Settings { version }));
        }
        self.queue.admit(self.seat_of(turn.who))?;
        let no = self.queue.next_no();
        let (next, before) = (self.house.patched(&patch), self.house.settings.clone());
        let by = self.by(turn.who);
        if self.house.begin(fields, next.clone(), no) {
            self.room_changed(&before, by.clone(), fx);
        }
        let deed = Deed::Settings { fields, settings: Box::new(next.clone()), by };
        self.persist(turn, no, Change::Settings(next), deed, fx);
        Ok(Verdict::Later)
    }

    fn check_patch(&self, patch: &mut SettingsPatch) -> Result<(), Fault> {
        check(patch, self.rules.capacity_max)?;
        match &patch.spotlight {
            Some(Some(peer)) => self.target(peer).map(|_| ()),
            Some(None) | None => Ok(()),
        }
    }

    /// A change of settings is committed: puts in force what still waited.
    pub(super) fn settings_kept(
        &mut self,
        fields: Fields,
        settings: &Settings,
        no: No,
        by: By,
        fx: &mut Effects,
    ) {
        let before = self.house.settings.clone();
        if !self.house.commit(fields, settings, no) {
            return;
        }
        let gone =
            self.house.settings.spotlight.as_ref().is_some_and(|peer| self.roster.of_peer(peer).is_none());
        if gone {
            self.house.settings.spotlight = None; // left while the spotlight was under way
        }
        self.room_changed(&before, by, fx);
    }

    /// If what was just kept is not what is to be (an earlier change was refused), that is kept after it.
    pub(super) fn mend_settings(&mut self, now: Millis, kept: &Settings, fx: &mut Effects) {
        let differs = Settings { spotlight: None, ..kept.clone() }
            != Settings { spotlight: None, ..self.house.next.clone() };
        if differs && self.queue.last_settings().is_none() {
            let (no, turn, next) = (self.queue.next_no(), self.own_turn(now), self.house.next.clone());
            self.persist_by(None, turn, no, Change::Settings(next), Deed::Acted, fx);
        }
    }

    pub(super) fn mend_pins(&mut self, now: Millis, kept: &super::pins::Pins, fx: &mut Effects) {
        if *kept != self.house.next_pins && !self.queue.changes_pins() {
            let (no, turn, pins) = (self.queue.next_no(), self.own_turn(now), self.house.next_pins.clone());
            self.persist_by(None, turn, no, Change::Pins(pins), Deed::Acted, fx);
        }
    }

    /// Tells everyone the settings, and what they do to each one's rights.
    fn room_changed(&mut self, before: &Settings, by: By, fx: &mut Effects) {
        let room = Box::new(self.room_view(None));
        self.show_all(Event::RoomChanged { room, by: by.clone() }, fx);
        let shifted = |(slot, seat): (Slot, &super::seat::Seat)| {
            let (was, is) = (masked(seat, before), self.rights_of(seat));
            (was != is).then_some((slot, was, is))
        };
        let changes: Vec<(Slot, Rights, Rights)> = self.roster.iter().filter_map(shifted).collect();
        for (slot, was, is) in changes {
            let peer = self.roster.at(slot).peer.clone();
            self.show_all(Event::RightsChanged { peer, rights: is, by: by.clone() }, fx);
            self.rights_shrank(slot, was, by.clone(), fx);
        }
    }

    /// New PINs open the room once they are committed; until then the old ones do.
    pub(super) fn rotate_pins(
        &mut self,
        turn: Turn,
        pin: Option<Pin>,
        spin: Option<Pin>,
        fx: &mut Effects,
    ) -> Ruling {
        self.authorize(turn.who, Need::Owner)?;
        if self.ended_at.is_some() {
            return Err(Fault::Ended);
        }
        let wrote = WhichPins { pin: pin.is_some(), spin: spin.is_some() };
        if !wrote.pin && !wrote.spin {
            return Ok(Verdict::Now(Answer::Pins(self.house.pins.clone())));
        }
        let mut pins = self.house.next_pins.clone();
        pins.pin = pin.unwrap_or(pins.pin);
        pins.spin = spin.unwrap_or(pins.spin);
        if pins.pin == pins.spin {
            return Err(Fault::Unavailable); // the dice fell so that a viewer's PIN would enter as participant: throw again
        }
        self.queue.admit(self.seat_of(turn.who))?;
        let no = self.queue.next_no();
        if wrote.pin {
            self.house.pin_no = no;
        }
        if wrote.spin {
            self.house.spin_no = no;
        }
        self.house.next_pins = pins.clone();
        self.persist(turn, no, Change::Pins(pins.clone()), Deed::Pins { pins, wrote }, fx);
        Ok(Verdict::Later)
    }

    /// Everyone hears it and is closed; who asked is closed after its answer.
    pub(super) fn end(&mut self, turn: Turn, fx: &mut Effects) -> Ruling {
        self.authorize(turn.who, Need::Right(Right::Manage))?;
        self.queue.admit(self.seat_of(turn.who))?;
        let (by_seat, by) = (self.seat_of(turn.who), self.by(turn.who));
        let asker = turn.slot().ok().and_then(|slot| self.roster.at(slot).conn());
        self.ended_at = Some(turn.now);
        self.show_all(Event::RoomEnded { by }, fx);
        for slot in self.roster.slots().to_vec() {
            let conn = self.roster.at(slot).conn();
            if let Some(conn) = conn.filter(|conn| Some(*conn) != asker) {
                fx.push(Effect::Close { conn, close: Farewell::Ended });
            }
            self.unseat(slot, fx);
            self.forget(turn.now, slot, fx);
        }
        let no = self.queue.next_no();
        self.persist_by(by_seat, turn, no, Change::Ended, Deed::Ended { close: asker }, fx);
        Ok(Verdict::Later)
    }
}
