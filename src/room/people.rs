//! What people say of themselves: profile, media flags, attributes, reactions.
use super::Room;
use super::authorize::Need;
use super::effect::Effects;
use super::event::Event;
use super::ids::{No, Slot};
use super::media::{Media, MediaPatch};
use super::permissions::Right;
use super::rules::ATTRIBUTE_BYTES;
use super::text;
use super::turn::{DONE, Ruling, Turn};
use crate::fault::Fault;
use std::collections::BTreeMap;
use std::sync::Arc;

impl Room {
    pub(super) fn set_profile(
        &mut self,
        turn: Turn,
        name: Option<Arc<str>>,
        avatar: Option<Option<Arc<str>>>,
        fx: &mut Effects,
    ) -> Ruling {
        let slot = turn.slot()?;
        let name = name.map(|name| text::name(&name)).transpose()?;
        text::avatar(avatar.as_ref().and_then(Option::as_deref))?;
        let seat = self.roster.at_mut(slot);
        let before = (seat.name.clone(), seat.avatar.clone());
        seat.name = name.unwrap_or_else(|| seat.name.clone());
        seat.avatar = avatar.unwrap_or_else(|| seat.avatar.clone());
        let after = (seat.name.clone(), seat.avatar.clone());
        if before != after {
            let peer = seat.peer.clone();
            self.show_all(Event::ProfileChanged { peer, name: after.0, avatar: after.1 }, fx);
            self.write_behind(slot, fx);
        }
        DONE
    }

    /// Turning on needs the right, and the room's policy; off always works.
    pub(super) fn set_media(&mut self, turn: Turn, patch: MediaPatch, fx: &mut Effects) -> Ruling {
        let slot = turn.slot()?;
        let before = self.roster.at(slot).media;
        let after = before.patched(patch);
        for right in turned_on(before, after) {
            self.authorize(turn.who, Need::Right(right))?;
        }
        self.put_media(slot, after, fx);
        DONE
    }

    /// Sets the flags and tells everyone, if they differ.
    pub(super) fn put_media(&mut self, slot: Slot, media: Media, fx: &mut Effects) {
        let seat = self.roster.at_mut(slot);
        if seat.media == media {
            return;
        }
        seat.media = media;
        let peer = seat.peer.clone();
        self.show_all(Event::MediaChanged { peer, media }, fx);
        self.write_behind(slot, fx);
    }

    /// 4 KiB in all, keys and values together.
    pub(super) fn set_attributes(
        &mut self,
        turn: Turn,
        patch: BTreeMap<Arc<str>, Option<Arc<str>>>,
        fx: &mut Effects,
    ) -> Ruling {
        let slot = turn.slot()?;
        let mut attributes = self.roster.at(slot).attributes.clone();
        for (key, value) in patch {
            match value {
                Some(value) => attributes.insert(key, value),
                None => attributes.remove(&key),
            };
        }
        if attributes.iter().map(|(key, value)| key.len() + value.len()).sum::<usize>() > ATTRIBUTE_BYTES {
            return Err(Fault::TooLarge { limit: ATTRIBUTE_BYTES });
        }
        let seat = self.roster.at_mut(slot);
        if seat.attributes != attributes {
            seat.attributes = attributes.clone();
            let peer = seat.peer.clone();
            self.show_all(Event::AttributesChanged { peer, attributes }, fx);
        }
        DONE
    }

    pub(super) fn react(&mut self, turn: Turn, emoji: Arc<str>, fx: &mut Effects) -> Ruling {
        let peer = self.roster.at(turn.slot()?).peer.clone();
        text::emoji(&emoji)?;
        self.show_all(Event::Reaction { peer, emoji }, fx);
        DONE
    }

    pub(super) fn chat_read(&mut self, turn: Turn, no: No, fx: &mut Effects) -> Ruling {
        let peer = self.roster.at(turn.slot()?).peer.clone();
        if no.0 < 0 {
            return Err(Fault::field("no", "a position, 0 and up"));
        }
        self.show_all(Event::ChatRead { peer, no }, fx);
        DONE
    }
}

/// The rights that turning these flags on asks for.
fn turned_on(before: Media, after: Media) -> impl Iterator<Item = Right> {
    let flags = [
        (before.audio, after.audio, Right::PublishAudio),
        (before.video, after.video, Right::PublishVideo),
        (before.screen, after.screen, Right::PublishScreen),
    ];
    flags.into_iter().filter(|(was, is, _)| !was && *is).map(|(_, _, right)| right)
}
