//! Sign-ups: they block nobody, become one account each, and of many for one name or address one wins.
use super::fixture::NOON;
use super::people::{
    CROWD, DAY, MINUTE, at, email, find, flow_id, new_session, new_signup, new_user, now, patient, race,
    right, session, signup, user, user_id, username, wrong,
};
use crate::common::db::on_each_database;
use convene::room::ids::SignupId;
use convene::store::audit::{self, Whose};
use convene::store::signups::{self, Confirmed, Find, NewSignup};
use convene::store::users::{self, Address, Made};
use uuid::Uuid;

on_each_database! {
    async fn a_sign_up_becomes_a_user_with_a_session_once(db: Migrated) {
        let store = db.store().await;
        signup(&store, new_signup(1)).await;
        let sent = (flow_id(1), new_session(9));
        let confirmed = signups::confirm(&store, &at(MINUTE), sent.0, right(1), &sent.1).await.unwrap();
        let Confirmed::Confirmed(user) = confirmed else { panic!("{confirmed:?}") };
        assert_eq!((user.name.as_str(), user.username.as_deref()), ("Ana 1", Some("Ana1")));
        assert_eq!(user.email.as_deref(), Some("Ana1@Example.org"));
        assert_eq!((user.created_at, user.failures), (NOON.plus(MINUTE), 0));
        assert_eq!(users::by_email(&store, "ana1@example.org").await.unwrap(), Some(user.clone()));
        assert_eq!(users::by_username(&store, "ana1").await.unwrap(), Some(user.clone()));
        assert_eq!(session(&store, 9, MINUTE).await.unwrap().user, user.id);
        let trail = audit::list(&store, Whose::User(user.id), None, 10).await.unwrap().events;
        let actions: Vec<_> = trail.iter().map(|event| event.action.as_str()).collect();
        assert_eq!(actions.len(), 2);
        assert!(actions.contains(&"account_made") && actions.contains(&"signed_in"), "{actions:?}");

        let again = signups::confirm(&store, &at(MINUTE), sent.0, right(1), &new_session(10)).await.unwrap();
        assert_eq!(again, Confirmed::NotRight);
        assert!(session(&store, 10, MINUTE).await.is_none());
    }

    async fn by_phone_too(db: Migrated) {
        let store = db.store().await;
        let phone = Address::Phone("+4930123456".to_owned());
        signup(&store, NewSignup { address: phone, username: None, password_hash: None, ..new_signup(1) }).await;
        let done = signups::confirm(&store, &at(1), flow_id(1), right(1), &new_session(9)).await.unwrap();
        assert!(matches!(done, Confirmed::Confirmed(_)), "{done:?}");
        let user = users::by_phone(&store, "+4930123456").await.unwrap().unwrap();
        assert_eq!((user.email, user.username, user.password_changed_at), (None, None, None));
    }

    async fn an_unverified_sign_up_blocks_nobody(db: Migrated) {
        let store = db.store().await;
        signup(&store, new_signup(1)).await;
        let mut second = new_signup(2);
        (second.username, second.address) = (new_signup(1).username, email(1));
        signup(&store, second).await;
        assert!(users::username_is_free(&store, "ana1").await.unwrap());
        let waiting = signups::find_by(&store, Find::Email("ana1@example.org"), now(1)).await.unwrap();
        assert_eq!(waiting.len(), 2);
        let done = signups::confirm(&store, &at(1), flow_id(2), right(2), &new_session(9)).await.unwrap();
        assert!(matches!(done, Confirmed::Confirmed(_)), "{done:?}");

        let late = signups::confirm(&store, &at(2), flow_id(1), right(1), &new_session(10)).await.unwrap();
        assert_eq!(late, Confirmed::NotRight, "the address is taken: as a wrong code");
    }

    async fn a_name_that_was_taken_meanwhile_is_said_and_an_address_is_not(db: Migrated) {
        let store = db.store().await;
        user(&store, 1).await;
        signup(&store, NewSignup { username: Some(username("ANA1")), ..new_signup(2) }).await;
        let done = signups::confirm(&store, &at(1), flow_id(2), right(2), &new_session(9)).await.unwrap();
        assert_eq!(done, Confirmed::NameTaken);
        signup(&store, NewSignup { address: email(1), username: None, ..new_signup(3) }).await;
        let done = signups::confirm(&store, &at(1), flow_id(3), right(3), &new_session(9)).await.unwrap();
        assert_eq!(done, Confirmed::NotRight);
        assert!(session(&store, 9, 1).await.is_none());
    }

    async fn a_wrong_code_and_a_late_one_make_nobody(db: Migrated) {
        let store = db.store().await;
        signup(&store, new_signup(1)).await;
        let session = new_session(9);
        let done = signups::confirm(&store, &at(1), flow_id(1), wrong, &session).await.unwrap();
        assert_eq!(done, Confirmed::NotRight);
        let done = signups::confirm(&store, &at(5 * MINUTE), flow_id(1), right(1), &session).await.unwrap();
        assert_eq!(done, Confirmed::NotRight, "its five minutes are over");
        let done = signups::confirm(&store, &at(1), flow_id(7), right(7), &session).await.unwrap();
        assert_eq!(done, Confirmed::NotRight, "there is no such flow");
        assert!(users::by_username(&store, "ana1").await.unwrap().is_none());
    }

    async fn after_a_day_a_sign_up_is_forgotten_with_its_flow(db: Migrated) {
        let store = db.store().await;
        signup(&store, new_signup(1)).await;
        signup(&store, NewSignup { at: NOON.plus(DAY), ..new_signup(2) }).await;
        assert_eq!(signups::sweep(&store, now(DAY)).await.unwrap(), 1);
        assert_eq!(signups::find_by(&store, Find::Username("ana1"), now(1)).await.unwrap(), []);
        assert_eq!(signups::find_by(&store, Find::Username("ana2"), now(DAY)).await.unwrap().len(), 1);
        let done = signups::confirm(&store, &at(1), flow_id(1), right(1), &new_session(9)).await.unwrap();
        assert_eq!(done, Confirmed::NotRight);
    }

    async fn of_a_hundred_that_confirm_one_name_one_gets_it(db: Migrated) {
        let store = patient(db).await;
        for n in 1..=CROWD {
            signup(&store, NewSignup { username: Some(username("Ana")), ..new_signup(n) }).await;
        }
        let ends = race((1..=CROWD).map(|n| {
            let store = store.clone();
            async move { signups::confirm(&store, &at(1), flow_id(n), right(n), &new_session(n)).await }
        }))
        .await;
        let won = ends.iter().filter(|end| matches!(end, Confirmed::Confirmed(_))).count();
        let lost = ends.iter().filter(|end| **end == Confirmed::NameTaken).count();
        assert_eq!((won, lost), (1, 99));
        assert_eq!(users::list(&store, None, 1_000).await.unwrap().users.len(), 1);
    }

    async fn of_a_hundred_that_confirm_one_address_one_gets_it(db: Migrated) {
        let store = patient(db).await;
        for n in 1..=CROWD {
            signup(&store, NewSignup { username: None, address: email(0), ..new_signup(n) }).await;
        }
        let ends = race((1..=CROWD).map(|n| {
            let store = store.clone();
            async move { signups::confirm(&store, &at(1), flow_id(n), right(n), &new_session(n)).await }
        }))
        .await;
        let won = ends.iter().filter(|end| matches!(end, Confirmed::Confirmed(_))).count();
        let lost = ends.iter().filter(|end| **end == Confirmed::NotRight).count();
        assert_eq!((won, lost), (1, 99));
    }

    async fn of_a_hundred_tries_at_one_sign_up_one_makes_the_account(db: Migrated) {
        let store = patient(db).await;
        signup(&store, new_signup(1)).await;
        let ends = race((1..=CROWD).map(|n| {
            let store = store.clone();
            async move { signups::confirm(&store, &at(1), flow_id(1), right(1), &new_session(n)).await }
        }))
        .await;
        let won = ends.iter().filter(|end| matches!(end, Confirmed::Confirmed(_))).count();
        assert_eq!(won, 1);
        let mut sessions = 0;
        for n in 1..=CROWD {
            sessions += usize::from(session(&store, n, 1).await.is_some());
        }
        assert_eq!(sessions, 1);
    }

    async fn the_operators_user_needs_a_way_in_and_free_names(db: Migrated) {
        let store = db.store().await;
        let id = user(&store, 1).await;
        let mut other = new_user(2);
        other.addresses = vec![email(1)];
        assert_eq!(users::make(&store, &at(0), &other, &[]).await.unwrap(), Made::AddressTaken);
        other = new_user(2);
        other.username = Some(username("ana1"));
        assert_eq!(users::make(&store, &at(0), &other, &[]).await.unwrap(), Made::NameTaken);
        other = new_user(2);
        (other.addresses, other.password_hash) = (Vec::new(), None);
        assert_eq!(users::make(&store, &at(0), &other, &[]).await.unwrap(), Made::NoWayIn);
        other.password_hash = Some("hash".to_owned());
        assert_eq!(users::make(&store, &at(0), &other, &[]).await.unwrap(), Made::Made);
        let list = users::list(&store, None, 1).await.unwrap();
        assert_eq!((list.users[0].id, list.next), (user_id(2), Some(user_id(2))));
        let rest = users::list(&store, list.next, 10).await.unwrap();
        assert_eq!((rest.users, rest.next), (vec![find(&store, id).await], None));
    }
}

#[test]
fn what_is_printed_of_people_names_nobody() {
    let signup = new_signup(7);
    let shown = format!("{:?} {:?}", signup.address, SignupId(Uuid::nil()));
    assert!(!shown.contains("ana7") && !shown.contains("Ana7"), "{shown}");
}
