//! Seats written behind, and what a server that comes back finds of its last life: seats, calls, beats, remembered answers.
use super::fixture::{NOON, call, commit_all, entry, load, new_room, room, seat, taken_seat, write_seat};
use crate::common::db::{on_each_database, open};
use convene::room::ids::{Millis, RoomId};
use convene::room::permissions::{Rights, Role};
use convene::room::record::{Behind, CallRecord, Change, SeatRecord};
use convene::store::calls::{self, close_left_open};
use convene::store::idempotency::{self, Begun, Claim, KEPT_MS, Kept};
use convene::store::rooms::{self, CreateError, Created};
use convene::store::servers::{AliveCutoff, Beat, Life, beat, begin_life, last_beat};
use convene::store::{Store, health, journal};
use uuid::Uuid;

const GRACE: i64 = 120_000;

/// What is written now was written in a life that began before now.
fn now() -> Millis {
    Millis(jiff::Timestamp::now().as_millisecond())
}

async fn write_call(store: &Store, room: RoomId, call: CallRecord) {
    journal::write_behind(store, &[Behind::Call { room, call }]).await.unwrap();
}

async fn seats_since(store: &Store, room: RoomId, cutoff: Millis) -> Vec<SeatRecord> {
    rooms::load(store, room, AliveCutoff(cutoff)).await.unwrap().unwrap().seats
}

on_each_database! {
    async fn seats_come_back_in_join_order_as_they_were_last_written(db: Migrated) {
        let store = db.store().await;
        let room = room(&store, 1).await;
        let (first, second) = (taken_seat(1), taken_seat(2));
        let muted = SeatRecord {
            name: "😀".into(),
            avatar: Some("https://a.example/é.png".into()),
            media: Default::default(),
            resume_n: 4,
            ..first.clone()
        };
        let behind = [second.clone(), first, muted.clone()].map(|seat| Behind::Seat { room, seat });
        journal::write_behind(&store, &behind).await.unwrap();
        assert_eq!(load(&store, room).await.seats, [muted.clone(), second.clone()]);

        let left = SeatRecord { released_at: Some(NOON.plus(9)), ..muted.clone() };
        write_seat(&store, room, left).await;
        write_seat(&store, room, muted).await;
        assert_eq!(load(&store, room).await.seats, [second], "a released seat stays released");
    }

    async fn a_committed_standing_outlives_a_late_write(db: Migrated) {
        let store = db.store().await;
        let room = room(&store, 1).await;
        write_seat(&store, room, taken_seat(1)).await;
        let promoted = Change::Standing { seat: seat(1), role: Role::Cohost, rights: Rights::ALL };
        commit_all(&store, &[entry(room, 1, promoted)]).await;
        let late = SeatRecord { name: "Late".into(), ..taken_seat(1) };
        write_seat(&store, room, late).await;
        let seats = load(&store, room).await.seats;
        assert_eq!((&*seats[0].name, seats[0].role, seats[0].rights), ("Late", Role::Cohost, Rights::ALL));
    }

    async fn what_belongs_to_a_room_that_is_gone_is_dropped_and_the_rest_written(db: Migrated) {
        let store = db.store().await;
        let here = room(&store, 1).await;
        let gone = RoomId(Uuid::from_u128(99));
        journal::write_behind(&store, &[
            Behind::Seat { room: gone, seat: taken_seat(1) },
            Behind::Call { room: gone, call: call(1) },
            Behind::Touched { room: gone, at: NOON },
            Behind::Seat { room: here, seat: taken_seat(2) },
        ])
        .await
        .unwrap();
        assert_eq!(load(&store, here).await.seats.len(), 1);
    }

    async fn seats_of_a_life_that_ended_too_long_ago_are_not_loaded(db: Migrated) {
        let store = db.store().await;
        let room = room(&store, 1).await;
        write_seat(&store, room, taken_seat(1)).await;
        let call = CallRecord { paired_at: Some(NOON), ..call(1) };
        write_call(&store, room, call).await;
        let later = now().plus(1);
        assert!(seats_since(&store, room, later).await.is_empty());
        assert_eq!(seats_since(&store, room, NOON.min(later)).await.len(), 1);
        assert_eq!(load(&store, room).await.call, Some(call), "a call goes on with its seats");
        let asleep = rooms::load(&store, room, AliveCutoff(later)).await.unwrap().unwrap();
        assert_eq!(asleep.call, None);
    }

    async fn a_server_knows_when_it_was_last_alive(db: Migrated) {
        let store = db.store().await;
        health::ping(&store).await.unwrap();
        assert_eq!(last_beat(&store, "one").await.unwrap(), None);
        let first = begin_life(&store, "one", NOON, GRACE).await.unwrap();
        assert_eq!(first, Life { started_at: NOON, before: None, seats_since: NOON });
        beat(&store, "one", NOON.plus(10_000)).await.unwrap();
        let restarted = NOON.plus(15_000);
        let second = begin_life(&store, "one", restarted, GRACE).await.unwrap();
        let before = Beat { started_at: NOON, alive_at: NOON.plus(10_000), seats_since: NOON };
        assert_eq!(second, Life { started_at: restarted, before: Some(before), seats_since: NOON });
        assert_eq!(last_beat(&store, "two").await.unwrap(), None);
    }

    async fn calls_are_listed_newest_first_by_pages(db: Migrated) {
        let store = db.store().await;
        let (mine, other) = (room(&store, 1).await, room(&store, 2).await);
        for n in 1..=5 {
            write_call(&store, mine, call(n)).await;
        }
        write_call(&store, other, call(6)).await;
        let twin = CallRecord { started_at: call(3).started_at, ..call(7) };
        write_call(&store, mine, twin).await;
        let done = CallRecord { paired_at: Some(NOON), ended_at: Some(NOON.plus(9)), peak: 4, ..call(5) };
        write_call(&store, mine, done).await;
        write_call(&store, mine, CallRecord { peak: 2, ..call(5) }).await;

        let mut seen = Vec::new();
        let mut cursor = None;
        loop {
            let page = calls::list(&store, mine, cursor, 2).await.unwrap();
            seen.extend(page.calls);
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(seen, [done, call(4), twin, call(3), call(2), call(1)]);
    }

    async fn calls_left_open_end_when_the_server_was_last_alive(db: Migrated) {
        let store = db.store().await;
        let (left, resumed) = (room(&store, 1).await, room(&store, 2).await);
        write_call(&store, left, call(1)).await;
        write_seat(&store, left, taken_seat(1)).await;
        write_call(&store, resumed, call(2)).await;
        let start = AliveCutoff(now().plus(1));
        while now() < start.0 {
            tokio::task::yield_now().await;
        }
        write_seat(&store, resumed, taken_seat(2)).await;
        let alive_at = NOON.plus(5_000);
        assert_eq!(close_left_open(&store, start, alive_at).await.unwrap(), 1);
        assert_eq!(close_left_open(&store, start, alive_at).await.unwrap(), 0);
        let first = |page: calls::Page| page.calls[0];
        let ended = first(calls::list(&store, left, None, 1).await.unwrap());
        assert_eq!(ended.ended_at, Some(alive_at));
        let goes_on = first(calls::list(&store, resumed, None, 1).await.unwrap());
        assert_eq!(goes_on.ended_at, None);
    }

    async fn a_retried_creation_acts_once(db: Migrated) {
        let store = db.store().await;
        let claim = Claim::new("rooms", "key-1", b"{\"name\":\"x\"}", NOON);
        let kept = Kept { status: 201, resource: new_room(1).id.to_string(), secret: Some(vec![1, 2, 3]) };
        let once = Some((&claim, &kept));
        assert_eq!(idempotency::look(&store, &claim).await.unwrap(), Begun::Fresh);
        assert_eq!(rooms::create(&store, &new_room(1), once).await.unwrap(), Created::Made);
        assert_eq!(idempotency::look(&store, &claim).await.unwrap(), Begun::Before(kept.clone()));
        let second = Kept { status: 201, resource: new_room(2).id.to_string(), secret: None };
        let again = rooms::create(&store, &new_room(2), Some((&claim, &second))).await.unwrap();
        assert_eq!(again, Created::Replayed(kept.clone()));
        assert!(rooms::record(&store, new_room(2).id).await.unwrap().is_none());

        let other = Claim::new("rooms", "key-1", b"{}", NOON);
        let refused = rooms::create(&store, &new_room(2), Some((&other, &second))).await;
        assert!(matches!(refused, Err(CreateError::Conflict)), "{refused:?}");
        let elsewhere = Claim::new("messages", "key-1", b"{}", NOON);
        assert_eq!(idempotency::keep(&store, &elsewhere, &second).await.unwrap(), Begun::Fresh);

        let tomorrow = Claim::new("rooms", "key-1", b"{}", NOON.plus(KEPT_MS));
        let made = rooms::create(&store, &new_room(2), Some((&tomorrow, &second))).await.unwrap();
        assert_eq!(made, Created::Made);
        assert_eq!(idempotency::sweep(&store, NOON.plus(KEPT_MS)).await.unwrap(), 1);
    }

    async fn a_creation_that_fails_claims_nothing(db: Migrated) {
        let store = db.store().await;
        room(&store, 1).await;
        let claim = Claim::new("rooms", "key-1", b"{}", NOON);
        let kept = Kept { status: 201, resource: "r".into(), secret: None };
        let mut taken = new_room(2);
        taken.keys = new_room(1).keys;
        let refused = rooms::create(&store, &taken, Some((&claim, &kept))).await;
        assert!(matches!(refused, Err(CreateError::KeyTaken)), "{refused:?}");
        assert_eq!(rooms::create(&store, &new_room(2), Some((&claim, &kept))).await.unwrap(), Created::Made);
    }

    async fn two_servers_with_the_same_claim_make_one_room(db: Migrated) {
        let (one, two) = (open(db.url()).await, open(db.url()).await);
        let claim = Claim::new("rooms", "key-1", b"{}", NOON);
        let kept = |n: u128| Kept { status: 201, resource: n.to_string(), secret: None };
        let (kept_one, kept_two) = (kept(1), kept(2));
        let (room_one, room_two) = (new_room(1), new_room(2));
        let (first, second) = tokio::join!(
            rooms::create(&one, &room_one, Some((&claim, &kept_one))),
            rooms::create(&two, &room_two, Some((&claim, &kept_two))),
        );
        match (first.unwrap(), second.unwrap()) {
            (Created::Made, Created::Replayed(answer)) => assert_eq!(answer, kept_one),
            (Created::Replayed(answer), Created::Made) => assert_eq!(answer, kept_two),
            both => panic!("one room for one claim: {both:?}"),
        }
    }
}

#[test]
fn the_grace_of_old_seats_begins_at_the_start_and_only_if_the_server_was_away_shortly() {
    let before = Beat { started_at: Millis(100), alive_at: Millis(1_000), seats_since: Millis(100) };
    let at = |started: i64| Life::begin(Millis(started), Some(before), GRACE);
    let soon = at(1_000 + GRACE);
    assert_eq!(soon.cutoff(soon.started_at, GRACE), AliveCutoff(Millis(100)));
    assert_eq!(soon.cutoff(soon.started_at.plus(GRACE), GRACE), AliveCutoff(Millis(100)));
    assert_eq!(soon.cutoff(soon.started_at.plus(GRACE + 1), GRACE), AliveCutoff(soon.started_at));
    let late = at(1_001 + GRACE);
    assert_eq!(late.cutoff(late.started_at, GRACE), AliveCutoff(late.started_at));
    let first = Life::begin(Millis(5), None, GRACE);
    assert_eq!(first.cutoff(Millis(6), GRACE), AliveCutoff(Millis(5)));
}

#[test]
fn a_server_killed_twice_in_a_row_still_waits_for_the_seats_of_its_long_life() {
    let beat = |started: i64, alive: i64, since: Millis| {
        Some(Beat { started_at: Millis(started), alive_at: Millis(alive), seats_since: since })
    };
    let second = Life::begin(Millis(600_000), beat(0, 590_000, Millis(0)), GRACE);
    let third = Life::begin(Millis(601_000), beat(600_000, 600_500, second.seats_since), GRACE);
    assert_eq!(
        third.cutoff(third.started_at, GRACE),
        AliveCutoff(Millis(0)),
        "the second life gave nobody a window"
    );
    let fourth = Life::begin(Millis(900_000), beat(601_000, 890_000, third.seats_since), GRACE);
    assert_eq!(fourth.cutoff(fourth.started_at, GRACE), AliveCutoff(Millis(601_000)), "the third life did");
}
