//! Whatever people do, in whatever order the journal answers: what must hold, holds.
use super::mirror::Mirror;
use super::person::offer;
use super::stage::*;
use convene::fault::Fault;
use convene::room::command::{Asker, ChatSend, Command, On, Position, SettingsPatch};
use convene::room::event::{Answer, Participant};
use convene::room::ids::*;
use convene::room::join::{Face, Join, PinTry};
use convene::room::media::{MediaPatch, Source};
use convene::room::permissions::{Right, Rights, Role};
use convene::room::pins::Pin;
use convene::room::record::Outcome;
use convene::room::signal::{Signal, SignalBody};
use convene::seal::sha256;
use proptest::{prelude::*, sample::select};
use std::collections::{BTreeMap, BTreeSet};

/// One step. Numbers pick among the people and messages there are.
#[derive(Debug, Clone)]
enum Step {
    Join(Face, Role),
    Drop(usize),
    Resume(usize, Seen),
    Ask(usize, Act),
    /// The journal answers so many entries, in order or the last first.
    Settle {
        count: usize,
        kept: bool,
        backwards: bool,
    },
    Wait(i64),
}

#[derive(Debug, Clone, Copy)]
enum Seen {
    Exactly,
    Nothing,
    OtherEpoch,
}

#[derive(Debug, Clone)]
enum Act {
    Leave,
    Say,
    SayTo(usize),
    Retry,
    Edit(usize),
    Delete(usize),
    React(usize, On),
    Hand(On),
    Media(MediaPatch),
    Rename,
    Grant(usize, Right),
    Revoke(usize, Right),
    Role(usize, Role),
    Kick(usize),
    Mute(usize, Source),
    MuteAll(Source),
    Update(SettingsPatch),
    Offer(usize, u64),
    Answer(usize, u64),
    Data(usize),
}

fn act() -> impl Strategy<Value = Act> {
    let who = 0..8usize;
    let on = prop_oneof![Just(On::On), Just(On::Off)];
    let flag = || proptest::option::of(any::<bool>());
    let media = (flag(), flag()).prop_map(|(audio, video)| MediaPatch { audio, video, ..Default::default() });
    let policy = (flag(), flag(), flag(), proptest::option::of(1..8u32)).prop_map(
        |(locked, audio, chat, capacity)| SettingsPatch {
            locked,
            audio,
            chat,
            capacity,
            ..Default::default()
        },
    );
    let source = select(vec![Source::Mic, Source::Camera]);
    let right = select(Right::ALL.to_vec());
    prop_oneof![
        1 => Just(Act::Leave),
        4 => Just(Act::Say),
        3 => who.clone().prop_map(Act::SayTo),
        1 => Just(Act::Retry),
        1 => who.clone().prop_map(Act::Edit),
        1 => who.clone().prop_map(Act::Delete),
        1 => (who.clone(), on.clone()).prop_map(|(which, on)| Act::React(which, on)),
        3 => on.prop_map(Act::Hand),
        3 => media.prop_map(Act::Media),
        1 => Just(Act::Rename),
        2 => (who.clone(), right.clone()).prop_map(|(who, right)| Act::Grant(who, right)),
        2 => (who.clone(), right).prop_map(|(who, right)| Act::Revoke(who, right)),
        2 => (who.clone(), select(Role::ALL.to_vec())).prop_map(|(who, role)| Act::Role(who, role)),
        1 => who.clone().prop_map(Act::Kick),
        1 => (who.clone(), source.clone()).prop_map(|(who, source)| Act::Mute(who, source)),
        1 => source.prop_map(Act::MuteAll),
        2 => policy.prop_map(Act::Update),
        2 => (who.clone(), 1..4u64).prop_map(|(who, generation)| Act::Offer(who, generation)),
        1 => (who.clone(), 1..4u64).prop_map(|(who, generation)| Act::Answer(who, generation)),
        1 => who.prop_map(Act::Data),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let face =
        select(vec![Face::NATIVE, Face::NATIVE, Face::NATIVE, Face::ANIMO, Face::MEET, Face::HUNDREDMS]);
    let role = select(vec![Role::Owner, Role::Participant, Role::Participant, Role::Viewer]);
    let seen = select(vec![Seen::Exactly, Seen::Exactly, Seen::Exactly, Seen::Nothing, Seen::OtherEpoch]);
    let who = 0..8usize;
    prop_oneof![
        3 => (face, role).prop_map(|(face, role)| Step::Join(face, role)),
        2 => who.clone().prop_map(Step::Drop),
        3 => (who.clone(), seen).prop_map(|(who, seen)| Step::Resume(who, seen)),
        20 => (who, act()).prop_map(|(who, act)| Step::Ask(who, act)),
        5 => (1..6usize, any::<bool>(), any::<bool>())
            .prop_map(|(count, kept, backwards)| Step::Settle { count, kept, backwards }),
        2 => select(vec![1, 900, 5_000, 60_000, 121_000]).prop_map(Step::Wait),
    ]
}

struct Play {
    stage: Stage,
    cast: Vec<Mirror>,
    said: Vec<ChatSend>,
    tickets: Vec<Ticket>,
    committed: BTreeSet<No>,
}

impl Play {
    fn new() -> Self {
        Self { stage: Stage::slow(), cast: vec![], said: vec![], tickets: vec![], committed: BTreeSet::new() }
    }

    fn goes(&mut self, step: Step) {
        let before = self.rights();
        let may_widen = matches!(step, Step::Settle { kept: true, .. });
        match step {
            Step::Join(face, role) => self.enter(face, role),
            Step::Drop(who) => self.with(who, |one, _| {
                if one.is_here {
                    one.drops();
                }
            }),
            Step::Resume(who, seen) => self.with(who, |one, committed| {
                let at = match seen {
                    Seen::Exactly => one.at,
                    Seen::Nothing => Position { seq: Seq(0), no: No(0), ..one.at },
                    Seen::OtherEpoch => Position { epoch: Epoch(1), ..one.at },
                };
                one.resumes(at, committed);
            }),
            Step::Ask(who, act) => self.act(who, act),
            Step::Settle { count, kept, backwards } => self.settle(count, kept, backwards),
            Step::Wait(ms) => self.stage.passes(ms),
        }
        for one in &mut self.cast {
            one.listens(&self.committed);
        }
        let after = self.rights();
        for (peer, rights) in &after {
            let had = before.get(peer).copied().unwrap_or(*rights);
            assert!(may_widen || rights.without(had).is_empty(), "rights widened by themselves");
        }
        self.compare();
    }

    fn with(&mut self, who: usize, what: impl FnOnce(&mut Mirror, &BTreeSet<No>)) {
        let count = self.cast.len();
        if count > 0 {
            what(&mut self.cast[who % count], &self.committed);
        }
    }

    fn enter(&mut self, face: Face, role: Role) {
        let pin = |text| PinTry::Shown(Pin::parse(text).unwrap());
        let join = Join { face, ..self.stage.join("Someone") };
        let join = match role {
            Role::Owner => Join { owner: Some(sha256(OWNER_SECRET)), ..join },
            Role::Viewer => Join { pin: pin(SPIN), ..join },
            Role::Cohost | Role::Participant => join,
        };
        match self.stage.tries(join) {
            Ok(person) => self.cast.push(Mirror::new(person)),
            Err(why) => {
                assert!(why == Fault::RoomFull || (why == Fault::Locked && role != Role::Owner), "{why:?}")
            }
        }
    }

    fn act(&mut self, who: usize, act: Act) {
        let count = self.cast.len();
        if count == 0 {
            return;
        }
        let Some(command) = self.command(act) else { return };
        if let Command::ChatSend(said) = &command {
            self.said.push((**said).clone());
        }
        let one = &mut self.cast[who % count];
        if matches!(command, Command::Leave) {
            one.is_here = false;
        }
        self.tickets.push(one.person.sends(command));
    }

    fn command(&self, act: Act) -> Option<Command> {
        let peer = |who: usize| self.cast[who % self.cast.len()].person.peer.clone();
        let message = |which: usize| self.said.get(which % self.said.len().max(1)).map(|said| said.id);
        let send = |said: ChatSend| Command::ChatSend(Box::new(said));
        let signal = |to, generation, body| Command::Signal(Box::new(Signal { to, generation, body }));
        Some(match act {
            Act::Leave => Command::Leave,
            Act::Say => send(chat(&self.stage, "said")),
            Act::SayTo(who) => send(ChatSend { to: Some(peer(who)), ..chat(&self.stage, "secret") }),
            Act::Retry => send(self.said.last()?.clone()),
            Act::Edit(which) => Command::ChatEdit { message: message(which)?, text: "edited".into() },
            Act::Delete(which) => Command::ChatDelete { message: message(which)? },
            Act::React(which, on) => {
                Command::ChatReact { message: message(which)?, emoji: "🎉".into(), on }
            }
            Act::Hand(On::On) => Command::RaiseHand,
            Act::Hand(On::Off) => Command::LowerHand { peer: None },
            Act::Media(patch) => Command::SetMedia(patch),
            Act::Rename => Command::SetProfile { name: Some("Renamed".into()), avatar: None },
            Act::Grant(who, right) => Command::Grant { peer: peer(who), rights: Rights::of(&[right]) },
            Act::Revoke(who, right) => Command::Revoke { peer: peer(who), rights: Rights::of(&[right]) },
            Act::Role(who, role) => Command::SetRole { peer: peer(who), role },
            Act::Kick(who) => Command::Kick { peer: peer(who) },
            Act::Mute(who, source) => Command::Mute { peer: peer(who), source },
            Act::MuteAll(source) => Command::MuteAll { source },
            Act::Update(patch) => Command::Update(patch),
            Act::Offer(who, generation) => signal(peer(who), generation, offer(&[("0", Source::Mic)])),
            Act::Answer(who, generation) => {
                let answer = SignalBody::Answer { sdp: "v=0".into(), sources: [].into() };
                signal(peer(who), generation, answer)
            }
            Act::Data(who) => Command::Message { to: peer(who), body: "1".into() },
        })
    }

    fn settle(&mut self, count: usize, kept: bool, backwards: bool) {
        let (epoch, mut outcomes): (Epoch, Vec<(No, Outcome)>) = {
            let mut world = self.stage.0.borrow_mut();
            let count = count.min(world.journal.len());
            let outcome = if kept { Outcome::Committed } else { Outcome::Refused(Fault::StorageUnavailable) };
            let entries = world.journal.drain(..count);
            let outcomes = entries.map(|entry| (entry.no, outcome.clone())).collect();
            (world.room.epoch(), outcomes)
        };
        if kept {
            self.committed.extend(outcomes.iter().map(|(no, _)| *no));
        }
        if backwards {
            outcomes.reverse();
        }
        self.stage.host(Command::Settled { epoch, outcomes });
    }

    fn seated(&self) -> Vec<Participant> {
        match self.stage.rest(Asker::Host, Command::Participants).answer() {
            Ok(Answer::Participants(mut people)) => {
                people.sort_by(|one, other| one.peer.cmp(&other.peer));
                people
            }
            other => panic!("{other:?}"),
        }
    }

    fn rights(&self) -> BTreeMap<PeerId, Rights> {
        self.seated().into_iter().map(|one| (one.peer, one.rights)).collect()
    }

    /// Every client that is here sees the room as it is.
    fn compare(&self) {
        let seated = self.seated();
        for one in self.cast.iter().filter(|one| one.is_here) {
            assert_eq!(one.people(), seated);
            assert_eq!(one.person.position().seq, one.at.seq, "the heartbeat tells what was sent");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 160, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens(steps in proptest::collection::vec(step(), 1..90)) {
        let mut play = Play::new();
        for step in steps {
            play.goes(step);
        }
        while !play.stage.0.borrow().journal.is_empty() {
            play.goes(Step::Settle { count: 100, kept: true, backwards: false });
        }
        for ticket in &play.tickets {
            prop_assert!(ticket.came().is_some(), "every command is answered");
        }
        prop_assert_eq!(play.stage.0.borrow().room.pending(), 0);
    }
}
