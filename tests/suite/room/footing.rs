//! By what someone came in: the owner's account, a room token, or as a guest; and what happens when that ends.
use super::stage::*;
use convene::fault::Fault;
use convene::room::command::{Asker, Command, SettingsPatch};
use convene::room::effect::Farewell;
use convene::room::event::Left;
use convene::room::footing::{Cause, Ended, Footing, Grant};
use convene::room::ids::*;
use convene::room::join::{Join, PinTry};
use convene::room::permissions::{Right, Rights, Role};
use convene::room::pins::Pin;
use convene::room::record::{ChatKind, Owner, RoomRecord};
use uuid::Uuid;

const HERE: RoomId = RoomId(Uuid::from_u128(0xbeef));

fn user(n: u128) -> UserId {
    UserId(Uuid::from_u128(n))
}

fn account(user_n: u128, login: u128) -> Footing {
    Footing::Account { user: user(user_n), login: LoginId(Uuid::from_u128(login)) }
}

fn token(n: u128, subject: &str, key: Option<u128>) -> Footing {
    let key = key.map(|key| KeyId(Uuid::from_u128(key)));
    Footing::Token { token: TokenId(Uuid::from_u128(n)), subject: subject.into(), key }
}

fn grant(role: Role) -> Option<Grant> {
    Some(Grant { room: HERE, role, rights: None })
}

fn enters(stage: &Stage, name: &str, footing: Footing, grant: Option<Grant>) -> Result<Person, Fault> {
    stage.tries(Join { footing, grant, ..stage.join(name) })
}

fn guarded() -> Stage {
    let room = RoomRecord { needs_pin: true, ..record(ChatKind::Durable) };
    Stage::with(loaded(room), Commits::AtOnce)
}

#[test]
fn the_owners_account_is_the_owner_and_others_need_the_pin() {
    let room = RoomRecord { owner: Owner::from(user(1)), needs_pin: true, ..record(ChatKind::Durable) };
    let stage = Stage::with(loaded(room), Commits::AtOnce);
    let olga = enters(&stage, "Olga", account(1, 10), None).unwrap();
    assert_eq!(olga.snapshot.me.role, Role::Owner);
    assert_eq!(enters(&stage, "Eve", account(2, 20), None).err(), Some(Fault::WrongPin));
    let viewer =
        Join { pin: PinTry::Shown(Pin::parse(SPIN).unwrap()), footing: account(2, 20), ..stage.join("Eve") };
    assert_eq!(stage.tries(viewer).unwrap().snapshot.me.role, Role::Viewer);
}

#[test]
fn a_token_grants_what_it_says_in_its_own_room_only() {
    let stage = guarded();
    let kim = enters(&stage, "Kim", token(1, "kim", None), grant(Role::Cohost)).unwrap();
    assert_eq!(kim.snapshot.me.role, Role::Cohost);
    let rights = Rights::of(&[Right::Subscribe]);
    let narrow = Some(Grant { room: HERE, role: Role::Participant, rights: Some(rights) });
    let ada = enters(&stage, "Ada", token(2, "ada", None), narrow).unwrap();
    assert_eq!(ada.snapshot.me.rights, rights);
    let elsewhere = Some(Grant { room: RoomId(Uuid::from_u128(1)), role: Role::Owner, rights: None });
    let refused = enters(&stage, "Eve", token(3, "eve", None), elsewhere);
    assert_eq!(refused.err(), Some(Fault::Forbidden { right: "join" }));
    stage
        .by_owner(Command::Update(SettingsPatch { locked: Some(true), ..Default::default() }))
        .answer()
        .unwrap();
    assert_eq!(enters(&stage, "Bob", token(4, "bob", None), grant(Role::Cohost)).err(), Some(Fault::Locked));
    assert!(enters(&stage, "Olga", token(5, "olga", None), grant(Role::Owner)).is_ok());
}

#[test]
fn what_ends_takes_those_along_who_stand_on_it_and_nobody_else() {
    for (ended, who) in [
        (Ended::User(user(1)), "Ana"),
        (Ended::Login(LoginId(Uuid::from_u128(10))), "Ana"),
        (Ended::Token(TokenId(Uuid::from_u128(7))), "Tia"),
        (Ended::Subject("class".into()), "Tia"),
        (Ended::Tokens, "Tia"),
        (Ended::Key(KeyId(Uuid::from_u128(70))), "Tia"),
    ] {
        let stage = Stage::new();
        let bob = stage.joins("Bob");
        let ana = enters(&stage, "Ana", account(1, 10), None).unwrap();
        let tia = enters(&stage, "Tia", token(7, "class", Some(70)), grant(Role::Participant)).unwrap();
        let leaves = if who == "Ana" { &ana } else { &tia };
        stage.hush();
        stage.host(Command::Dismiss { ended: ended.clone(), cause: Cause::Revoked });
        assert_eq!(leaves.farewell(), Some(Farewell::Revoked), "{ended:?}");
        let left = leaves.goes(Left::Revoked);
        assert_eq!(bob.events(), [left], "{ended:?}");
    }
}

#[test]
fn who_is_away_goes_too_and_finds_no_way_back() {
    let stage = Stage::new();
    let mut ana = enters(&stage, "Ana", account(1, 10), None).unwrap();
    let seen = ana.position();
    ana.drops();
    stage.host(Command::Dismiss { ended: Ended::Login(LoginId(Uuid::from_u128(10))), cause: Cause::Expired });
    assert_eq!(ana.resumes(seen).err(), Some(Fault::UnknownSession));
}

#[test]
fn a_seat_can_stand_on_a_newer_session_of_its_own_account_only() {
    let stage = Stage::new();
    let ana = enters(&stage, "Ana", account(1, 10), None).unwrap();
    let renew = |user_n, login| Command::Renew { user: user(user_n), login: LoginId(Uuid::from_u128(login)) };
    assert_eq!(ana.asks(renew(2, 20)).err(), Some(Fault::TokenInvalid));
    ana.asks(renew(1, 11)).unwrap();
    stage.host(Command::Dismiss { ended: Ended::Login(LoginId(Uuid::from_u128(10))), cause: Cause::Revoked });
    assert_eq!(ana.farewell(), None);
    stage.host(Command::Dismiss { ended: Ended::Login(LoginId(Uuid::from_u128(11))), cause: Cause::Revoked });
    assert_eq!(ana.farewell(), Some(Farewell::Revoked));
}

#[test]
fn nobody_but_the_host_dismisses() {
    let stage = Stage::new();
    let (ana, olga) = (stage.joins("Ana"), stage.owner_joins("Olga"));
    let dismiss = || Command::Dismiss { ended: Ended::Tokens, cause: Cause::Revoked };
    for person in [&ana, &olga] {
        assert_eq!(person.asks(dismiss()), Err(Fault::Unsupported));
    }
    assert_eq!(stage.by_owner(dismiss()).answer(), Err(Fault::Unsupported));
    assert_eq!(stage.rest(Asker::Anyone, dismiss()).answer(), Err(Fault::Unsupported));
}

#[test]
fn whoever_is_removed_has_spent_their_token() {
    let stage = Stage::new();
    let olga = stage.owner_joins("Olga");
    let tia = enters(&stage, "Tia", token(7, "class", None), grant(Role::Participant)).unwrap();
    let bob = stage.joins("Bob");
    for person in [&tia, &bob] {
        olga.asks(Command::Kick { peer: person.peer.clone() }).unwrap();
    }
    assert_eq!(stage.0.borrow().spent, [TokenId(Uuid::from_u128(7))]);
}
