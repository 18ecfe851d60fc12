//! The commit rule: nothing durable is shown before it is kept, what narrows doesn't wait, and refusals undo nothing narrow.
use super::person::said;
use super::stage::*;
use convene::fault::Fault;
use convene::room::command::{Asker, ChatSend, Command, SettingsPatch};
use convene::room::effect::Farewell;
use convene::room::event::{Answer, Event, Whisper};
use convene::room::ids::*;
use convene::room::join::{Join, PinTry};
use convene::room::permissions::{Right, Rights, Role};
use convene::room::pins::Pin;
use convene::room::record::{Change, Outcome};

fn update(patch: SettingsPatch) -> Command {
    Command::Update(patch)
}
fn lock(locked: bool) -> Command {
    update(SettingsPatch { locked: Some(locked), ..Default::default() })
}
fn is_locked(stage: &Stage) -> bool {
    match stage.rest(Asker::Anyone, Command::Describe).answer() {
        Ok(Answer::Room { room, .. }) => room.settings.locked,
        other => panic!("{other:?}"),
    }
}
const AWAY: Result<Answer, Fault> = Err(Fault::StorageUnavailable);

#[test]
fn nothing_is_shown_before_it_is_kept_and_then_in_order() {
    let stage = Stage::slow();
    let (ana, bob) = (stage.joins("Ana"), stage.joins("Bob"));
    let tickets = [ana.says("one"), bob.says("two"), ana.says("three")];
    ana.asks(Command::RaiseHand).unwrap();
    assert!(bob.texts().is_empty() && tickets.iter().all(Ticket::is_waiting));
    let entries: Vec<_> = stage.0.borrow_mut().journal.drain(..).collect();
    let epoch = stage.0.borrow().room.epoch();
    let settle = |index: usize, outcome| {
        let outcomes = vec![(entries[index].no, outcome)];
        stage.host(Command::Settled { epoch, outcomes });
    };
    settle(2, Outcome::Committed);
    assert!(bob.texts().is_empty(), "one and two come first");
    settle(0, Outcome::Committed);
    assert_eq!(bob.texts(), ["one"]);
    settle(1, Outcome::Refused(Fault::StorageUnavailable));
    assert_eq!(bob.texts(), ["one", "three"]);
    assert_eq!(tickets[1].answer(), AWAY);
    let (_, no) = said(tickets[2].answer());
    assert_eq!(no, No(3));
    assert!(stage.0.borrow().room.wake_at().is_none());
}

#[test]
fn the_journal_of_another_life_says_nothing_here() {
    let stage = Stage::slow();
    let ana = stage.joins("Ana");
    let ticket = ana.says("hi");
    stage.host(Command::Settled { epoch: Epoch(1), outcomes: vec![(No(1), Outcome::Committed)] });
    assert!(ticket.is_waiting());
}

#[test]
fn who_waited_five_seconds_is_told_and_the_message_may_still_come() {
    let stage = Stage::slow();
    let (ana, bob) = (stage.joins("Ana"), stage.joins("Bob"));
    let message = chat(&stage, "late");
    let first = ana.sends(Command::ChatSend(Box::new(message.clone())));
    stage.passes(3_000);
    let retry =
        ana.sends(Command::ChatSend(Box::new(ChatSend { id: MessageId(uuid::Uuid::max()), ..message })));
    stage.passes(2_000);
    assert_eq!(first.answer(), AWAY);
    assert!(retry.is_waiting(), "it has its own five seconds");
    stage.commits();
    assert!(retry.answer().is_ok());
    assert_eq!((bob.texts(), first.answer()), (vec!["late".into()], AWAY));
}

#[test]
fn a_duplicate_is_answered_with_what_stands() {
    let stage = Stage::slow();
    let (ana, bob) = (stage.joins("Ana"), stage.joins("Bob"));
    let ticket = ana.says("again after a restart");
    let standing = (MessageId(uuid::Uuid::from_u128(5)), No(77));
    stage.settles(|entry| Outcome::Duplicate { message: standing.0, no: standing.1, at: entry.at });
    assert_eq!(said(ticket.answer()), standing);
    assert!(bob.texts().is_empty(), "it was shown when it was said");
}

#[test]
fn pending_has_a_bound_per_person_and_per_room() {
    let stage = Stage::slow();
    let people: Vec<Person> = (0..17).map(|n| stage.joins(&n.to_string())).collect();
    for _ in 0..16 {
        assert!(people[0].says("x").is_waiting());
    }
    assert_eq!(people[0].says("one more").answer(), Err(Fault::Busy));
    for person in &people[1..16] {
        (0..16).for_each(|_| assert!(person.says("x").is_waiting()));
    }
    assert_eq!(people[16].says("x").answer(), Err(Fault::Busy));
    stage.commits();
    assert!(people[16].says("x").is_waiting());
}

#[test]
fn a_lock_acts_at_once_and_an_unlock_when_it_is_kept() {
    let stage = Stage::slow();
    let owner = stage.owner_joins("Olga");
    let locking = owner.sends(lock(true));
    assert!(is_locked(&stage) && locking.is_waiting());
    assert!(matches!(&owner.events()[..], [Event::RoomChanged { room, .. }] if room.settings.locked));
    stage.commits();
    assert_eq!(locking.answer(), Ok(Answer::Settings { version: No(1) }));
    assert_eq!(owner.events().len(), 1, "announced once");
    let unlocking = owner.sends(lock(false));
    assert!(is_locked(&stage));
    stage.refuses();
    assert_eq!(unlocking.answer(), AWAY);
    assert!(is_locked(&stage));
    owner.sends(lock(false));
    stage.commits();
    assert!(!is_locked(&stage));
    owner.sends(lock(true));
    stage.refuses();
    assert!(is_locked(&stage), "what was narrowed stays");
}

#[test]
fn a_quick_lock_is_not_undone_by_an_earlier_slow_unlock() {
    let stage = Stage::slow();
    let owner = stage.owner_joins("Olga");
    owner.sends(lock(true));
    stage.commits();
    let (unlocking, locking) = (owner.sends(lock(false)), owner.sends(lock(true)));
    stage.commits_one();
    assert!(is_locked(&stage) && unlocking.answer().is_ok() && locking.is_waiting());
    stage.commits();
    assert!(is_locked(&stage) && locking.answer().is_ok());
}

#[test]
fn a_mixed_change_is_split_and_versions_count_what_is_pending() {
    let stage = Stage::slow();
    let owner = stage.owner_joins("Olga");
    let mixed = SettingsPatch {
        locked: Some(true),
        name: Some("New".into()),
        version: Some(No(0)),
        ..Default::default()
    };
    let ticket = owner.sends(update(mixed));
    let view = |events: Vec<Event>| match events.last() {
        Some(Event::RoomChanged { room, .. }) => (room.settings.locked, room.settings.name.to_string()),
        other => panic!("{other:?}"),
    };
    assert_eq!(view(owner.events()), (true, "Weekly".into()));
    let late = SettingsPatch { name: Some("Other".into()), version: Some(No(0)), ..Default::default() };
    assert_eq!(owner.asks(update(late.clone())), Err(Fault::StaleVersion { version: 1 }));
    let third = owner.sends(update(SettingsPatch { version: Some(No(1)), ..late }));
    stage.commits();
    assert_eq!(ticket.answer(), Ok(Answer::Settings { version: No(1) }));
    assert_eq!(third.answer(), Ok(Answer::Settings { version: No(2) }));
    assert_eq!(view(owner.events()), (true, "Other".into()));
    let wrong = SettingsPatch { capacity: Some(0), ..Default::default() };
    assert_eq!(owner.asks(update(wrong)).unwrap_err().code(), "invalid_field");
}

#[test]
fn a_later_commit_does_not_smuggle_in_what_was_refused() {
    let stage = Stage::slow();
    let owner = stage.owner_joins("Olga");
    owner.sends(lock(true));
    stage.commits();
    owner.sends(lock(false));
    owner.sends(update(SettingsPatch { name: Some("New".into()), ..Default::default() }));
    stage.settles(|entry| match &entry.change {
        Change::Settings(settings) if &*settings.name == "Weekly" => {
            Outcome::Refused(Fault::StorageUnavailable)
        }
        _ => Outcome::Committed,
    });
    assert!(is_locked(&stage));
    let mending: Vec<_> = stage.0.borrow().journal.iter().map(|entry| entry.change.clone()).collect();
    let [Change::Settings(kept)] = &mending[..] else { panic!("{mending:?}") };
    assert!(kept.locked && &*kept.name == "New", "the row says again what is in force");
    stage.commits();
    assert!(stage.0.borrow().journal.is_empty());
}

#[test]
fn a_grant_waits_a_revocation_does_not_and_the_last_word_holds() {
    let stage = Stage::slow();
    let (owner, vic) = (stage.owner_joins("Olga"), stage.viewer_joins("Vic"));
    let rights = Rights::of(&[Right::PublishAudio]);
    let shift = |grant: bool| {
        let peer = vic.peer.clone();
        owner.sends(if grant { Command::Grant { peer, rights } } else { Command::Revoke { peer, rights } })
    };
    let has = || {
        let Ok(Answer::Participants(all)) = owner.asks(Command::Participants) else { panic!() };
        all[1].rights.has(Right::PublishAudio)
    };
    shift(true);
    assert!(!has());
    stage.commits();
    assert!(has());
    shift(false);
    assert!(!has(), "at once");
    stage.refuses();
    assert!(!has());
    shift(true);
    shift(false);
    stage.commits_one();
    assert!(!has(), "the earlier grant comes too late");
    stage.commits();
    assert!(!has());
    shift(false);
    shift(true);
    stage.commits();
    assert!(has());
}

#[test]
fn a_demotion_acts_at_once_a_promotion_when_kept() {
    let stage = Stage::slow();
    let (owner, ana) = (stage.owner_joins("Olga"), stage.joins("Ana"));
    let role = |role| owner.sends(Command::SetRole { peer: ana.peer.clone(), role });
    let is = || match ana.asks(Command::Participants) {
        Ok(Answer::Participants(all)) => (all[1].role, all[1].rights),
        other => panic!("{other:?}"),
    };
    role(Role::Cohost);
    assert_eq!(is(), (Role::Participant, Role::Participant.rights()));
    stage.commits();
    assert_eq!(is(), (Role::Cohost, Rights::ALL));
    role(Role::Viewer);
    assert_eq!(is(), (Role::Viewer, Role::Viewer.rights()));
    role(Role::Participant);
    stage.refuses();
    assert_eq!(is(), (Role::Viewer, Role::Viewer.rights()));
}

#[test]
fn pins_turn_when_they_are_kept_and_only_the_owner_is_told() {
    let stage = Stage::slow();
    let (owner, ana) = (stage.owner_joins("Olga"), stage.joins("Ana"));
    let new = Pin::parse("55555555").unwrap();
    let enters = |pin: &str| {
        let pin = PinTry::Shown(Pin::parse(pin).unwrap());
        stage.tries(Join { pin, ..stage.join("Guest") }).is_ok()
    };
    let ticket = owner.sends(Command::RotatePins { pin: Some(new.clone()), spin: None });
    assert!(enters(PIN) && !enters("55555555"));
    stage.commits();
    assert!(!enters(PIN) && enters("55555555") && enters(SPIN));
    assert!(matches!(ticket.answer(), Ok(Answer::Pins(pins)) if pins.pin == new));
    assert!(matches!(&owner.whispers()[..], [Whisper::Pins(_)]) && ana.whispers().is_empty());
}

#[test]
fn a_kick_and_the_end_act_even_without_a_database() {
    let stage = Stage::slow();
    let (owner, ana) = (stage.owner_joins("Olga"), stage.joins("Ana"));
    let kicking = owner.sends(Command::Kick { peer: ana.peer.clone() });
    assert_eq!((ana.farewell(), stage.people()), (Some(Farewell::Kicked), 1));
    stage.refuses();
    assert_eq!(kicking.answer(), AWAY);
    let ending = owner.sends(Command::End);
    assert!(ending.is_waiting() && owner.farewell().is_none());
    stage.passes(5_000);
    assert_eq!((ending.answer(), owner.farewell()), (AWAY, Some(Farewell::Ended)));
    assert_eq!(stage.tries(stage.join("Late")).err(), Some(Fault::Ended));
    assert!(!stage.0.borrow().room.is_idle(), "the entry still waits");
    stage.commits();
    assert!(stage.0.borrow().room.is_idle());
}
