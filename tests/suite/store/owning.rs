//! What belongs to an account: its rooms, its calls with their people; and what is left of it when it goes.
use super::fixture::{
    NOON, but, call, commit_all, entry, load, message, new_room, said, seat, taken_seat, write_seat,
};
use super::people::{DAY, at, find, hash, now, session, sign_in, user, user_id};
use crate::common::db::on_each_database;
use convene::room::footing::Footing;
use convene::room::ids::{KeyId, LoginId, Millis, RoomId, TokenId, UserId};
use convene::room::record::{Behind, CallRecord, Change, Owner, SeatRecord};
use convene::store::audit;
use convene::store::calls::{self, MyCall};
use convene::store::control::{News, Reader};
use convene::store::resets::{self, NewReset};
use convene::store::rooms::{self, Expiry, NewRoom, Whose};
use convene::store::users::{self, When};
use convene::store::{Store, journal, messages};
use uuid::Uuid;

async fn own_room(store: &Store, n: u128, owner: UserId) -> RoomId {
    let created_at = NOON.plus(i64::try_from(n).unwrap());
    let new = NewRoom { owner: owner.into(), expiry: Expiry::Never, created_at, ..new_room(n) };
    rooms::create(store, &new, None).await.unwrap();
    new.id
}

/// Seat `n` of this user, taken and left at these milliseconds after noon.
async fn sat(store: &Store, room: RoomId, n: u128, user: Option<UserId>, (from, to): (i64, i64)) {
    let login = LoginId(Uuid::from_u128(n));
    let footing = user.map_or(Footing::Guest, |user| Footing::Account { user, login });
    let seat = SeatRecord { footing, joined_at: now(from), released_at: Some(now(to)), ..taken_seat(n) };
    write_seat(store, room, seat).await;
}

async fn held(store: &Store, room: RoomId, n: u128, (from, to): (i64, Option<i64>)) {
    let call = CallRecord { started_at: now(from), ended_at: to.map(now), peak: 2, ..call(n) };
    journal::write_behind(store, &[Behind::Call { room, call }]).await.unwrap();
}

async fn my_calls(store: &Store, user: UserId) -> Vec<MyCall> {
    calls::mine(store, Whose::User(user), None, 100).await.unwrap().calls
}

fn starts(calls: &[MyCall]) -> Vec<Millis> {
    calls.iter().map(|mine| mine.call.started_at).collect()
}

fn names(call: &MyCall) -> Vec<&str> {
    call.people.iter().map(|person| person.name.as_str()).collect()
}

on_each_database! {
    async fn a_room_is_its_accounts_and_loads_so(db: Migrated) {
        let store = db.store().await;
        let room = own_room(&store, 1, user_id(7)).await;
        let owner = load(&store, room).await.room.owner;
        assert_eq!(owner, Owner { secret: None, account: Some(user_id(7)) });
        let account = Footing::Account { user: user_id(8), login: LoginId(Uuid::from_u128(9)) };
        let (token, key) = (TokenId(Uuid::from_u128(10)), Some(KeyId(Uuid::from_u128(11))));
        let token = Footing::Token { token, subject: "class 7 – Zoë".into(), key };
        for (n, footing) in [(1, account), (2, token), (3, Footing::Guest)] {
            write_seat(&store, room, SeatRecord { footing: footing.clone(), ..taken_seat(n) }).await;
            assert_eq!(load(&store, room).await.seats[n as usize - 1].footing, footing);
        }
    }

    async fn ones_rooms_are_listed_page_by_page_the_newest_first(db: Migrated) {
        let store = db.store().await;
        let mut own = Vec::new();
        for n in 1..=5 {
            own.push(own_room(&store, n, user_id(7)).await);
        }
        own_room(&store, 6, user_id(8)).await;
        let ended = own_room(&store, 7, user_id(7)).await;
        commit_all(&store, &[entry(ended, 1, Change::Ended)]).await;
        let mut read = Vec::new();
        let mut after = None;
        loop {
            let page = rooms::list(&store, Whose::User(user_id(7)), after, 2).await.unwrap();
            read.extend(page.rooms.into_iter().map(|room| room.id));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        own.reverse();
        assert_eq!(read, own);
        let all = rooms::list(&store, Whose::Everybody, None, 100).await.unwrap();
        assert_eq!((all.rooms.len(), all.next), (6, None));
        assert_eq!(&*all.rooms[0].keys.native, "abc-defg-006");
        assert_eq!(rooms::owned_by(&store, user_id(8)).await.unwrap().len(), 1);
    }

    async fn ones_calls_are_those_in_ones_rooms_and_those_one_took_part_in(db: Migrated) {
        let store = db.store().await;
        let (ana, bob, eve) = (user_id(1), user_id(2), user_id(3));
        let (hers, his) = (own_room(&store, 1, ana).await, own_room(&store, 2, bob).await);
        held(&store, hers, 1, (1_000, Some(2_000))).await;
        sat(&store, hers, 1, Some(bob), (1_000, 2_000)).await;
        sat(&store, hers, 2, None, (1_100, 1_200)).await;
        sat(&store, hers, 3, Some(bob), (1_300, 1_400)).await;
        held(&store, his, 2, (3_000, Some(4_000))).await;
        sat(&store, his, 4, Some(ana), (3_500, 4_000)).await;
        held(&store, his, 3, (5_000, Some(6_000))).await;
        held(&store, his, 4, (7_000, None)).await;
        sat(&store, his, 5, Some(ana), (7_000, 8_000)).await;

        let calls = my_calls(&store, ana).await;
        assert_eq!(starts(&calls), [now(7_000), now(3_000), now(1_000)]);
        assert_eq!((calls[2].code.as_str(), calls[2].name.as_str(), calls[2].room), ("abc-defg-001", "Weekly", hers));
        assert_eq!(names(&calls[2]), ["Zoë 1", "Zoë 2"], "who came twice is named once");
        assert_eq!((calls[2].people[0].user, calls[2].people[1].user), (Some(bob), None));
        assert_eq!(names(&calls[1]), ["Zoë 4"]);
        assert_eq!((calls[0].call.ended_at, calls[2].call.ended_at), (None, Some(now(2_000))));

        assert_eq!(starts(&my_calls(&store, bob).await), [7_000, 5_000, 3_000, 1_000].map(now));
        assert_eq!(my_calls(&store, eve).await, []);
        let page = calls::mine(&store, Whose::User(ana), None, 2).await.unwrap();
        assert_eq!(starts(&page.calls), [now(7_000), now(3_000)]);
        let rest = calls::mine(&store, Whose::User(ana), page.next, 2).await.unwrap();
        assert_eq!((starts(&rest.calls), rest.next), (vec![now(1_000)], None));
        let all = calls::mine(&store, Whose::Everybody, None, 100).await.unwrap();
        assert_eq!(all.calls.len(), 4);
    }

    async fn what_one_said_is_read_wherever_one_said_it(db: Migrated) {
        let store = db.store().await;
        let (ana, bob) = (user_id(1), user_id(2));
        let (hers, his) = (own_room(&store, 1, ana).await, own_room(&store, 2, bob).await);
        sat(&store, hers, 1, Some(ana), (0, 9)).await;
        sat(&store, his, 1, Some(bob), (0, 9)).await;
        commit_all(&store, &[said(hers, 1, "one"), said(hers, 2, "two"), said(his, 1, "his")]).await;
        sat(&store, his, 7, Some(ana), (0, 9)).await;
        let by_ana = but(said(his, 2, "three"), |message| message.author = seat(7));
        let deleted = said(hers, 3, "oh");
        let gone = Change::Deleted { message: message(&deleted).id };
        commit_all(&store, &[by_ana, deleted, entry(hers, 4, gone)]).await;
        let mut read = Vec::new();
        let mut after = None;
        loop {
            let page = messages::said_by(&store, ana, after, 2).await.unwrap();
            after = page.last().map(|(room, message)| (*room, message.no));
            if page.is_empty() {
                break;
            }
            read.extend(page.into_iter().map(|(_, message)| message.text.to_string()));
        }
        assert_eq!(read, ["one", "two", "three"]);
    }

    async fn an_account_that_is_to_go_comes_back_by_signing_in(db: Migrated) {
        let store = db.store().await;
        let id = user(&store, 1).await;
        sign_in(&store, id, 1, 0).await;
        assert!(users::ask_deletion(&store, &at(1), id, now(7 * DAY), &[]).await.unwrap());
        assert_eq!(find(&store, id).await.delete_after, Some(now(7 * DAY)));
        assert!(session(&store, 1, 2).await.is_none());
        assert_eq!(users::due(&store, now(7 * DAY - 1), 10).await.unwrap(), []);
        assert_eq!(users::due(&store, now(7 * DAY), 10).await.unwrap(), [id]);
        sign_in(&store, id, 2, 7 * DAY).await;
        assert_eq!(find(&store, id).await.delete_after, None);
        assert!(!users::remove(&store, &at(0), id, When::Due(now(8 * DAY))).await.unwrap(), "it is back");
        assert!(session(&store, 2, 7 * DAY + 1).await.is_some());
    }

    async fn nothing_is_left_of_an_account_that_is_gone(db: Migrated) {
        let store = db.store().await;
        let (ana, bob) = (user(&store, 1).await, user(&store, 2).await);
        let (hers, his) = (own_room(&store, 1, ana).await, own_room(&store, 2, bob).await);
        sign_in(&store, ana, 1, 0).await;
        let link = NewReset { token_hash: hash(7), user: ana, expires_at: now(DAY) };
        resets::begin(&store, &at(0), &link, resets::Earlier::Kept, &[]).await.unwrap();
        held(&store, his, 1, (0, Some(9_000))).await;
        sat(&store, his, 1, Some(ana), (0, 9_000)).await;
        sat(&store, his, 2, Some(bob), (1, 9_000)).await;
        commit_all(&store, &[said(his, 1, "hello")]).await;
        let mut reader = Reader::start(&store, now(0)).await.unwrap();
        users::ask_deletion(&store, &at(1), ana, now(5), &[]).await.unwrap();

        assert!(users::remove(&store, &at(5), ana, When::Due(now(5))).await.unwrap());
        assert!(!users::remove(&store, &at(5), ana, When::Now).await.unwrap(), "gone already");

        assert!(users::find(&store, ana).await.unwrap().is_none());
        assert!(session(&store, 1, 6).await.is_none());
        assert_eq!(resets::find(&store, &hash(7), now(6)).await.unwrap(), None);
        let news = reader.next(&store, now(6)).await.unwrap();
        assert_eq!(news, [News::SessionsEnded(ana), News::UserDeleted(ana)]);
        let left = load(&store, hers).await.room;
        assert_eq!((left.ended_at, left.owner.account), (Some(now(5)), None));
        let calls = my_calls(&store, bob).await;
        assert_eq!(names(&calls[0]), ["deleted account", "Zoë 2"]);
        let messages = load(&store, his).await.messages;
        assert_eq!((&*messages[0].name, &*messages[0].text), ("deleted account", "hello"));
        let trail = audit::list(&store, audit::Whose::Everybody, None, 100).await.unwrap().events;
        assert!(trail.iter().all(|event| event.user != Some(ana) && event.actor != ana.to_string()), "{trail:?}");
        assert!(trail.iter().any(|event| event.action == "account_deleted"));
    }

    async fn a_seat_that_is_written_after_its_account_went_loses_its_name_too(db: Migrated) {
        let store = db.store().await;
        let bob = user(&store, 2).await;
        let his = own_room(&store, 2, bob).await;
        held(&store, his, 1, (0, None)).await;
        sat(&store, his, 1, Some(user_id(1)), (0, 9_000)).await;
        sat(&store, his, 2, Some(bob), (1, 9_000)).await;
        assert_eq!(users::forget_the_gone(&store).await.unwrap(), 1);
        assert_eq!(users::forget_the_gone(&store).await.unwrap(), 0);
        assert_eq!(names(&my_calls(&store, bob).await[0]), ["deleted account", "Zoë 2"]);
    }
}
