//! Who gets in, as what, and what the others hear; and how one goes again.
use super::person::busy_stage;
use super::stage::*;
use convene::fault::Fault;
use convene::room::command::{Asker, Command, SettingsPatch};
use convene::room::event::{Answer, Event, Left, Polite, Presence};
use convene::room::ids::*;
use convene::room::join::{Face, Join, PinTry};
use convene::room::media::MediaPatch;
use convene::room::pass::seat_of_access;
use convene::room::permissions::{Right, Rights, Role};
use convene::room::pins::{Pin, proof};
use convene::room::record::{Behind, ChatKind, RoomRecord};
use convene::seal::sha256;

fn pin(text: &str) -> PinTry {
    PinTry::Shown(Pin::parse(text).unwrap())
}

#[test]
fn a_newcomer_sees_the_room_and_the_room_sees_the_newcomer() {
    let stage = Stage::new();
    let ana = stage.joins("Ana");
    let bob = stage.joins("  Bob ");
    assert!(ana.snapshot.others.is_empty());
    let (seen, polite) = &bob.snapshot.others[0];
    assert_eq!((&*seen.name, *polite, seen.state), ("Ana", Polite::Polite, Presence::Here));
    let [Event::ParticipantJoined(bob_seen)] = &ana.events()[..] else { panic!("{:?}", ana.events()) };
    assert_eq!((&*bob_seen.name, &bob_seen.peer, bob_seen.role), ("Bob", &bob.peer, Role::Participant));
    assert!(bob.events().is_empty(), "one's own joining is in the answer");
    assert_eq!(bob.position(), bob.snapshot.at);
    let world = stage.0.borrow();
    assert_eq!(seat_of_access(&world.ring, &bob.pass.access), Some(bob.pass.session));
}

#[test]
fn names_are_trimmed_and_must_not_fool_the_eye() {
    let stage = Stage::new();
    for name in ["", "   ", "a\u{7}b", "evil\u{202e}gnp", &"x".repeat(65)] {
        assert_eq!(stage.tries(stage.join(name)).err().unwrap().code(), "invalid_field", "{name:?}");
    }
    for name in ["x".repeat(64), "Zoë 👩‍👩‍👧".into(), "محمد".into()] {
        stage.joins(&name);
    }
}

#[test]
fn the_pin_decides_the_role_and_the_owner_secret_opens_everything() {
    let closed = RoomRecord { needs_pin: true, ..record(ChatKind::Durable) };
    let stage = Stage::with(loaded(closed), Commits::AtOnce);
    let role = |join: Join| stage.tries(join).map(|person| person.snapshot.me.role);
    assert_eq!(role(stage.join("none")), Err(Fault::WrongPin));
    assert_eq!(stage.0.borrow().wrong_pins, 0, "showing none is no guess");
    assert_eq!(role(Join { pin: pin("11111111"), ..stage.join("guess") }), Err(Fault::WrongPin));
    assert_eq!(role(Join { pin: PinTry::Garbled, ..stage.join("garbled") }), Err(Fault::WrongPin));
    assert_eq!(stage.0.borrow().wrong_pins, 2);
    let out = PinTry::OutOfGuesses { retry_after_ms: 7 };
    assert_eq!(role(Join { pin: out, ..stage.join("out") }), Err(Fault::RateLimited { retry_after_ms: 7 }));
    assert_eq!(role(Join { pin: pin(PIN), ..stage.join("p") }), Ok(Role::Participant));
    assert_eq!(role(Join { pin: pin(SPIN), ..stage.join("v") }), Ok(Role::Viewer));
    assert_eq!(role(Join { owner: Some(sha256(OWNER_SECRET)), ..stage.join("o") }), Ok(Role::Owner));
    assert_eq!(
        role(Join { owner: Some([0; 32]), pin: pin(PIN), ..stage.join("o") }),
        Err(Fault::TokenInvalid)
    );
}

#[test]
fn a_pin_shown_before_decides_while_it_stands_and_a_number_opens_nothing_by_itself() {
    for needs_pin in [true, false] {
        let room = RoomRecord { needs_pin, ..record(ChatKind::Durable) };
        let (id, stage) = (room.id, Stage::with(loaded(room), Commits::AtOnce));
        let ring = stage.0.borrow().ring.clone();
        let kept = |pin: &str| Some(proof(&ring, id, &Pin::parse(pin).unwrap()));
        let role = |join: Join| stage.tries(join).map(|person| person.snapshot.me.role);
        assert_eq!(role(Join { member: kept(PIN), ..stage.join("p") }), Ok(Role::Participant));
        assert_eq!(role(Join { member: kept(SPIN), ..stage.join("v") }), Ok(Role::Viewer));
        let by_number = |join: Join| Join { pin: PinTry::NoneByNumber, ..join };
        assert_eq!(role(by_number(stage.join("n"))), Err(Fault::WrongPin));
        assert_eq!(role(Join { member: kept(SPIN), ..by_number(stage.join("m")) }), Ok(Role::Viewer));
        assert_eq!(
            role(Join { member: kept("11111111"), ..by_number(stage.join("o")) }),
            Err(Fault::WrongPin)
        );
        let old = role(Join { member: kept("11111111"), ..stage.join("q") });
        assert_eq!(old, if needs_pin { Err(Fault::WrongPin) } else { Ok(Role::Participant) });
        assert_eq!(stage.0.borrow().wrong_pins, 0, "none of it is a guess");
    }
}

#[test]
fn keys_are_for_owner_and_cohosts_and_pins_for_the_owner() {
    let stage = Stage::new();
    let (owner, ana) = (stage.owner_joins("Olga"), stage.joins("Ana"));
    assert!(owner.snapshot.room.keys.is_some() && owner.snapshot.room.pins.is_some());
    assert!(ana.snapshot.room.keys.is_none() && ana.snapshot.room.pins.is_none());
    owner.asks(Command::SetRole { peer: ana.peer.clone(), role: Role::Cohost }).unwrap();
    let Ok(Answer::Room { room, people: 2 }) = ana.asks(Command::Describe) else { panic!() };
    assert!(room.keys.is_some() && room.pins.is_none());
    let Ok(Answer::Room { room, .. }) = stage.rest(Asker::Anyone, Command::Describe).answer() else {
        panic!()
    };
    assert!(room.keys.is_none() && room.pins.is_none());
    assert_eq!(stage.rest(Asker::Anyone, Command::Participants).answer(), Err(Fault::NotFound));
    assert_eq!(stage.rest(Asker::OwnerSecret([1; 32]), Command::Describe).answer(), Err(Fault::NotFound));
}

#[test]
fn a_lock_and_a_crowd_keep_people_out_but_not_the_owner() {
    let stage = Stage::new();
    stage
        .by_owner(Command::Update(SettingsPatch { capacity: Some(1), ..Default::default() }))
        .answer()
        .unwrap();
    stage.joins("Ana");
    assert_eq!(stage.tries(stage.join("Bob")).err(), Some(Fault::RoomFull));
    stage.owner_joins("Olga");
    let second = Join { owner: Some(sha256(OWNER_SECRET)), ..stage.join("Otto") };
    assert_eq!(stage.tries(second).err(), Some(Fault::RoomFull), "one place more, not two");

    let stage = Stage::new();
    stage
        .by_owner(Command::Update(SettingsPatch { locked: Some(true), ..Default::default() }))
        .answer()
        .unwrap();
    assert_eq!(stage.tries(stage.join("Bob")).err(), Some(Fault::Locked));
    assert_eq!(stage.tries(Join { pin: pin(PIN), ..stage.join("Bob") }).err(), Some(Fault::Locked));
    stage.owner_joins("Olga");
}

#[test]
fn one_socket_holds_one_seat_and_one_address_one_peer() {
    let stage = Stage::new();
    let ana = stage.joins("Ana");
    let again = Join { conn: ana.conn, ..stage.join("Ana") };
    assert_eq!(stage.tries(again).err(), Some(Fault::IdentityInUse));
    let same_peer = Join { peer: ana.peer.clone(), ..stage.join("Eve") };
    assert_eq!(stage.tries(same_peer).err(), Some(Fault::IdentityInUse));
    ana.asks(Command::Leave).unwrap();
    stage.tries(Join { conn: ana.conn, ..stage.join("Ana") }).unwrap();
}

#[test]
fn flags_need_their_right_already_at_the_door() {
    let stage = Stage::new();
    let media = MediaPatch {
        audio: Some(true),
        video: Some(true),
        audio_available: Some(true),
        ..Default::default()
    };
    let join = Join { pin: pin(SPIN), media, ..stage.join("Vic") };
    let vic = stage.tries(join).unwrap();
    let flags = vic.snapshot.me.media;
    assert!(!flags.audio && !flags.video && flags.audio_available);
    assert_eq!(vic.snapshot.me.rights, Rights::of(&[Right::Subscribe, Right::Chat, Right::RaiseHand]));
}

#[test]
fn leaving_is_heard_once_and_who_is_gone_hears_nothing() {
    let (stage, people) = busy_stage(&["Ana", "Bob"]);
    let [ana, bob] = &people[..] else { unreachable!() };
    bob.asks(Command::Leave).unwrap();
    ana.says("alone?");
    let left = bob.goes(Left::Left);
    assert_eq!(ana.events().iter().filter(|event| **event == left).count(), 1);
    assert!(bob.events().is_empty());
    assert_eq!(bob.asks(Command::RaiseHand), Err(Fault::NotJoined));
    assert_eq!(stage.people(), 1);
}

#[test]
fn a_dialect_without_grace_leaves_with_its_socket() {
    let stage = Stage::new();
    let ana = stage.joins("Ana");
    let bob = stage.tries(Join { face: Face::ANIMO, ..stage.join("Bob") }).unwrap();
    bob.drops();
    assert!(ana.events().contains(&bob.goes(Left::Lost)));
    assert_eq!(stage.people(), 1);
}

#[test]
fn a_call_lasts_from_the_first_seat_to_the_last() {
    let stage = Stage::new();
    let calls = || -> Vec<_> {
        let world = stage.0.borrow();
        let calls = world.behind.iter().filter_map(|behind| match behind {
            Behind::Call { call, .. } => Some(*call),
            _ => None,
        });
        calls.collect()
    };
    let ana = stage.joins("Ana");
    assert_eq!((calls().len(), calls()[0].paired_at, calls()[0].peak), (1, None, 1));
    stage.passes(1_000);
    let bob = stage.joins("Bob");
    let call = *calls().last().unwrap();
    assert_eq!((call.paired_at, call.peak), (Some(call.started_at.plus(1_000)), 2));
    ana.asks(Command::Leave).unwrap();
    assert_eq!(calls().last().unwrap().ended_at, None);
    stage.passes(1_000);
    bob.asks(Command::Leave).unwrap();
    let ended = *calls().last().unwrap();
    assert_eq!((ended.id, ended.ended_at, ended.peak), (call.id, Some(call.started_at.plus(2_000)), 2));
    assert!(stage.0.borrow().room.is_idle());
    stage.joins("Cid");
    assert_ne!(calls().last().unwrap().id, call.id, "the next seat opens another call");
}

#[test]
fn two_are_paired_when_both_are_present() {
    let stage = Stage::new();
    let paired = || {
        let world = stage.0.borrow();
        let last = world.behind.iter().rev().find_map(|behind| match behind {
            Behind::Call { call, .. } => Some(call.paired_at),
            _ => None,
        });
        last.flatten()
    };
    let mut ana = stage.joins("Ana");
    let seen = ana.position();
    ana.drops();
    stage.joins("Bob");
    assert_eq!(paired(), None);
    stage.passes(500);
    ana.resumes(seen).unwrap();
    assert_eq!(paired(), Some(stage.0.borrow().now));
}

#[test]
fn a_room_refuses_what_is_not_of_people() {
    let (stage, people) = busy_stage(&["Ana"]);
    assert_eq!(people[0].asks(Command::Tick), Err(Fault::Unsupported));
    let settled = Command::Settled { epoch: Epoch(0xe1), outcomes: vec![] };
    assert_eq!(people[0].asks(settled), Err(Fault::Unsupported));
    assert_eq!(stage.rest(Asker::Host, Command::RaiseHand).answer(), Err(Fault::Unsupported));
}
