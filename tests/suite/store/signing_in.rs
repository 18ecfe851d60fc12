//! Sessions, passwords and links: opened, listed, ended; news for live sockets; one use of a link among a hundred.
use super::people::{
    CROWD, DAY, MINUTE, at, email, find, flow_id, good, hash, new_flow, new_session, new_user, now, patient,
    race, right, session, sign_in, user, user_id, username,
};
use crate::common::db::on_each_database;
use convene::room::ids::{LoginId, UserId};
use convene::store::Store;
use convene::store::audit::Action;
use convene::store::control::{News, Reader};
use convene::store::flows::{self, Kind, Whose};
use convene::store::resets::{self, NewReset, Spent};
use convene::store::sessions::{self, Except, Opened, Proof};
use convene::store::users::{self, Changed, Dropped, Factor, Profile, Rank, Status};
use uuid::Uuid;

fn login(n: u128) -> LoginId {
    LoginId(Uuid::from_u128(n))
}

async fn link(store: &Store, user: UserId, n: u128) {
    let new = NewReset { token_hash: hash(n), user, expires_at: now(30 * MINUTE) };
    resets::begin(store, &at(0), &new, resets::Earlier::Kept, &[]).await.unwrap();
}

on_each_database! {
    async fn a_session_is_good_until_it_is_too_old_or_unused_for_too_long(db: Migrated) {
        let store = db.store().await;
        let id = user(&store, 1).await;
        assert!(matches!(sign_in(&store, id, 1, 0).await, Opened::Opened(_)));
        let found = session(&store, 1, MINUTE).await.unwrap();
        assert_eq!((found.user, found.device.as_str(), found.face.as_str()), (id, "Firefox on Debian", "native"));
        assert_eq!((found.source.as_deref(), found.proven_at), (Some("192.0.2.7"), now(0)));
        assert!(session(&store, 2, MINUTE).await.is_none());
        assert!(session(&store, 1, 7 * DAY + MINUTE).await.is_none(), "unused for a week");

        sessions::touch(&store, &found, now(MINUTE - 1)).await.unwrap();
        assert_eq!(session(&store, 1, MINUTE).await.unwrap().last_used_at, now(0), "not yet worth a write");
        sessions::touch(&store, &found, now(6 * DAY)).await.unwrap();
        sessions::touch(&store, &found, now(2 * DAY)).await.unwrap();
        assert_eq!(session(&store, 1, 9 * DAY).await.unwrap().last_used_at, now(6 * DAY));
        sessions::prove(&store, login(1), now(8 * DAY)).await.unwrap();
        assert_eq!(session(&store, 1, 9 * DAY).await.unwrap().proven_at, now(8 * DAY));
        sessions::touch(&store, &session(&store, 1, 9 * DAY).await.unwrap(), now(12 * DAY)).await.unwrap();
        sessions::touch(&store, &session(&store, 1, 18 * DAY).await.unwrap(), now(18 * DAY)).await.unwrap();
        sessions::touch(&store, &session(&store, 1, 24 * DAY).await.unwrap(), now(24 * DAY)).await.unwrap();
        assert!(session(&store, 1, 30 * DAY - 1).await.is_some());
        assert!(session(&store, 1, 30 * DAY).await.is_none(), "a month old");
    }

    async fn a_sign_in_needs_the_password_that_was_looked_at_and_an_open_account(db: Migrated) {
        let store = db.store().await;
        let id = user(&store, 1).await;
        let stale = Proof::Password { changed_at: Some(now(-1)) };
        let opened = sessions::open(&store, &at(1), id, stale, &new_session(1), &[]).await.unwrap();
        assert_eq!(opened, Opened::Refused);
        users::disable(&store, &at(1), id).await.unwrap();
        assert_eq!(sign_in(&store, id, 2, 1).await, Opened::Refused);
        users::enable(&store, &at(2), id).await.unwrap();
        assert!(matches!(sign_in(&store, id, 3, 3).await, Opened::Opened(_)));
        assert!(session(&store, 1, 4).await.is_none() && session(&store, 2, 4).await.is_none());
    }

    async fn wrong_passwords_are_counted_until_the_right_one(db: Migrated) {
        let store = db.store().await;
        let id = user(&store, 1).await;
        for n in 1..=3 {
            users::note_failure(&store, &at(n), Some(id)).await.unwrap();
        }
        let seen = find(&db.store().await, id).await;
        assert_eq!((seen.failures, seen.failed_at), (3, Some(now(3))), "another server knows it too");
        sign_in(&store, id, 1, 4).await;
        assert_eq!((find(&store, id).await.failures, find(&store, id).await.failed_at), (0, None));
    }

    async fn sessions_end_singly_or_all_and_their_sockets_hear_of_it(db: Migrated) {
        let store = db.store().await;
        let (ana, bob) = (user(&store, 1).await, user(&store, 2).await);
        for n in 1..=4 {
            sign_in(&store, ana, n, i64::try_from(n).unwrap()).await;
        }
        sign_in(&store, bob, 9, 1).await;
        let mut reader = Reader::start(&store, now(0)).await.unwrap();
        assert!(!sessions::end(&store, &at(5), bob, login(1), Action::SessionEnded).await.unwrap(), "not his");
        assert!(sessions::end(&store, &at(5), ana, login(1), Action::SignedOut).await.unwrap());
        assert!(!sessions::end(&store, &at(5), ana, login(1), Action::SignedOut).await.unwrap());
        assert_eq!(reader.next(&store, now(5)).await.unwrap(), [News::SessionEnded(login(1))]);

        let listed = sessions::list(&store, ana, good(6)).await.unwrap();
        let ids: Vec<_> = listed.iter().map(|session| session.id).collect();
        assert_eq!(ids, [login(4), login(3), login(2)]);

        let mut ended = sessions::end_all(&store, &at(6), ana, Except::This(login(3))).await.unwrap();
        ended.sort();
        assert_eq!(ended, [login(2), login(4)]);
        let mut news = reader.next(&store, now(6)).await.unwrap();
        news.sort_by_key(|news| format!("{news:?}"));
        assert_eq!(news, [News::SessionEnded(login(2)), News::SessionEnded(login(4))]);
        assert!(session(&store, 3, 7).await.is_some() && session(&store, 9, 7).await.is_some());

        sessions::end_all(&store, &at(7), ana, Except::None).await.unwrap();
        assert_eq!(reader.next(&store, now(7)).await.unwrap(), [News::SessionsEnded(ana)]);
        assert_eq!(reader.next(&store, now(8)).await.unwrap(), [], "each piece of news is taken once");
        assert!(session(&store, 3, 8).await.is_none());
    }

    async fn a_new_password_ends_all_other_sessions_and_all_links(db: Migrated) {
        let store = db.store().await;
        let id = user(&store, 1).await;
        sign_in(&store, id, 1, 0).await;
        sign_in(&store, id, 2, 0).await;
        link(&store, id, 7).await;
        let seen = find(&store, id).await.password_changed_at;
        let change = |hash: &'static str| {
            let store = store.clone();
            async move {
                users::set_password(&store, &at(0), (id, seen), hash, Except::This(login(1)), &[]).await.unwrap()
            }
        };
        let Changed::Changed(user) = change("second hash").await else { panic!("not changed") };
        assert_eq!(user.password_hash.as_deref(), Some("second hash"));
        assert_ne!(user.password_changed_at, seen, "the same instant, but another password");
        assert_eq!(change("third hash").await, Changed::Gone, "decided before the second was set");
        assert!(session(&store, 1, 1).await.is_some() && session(&store, 2, 1).await.is_none());
        assert_eq!(resets::find(&store, &hash(7), now(1)).await.unwrap(), None);

        users::rehash(&store, id, "first hash", "better hash").await.unwrap();
        assert_eq!(find(&store, id).await.password_hash.as_deref(), Some("second hash"));
        users::rehash(&store, id, "second hash", "better hash").await.unwrap();
        assert_eq!(find(&store, id).await.password_hash.as_deref(), Some("better hash"));
    }

    async fn of_a_hundred_uses_of_one_link_one_sets_the_password(db: Migrated) {
        let store = patient(db).await;
        let id = user(&store, 1).await;
        sign_in(&store, id, 1, 0).await;
        link(&store, id, 7).await;
        link(&store, id, 8).await;
        let ends = race((1..=CROWD).map(|n| {
            let store = store.clone();
            // two links of one user, used by turns
            async move { resets::spend(&store, &at(1), &hash(7 + n % 2), &format!("hash {n}"), &[]).await }
        }))
        .await;
        let won: Vec<_> = ends.iter().filter(|end| matches!(end, Spent::Spent(_))).collect();
        assert_eq!(won.len(), 1);
        let Spent::Spent(user) = won[0] else { panic!("filtered") };
        assert_eq!(find(&store, id).await.password_hash, user.password_hash);
        assert!(session(&store, 1, 2).await.is_none(), "nobody is signed in any more");
    }

    async fn a_link_is_good_for_half_an_hour_and_for_open_accounts(db: Migrated) {
        let store = db.store().await;
        let id = user(&store, 1).await;
        link(&store, id, 7).await;
        assert_eq!(resets::find(&store, &hash(7), now(1)).await.unwrap(), Some(id));
        assert_eq!(resets::find(&store, &hash(8), now(1)).await.unwrap(), None);
        let late = resets::spend(&store, &at(30 * MINUTE), &hash(7), "hash", &[]).await.unwrap();
        assert_eq!(late, Spent::NotRight);
        users::disable(&store, &at(0), id).await.unwrap();
        assert_eq!(resets::spend(&store, &at(1), &hash(7), "hash", &[]).await.unwrap(), Spent::NotRight);
        users::enable(&store, &at(0), id).await.unwrap();
        assert!(matches!(resets::spend(&store, &at(1), &hash(7), "hash", &[]).await.unwrap(), Spent::Spent(_)));
        link(&store, id, 8).await;
        assert_eq!(resets::sweep(&store, now(30 * MINUTE)).await.unwrap(), 1);
    }

    async fn the_last_way_in_stays(db: Migrated) {
        let store = db.store().await;
        let id = user(&store, 1).await;
        let dropped = users::drop_address(&store, &at(1), id, Factor::Email, &[]).await.unwrap();
        assert!(matches!(dropped, Dropped::Dropped(user) if user.email.is_none()), "name and password are left");

        let mut phone_only = new_user(2);
        (phone_only.username, phone_only.password_hash) = (None, None);
        users::make(&store, &at(0), &phone_only, &[]).await.unwrap();
        let kept = users::drop_address(&store, &at(1), phone_only.id, Factor::Email, &[]).await.unwrap();
        assert_eq!(kept, Dropped::LastWayIn);
        assert!(find(&store, phone_only.id).await.email.is_some());
    }

    async fn a_profile_changes_and_its_name_stays_its_own(db: Migrated) {
        let store = db.store().await;
        let (ana, _) = (user(&store, 1).await, user(&store, 2).await);
        let wish = Profile { username: Some(username("ANA2")), ..Profile::default() };
        assert_eq!(users::change_profile(&store, &at(1), ana, &wish).await.unwrap(), Changed::NameTaken);
        let own = Profile {
            name: Some("Zoë".to_owned()),
            username: Some(username("ANA1")),
            locale: Some("de".to_owned()),
        };
        let Changed::Changed(user) = users::change_profile(&store, &at(1), ana, &own).await.unwrap() else {
            panic!("not changed")
        };
        assert_eq!((user.name.as_str(), user.username.as_deref(), user.locale.as_str()), ("Zoë", Some("ANA1"), "de"));
        let gone = users::change_profile(&store, &at(1), user_id(9), &own).await.unwrap();
        assert_eq!(gone, Changed::NameTaken, "it is Ana's");
        let nobody = users::change_profile(&store, &at(1), user_id(9), &Profile::default()).await;
        assert_eq!(nobody.unwrap(), Changed::Gone);
    }

    async fn the_operator_shuts_opens_and_promotes(db: Migrated) {
        let store = db.store().await;
        let id = user(&store, 1).await;
        sign_in(&store, id, 1, 0).await;
        let mut reader = Reader::start(&store, now(0)).await.unwrap();
        assert!(users::disable(&store, &at(1), id).await.unwrap());
        assert_eq!(reader.next(&store, now(1)).await.unwrap(), [News::UserDisabled(id)]);
        assert_eq!(find(&store, id).await.status, Status::Disabled);
        assert!(session(&store, 1, 1).await.is_none());
        assert!(users::set_rank(&store, &at(1), id, Rank::Admin).await.unwrap());
        assert!(find(&store, id).await.is_admin);
        assert!(users::set_rank(&store, &at(1), id, Rank::Member).await.unwrap());
        assert!(!find(&store, id).await.is_admin);
        let nobody = user_id(9);
        assert!(!users::disable(&store, &at(1), nobody).await.unwrap());
        assert!(!users::enable(&store, &at(1), nobody).await.unwrap());
    }

    async fn sessions_that_are_over_are_forgotten_and_their_sockets_hear_of_it(db: Migrated) {
        let store = db.store().await;
        let id = user(&store, 1).await;
        sign_in(&store, id, 1, 0).await;
        sign_in(&store, id, 2, DAY).await;
        let mut reader = Reader::start(&store, now(0)).await.unwrap();
        assert_eq!(sessions::sweep(&store, good(7 * DAY + MINUTE)).await.unwrap(), 1);
        assert_eq!(reader.next(&store, now(1)).await.unwrap(), [News::SessionEnded(login(1))]);
        assert_eq!(sessions::sweep(&store, good(30 * DAY)).await.unwrap(), 1);
    }

    async fn a_sign_in_that_races_the_shutting_of_its_account_leaves_no_session(db: Migrated) {
        let store = patient(db).await;
        let id = user(&store, 1).await;
        let flows: Vec<u128> = (1..=20).collect();
        for n in &flows {
            let flow = new_flow(*n, Kind::SignIn, Whose::User(id), email(1));
            flows::begin(&store, &flow, &[]).await.unwrap();
        }
        let shut = tokio::spawn({
            let store = store.clone();
            async move { users::disable(&store, &at(1), id).await }
        });
        race(flows.iter().map(|n| {
            let (store, n) = (store.clone(), *n);
            async move { flows::sign_in(&store, &at(1), flow_id(n), right(n), &new_session(n)).await }
        }))
        .await;
        assert!(shut.await.unwrap().unwrap());
        users::enable(&store, &at(2), id).await.unwrap();
        assert_eq!(sessions::list(&store, id, good(3)).await.unwrap(), []);
    }
}
