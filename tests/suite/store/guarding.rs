//! Keys, ends of tokens, budgets, the trail and the news: what guards accounts.
use super::fixture::{new_room, room};
use super::people::{CROWD, DAY, MINUTE, at, hash, now, patient, race, user, user_id};
use crate::common::db::on_each_database;
use convene::room::ids::{KeyId, UserId};
use convene::store::audit::{self, Action};
use convene::store::control::{self, News, Reader};
use convene::store::keys::{self, Made, NewKey, Whose};
use convene::store::sent::{self, Budget, Taken, Window};
use convene::store::token_ends::{self, Token, Which};
use convene::store::users;
use serde_json::json;
use uuid::Uuid;

fn key_id(n: u128) -> KeyId {
    KeyId(Uuid::from_u128(n))
}

fn new_key(n: u128, owner: Option<UserId>) -> NewKey {
    NewKey {
        id: key_id(n),
        name: "Backup".to_owned(),
        owner,
        scopes: "rooms:read moderate".to_owned(),
        secret_hash: hash(n),
        prefix: "cvk_abcd".to_owned(),
        expires_at: None,
    }
}

fn budget(n: u128, kind: &'static str, most: u64) -> Budget {
    let windows = vec![Window { ms: MINUTE, most }, Window { ms: 60 * MINUTE, most: 5 }];
    Budget { target_hash: hash(n), kind, windows }
}

on_each_database! {
    async fn a_key_is_found_by_its_secret_while_it_and_its_owner_are_good(db: Migrated) {
        let store = db.store().await;
        let ana = user(&store, 1).await;
        let Made::Made(made) = keys::make(&store, &at(0), &new_key(1, Some(ana)), 5).await.unwrap() else {
            panic!("not made")
        };
        assert_eq!(keys::find(&store, &hash(1), now(1)).await.unwrap(), Some(made.clone()));
        assert_eq!(keys::find(&store, &hash(2), now(1)).await.unwrap(), None);
        keys::touch(&store, &made, now(MINUTE)).await.unwrap();
        keys::touch(&store, &made, now(MINUTE + 1)).await.unwrap();
        let used = keys::find(&store, &hash(1), now(2)).await.unwrap().unwrap();
        assert_eq!(used.last_used_at, Some(now(MINUTE)));

        users::disable(&store, &at(2), ana).await.unwrap();
        assert_eq!(keys::find(&store, &hash(1), now(3)).await.unwrap(), None);
        users::enable(&store, &at(3), ana).await.unwrap();
        users::ask_deletion(&store, &at(4), ana, now(7 * DAY), &[]).await.unwrap();
        assert_eq!(keys::find(&store, &hash(1), now(5)).await.unwrap(), None);

        let ends = NewKey { expires_at: Some(now(9)), ..new_key(2, None) };
        keys::make(&store, &at(0), &ends, 5).await.unwrap();
        assert!(keys::find(&store, &hash(2), now(8)).await.unwrap().is_some());
        assert!(keys::find(&store, &hash(2), now(9)).await.unwrap().is_none());
    }

    async fn a_revoked_key_opens_nothing_and_its_sockets_hear_of_it(db: Migrated) {
        let store = db.store().await;
        let (ana, bob) = (user(&store, 1).await, user(&store, 2).await);
        keys::make(&store, &at(0), &new_key(1, Some(ana)), 5).await.unwrap();
        keys::make(&store, &at(1), &new_key(2, None), 5).await.unwrap();
        let mut reader = Reader::start(&store, now(0)).await.unwrap();
        assert!(!keys::revoke(&store, &at(2), key_id(1), Whose::User(bob)).await.unwrap(), "not his");
        assert!(!keys::revoke(&store, &at(2), key_id(2), Whose::User(ana)).await.unwrap(), "the operator's");
        assert!(keys::revoke(&store, &at(2), key_id(1), Whose::User(ana)).await.unwrap());
        assert!(!keys::revoke(&store, &at(3), key_id(1), Whose::Everybody).await.unwrap(), "revoked already");
        assert_eq!(reader.next(&store, now(3)).await.unwrap(), [News::KeyRevoked(key_id(1))]);
        assert_eq!(keys::find(&store, &hash(1), now(3)).await.unwrap(), None);
        let listed = keys::list(&store, Whose::Everybody).await.unwrap();
        assert_eq!(listed.iter().map(|key| key.id).collect::<Vec<_>>(), [key_id(2), key_id(1)]);
        assert_eq!(listed[1].revoked_at, Some(now(2)));
        assert_eq!(keys::list(&store, Whose::User(bob)).await.unwrap(), []);
    }

    async fn of_a_hundred_keys_made_at_once_there_are_as_many_as_one_may_have(db: Migrated) {
        let store = patient(db).await;
        let ana = user(&store, 1).await;
        let ends = race((1..=CROWD).map(|n| {
            let store = store.clone();
            async move { keys::make(&store, &at(0), &new_key(n, Some(ana)), 10).await }
        }))
        .await;
        assert_eq!(ends.iter().filter(|end| matches!(end, Made::Made(_))).count(), 10);
    }

    async fn tokens_end_by_id_by_subject_and_by_room(db: Migrated) {
        let store = db.store().await;
        let (one, other) = (room(&store, 1).await, room(&store, 2).await);
        let token = |id, subject, ms| Token { room: one, id, subject, issued_at: now(ms) };
        let until = now(DAY);
        let is_ended = |token| {
            let store = store.clone();
            async move { token_ends::is_ended(&store, token).await.unwrap() }
        };
        assert!(!is_ended(token("t1", "ana", 0)).await);
        token_ends::end(&store, &at(5), None, one, Which::Token("t1"), until).await.unwrap();
        assert!(is_ended(token("t1", "ana", 0)).await && is_ended(token("t1", "ana", 9)).await);
        assert!(!is_ended(token("t2", "ana", 0)).await);
        assert!(!is_ended(Token { room: other, ..token("t1", "ana", 0) }).await);

        token_ends::end(&store, &at(5), None, one, Which::Subject("ana"), until).await.unwrap();
        assert!(is_ended(token("t2", "ana", 5)).await && !is_ended(token("t2", "ana", 6)).await);
        assert!(!is_ended(token("t2", "bob", 5)).await);
        token_ends::end(&store, &at(7), None, one, Which::Subject("ana"), until.plus(2)).await.unwrap();
        assert!(is_ended(token("t2", "ana", 6)).await, "ended once more");

        token_ends::end(&store, &at(8), None, one, Which::All, until).await.unwrap();
        assert!(is_ended(token("t3", "bob", 8)).await && !is_ended(token("t3", "bob", 9)).await);
        assert_eq!(token_ends::sweep(&store, until).await.unwrap(), 2, "the subject's end is kept for longer");
    }

    async fn a_budget_lets_no_more_through_than_its_windows(db: Migrated) {
        let store = patient(db).await;
        let ends = race((1..=CROWD).map(|_| {
            let store = store.clone();
            async move { sent::take(&store, now(0), &[budget(1, "code", 3), budget(2, "source", 90)]).await }
        }))
        .await;
        assert_eq!(ends.iter().filter(|end| **end == Taken::Yes).count(), 3);
        assert!(ends.contains(&Taken::UsedUp { retry_after_ms: MINUTE }));
        let other = [budget(3, "code", 3)];
        assert_eq!(sent::take(&store, now(0), &other).await.unwrap(), Taken::Yes, "another target");
        let other = [budget(1, "reset", 3)];
        assert_eq!(sent::take(&store, now(0), &other).await.unwrap(), Taken::Yes, "another kind");
        let mut later = Vec::new();
        for minute in 1..=4 {
            later.push(sent::take(&store, now(minute * MINUTE), &[budget(1, "code", 3)]).await.unwrap());
        }
        let wait = |minutes| Taken::UsedUp { retry_after_ms: minutes * MINUTE };
        assert_eq!(later, [Taken::Yes, Taken::Yes, wait(57), wait(56)], "five an hour");
        assert!(sent::sweep(&store, now(DAY + 1)).await.unwrap() >= 5);
    }

    async fn the_trail_is_read_page_by_page_by_its_user_and_the_operator(db: Migrated) {
        let store = db.store().await;
        let (ana, bob) = (user_id(1), user_id(2));
        for ms in 1..=5 {
            let detail = json!({ "n": ms });
            audit::record(&store, &at(ms / 2), Some(ana), Action::SignInFailed, detail).await.unwrap();
        }
        audit::record(&store, &at(9), Some(bob), Action::SignedIn, json!({})).await.unwrap();
        let mut read = Vec::new();
        let mut after = None;
        loop {
            let page = audit::list(&store, audit::Whose::User(ana), after.as_ref(), 2).await.unwrap();
            read.extend(page.events);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        let numbers: Vec<_> = read.iter().map(|event| event.detail["n"].as_i64().unwrap()).collect();
        assert_eq!(numbers, [5, 4, 3, 2, 1]);
        assert_eq!((read[0].actor.as_str(), read[0].source.as_deref()), ("nobody", Some("192.0.2.7")));
        let all = audit::list(&store, audit::Whose::Everybody, None, 100).await.unwrap().events;
        assert_eq!((all.len(), all[0].user), (6, Some(bob)));
        assert_eq!(audit::sweep(&store, now(2)).await.unwrap(), 3);
    }

    async fn news_is_kept_for_an_hour_and_a_new_server_begins_behind_it(db: Migrated) {
        let store = db.store().await;
        let ana = user(&store, 1).await;
        let mut early = Reader::start(&store, now(0)).await.unwrap();
        users::disable(&store, &at(1), ana).await.unwrap();
        let mut late = Reader::start(&store, now(2)).await.unwrap();
        assert_eq!(late.next(&store, now(2)).await.unwrap(), []);
        users::disable(&store, &at(3), ana).await.unwrap();
        assert_eq!(early.next(&store, now(3)).await.unwrap(), [News::UserDisabled(ana); 2]);
        assert_eq!(late.next(&store, now(3)).await.unwrap(), [News::UserDisabled(ana)]);
        assert_eq!(control::sweep(&store, now(60 * MINUTE + 3)).await.unwrap(), 1);
        users::disable(&store, &at(5), ana).await.unwrap();
        assert_eq!(early.next(&store, now(70 * MINUTE)).await.unwrap(), [News::UserDisabled(ana)]);
        assert_eq!(late.next(&store, now(140 * MINUTE)).await.unwrap(), [News::UserDisabled(ana)]);
        assert_eq!(late.next(&store, now(150 * MINUTE)).await.unwrap(), []);
    }

    async fn a_room_that_goes_takes_the_ends_of_its_tokens_along(db: Migrated) {
        let store = db.store().await;
        let new = new_room(1);
        room(&store, 1).await;
        token_ends::end(&store, &at(1), None, new.id, Which::All, now(DAY)).await.unwrap();
        let unused = convene::store::rooms::Unused { now: now(1), guests_ms: 0, awake: Default::default() };
        assert_eq!(convene::store::rooms::expire(&store, &unused).await.unwrap(), 1);
        assert_eq!(token_ends::sweep(&store, now(2 * DAY)).await.unwrap(), 0);
    }
}
