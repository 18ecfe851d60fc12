//! One-time codes: five tries in all however many race, spent once, sent anew without new tries.
use super::people::{
    CROWD, DAY, MINUTE, at, email, find, flow_id, hash, new_flow, new_session, now, patient, race, right,
    session, user, user_id, wrong,
};
use crate::common::db::on_each_database;
use convene::post::{Channel, Hidden, Locale, Notice, Post, To};
use convene::store::flows::{self, Confirmed, Kind, SignedIn, Whose};
use convene::store::outbox::{self, NewMessage};
use convene::store::users::{self, Address, Factor};
use convene::store::{Mail, Store};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

async fn sign_in_flow(store: &Store, n: u128, whose: Whose) {
    flows::begin(store, &new_flow(n, Kind::SignIn, whose, email(1)), &[]).await.unwrap();
}

fn message() -> NewMessage {
    let to = To::Mail(Hidden::new("ana1@example.org"));
    NewMessage::new(Post { to, locale: Locale::En, notice: Notice::AccountExists }, now(0))
}

fn letter() -> Mail {
    Mail::Sent(message())
}

async fn try_right(store: &Store, n: u128, ms: i64) -> SignedIn {
    flows::sign_in(store, &at(ms), flow_id(n), right(n), &new_session(n)).await.unwrap()
}

on_each_database! {
    async fn a_code_signs_in_once(db: Migrated) {
        let store = db.store().await;
        let id = user(&store, 1).await;
        users::note_failure(&store, &at(0), Some(id)).await.unwrap();
        sign_in_flow(&store, 1, Whose::User(id)).await;
        let SignedIn::SignedIn(user) = try_right(&store, 1, 1).await else { panic!("not signed in") };
        assert_eq!((user.id, user.failures), (id, 0));
        assert_eq!(session(&store, 1, 1).await.unwrap().user, id);
        assert_eq!(try_right(&store, 1, 1).await, SignedIn::NotRight);
    }

    async fn of_a_hundred_right_tries_one_signs_in(db: Migrated) {
        let store = patient(db).await;
        let id = user(&store, 1).await;
        sign_in_flow(&store, 1, Whose::User(id)).await;
        let ends = race((1..=CROWD).map(|n| {
            let store = store.clone();
            async move { flows::sign_in(&store, &at(1), flow_id(1), right(1), &new_session(n)).await }
        }))
        .await;
        let won = ends.iter().filter(|end| matches!(end, SignedIn::SignedIn(_))).count();
        assert_eq!(won, 1);
    }

    async fn of_a_hundred_wrong_tries_five_are_looked_at(db: Migrated) {
        let store = patient(db).await;
        let id = user(&store, 1).await;
        sign_in_flow(&store, 1, Whose::User(id)).await;
        let looked_at = Arc::new(AtomicU32::new(0));
        let ends = race((1..=CROWD).map(|n| {
            let (store, looked_at) = (store.clone(), looked_at.clone());
            async move {
                let fits = move |_: &flows::Flow| {
                    looked_at.fetch_add(1, Ordering::Relaxed);
                    false
                };
                flows::sign_in(&store, &at(1), flow_id(1), fits, &new_session(n)).await
            }
        }))
        .await;
        assert!(ends.iter().all(|end| *end == SignedIn::NotRight));
        assert_eq!(looked_at.load(Ordering::Relaxed), 5);
        assert_eq!(try_right(&store, 1, 1).await, SignedIn::NotRight, "the right one comes too late");
    }

    async fn a_code_sent_anew_replaces_the_last_and_its_tries_go_on_counting(db: Migrated) {
        let store = db.store().await;
        let id = user(&store, 1).await;
        sign_in_flow(&store, 1, Whose::User(id)).await;
        for _ in 0..4 {
            let end = flows::sign_in(&store, &at(1), flow_id(1), wrong, &new_session(1)).await.unwrap();
            assert_eq!(end, SignedIn::NotRight);
        }
        let later = now(10 * MINUTE);
        assert!(flows::renew(&store, flow_id(1), &hash(2), later, &[]).await.unwrap());
        let end = flows::sign_in(&store, &at(1), flow_id(1), right(1), &new_session(1)).await.unwrap();
        assert_eq!(end, SignedIn::NotRight, "the fifth try, with the old code");
        let end = flows::sign_in(&store, &at(1), flow_id(1), right(2), &new_session(1)).await.unwrap();
        assert_eq!(end, SignedIn::NotRight, "the sixth, with the new one");
        assert!(!flows::renew(&store, flow_id(1), &hash(3), later, &[]).await.unwrap(), "used up");
        assert_eq!(flows::find(&store, flow_id(1)).await.unwrap(), None);
    }

    async fn a_code_that_is_sent_anew_is_good_for_longer(db: Migrated) {
        let store = db.store().await;
        let id = user(&store, 1).await;
        sign_in_flow(&store, 1, Whose::User(id)).await;
        assert_eq!(try_right(&store, 1, 5 * MINUTE).await, SignedIn::NotRight);
        let found = flows::find(&store, flow_id(1)).await.unwrap().unwrap();
        assert_eq!((found.address, found.whose), (email(1), Whose::User(id)));
        assert!(flows::renew(&store, flow_id(1), &hash(1), now(10 * MINUTE), &[]).await.unwrap());
        assert!(matches!(try_right(&store, 1, 6 * MINUTE).await, SignedIn::SignedIn(_)));
        assert!(!flows::renew(&store, flow_id(1), &hash(1), now(DAY), &[]).await.unwrap(), "spent");
    }

    async fn nobodys_code_never_fits_but_counts(db: Migrated) {
        let store = db.store().await;
        sign_in_flow(&store, 1, Whose::Nobody).await;
        for _ in 0..5 {
            assert_eq!(try_right(&store, 1, 1).await, SignedIn::NotRight);
        }
        assert_eq!(flows::find(&store, flow_id(1)).await.unwrap(), None);
    }

    async fn a_code_opens_what_it_was_sent_for_only(db: Migrated) {
        let store = db.store().await;
        let id = user(&store, 1).await;
        flows::begin(&store, &new_flow(1, Kind::Address, Whose::User(id), email(9)), &[]).await.unwrap();
        assert_eq!(try_right(&store, 1, 1).await, SignedIn::NotRight);
        sign_in_flow(&store, 2, Whose::User(id)).await;
        let end = flows::confirm_address(&store, &at(1), (id, flow_id(2)), right(2), &[]).await.unwrap();
        assert_eq!(end, Confirmed::NotRight);
    }

    async fn a_code_for_an_address_that_is_no_longer_theirs_opens_nothing(db: Migrated) {
        let store = db.store().await;
        let id = user(&store, 1).await;
        sign_in_flow(&store, 1, Whose::User(id)).await;
        users::drop_address(&store, &at(0), id, Factor::Email, &[]).await.unwrap();
        assert_eq!(try_right(&store, 1, 1).await, SignedIn::NotRight);
        sign_in_flow(&store, 2, Whose::User(id)).await;
        users::disable(&store, &at(0), id).await.unwrap();
        assert_eq!(try_right(&store, 2, 1).await, SignedIn::NotRight);
    }

    async fn a_new_address_is_theirs_once_its_code_is_shown(db: Migrated) {
        let store = db.store().await;
        let (ana, eve) = (user(&store, 1).await, user(&store, 2).await);
        let flow = |n, user, address| new_flow(n, Kind::Address, Whose::User(user), address);
        flows::begin(&store, &flow(1, ana, email(9)), &[]).await.unwrap();
        let stolen = flows::confirm_address(&store, &at(1), (eve, flow_id(1)), right(1), &[]).await.unwrap();
        assert_eq!(stolen, Confirmed::NotRight, "it was sent for somebody else");
        let done = flows::confirm_address(&store, &at(1), (ana, flow_id(1)), right(1), &[]).await.unwrap();
        let Confirmed::Confirmed(user) = done else { panic!("{done:?}") };
        assert_eq!(user.email_key.as_deref(), Some("ana9@example.org"));
        assert!(users::by_email(&store, "ana1@example.org").await.unwrap().is_none());

        let phone = Address::Phone("+4930123456".to_owned());
        flows::begin(&store, &flow(2, ana, phone), &[]).await.unwrap();
        flows::confirm_address(&store, &at(1), (ana, flow_id(2)), right(2), &[]).await.unwrap();
        let user = find(&store, ana).await;
        assert_eq!((user.email_key.as_deref(), user.phone.as_deref()), (Some("ana9@example.org"), Some("+4930123456")));

        flows::begin(&store, &flow(3, eve, email(9)), &[]).await.unwrap();
        let taken = flows::confirm_address(&store, &at(1), (eve, flow_id(3)), right(3), &[]).await.unwrap();
        assert_eq!(taken, Confirmed::NotRight);
        assert_eq!(find(&store, eve).await.email_key.as_deref(), Some("ana2@example.org"));
    }

    async fn of_a_hundred_who_confirm_one_new_address_one_gets_it(db: Migrated) {
        let store = patient(db).await;
        for n in 1..=CROWD {
            user(&store, n).await;
            let flow = new_flow(n, Kind::Address, Whose::User(user_id(n)), email(0));
            flows::begin(&store, &flow, &[]).await.unwrap();
        }
        let ends = race((1..=CROWD).map(|n| {
            let store = store.clone();
            async move {
                flows::confirm_address(&store, &at(1), (user_id(n), flow_id(n)), right(n), &[]).await
            }
        }))
        .await;
        let won = ends.iter().filter(|end| matches!(end, Confirmed::Confirmed(_))).count();
        assert_eq!(won, 1);
    }

    async fn a_code_leaves_with_its_flow_or_not_at_all(db: Migrated) {
        let store = db.store().await;
        let id = user(&store, 1).await;
        let flow = new_flow(1, Kind::SignIn, Whose::User(id), email(1));
        let waiting = || async { outbox::depth(&store, Channel::Mail).await.unwrap() };
        flows::begin(&store, &flow, &[letter()]).await.unwrap();
        assert_eq!(waiting().await, 1);
        flows::begin(&store, &flow, &[letter()]).await.unwrap_err();
        assert_eq!(waiting().await, 1, "that flow was there already");
        let blank = Mail::Blank(message());
        let nobodys = new_flow(2, Kind::SignIn, Whose::Nobody, email(9));
        flows::begin(&store, &nobodys, &[blank]).await.unwrap();
        assert_eq!(waiting().await, 1, "to nobody nothing is sent");
        assert!(flows::renew(&store, flow_id(1), &hash(1), now(MINUTE), &[letter()]).await.unwrap());
        assert_eq!(waiting().await, 2);
        assert!(matches!(try_right(&store, 1, 1).await, SignedIn::SignedIn(_)));
        assert!(!flows::renew(&store, flow_id(1), &hash(1), now(MINUTE), &[letter()]).await.unwrap());
        assert_eq!(waiting().await, 2, "a spent flow is not sent anew");
    }

    async fn an_hour_after_their_end_flows_are_forgotten(db: Migrated) {
        let store = db.store().await;
        let id = user(&store, 1).await;
        sign_in_flow(&store, 1, Whose::User(id)).await;
        assert_eq!(flows::sweep(&store, now(65 * MINUTE)).await.unwrap(), 0);
        assert_eq!(flows::sweep(&store, now(65 * MINUTE + 1)).await.unwrap(), 1);
        assert_eq!(flows::find(&store, flow_id(1)).await.unwrap(), None);
    }
}
