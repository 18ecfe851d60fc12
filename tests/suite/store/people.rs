//! People, codes and sessions as the tests of accounts write them.
use super::fixture::NOON;
use crate::common::db::{TestDb, keys};
use convene::room::ids::{FlowId, LoginId, Millis, SignupId, UserId};
use convene::store::audit::{Actor, By};
use convene::store::flows::{Flow, Kind, NewFlow, Whose};
use convene::store::sessions::{self, Good, NewSession, Opened, Proof, Session};
use convene::store::signups::{self, NewSignup};
use convene::store::users::{self, Address, Made, NewUser, Rank, User, Username};
use convene::store::{Settings, Store, StoreError};
use std::future::Future;
use std::time::Duration;
use uuid::Uuid;

pub(crate) const MINUTE: i64 = 60_000;
pub(crate) const DAY: i64 = 24 * 60 * MINUTE;
/// As many as race for one thing.
pub(crate) const CROWD: u128 = 100;

pub(crate) fn at(ms: i64) -> By {
    By { actor: Actor::Nobody, source: Some("192.0.2.7".into()), at: NOON.plus(ms) }
}

pub(crate) fn user_id(n: u128) -> UserId {
    UserId(Uuid::from_u128(n))
}

pub(crate) fn flow_id(n: u128) -> FlowId {
    FlowId(Uuid::from_u128(n))
}

pub(crate) fn email(n: u128) -> Address {
    Address::Email { text: format!("Ana{n}@Example.org"), key: format!("ana{n}@example.org") }
}

pub(crate) fn username(name: &str) -> Username {
    Username { text: name.to_owned(), key: name.to_lowercase() }
}

pub(crate) fn new_user(n: u128) -> NewUser {
    NewUser {
        id: user_id(n),
        name: format!("Ana {n}"),
        username: Some(username(&format!("Ana{n}"))),
        addresses: vec![email(n)],
        password_hash: Some("first hash".to_owned()),
        rank: Rank::Member,
        locale: "en".to_owned(),
    }
}

/// A user in the database.
pub(crate) async fn user(store: &Store, n: u128) -> UserId {
    let new = new_user(n);
    assert_eq!(users::make(store, &at(0), &new, &[]).await.unwrap(), Made::Made);
    new.id
}

pub(crate) async fn find(store: &Store, id: UserId) -> User {
    users::find(store, id).await.unwrap().expect("the user is there")
}

pub(crate) fn new_signup(n: u128) -> NewSignup {
    NewSignup {
        id: SignupId(Uuid::from_u128(n)),
        name: format!("Ana {n}"),
        username: Some(username(&format!("Ana{n}"))),
        address: email(n),
        password_hash: Some("first hash".to_owned()),
        locale: "en".to_owned(),
        at: NOON,
    }
}

pub(crate) fn new_flow(n: u128, kind: Kind, whose: Whose, address: Address) -> NewFlow {
    let expires_at = NOON.plus(5 * MINUTE);
    NewFlow { id: flow_id(n), kind, whose, address, code_hash: hash(n), at: NOON, expires_at }
}

/// What is kept of the code of flow `n`.
pub(crate) fn hash(n: u128) -> String {
    format!("{n:064x}")
}

/// The right code was shown.
pub(crate) fn right(n: u128) -> impl FnOnce(&Flow) -> bool {
    move |flow| flow.code_hash == hash(n)
}

/// A wrong code was shown.
pub(crate) fn wrong(_: &Flow) -> bool {
    false
}

/// A sign-up and its flow, both number `n`.
pub(crate) async fn signup(store: &Store, new: NewSignup) {
    let n = new.id.0.as_u128();
    let flow = new_flow(n, Kind::SignUp, Whose::SignUp(new.id), new.address.clone());
    signups::begin(store, &new, &flow, &[]).await.unwrap();
}

pub(crate) fn new_session(n: u128) -> NewSession {
    NewSession {
        id: LoginId(Uuid::from_u128(n)),
        token_hash: hash(n),
        device: "Firefox on Debian".to_owned(),
        face: "native".into(),
        expires_at: NOON.plus(30 * DAY),
    }
}

/// Signs in by password; the session is number `n`.
pub(crate) async fn sign_in(store: &Store, user: UserId, n: u128, ms: i64) -> Opened {
    let changed_at = find(store, user).await.password_changed_at;
    let proof = Proof::Password { changed_at };
    sessions::open(store, &at(ms), user, proof, &new_session(n), &[]).await.unwrap()
}

pub(crate) fn good(ms: i64) -> Good {
    Good { now: NOON.plus(ms), idle_ms: 7 * DAY }
}

/// The session number `n`, if it is good.
pub(crate) async fn session(store: &Store, n: u128, ms: i64) -> Option<Session> {
    sessions::find(store, &hash(n), good(ms)).await.unwrap().map(|(session, _)| session)
}

pub(crate) fn now(ms: i64) -> Millis {
    NOON.plus(ms)
}

/// Connections that wait for their turn as long as a crowd takes.
pub(crate) async fn patient(db: &TestDb) -> Store {
    let settings = Settings { acquire_timeout: Duration::from_secs(60), ..Settings::new(db.url()) };
    Store::connect(settings, keys()).await.unwrap()
}

/// All at once, each in a task of its own; gives what became of each.
pub(crate) async fn race<T, F>(runners: impl IntoIterator<Item = F>) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = Result<T, StoreError>> + Send + 'static,
{
    let tasks: Vec<_> = runners.into_iter().map(tokio::spawn).collect();
    let mut ends = Vec::with_capacity(tasks.len());
    for task in tasks {
        ends.push(task.await.unwrap().unwrap());
    }
    ends
}
