//! Coming back: exactly one of the missed events, a snapshot, or a refusal; never silence.
use super::person::{busy_stage, delta, offer, said, texts};
use super::stage::*;
use convene::fault::Fault;
use convene::room::Room;
use convene::room::command::{Ask, Asker, Command, Position};
use convene::room::effect::{Effect, Farewell, ReplyTo};
use convene::room::event::{CaughtUp, Event, Left, Presence, Whisper};
use convene::room::ids::*;
use convene::room::join::{Reattach, Trusted};
use convene::room::record::{Behind, ChatKind, SeatRecord};
use convene::room::rules::Rules;
use convene::room::signal::SignalBody;
use convene::seal::KeyRing;
use std::sync::Arc;

#[test]
fn who_was_away_hears_exactly_what_it_missed() {
    let (stage, mut people) = busy_stage(&["Ana", "Bob", "Cid"]);
    let seen = people[1].position();
    people[1].drops();
    people[0].says("one");
    people[2].whispers_to(&people[0], "between us");
    people[0].asks(Command::RaiseHand).unwrap();
    let missed = delta(people[1].resumes(seen).unwrap());
    assert_eq!(texts(&missed), ["one"]);
    let away = Event::StateChanged { peer: people[1].peer.clone(), state: Presence::Away };
    assert_eq!(missed.len(), 3, "{missed:?}");
    assert_eq!(missed[0], away);
    assert!(matches!(missed[2], Event::HandRaised { .. }));
    let here = Event::StateChanged { peer: people[1].peer.clone(), state: Presence::Here };
    assert!(people[0].events().contains(&here) && !people[1].events().contains(&here));
    people[0].says("two");
    assert_eq!(people[1].texts(), ["two"]);
    assert_eq!(stage.people(), 3);
}

#[test]
fn an_older_socket_is_replaced_and_nobody_notices() {
    let (_stage, mut people) = busy_stage(&["Ana", "Bob"]);
    let (seen, old) = (people[1].position(), people[1].conn);
    assert!(delta(people[1].resumes(seen).unwrap()).is_empty());
    let heard = people[1].stage.0.borrow().heard[&old].clone();
    assert_eq!(heard, [Heard::Closed(Farewell::Replaced)]);
    assert!(people[0].events().is_empty());
}

#[test]
fn secrets_rotate_without_ever_locking_anyone_out() {
    let (_stage, mut people) = busy_stage(&["Ana"]);
    let ana = &mut people[0];
    let (seen, first) = (ana.position(), ana.pass.secret.clone());
    ana.resumes_with(&first, Some(seen)).unwrap();
    let second = ana.pass.secret.clone();
    assert_eq!(ana.pass.n, 2);
    ana.resumes_with(&first, Some(seen)).expect("the answer may have been lost: the first is still good");
    assert_eq!(ana.pass.secret, second);
    assert_eq!(ana.asks(Command::ResumedOk { n: 2 }), Ok(convene::room::event::Answer::Done));
    assert_eq!(
        ana.resumes_with(&first, Some(seen)).err(),
        Some(Fault::BadSecret),
        "a stolen old one opens nothing"
    );
    ana.resumes_with(&second, Some(seen)).unwrap();
    assert_eq!(ana.asks(Command::ResumedOk { n: 9 }).unwrap_err().code(), "invalid_field");
    assert_eq!(ana.resumes_with("3.forged", Some(seen)).err(), Some(Fault::BadSecret));
}

#[test]
fn a_seat_is_kept_for_its_grace_and_not_longer() {
    let (stage, mut people) = busy_stage(&["Ana", "Bob"]);
    let seen = people[1].position();
    people[1].drops();
    stage.passes(119_999);
    assert_eq!(stage.people(), 2);
    stage.passes(1);
    let lost = people[1].goes(Left::Lost);
    assert_eq!(people[0].events().last(), Some(&lost));
    assert_eq!(people[1].resumes(seen).err(), Some(Fault::UnknownSession));
}

#[test]
fn another_epoch_or_a_torn_log_gives_a_snapshot_with_the_missed_chat() {
    let (_stage, mut people) = busy_stage(&["Ana", "Bob"]);
    people[0].says("seen");
    let seen = people[1].position();
    people[1].drops();
    people[0].says("missed");
    let other = Position { epoch: Epoch(7), ..seen };
    let Ok(CaughtUp::Snapshot(snapshot)) = people[1].resumes(other) else { panic!() };
    let chat: Vec<&str> = snapshot.messages.iter().map(|message| &*message.text).collect();
    assert_eq!(chat, ["missed"]);
    assert_eq!((&*snapshot.me.name, snapshot.others.len(), snapshot.more), ("Bob", 1, false));

    let seen = people[1].position();
    people[1].drops();
    for n in 0..600 {
        let up = if n % 2 == 0 { Command::RaiseHand } else { Command::LowerHand { peer: None } };
        people[0].asks(up).unwrap();
    }
    assert!(matches!(people[1].resumes(seen), Ok(CaughtUp::Snapshot(_))), "512 events are kept");
    let ahead = Position { seq: Seq(99_999), ..people[1].position() };
    assert!(matches!(people[1].resumes(ahead), Ok(CaughtUp::Snapshot(_))));
}

#[test]
fn a_snapshot_tells_again_what_was_changed_meanwhile() {
    let (_stage, mut people) = busy_stage(&["Ana", "Bob", "Cid"]);
    let (first, _) = said(people[0].says("typo").answer());
    people[0].says("as it is");
    let (secret, _) = said(people[2].whispers_to(&people[0], "not for Bob").answer());
    let seen = people[1].position();
    people[1].drops();
    people[0].asks(Command::ChatEdit { message: first, text: "mended".into() }).unwrap();
    people[2].asks(Command::ChatEdit { message: secret, text: "still not".into() }).unwrap();
    people[0].says("new");
    let other = Position { epoch: Epoch(7), ..seen };
    let Ok(CaughtUp::Snapshot(snapshot)) = people[1].resumes(other) else { panic!() };
    let chat: Vec<&str> = snapshot.messages.iter().map(|message| &*message.text).collect();
    assert_eq!(chat, ["mended", "new"]);
}

#[test]
fn more_chat_than_memory_holds_is_left_to_the_history() {
    let (_stage, mut people) = busy_stage(&["Ana", "Bob"]);
    people[0].says("seen");
    let seen = people[1].position();
    people[1].drops();
    (0..99).for_each(|n| drop(people[0].says(&n.to_string())));
    let other = Position { epoch: Epoch(7), ..seen };
    let told = |caught_up| match caught_up {
        Ok(CaughtUp::Snapshot(snapshot)) => (snapshot.messages.len(), snapshot.more),
        other => panic!("{other:?}"),
    };
    assert_eq!(told(people[1].resumes(other)), (99, false));
    (0..50).for_each(|n| drop(people[0].says(&n.to_string())));
    assert_eq!(told(people[1].resumes(other)), (100, true), "the first hundred, and the way on");
    (0..100).for_each(|n| drop(people[0].says(&n.to_string())));
    assert_eq!(told(people[1].resumes(other)), (0, true), "never a gap that nobody sees");
    let newcomer = people[0].stage.joins("Cid");
    assert_eq!((newcomer.snapshot.messages.len(), newcomer.snapshot.more), (50, true));
}

#[test]
fn a_large_delta_becomes_a_snapshot() {
    let (_stage, mut people) = busy_stage(&["Ana", "Bob"]);
    let seen = people[1].position();
    people[1].drops();
    let body: Arc<str> = format!("\"{}\"", "x".repeat(16_000)).into();
    for _ in 0..20 {
        people[0].asks(Command::Broadcast { topic: "t".into(), body: body.clone() }).unwrap();
    }
    assert!(matches!(people[1].resumes(seen), Ok(CaughtUp::Snapshot(_))));
}

#[test]
fn a_reused_slot_never_sees_its_predecessors_private_messages() {
    let (stage, people) = busy_stage(&["Ana", "Bob"]);
    people[0].whispers_to(&people[1], "secret");
    let seen = people[1].position();
    people[1].asks(Command::Leave).unwrap();
    let mut cid = stage.joins("Cid");
    assert!(cid.snapshot.messages.is_empty());
    let before = Position { seq: Seq(1), ..seen };
    cid.drops();
    let Ok(CaughtUp::Snapshot(snapshot)) = cid.resumes(before) else { panic!("it was not here then") };
    assert!(snapshot.messages.is_empty());
}

#[test]
fn signals_wait_for_who_is_away_and_come_after_the_answer() {
    let (_stage, mut people) = busy_stage(&["Ana", "Bob"]);
    let seen = people[0].position();
    people[0].drops();
    people[1].offers(&people[0], 1).unwrap();
    let candidate = SignalBody::Candidate { candidate: "{}".into() };
    people[1].signals(&people[0], 1, candidate.clone()).unwrap();
    people[1].offers(&people[0], 2).unwrap();
    people[1].signals(&people[0], 2, candidate).unwrap();
    people[0].resumes(seen).unwrap();
    let heard = people[0].heard();
    assert!(matches!(heard[0], Heard::Reply(..)), "the answer first");
    let generations: Vec<u64> = people[0]
        .whispers()
        .iter()
        .map(|whisper| match whisper {
            Whisper::Signal { generation, .. } => *generation,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(generations, [2, 2], "the older negotiation is worth nothing any more");
}

#[test]
fn the_bag_of_who_is_away_has_a_bottom() {
    let (_stage, people) = busy_stage(&["Ana", "Bob"]);
    people[0].drops();
    for n in 1..=64 {
        let message = Command::Message { to: people[0].peer.clone(), body: n.to_string().into() };
        people[1].asks(message).unwrap();
    }
    assert_eq!(people[1].offers(&people[0], 1), Err(Fault::Busy));
    let message = Command::Message { to: people[0].peer.clone(), body: "0".into() };
    assert_eq!(people[1].asks(message), Err(Fault::Busy));
}

#[test]
fn a_restored_room_has_its_seats_away_and_takes_them_back() {
    let ring = Arc::new(KeyRing::ephemeral());
    let first =
        Stage::ruled(loaded(record(ChatKind::Durable)), Commits::AtOnce, Rules::default(), ring.clone());
    let (mut ana, bob, cid) = (first.joins("Ana"), first.joins("Bob"), first.joins("Cid"));
    cid.asks(Command::Leave).unwrap();
    let rows: Vec<SeatRecord> = {
        let world = first.0.borrow();
        let last = |seat| {
            world.behind.iter().rev().find_map(|behind| match behind {
                Behind::Seat { seat: row, .. } if row.seat == seat => Some(row.clone()),
                _ => None,
            })
        };
        [ana.seat, bob.seat, cid.seat].into_iter().filter_map(last).collect()
    };
    let mut waking = loaded(record(ChatKind::Durable));
    waking.seats = rows;
    let stage = Stage::ruled(waking, Commits::AtOnce, Rules::default(), ring);
    assert_eq!(stage.people(), 2, "a released seat stays released");
    let seen = ana.position();
    ana.stage = stage.clone();
    let Ok(CaughtUp::Snapshot(snapshot)) = ana.resumes(Position { epoch: Epoch(1), ..seen }) else {
        panic!()
    };
    assert_eq!((&snapshot.me.peer, snapshot.others[0].0.state), (&ana.peer, Presence::Away));

    let conn = ConnId(stage.fresh());
    let back = Reattach { conn, seat: bob.seat, seen: None, trusted: Trusted::No };
    stage.ask(Asker::Connection(conn), conn, Command::Reattach(back)).answer().unwrap();
    let heard = stage.0.borrow().heard[&conn].clone();
    let [Heard::Whisper(Whisper::Restarted(snapshot)), Heard::Reply(..)] = &heard[..] else {
        panic!("{heard:?}")
    };
    assert_eq!(&*snapshot.me.name, "Bob");
    assert!(ana.events().contains(&Event::StateChanged { peer: bob.peer, state: Presence::Here }));
    stage.passes(120_000);
    assert_eq!(stage.people(), 2);
}

#[test]
fn a_restored_seat_that_nobody_takes_is_released() {
    let mut waking = loaded(record(ChatKind::Durable));
    let first = Stage::new();
    first.joins("Ana");
    let row = first.0.borrow().behind.iter().find_map(|behind| match behind {
        Behind::Seat { seat, .. } => Some(seat.clone()),
        _ => None,
    });
    waking.seats.extend(row);
    let rules = Arc::new(Rules::default());
    let mut room = Room::restore(waking, Epoch(2), Millis(0), rules, Arc::new(KeyRing::ephemeral()));
    assert_eq!(room.wake_at(), Some(Millis(120_000)));
    let mut effects = Vec::new();
    let tick = Ask { from: Asker::Host, reply: ReplyTo::Nobody, command: Command::Tick };
    room.apply(Millis(120_000), tick, &mut effects);
    assert!(room.is_idle() && room.wake_at().is_none());
    let released = |effect: &Effect| matches!(effect, Effect::Behind(Behind::Seat { seat, .. }) if seat.released_at.is_some());
    assert!(effects.iter().any(released));
}

#[test]
fn an_offer_waits_byte_for_byte() {
    let (_stage, mut people) = busy_stage(&["Ana", "Bob"]);
    let seen = people[0].position();
    people[0].drops();
    people[1].signals(&people[0], 1, offer(&[])).unwrap();
    people[0].resumes(seen).unwrap();
    let whisper =
        Whisper::Signal { from: people[1].peer.clone(), generation: 1, n: 1, body: offer(&[]), wire: None };
    assert_eq!(people[0].whispers(), [whisper]);
}

#[test]
fn a_seat_is_taken_again_only_in_the_hosts_name() {
    let (stage, people) = busy_stage(&["Ana", "Bob"]);
    let theirs = Reattach { conn: ConnId(99), seat: people[0].seat, seen: None, trusted: Trusted::No };
    assert_eq!(people[1].asks(Command::Reattach(theirs)), Err(Fault::Unsupported));
    let gone = Reattach { seat: SeatId(uuid::Uuid::max()), ..theirs };
    let ticket = stage.ask(Asker::Connection(gone.conn), gone.conn, Command::Reattach(gone));
    assert_eq!(ticket.answer(), Err(Fault::UnknownSession));
}
