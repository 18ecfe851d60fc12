//! Muting, asking, removing, and what a loss of rights does to what is already on.
use super::Room;
use super::authorize::Need;
use super::effect::{Effect, Effects, Farewell};
use super::enter::allowed;
use super::event::{By, Event, Left, Whisper};
use super::footing::Footing;
use super::ids::{PeerId, SeatId, Slot};
use super::media::{MediaPatch, Source};
use super::permissions::{Right, Rights};
use super::queue::Deed;
use super::record::Change;
use super::turn::{DONE, Ruling, Turn, Verdict};
use crate::fault::Fault;

impl Room {
    pub(super) fn mute(&mut self, turn: Turn, peer: &PeerId, source: Source, fx: &mut Effects) -> Ruling {
        self.authorize(turn.who, Need::Right(Right::Moderate))?;
        let slot = self.target(peer)?;
        self.mute_these(turn, vec![slot], source, fx)
    }

    /// Everyone but the one who asks.
    pub(super) fn mute_all(&mut self, turn: Turn, source: Source, fx: &mut Effects) -> Ruling {
        self.authorize(turn.who, Need::Right(Right::Moderate))?;
        let asker = turn.slot().ok();
        let slots = self.roster.slots().iter().copied().filter(|slot| Some(*slot) != asker).collect();
        self.mute_these(turn, slots, source, fx)
    }

    fn mute_these(&mut self, turn: Turn, slots: Vec<Slot>, source: Source, fx: &mut Effects) -> Ruling {
        self.queue.admit(self.seat_of(turn.who))?;
        let by = self.by(turn.who);
        let mut seats: Vec<SeatId> = Vec::with_capacity(slots.len());
        for slot in slots {
            let seat = self.roster.at(slot);
            seats.push(seat.id);
            let (peer, media) = (seat.peer.clone(), seat.media.patched(off(source)));
            self.show_all(Event::Muted { peer, source, by: by.clone() }, fx);
            self.put_media(slot, media, fx);
        }
        let no = self.queue.next_no();
        self.persist(turn, no, Change::Muted { seats, source }, Deed::Acted, fx);
        Ok(Verdict::Later)
    }

    pub(super) fn ask_unmute(
        &mut self,
        turn: Turn,
        peer: &PeerId,
        source: Source,
        fx: &mut Effects,
    ) -> Ruling {
        self.authorize(turn.who, Need::Right(Right::Moderate))?;
        let slot = self.target(peer)?;
        if self.roster.at(slot).conn().is_some() {
            let whisper = Whisper::UnmuteAsked { source, by: self.by(turn.who) };
            fx.push(Effect::Whisper { slot, whisper });
        }
        DONE
    }

    pub(super) fn kick(&mut self, turn: Turn, peer: &PeerId, fx: &mut Effects) -> Ruling {
        self.authorize(turn.who, Need::Right(Right::Moderate))?;
        let slot = self.target(peer)?;
        if turn.slot() == Ok(slot) {
            return Err(Fault::field("peer", "someone else: you can leave"));
        }
        self.authorize(turn.who, Need::Remove(slot))?;
        self.queue.admit(self.seat_of(turn.who))?;
        let seat = self.roster.at(slot).id;
        if let Some(conn) = self.roster.at(slot).conn() {
            fx.push(Effect::Close { conn, close: Farewell::Kicked });
        }
        self.unseat(slot, fx);
        if let Footing::Token { token, .. } = self.roster.at(slot).footing {
            fx.push(Effect::TokenSpent { token });
        }
        self.release(turn.now, slot, Left::Kicked, fx);
        let no = self.queue.next_no();
        self.persist(turn, no, Change::Kicked { seat }, Deed::Acted, fx);
        Ok(Verdict::Later)
    }

    /// Rights may have shrunk from `before`: turns off what they no longer cover, and tells who receives it.
    pub(super) fn rights_shrank(&mut self, slot: Slot, before: Rights, by: By, fx: &mut Effects) {
        let seat = self.roster.at(slot);
        let after = self.rights_of(seat);
        let lost = before.without(after);
        if lost.is_empty() {
            return;
        }
        let (media, peer) = (allowed(seat.media, after), seat.peer.clone());
        self.put_media(slot, media, fx);
        if lost.has(Right::RaiseHand) && self.hands.lower(slot) {
            self.show_all(Event::HandLowered { peer: peer.clone(), by }, fx);
        }
        let sources: Vec<Source> = published(lost).collect();
        if !sources.is_empty() {
            self.cut(slot, &peer, &sources, fx);
        }
    }

    /// The server can't cut media between two browsers: honest receivers are told what to stop.
    fn cut(&mut self, slot: Slot, peer: &PeerId, sources: &[Source], fx: &mut Effects) {
        for other in self.roster.slots().to_vec() {
            if other == slot || !self.linked(slot, other) {
                continue;
            }
            let Some(mids) = self.links.mids(slot, other, sources) else { continue };
            let whisper = Whisper::PeerCut { peer: peer.clone(), sources: sources.to_vec(), mids };
            // a full bag: the lost right stands in its delta or snapshot all the same
            let _ = self.whisper(slot, other, 128, whisper, fx);
        }
    }
}

fn off(source: Source) -> MediaPatch {
    let mut patch = MediaPatch::default();
    match source {
        Source::Mic => patch.audio = Some(false),
        Source::Camera => patch.video = Some(false),
        Source::Screen => patch.screen = Some(false),
    }
    patch
}

/// What could be sent with these rights.
fn published(rights: Rights) -> impl Iterator<Item = Source> {
    let sources = [
        (Right::PublishAudio, Source::Mic),
        (Right::PublishVideo, Source::Camera),
        (Right::PublishScreen, Source::Screen),
    ];
    sources.into_iter().filter(move |(right, _)| rights.has(*right)).map(|(_, source)| source)
}
