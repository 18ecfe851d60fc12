//! What Meet's face keeps: sign-ups by short codes, links of which the last is good, rooms somebody made.
use super::fixture::{NOON, call, new_room};
use super::people::{
    CROWD, MINUTE, at, email, find, flow_id, hash, new_flow, new_signup, now, patient, race, right, session,
    sign_in, user, username, wrong,
};
use crate::common::db::on_each_database;
use convene::room::ids::UserId;
use convene::room::record::{Behind, CallRecord};
use convene::store::flows::{self, Kind, Whose};
use convene::store::resets::{self, Earlier, Link, NewReset, Spent};
use convene::store::rooms::{self, Expiry, NewRoom};
use convene::store::signups::{self, Confirmed, NewSignup};
use convene::store::{Store, calls, journal};

/// A sign-up by a short code and its flow, both number `n`, so many ms after noon.
async fn short(store: &Store, new: NewSignup, ms: i64) {
    let n = new.id.0.as_u128();
    let mut flow = new_flow(n, Kind::ShortSignUp, Whose::SignUp(new.id), new.address.clone());
    (flow.at, flow.expires_at) = (now(ms), now(ms + 15 * MINUTE));
    signups::begin(store, &new, &flow, &[]).await.unwrap();
}

async fn shows(store: &Store, n: u128, ms: i64) -> Confirmed {
    signups::confirm_short(store, &at(ms), flow_id(n), right(n)).await.unwrap()
}

on_each_database! {
    async fn a_short_code_makes_an_account_and_opens_no_session(db: Migrated) {
        let store = db.store().await;
        short(&store, new_signup(1), 0).await;
        let wrongly = signups::confirm_short(&store, &at(1), flow_id(1), wrong).await.unwrap();
        assert_eq!(wrongly, Confirmed::NotRight);
        let Confirmed::Confirmed(user) = shows(&store, 1, 2).await else { panic!("it is right") };
        assert_eq!((user.username.as_deref(), user.email.as_deref()), (Some("Ana1"), Some("Ana1@Example.org")));
        assert!(session(&store, 1, MINUTE).await.is_none());
        assert_eq!(shows(&store, 1, 3).await, Confirmed::NotRight);
        let seen = flows::see(&store, flow_id(1)).await.unwrap();
        assert!(seen.is_none_or(|seen| seen.is_done), "gone with its sign-up, or done");
    }

    async fn a_new_sign_up_voids_the_short_codes_of_its_address_alone(db: Migrated) {
        let store = db.store().await;
        short(&store, new_signup(1), 0).await;
        short(&store, new_signup(2), 0).await;
        assert!(signups::is_waiting(&store, "ana1@example.org", "ana1", now(1)).await.unwrap());
        let anew = NewSignup { address: email(1), username: Some(username("Other")), ..new_signup(3) };
        short(&store, anew, 1).await;
        assert_eq!(shows(&store, 1, 2).await, Confirmed::NotRight);
        let waits = async |name: &str| signups::is_waiting(&store, "ana1@example.org", name, now(2)).await.unwrap();
        assert!(!waits("ana1").await && waits("other").await);
        let newest = flows::newest(&store, Kind::ShortSignUp, "ana1@example.org").await.unwrap().unwrap();
        assert_eq!((newest.flow.id, newest.is_done), (flow_id(3), false));
        assert!(matches!(shows(&store, 3, 3).await, Confirmed::Confirmed(_)));
        assert!(matches!(shows(&store, 2, 3).await, Confirmed::Confirmed(_)), "another address");
        assert!(!signups::is_waiting(&store, "ana2@example.org", "ana2", now(4)).await.unwrap());
    }

    async fn of_a_hundred_who_show_one_short_code_one_makes_the_account(db: Migrated) {
        let store = patient(db).await;
        short(&store, new_signup(1), 0).await;
        let shown = race((0..CROWD).map(|_| {
            let store = store.clone();
            async move { signups::confirm_short(&store, &at(1), flow_id(1), right(1)).await }
        }))
        .await;
        let made = shown.iter().filter(|shown| matches!(shown, Confirmed::Confirmed(_))).count();
        assert_eq!(made, 1);
    }

    async fn of_links_that_void_each_other_the_last_is_good(db: Migrated) {
        let store = db.store().await;
        let ana = user(&store, 1).await;
        sign_in(&store, ana, 7, 0).await;
        for n in [1, 2] {
            let new = NewReset { token_hash: hash(n), user: ana, expires_at: now(60 * MINUTE) };
            resets::begin(&store, &at(0), &new, Earlier::Voided, &[]).await.unwrap();
        }
        assert_eq!(resets::look(&store, &hash(1), now(1)).await.unwrap(), Link::Unknown);
        assert_eq!(resets::look(&store, &hash(2), now(1)).await.unwrap(), Link::Good(ana));
        assert_eq!(resets::look(&store, &hash(2), now(60 * MINUTE)).await.unwrap(), Link::Over);
        let spent = resets::spend(&store, &at(2), &hash(2), "new hash", &[]).await.unwrap();
        assert!(matches!(spent, Spent::Spent(_)), "{spent:?}");
        assert_eq!(resets::look(&store, &hash(2), now(3)).await.unwrap(), Link::Unknown);
        assert!(session(&store, 7, 3).await.is_none());
        assert_eq!(find(&store, ana).await.password_hash.as_deref(), Some("new hash"));
    }

    async fn the_rooms_somebody_made_come_newest_first_with_how_long_people_met(db: Migrated) {
        let store = db.store().await;
        let (ana, bob) = (user(&store, 1).await, user(&store, 2).await);
        for n in 1..=3 {
            make(&store, n, ana).await;
        }
        make(&store, 4, bob).await;
        let held = async |room: u128, n: u128, paired: Option<i64>, ended: Option<i64>| {
            let call = CallRecord {
                started_at: now(i64::try_from(n).unwrap()),
                paired_at: paired.map(now),
                ended_at: ended.map(now),
                ..call(n)
            };
            let room = new_room(room).id;
            journal::write_behind(&store, &[Behind::Call { room, call }]).await.unwrap();
        };
        held(1, 1, Some(5), Some(1_005)).await;
        held(1, 2, Some(10_000), Some(15_000)).await; // a later one is another call than the room was made for
        held(1, 3, None, Some(99_000)).await; // alone
        held(1, 4, Some(100_000), None).await; // going on
        held(2, 5, None, None).await;
        let made = calls::made_by(&store, ana, 10).await.unwrap();
        let shown: Vec<_> = made.iter().map(|room| (room.meet.as_ref(), room.met_ms)).collect();
        assert_eq!(
            shown,
            [("0000000000000003", None), ("0000000000000002", None), ("0000000000000001", Some(1_000))]
        );
        assert_eq!(calls::made_by(&store, ana, 2).await.unwrap().len(), 2);
    }
}

async fn make(store: &Store, n: u128, owner: UserId) {
    let created_at = NOON.plus(i64::try_from(n).unwrap());
    let new = NewRoom { owner: owner.into(), expiry: Expiry::Never, created_at, ..new_room(n) };
    rooms::create(store, &new, None).await.unwrap();
}
