//! Signals of dialects that number nothing, among their own and across; and pages that take over from their former selves.
use super::person::offer;
use super::stage::{Person, Stage};
use convene::fault::Fault;
use convene::room::command::Command;
use convene::room::effect::Farewell;
use convene::room::event::{Answer, Left, Polite, Whisper};
use convene::room::footing::Footing;
use convene::room::ids::{LoginId, UserId};
use convene::room::join::{Face, Join};
use convene::room::signal::{Relay, SignalBody, To, Wire};
use uuid::Uuid;

fn comes(stage: &Stage, name: &str, face: Face) -> Person {
    stage.tries(Join { face, ..stage.join(name) }).unwrap()
}

fn signed_in(stage: &Stage, name: &str, login: u128) -> Person {
    let footing =
        Footing::Account { user: UserId(Uuid::from_u128(1)), login: LoginId(Uuid::from_u128(login)) };
    stage.tries(Join { face: Face::MEET, footing, ..stage.join(name) }).unwrap()
}

fn relay(from: &Person, to: To, body: SignalBody, frame: &str) -> Result<Answer, Fault> {
    let wire = Wire { word: "animo", frame: frame.into() };
    from.asks(Command::Relay(Box::new(Relay { to, body, wire })))
}

fn answer() -> SignalBody {
    SignalBody::Answer { sdp: "v=0 answer".into(), sources: [].into() }
}

/// Number and frame of each signal heard.
fn heard(person: &Person) -> Vec<(u64, Option<String>)> {
    let signals = person.whispers().into_iter().filter_map(|whisper| match whisper {
        Whisper::Signal { generation, wire, .. } => {
            Some((generation, wire.map(|wire| wire.frame.to_string())))
        }
        _ => None,
    });
    signals.collect()
}

#[test]
fn among_their_own_every_frame_passes_as_it_came() {
    let stage = Stage::new();
    let (ana, bob) = (comes(&stage, "Ana", Face::ANIMO), comes(&stage, "Bob", Face::ANIMO));
    let to = || To::Peer(bob.peer.clone());
    for (body, frame) in
        [(answer(), "early answer"), (SignalBody::Opaque, "junk"), (offer(&[]), "o"), (offer(&[]), "p")]
    {
        relay(&ana, to(), body, frame).unwrap();
    }
    let frames: Vec<_> = heard(&bob).into_iter().filter_map(|(_, frame)| frame).collect();
    assert_eq!(frames, ["early answer", "junk", "o", "p"]);
    assert_eq!(relay(&ana, To::Peer(ana.peer.clone()), offer(&[]), "me"), Err(Fault::NoSuchTarget));
    assert_eq!(relay(&ana, To::Partner, offer(&[]), "whom?"), Err(Fault::NoSuchTarget));
}

#[test]
fn for_a_native_page_the_room_numbers_and_the_other_side_yields() {
    let stage = Stage::new();
    let (nat, ana) = (stage.joins("Nat"), comes(&stage, "Ana", Face::ANIMO));
    let to = || To::Peer(nat.peer.clone());
    relay(&ana, to(), offer(&[]), "first").unwrap();
    nat.answers(&ana, 1).unwrap();
    relay(&ana, to(), offer(&[]), "again").unwrap();
    assert_eq!(heard(&nat), [(1, Some("first".into())), (2, Some("again".into()))]);
    assert_eq!(relay(&ana, to(), SignalBody::Opaque, "junk"), Err(Fault::NoSuchTarget));
    nat.offers(&ana, 2).unwrap(); // it has not seen the second yet, and need not yield
    assert_eq!(relay(&ana, to(), offer(&[]), "crossing"), Err(Fault::Glare));
    relay(&ana, to(), answer(), "yielded").unwrap();
    assert_eq!(heard(&nat).last(), Some(&(2, Some("yielded".into()))));

    let late = stage.joins("Lia");
    let polite =
        |of: &Person| late.snapshot.others.iter().find(|(other, _)| other.peer == of.peer).unwrap().1;
    assert_eq!((polite(&nat), polite(&ana)), (Polite::Polite, Polite::Impolite));
}

#[test]
fn a_page_with_one_link_speaks_to_its_partner_and_to_nobody_else() {
    let stage = Stage::new();
    let ana = comes(&stage, "Ana", Face::MEET);
    assert_eq!(relay(&ana, To::Partner, offer(&[]), "to nobody"), Err(Fault::NoSuchTarget));
    let bob = comes(&stage, "Bob", Face::MEET);
    let eve = comes(&stage, "Eve", Face::MEET);
    relay(&bob, To::Partner, offer(&[]), "from bob").unwrap();
    assert_eq!(relay(&eve, To::Partner, offer(&[]), "from eve"), Err(Fault::NoSuchTarget));
    assert_eq!(heard(&ana), [(1, Some("from bob".into()))], "never what was said before, never the third");
    assert!(heard(&eve).is_empty() && heard(&bob).is_empty());
    bob.drops();
    relay(&eve, To::Partner, offer(&[]), "free at last").unwrap();
    assert_eq!(heard(&ana).len(), 2);
}

#[test]
fn of_two_pages_that_begin_at_once_the_later_ones_offer_counts() {
    let stage = Stage::new();
    let (ana, bob) = (comes(&stage, "Ana", Face::MEET), comes(&stage, "Bob", Face::MEET));
    relay(&bob, To::Partner, offer(&[]), "from bob").unwrap();
    assert_eq!(relay(&ana, To::Partner, offer(&[]), "sent before it came"), Err(Fault::NoSuchTarget));
    relay(&ana, To::Partner, answer(), "yes").unwrap();
    relay(&ana, To::Partner, offer(&[]), "another, later on").unwrap();
    assert_eq!(heard(&ana).len(), 1);
    let frames: Vec<_> = heard(&bob).into_iter().filter_map(|(_, frame)| frame).collect();
    assert_eq!(frames, ["yes", "another, later on"]);
}

#[test]
fn a_page_loaded_anew_takes_the_place_of_its_former_self() {
    let stage = Stage::new();
    let (ana, bob) = (signed_in(&stage, "Ana", 1), comes(&stage, "Bob", Face::MEET));
    let eve = comes(&stage, "Eve", Face::MEET);
    let again = signed_in(&stage, "Ana", 1);
    assert_eq!(ana.farewell(), Some(Farewell::Replaced));
    assert!(bob.events().contains(&ana.goes(Left::Replaced)));
    relay(&again, To::Partner, offer(&[]), "here again").unwrap();
    assert_eq!(heard(&bob), [(1, Some("here again".into()))], "who waited is not let in between");
    assert!(heard(&eve).is_empty());
    assert_eq!(stage.people(), 3);
    let elsewhere = signed_in(&stage, "Ana", 2);
    assert_eq!(
        (elsewhere.farewell(), again.farewell(), stage.people()),
        (None, None, 4),
        "another session sits beside"
    );
}
