//! Signals between two: generations, glare, who is linked with whom, and their limits.
use super::person::{busy_stage, offer};
use super::stage::*;
use convene::fault::Fault;
use convene::room::command::{Command, On};
use convene::room::event::{Answer, Event, Whisper};
use convene::room::ids::*;
use convene::room::join::{Face, Join, Trusted};
use convene::room::media::Link;
use convene::room::signal::{Signal, SignalBody};

fn candidate() -> SignalBody {
    SignalBody::Candidate { candidate: r#"{"candidate":"candidate:1 1 udp 1 192.0.2.1 9 typ host"}"#.into() }
}

fn stale(generation: u64) -> Result<Answer, Fault> {
    Err(Fault::StaleGeneration { generation })
}

#[test]
fn an_offer_its_answer_and_candidates_find_their_way_counted() {
    let (_stage, people) = busy_stage(&["Ana", "Bob"]);
    let [ana, bob] = &people[..] else { unreachable!() };
    bob.offers(ana, 1).unwrap();
    bob.signals(ana, 1, candidate()).unwrap();
    ana.answers(bob, 1).unwrap();
    ana.signals(bob, 1, SignalBody::EndOfCandidates).unwrap();
    let counts = |whispers: Vec<Whisper>| -> Vec<u64> {
        let n = whispers.iter().map(|whisper| match whisper {
            Whisper::Signal { n, .. } => *n,
            other => panic!("{other:?}"),
        });
        n.collect()
    };
    assert_eq!(counts(ana.whispers()), [1, 2]);
    assert_eq!(counts(bob.whispers()), [1, 2]);
    let first = Whisper::Signal { from: bob.peer.clone(), generation: 1, n: 1, body: offer(&[]), wire: None };
    assert_eq!(ana.whispers()[0], first);
}

#[test]
fn what_is_of_an_older_negotiation_is_refused() {
    let (_stage, people) = busy_stage(&["Ana", "Bob"]);
    let [ana, bob] = &people[..] else { unreachable!() };
    bob.offers(ana, 1).unwrap();
    ana.answers(bob, 1).unwrap();
    assert_eq!(ana.answers(bob, 1), stale(1), "one answer to one offer");
    assert_eq!(bob.offers(ana, 1), stale(1));
    ana.offers(bob, 2).unwrap();
    assert_eq!(bob.signals(ana, 1, candidate()), stale(2));
    assert_eq!(ana.answers(bob, 2), stale(2), "nobody answers their own offer");
    assert_eq!(bob.answers(ana, 1), stale(2));
    bob.answers(ana, 2).unwrap();
    assert_eq!(bob.signals(ana, 3, candidate()), stale(2), "no candidates before their offer");
    assert_eq!(bob.offers(ana, 0).unwrap_err().code(), "invalid_field");
    bob.signals(ana, 0, SignalBody::IceRestart).unwrap();
}

#[test]
fn in_a_glare_the_later_comer_yields() {
    let (_stage, people) = busy_stage(&["Ana", "Bob"]);
    let [ana, bob] = &people[..] else { unreachable!() };
    // the impolite side first: the polite one's offer is refused
    ana.offers(bob, 1).unwrap();
    assert_eq!(bob.offers(ana, 1), Err(Fault::Glare));
    bob.answers(ana, 1).unwrap();
    // the polite side first: the impolite one's replaces it
    bob.offers(ana, 2).unwrap();
    ana.offers(bob, 2).unwrap();
    assert_eq!(ana.answers(bob, 2), stale(2), "its own offer is out");
    bob.answers(ana, 2).unwrap();
    assert_eq!(bob.offers(ana, 2), stale(2), "after the answer it is no glare any more");
    bob.offers(ana, 3).unwrap();
}

#[test]
fn a_pair_the_room_does_not_know_brings_its_own_generation() {
    let (_stage, people) = busy_stage(&["Ana", "Bob", "Cid"]);
    let [ana, bob, cid] = &people[..] else { unreachable!() };
    ana.offers(bob, 8).unwrap();
    bob.answers(ana, 8).unwrap();
    assert_eq!(bob.offers(ana, 7), stale(8));
    cid.answers(ana, 5).unwrap();
    ana.signals(cid, 5, candidate()).unwrap();
    assert_eq!(ana.offers(cid, 5), stale(5));
    ana.offers(cid, 6).unwrap();
}

#[test]
fn nobody_and_oneself_are_no_targets() {
    let (_stage, people) = busy_stage(&["Ana"]);
    let to = |peer: &PeerId| {
        Command::Signal(Box::new(Signal { to: peer.clone(), generation: 1, body: offer(&[]) }))
    };
    assert_eq!(people[0].asks(to(&people[0].peer)), Err(Fault::NoSuchTarget));
    assert_eq!(people[0].asks(to(&PeerId("p_nobody".into()))), Err(Fault::NoSuchTarget));
}

#[test]
fn sizes_are_bounded() {
    let (_stage, people) = busy_stage(&["Ana", "Bob"]);
    let [ana, bob] = &people[..] else { unreachable!() };
    let sdp = |bytes: usize| SignalBody::Offer { sdp: "x".repeat(bytes).into(), sources: [].into() };
    bob.signals(ana, 1, sdp(48 * 1024)).unwrap();
    assert_eq!(bob.signals(ana, 2, sdp(48 * 1024 + 1)), Err(Fault::TooLarge { limit: 48 * 1024 }));
    let long = SignalBody::Candidate { candidate: "x".repeat(2_049).into() };
    assert_eq!(bob.signals(ana, 1, long), Err(Fault::TooLarge { limit: 2_048 }));
    let body = |bytes: usize| Command::Message { to: ana.peer.clone(), body: "1".repeat(bytes).into() };
    bob.asks(body(16 * 1024)).unwrap();
    assert_eq!(bob.asks(body(16 * 1024 + 1)), Err(Fault::TooLarge { limit: 16 * 1024 }));
    let wide = Command::Broadcast { topic: "t".into(), body: "1".repeat(16 * 1024 + 1).into() };
    assert_eq!(bob.asks(wide), Err(Fault::TooLarge { limit: 16 * 1024 }));
}

#[test]
fn a_client_with_one_link_has_exactly_one_partner() {
    let stage = Stage::new();
    let ana = stage.joins("Ana");
    let mia = stage.tries(Join { face: Face::MEET, ..stage.join("Mia") }).unwrap();
    let bob = stage.joins("Bob");
    let hal = stage.tries(Join { face: Face::HUNDREDMS, ..stage.join("Hal") }).unwrap();
    assert_eq!(bob.snapshot.others[1].0.link, Link::One);
    mia.offers(&ana, 1).unwrap();
    ana.answers(&mia, 1).unwrap();
    assert_eq!(mia.offers(&bob, 1), Err(Fault::NoSuchTarget));
    assert_eq!(bob.offers(&mia, 1), Err(Fault::NoSuchTarget));
    assert_eq!(hal.offers(&ana, 1), Err(Fault::NoSuchTarget));
    assert_eq!(ana.offers(&hal, 1), Err(Fault::NoSuchTarget));
    ana.asks(Command::Leave).unwrap();
    bob.offers(&mia, 1).expect("the next earliest is its partner now");
}

#[test]
fn two_with_one_link_each_find_each_other_and_a_third_waits() {
    let stage = Stage::new();
    let meet = |name: &str| stage.tries(Join { face: Face::MEET, ..stage.join(name) }).unwrap();
    let (mia, max, moe) = (meet("Mia"), meet("Max"), meet("Moe"));
    mia.offers(&max, 1).unwrap();
    assert_eq!(moe.offers(&mia, 1), Err(Fault::NoSuchTarget));
    assert_eq!(moe.offers(&max, 1), Err(Fault::NoSuchTarget));
    max.asks(Command::Leave).unwrap();
    moe.offers(&mia, 1).expect("a place is free");
}

#[test]
fn rates_hold_back_whom_nobody_trusts() {
    let stage = Stage::new();
    let ana = stage.tries(Join { trusted: Trusted::No, ..stage.join("Ana") }).unwrap();
    let bob = stage.joins("Bob");
    let mut refused = None;
    for n in 0..400 {
        if let Err(fault) = ana.signals(&bob, 1, if n == 0 { offer(&[]) } else { candidate() }) {
            refused = Some((n, fault));
            break;
        }
    }
    let Some((80, Fault::RateLimited { retry_after_ms: 50 })) = refused else { panic!("{refused:?}") };
    stage.passes(50);
    ana.signals(&bob, 1, candidate()).expect("two people: twenty a second");
    for _ in 0..500 {
        bob.signals(&ana, 1, candidate()).expect("trusted");
    }
    for _ in 0..60 {
        ana.asks(Command::LowerHand { peer: None }).unwrap();
    }
    let full = Err(Fault::RateLimited { retry_after_ms: 50 });
    assert_eq!(ana.asks(Command::RaiseHand), full);
    ana.asks(Command::Leave).expect("going is always free");
}

#[test]
fn a_pair_has_a_rate_of_its_own() {
    let stage = Stage::new();
    let untrusted = |name: &str| stage.tries(Join { trusted: Trusted::No, ..stage.join(name) }).unwrap();
    let people: Vec<Person> = ["Ana", "Bob", "Cid", "Dan", "Eve", "Fay"].map(untrusted).into();
    people[0].offers(&people[1], 1).unwrap();
    for _ in 1..200 {
        people[0].signals(&people[1], 1, candidate()).unwrap();
    }
    let wait = people[0].signals(&people[1], 1, candidate());
    assert_eq!(wait, Err(Fault::RateLimited { retry_after_ms: 300 }));
    people[0].offers(&people[2], 1).expect("another pair");
}

#[test]
fn data_typing_and_broadcasts_reach_whom_they_should() {
    let (_stage, people) = busy_stage(&["Ana", "Bob", "Cid"]);
    let [ana, bob, cid] = &people[..] else { unreachable!() };
    ana.asks(Command::Message { to: bob.peer.clone(), body: "{\"x\":1}".into() }).unwrap();
    ana.asks(Command::Typing { on: On::On, to: None }).unwrap();
    ana.asks(Command::Typing { on: On::Off, to: Some(cid.peer.clone()) }).unwrap();
    ana.asks(Command::Broadcast { topic: "poll".into(), body: "1".into() }).unwrap();
    let typing = |on| Whisper::Typing { peer: ana.peer.clone(), on };
    let data = Whisper::Message { from: ana.peer.clone(), body: "{\"x\":1}".into() };
    assert_eq!(bob.whispers(), [data, typing(On::On)]);
    assert_eq!(cid.whispers(), [typing(On::On), typing(On::Off)]);
    assert!(ana.whispers().is_empty());
    for person in &people {
        assert!(matches!(&person.events()[..], [Event::Broadcast { topic, .. }] if &**topic == "poll"));
    }
}
