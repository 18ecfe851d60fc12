//! A client's picture of a room, drawn only from what it was told; it objects to whatever cannot be.
use super::stage::{Heard, Person};
use convene::fault::Fault;
use convene::room::chat::Message;
use convene::room::command::Position;
use convene::room::event::{CaughtUp, Event, Hand, Participant, Presence, Push, Snapshot, Whisper};
use convene::room::ids::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub(super) struct Mirror {
    pub(super) person: Person,
    pub(super) is_here: bool,
    pub(super) at: Position,
    people: BTreeMap<PeerId, Participant>,
    last_said: No,
    read: usize,
}

impl Mirror {
    pub(super) fn new(person: Person) -> Self {
        let at = person.snapshot.at;
        let mut mirror =
            Self { person, is_here: true, at, people: BTreeMap::new(), last_said: No(0), read: 0 };
        mirror.draw(&mirror.person.snapshot.clone());
        mirror
    }

    /// The participants as this client shows them, by peer.
    pub(super) fn people(&self) -> Vec<Participant> {
        let mut people: Vec<Participant> = self.people.values().cloned().collect();
        let mut since: Vec<Millis> =
            people.iter().filter_map(|one| one.hand).map(|hand| hand.since).collect();
        since.sort();
        for hand in people.iter_mut().filter_map(|one| one.hand.as_mut()) {
            hand.rank = since.iter().position(|other| *other == hand.since).unwrap() as u32 + 1;
        }
        people
    }

    /// Reads on in what its connection was sent.
    pub(super) fn listens(&mut self, committed: &BTreeSet<No>) {
        let heard = self.person.heard();
        for heard in &heard[self.read.min(heard.len())..] {
            match heard {
                Heard::Push(push) => self.takes(push, committed),
                Heard::Whisper(whisper) => self.overhears(whisper),
                Heard::Reply(..) => {}
                Heard::Closed(_) => self.is_here = false,
            }
        }
        self.read = heard.len();
    }

    pub(super) fn drops(&mut self) {
        self.person.drops();
        self.is_here = false;
    }

    /// Comes back; whatever it is told must be all it missed, and nothing else.
    pub(super) fn resumes(&mut self, seen: Position, committed: &BTreeSet<No>) {
        let caught_up = match self.person.resumes(seen) {
            Ok(caught_up) => caught_up,
            Err(Fault::UnknownSession) if !self.is_here => return, // it went, or was away for too long
            Err(refused) => panic!("{} can't come back: {refused:?}", self.person.peer),
        };
        (self.read, self.is_here) = (0, true);
        match caught_up {
            CaughtUp::Snapshot(snapshot) => {
                self.draw(&snapshot);
                self.at = snapshot.at;
            }
            CaughtUp::Delta { events, at } => {
                assert_eq!(seen.epoch, at.epoch);
                assert_eq!(events, self.missed(seen.seq, at.seq), "a delta is exactly what was missed");
                for push in &events {
                    self.takes(push, committed);
                }
                self.at = at;
                let me = self.people.get_mut(&self.person.peer).expect("it is seated");
                me.state = Presence::Here;
            }
        }
    }

    fn missed(&self, seen: Seq, at: Seq) -> Vec<Arc<Push>> {
        let world = self.person.stage.0.borrow();
        let missed = world.shown.iter().filter(|(push, readers)| {
            push.seq > seen && push.seq <= at && readers.contains(&self.person.seat)
        });
        missed.map(|(push, _)| push.clone()).collect()
    }

    fn draw(&mut self, snapshot: &Snapshot) {
        let everyone = snapshot.others.iter().map(|(other, _)| other).chain([&snapshot.me]);
        self.people = everyone.map(|one| (one.peer.clone(), one.clone())).collect();
        for message in &snapshot.messages {
            self.may_read(message);
        }
    }

    fn may_read(&self, message: &Message) {
        let me = self.person.seat;
        let reads = message.to.as_ref().is_none_or(|to| to.seat == me || message.author == me);
        assert!(reads, "a private message reached someone else");
    }

    fn known(&mut self, peer: &PeerId) -> &mut Participant {
        self.people.get_mut(peer).unwrap_or_else(|| panic!("{peer} isn't seated"))
    }

    fn overhears(&mut self, whisper: &Whisper) {
        match whisper {
            Whisper::Signal { from, .. } | Whisper::Message { from, .. } => {
                self.known(from);
            }
            Whisper::PeerCut { peer, .. } | Whisper::Typing { peer, .. } => {
                self.known(peer);
            }
            Whisper::UnmuteAsked { .. } | Whisper::Pins(_) | Whisper::Restarted(_) => {}
        }
    }

    fn takes(&mut self, push: &Push, committed: &BTreeSet<No>) {
        assert!(push.epoch == self.at.epoch && push.seq > self.at.seq, "positions rise");
        self.at.seq = push.seq;
        match &push.event {
            Event::ParticipantJoined(one) => {
                assert!(self.people.insert(one.peer.clone(), (**one).clone()).is_none(), "joined twice");
            }
            Event::ParticipantLeft { peer, .. } => {
                assert!(self.people.remove(peer).is_some(), "left without having been here");
            }
            Event::StateChanged { peer, state } => self.known(peer).state = *state,
            Event::MediaChanged { peer, media } => self.known(peer).media = *media,
            Event::ProfileChanged { peer, name, avatar } => {
                let one = self.known(peer);
                (one.name, one.avatar) = (name.clone(), avatar.clone());
            }
            Event::AttributesChanged { peer, attributes } => self.known(peer).attributes = attributes.clone(),
            Event::HandRaised { peer, rank, since } => {
                self.known(peer).hand = Some(Hand { rank: *rank, since: *since });
            }
            Event::HandLowered { peer, .. } => self.known(peer).hand = None,
            Event::RightsChanged { peer, rights, .. } => self.known(peer).rights = *rights,
            Event::RoleChanged { peer, role, rights, .. } => {
                let one = self.known(peer);
                (one.role, one.rights) = (*role, *rights);
            }
            Event::Muted { peer, .. } | Event::Reaction { peer, .. } | Event::ChatRead { peer, .. } => {
                self.known(peer);
            }
            Event::Broadcast { from, .. } => {
                self.known(from);
            }
            Event::ChatMessage(message) => {
                self.may_read(message);
                assert!(committed.contains(&message.no), "shown before it was kept");
                assert!(message.no > self.last_said, "shown out of order");
                self.last_said = message.no;
                self.at.no = message.no;
            }
            Event::ChatEdited { no, .. } | Event::ChatDeleted { no, .. } | Event::ChatReaction { no, .. } => {
                assert!(committed.contains(no), "shown before it was kept");
                self.at.no = *no;
            }
            Event::RoomChanged { .. } | Event::RoomEnded { .. } => {}
        }
    }
}
