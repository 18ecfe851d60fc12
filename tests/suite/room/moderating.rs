//! Rights, roles and policy: who may, who may not, and what a loss of rights does at once.
use super::person::{busy_stage, offer};
use super::stage::*;
use convene::fault::Fault;
use convene::room::command::{Command, SettingsPatch};
use convene::room::effect::Farewell;
use convene::room::event::{Answer, By, Event, Left, Whisper};
use convene::room::ids::*;
use convene::room::media::{Media, MediaPatch, Source};
use convene::room::permissions::{Right, Rights, Role};

fn on() -> Command {
    Command::SetMedia(MediaPatch { audio: Some(true), video: Some(true), ..Default::default() })
}
fn revoke(person: &Person, rights: &[Right]) -> Command {
    Command::Revoke { peer: person.peer.clone(), rights: Rights::of(rights) }
}
fn grant(person: &Person, rights: &[Right]) -> Command {
    Command::Grant { peer: person.peer.clone(), rights: Rights::of(rights) }
}
fn role(person: &Person, role: Role) -> Command {
    Command::SetRole { peer: person.peer.clone(), role }
}
fn kick(person: &Person) -> Command {
    Command::Kick { peer: person.peer.clone() }
}
fn forbidden(right: &'static str) -> Result<Answer, Fault> {
    Err(Fault::Forbidden { right })
}

#[test]
fn each_right_opens_its_commands_and_no_others() {
    let stage = Stage::new();
    let (_owner, ana, vic) = (stage.owner_joins("Olga"), stage.joins("Ana"), stage.viewer_joins("Vic"));
    for command in [grant(&vic, &[]), revoke(&vic, &[]), kick(&vic), Command::MuteAll { source: Source::Mic }]
    {
        assert_eq!(ana.asks(command.clone()), forbidden("moderate"), "{command:?}");
    }
    for command in [role(&vic, Role::Participant), Command::End, Command::Update(SettingsPatch::default())] {
        assert_eq!(ana.asks(command.clone()), forbidden("manage"), "{command:?}");
    }
    let lock = Command::Update(SettingsPatch { locked: Some(true), ..Default::default() });
    assert_eq!(ana.asks(lock), forbidden("moderate"));
    assert_eq!(ana.asks(Command::RotatePins { pin: None, spin: None }), forbidden("owner"));
    assert_eq!(vic.asks(on()), forbidden("publish_audio"));
    vic.asks(Command::RaiseHand).unwrap();
    ana.asks(on()).unwrap();
    assert_eq!(ana.asks(Command::LowerHand { peer: Some(vic.peer.clone()) }), forbidden("moderate"));
}

#[test]
fn only_owners_make_and_unmake_owners_and_cohosts() {
    let stage = Stage::new();
    let (owner, ana, bob) = (stage.owner_joins("Olga"), stage.joins("Ana"), stage.joins("Bob"));
    owner.asks(role(&ana, Role::Cohost)).unwrap();
    assert_eq!(ana.asks(role(&bob, Role::Cohost)), forbidden("owner"));
    assert_eq!(ana.asks(role(&bob, Role::Owner)), forbidden("owner"));
    let none: Result<Answer, Fault> = Err(Fault::NoSuchTarget);
    assert_eq!(ana.asks(kick(&owner)), none, "out of reach looks like absent");
    assert_eq!(ana.asks(role(&owner, Role::Viewer)), none);
    assert_eq!(ana.asks(revoke(&owner, &[Right::Chat])), none);
    ana.asks(role(&bob, Role::Viewer)).unwrap();
    ana.asks(grant(&bob, &[Right::Moderate])).unwrap();
    assert_eq!(bob.asks(kick(&ana)), none, "less than a cohost removes no cohost");
    assert_eq!(bob.asks(grant(&bob, &[Right::Manage])), forbidden("manage"), "one gives what one has");
    assert_eq!(ana.asks(kick(&ana)).unwrap_err().code(), "invalid_field");
    owner.asks(role(&ana, Role::Owner)).unwrap();
    ana.asks(kick(&owner)).unwrap();
    assert_eq!(owner.farewell(), Some(Farewell::Kicked));
}

#[test]
fn a_revoked_right_turns_off_what_it_covered_and_receivers_are_told() {
    let stage = Stage::new();
    let (owner, ana, bob) = (stage.owner_joins("Olga"), stage.joins("Ana"), stage.joins("Bob"));
    let cid = stage.joins("Cid");
    ana.asks(on()).unwrap();
    bob.signals(&ana, 1, offer(&[])).unwrap();
    let sources = [("0".into(), Source::Mic), ("1".into(), Source::Camera), ("2".into(), Source::Camera)];
    let answer = convene::room::signal::SignalBody::Answer { sdp: "v=0".into(), sources: sources.into() };
    ana.signals(&bob, 1, answer).unwrap();
    stage.hush();
    owner.asks(revoke(&ana, &[Right::PublishVideo])).unwrap();
    let media = Media { audio: true, ..Media::default() };
    let rights = Role::Participant.rights().without(Rights::of(&[Right::PublishVideo]));
    let by = By::Peer(owner.peer.clone());
    assert_eq!(
        bob.events(),
        [
            Event::RightsChanged { peer: ana.peer.clone(), rights, by },
            Event::MediaChanged { peer: ana.peer.clone(), media },
        ]
    );
    let cut = Whisper::PeerCut {
        peer: ana.peer.clone(),
        sources: vec![Source::Camera],
        mids: vec!["1".into(), "2".into()],
    };
    assert_eq!(bob.whispers(), [cut]);
    assert!(cid.whispers().is_empty(), "they never negotiated");
    let camera = Command::SetMedia(MediaPatch { video: Some(true), ..Default::default() });
    assert_eq!(ana.asks(camera.clone()), forbidden("publish_video"));
    owner.asks(grant(&ana, &[Right::PublishVideo])).unwrap();
    ana.asks(camera).unwrap();
}

#[test]
fn a_policy_masks_participants_and_viewers_but_not_hosts() {
    let stage = Stage::new();
    let (owner, ana) = (stage.owner_joins("Olga"), stage.joins("Ana"));
    owner.asks(on()).unwrap();
    ana.asks(on()).unwrap();
    stage.hush();
    owner.asks(Command::Update(SettingsPatch { audio: Some(false), ..Default::default() })).unwrap();
    let flags = |wanted: &Person| {
        let changes = owner.events().into_iter().filter_map(|event| match event {
            Event::MediaChanged { peer, media } if peer == wanted.peer => Some((media.audio, media.video)),
            _ => None,
        });
        changes.collect::<Vec<_>>()
    };
    assert_eq!((flags(&ana), flags(&owner)), (vec![(false, true)], vec![]));
    assert_eq!(ana.asks(on()), forbidden("publish_audio"));
    owner.asks(Command::Update(SettingsPatch { audio: Some(true), ..Default::default() })).unwrap();
    let rights = Role::Participant.rights();
    let last = ana.events().into_iter().rev().find(|event| matches!(event, Event::RightsChanged { .. }));
    assert!(matches!(last, Some(Event::RightsChanged { rights: now, .. }) if now == rights));
    ana.asks(on()).unwrap();
}

#[test]
fn a_mute_is_seen_and_can_be_undone_by_the_muted() {
    let stage = Stage::new();
    let (owner, ana, bob) = (stage.owner_joins("Olga"), stage.joins("Ana"), stage.joins("Bob"));
    for person in [&owner, &ana, &bob] {
        person.asks(on()).unwrap();
    }
    stage.hush();
    owner.asks(Command::MuteAll { source: Source::Mic }).unwrap();
    let muted: Vec<PeerId> = ana
        .events()
        .into_iter()
        .filter_map(|event| match event {
            Event::Muted { peer, source: Source::Mic, .. } => Some(peer),
            _ => None,
        })
        .collect();
    assert_eq!(muted, [ana.peer.clone(), bob.peer.clone()]);
    ana.asks(on()).unwrap();
    owner.asks(Command::AskUnmute { peer: bob.peer.clone(), source: Source::Mic }).unwrap();
    assert!(matches!(&bob.whispers()[..], [Whisper::UnmuteAsked { source: Source::Mic, .. }]));
    assert!(ana.whispers().is_empty());
}

#[test]
fn who_is_kicked_is_closed_and_gone() {
    let stage = Stage::new();
    let (owner, ana, bob) = (stage.owner_joins("Olga"), stage.joins("Ana"), stage.joins("Bob"));
    owner.asks(kick(&ana)).unwrap();
    assert_eq!(ana.farewell(), Some(Farewell::Kicked));
    assert_eq!(ana.heard().last(), Some(&Heard::Closed(Farewell::Kicked)));
    assert_eq!(bob.events(), [ana.goes(Left::Kicked)]);
    assert_eq!(owner.asks(kick(&ana)), Err(Fault::NoSuchTarget));
}

#[test]
fn hands_stand_in_the_order_they_went_up() {
    let (_stage, people) = busy_stage(&["Ana", "Bob", "Cid"]);
    let rank = |answer| match answer {
        Ok(Answer::Hand(hand)) => hand,
        other => panic!("{other:?}"),
    };
    let ranks: Vec<_> = people.iter().map(|person| rank(person.asks(Command::RaiseHand))).collect();
    assert_eq!(ranks.iter().map(|hand| hand.rank).collect::<Vec<_>>(), [1, 2, 3]);
    assert!(ranks.windows(2).all(|two| two[0].since < two[1].since));
    people[0].asks(Command::LowerHand { peer: None }).unwrap();
    let again = rank(people[2].asks(Command::RaiseHand));
    assert_eq!((again.rank, again.since), (2, ranks[2].since));
    people[1].asks(Command::Leave).unwrap();
    assert_eq!(rank(people[2].asks(Command::RaiseHand)).rank, 1);
    let count = people[0].events().iter().filter(|event| matches!(event, Event::HandRaised { .. })).count();
    assert_eq!(count, 3, "raising a raised hand is nothing new");
}

#[test]
fn a_hand_comes_down_with_the_right_to_raise_it() {
    let stage = Stage::new();
    let (owner, ana) = (stage.owner_joins("Olga"), stage.joins("Ana"));
    ana.asks(Command::RaiseHand).unwrap();
    owner.asks(revoke(&ana, &[Right::RaiseHand])).unwrap();
    let by = By::Peer(owner.peer.clone());
    assert_eq!(ana.events().last(), Some(&Event::HandLowered { peer: ana.peer.clone(), by }));
    assert_eq!(ana.asks(Command::RaiseHand), forbidden("raise_hand"));
}

#[test]
fn profile_and_attributes_are_told_when_they_change() {
    let (_stage, people) = busy_stage(&["Ana", "Bob"]);
    let profile = |name: &str| Command::SetProfile { name: Some(name.into()), avatar: None };
    people[0].asks(profile(" Anna ")).unwrap();
    people[0].asks(profile("Anna")).unwrap();
    assert_eq!(people[0].asks(profile("\u{202e}")).unwrap_err().code(), "invalid_field");
    let attribute = |value: Option<&str>| {
        Command::SetAttributes([("mood".into(), value.map(Into::into))].into_iter().collect())
    };
    people[0].asks(attribute(Some("fine"))).unwrap();
    let long = "x".repeat(4_093);
    assert_eq!(people[0].asks(attribute(Some(&long))), Err(Fault::TooLarge { limit: 4_096 }));
    people[0].asks(attribute(None)).unwrap();
    let events = people[1].events();
    let [
        Event::ProfileChanged { name, .. },
        Event::AttributesChanged { .. },
        Event::AttributesChanged { attributes, .. },
    ] = &events[..]
    else {
        panic!("{events:?}")
    };
    assert!(&**name == "Anna" && attributes.is_empty());
}

#[test]
fn the_end_is_heard_by_all_and_lasts() {
    let stage = Stage::new();
    let (owner, mut ana) = (stage.owner_joins("Olga"), stage.joins("Ana"));
    let seen = ana.position();
    assert!(owner.asks(Command::End).is_ok());
    assert_eq!((owner.farewell(), ana.farewell()), (Some(Farewell::Ended), Some(Farewell::Ended)));
    assert_eq!(ana.events(), [Event::RoomEnded { by: By::Peer(owner.peer.clone()) }]);
    assert_eq!(
        owner.heard().last(),
        Some(&Heard::Closed(Farewell::Ended)),
        "the close comes after the answer"
    );
    assert_eq!(stage.tries(stage.join("Late")).err(), Some(Fault::Ended));
    assert_eq!(ana.resumes(seen).err(), Some(Fault::Ended));
    assert_eq!(stage.people(), 0);
}
