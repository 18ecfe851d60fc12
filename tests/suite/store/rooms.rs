//! Rooms and their keys: made, found byte by byte, loaded, expired.
use super::fixture::{NOON, commit_all, entry, load, new_room, room, said, seat, taken_seat, write_seat};
use crate::common::db::on_each_database;
use convene::room::ids::{MessageId, No};
use convene::room::record::{Behind, Change};
use convene::store::rooms::{self, CreateError, Created, Expiry, Unused};
use convene::store::{journal, messages};
use std::collections::HashSet;
use uuid::Uuid;

on_each_database! {
    async fn a_room_is_found_by_each_of_its_keys_and_loads_as_it_was_made(db: Migrated) {
        let store = db.store().await;
        let mut new = new_room(7);
        new.settings.name = "Größe 😀 \"quoted\" \\ %_".into();
        assert_eq!(rooms::create(&store, &new, None).await.unwrap(), Created::Made);
        for key in ["abc-defg-007", "0000000000000007", "1007", "000000000000000000000007"] {
            assert_eq!(rooms::find_by_key(&store, key).await.unwrap(), Some(new.id), "{key}");
        }
        let loaded = load(&store, new.id).await;
        assert_eq!(loaded.room.keys, new.keys);
        assert_eq!(loaded.room.settings, new.settings);
        assert_eq!((loaded.room.owner, &loaded.room.pins), (new.owner, &new.pins));
        assert_eq!((loaded.room.version, loaded.last_no), (No(0), No(0)));
        assert_eq!((loaded.room.created_at, loaded.room.ended_at), (NOON, None));
        assert!(loaded.messages.is_empty() && loaded.seats.is_empty() && !loaded.more);
    }

    async fn keys_are_compared_byte_by_byte(db: Migrated) {
        let store = db.store().await;
        let mut one = new_room(1);
        one.keys.native = "étude-Ab".into();
        rooms::create(&store, &one, None).await.unwrap();
        for other in ["etude-Ab", "étude-ab", "ÉTUDE-AB", "étude-Ab ", "e\u{301}tude-Ab", "", "étude-Ab\0"] {
            assert_eq!(rooms::find_by_key(&store, other).await.unwrap(), None, "{other:?}");
        }
        for (n, key) in [(2, "étude-ab"), (3, "etude-Ab"), (4, "😀"), (5, "😁")] {
            let mut other = new_room(n);
            other.keys.native = key.into();
            rooms::create(&store, &other, None).await.unwrap();
            assert_eq!(rooms::find_by_key(&store, key).await.unwrap(), Some(other.id), "{key}");
        }
        assert_eq!(rooms::find_by_key(&store, "étude-Ab").await.unwrap(), Some(one.id));
    }

    async fn a_key_of_any_kind_is_taken_once(db: Migrated) {
        let store = db.store().await;
        let first = new_room(1);
        rooms::create(&store, &first, None).await.unwrap();
        let mut second = new_room(2);
        second.keys.native = first.keys.meet.clone();
        let refused = rooms::create(&store, &second, None).await;
        assert!(matches!(refused, Err(CreateError::KeyTaken)), "{refused:?}");
        assert!(rooms::record(&store, second.id).await.unwrap().is_none(), "nothing of it is left");
        second.keys = new_room(2).keys;
        assert_eq!(rooms::create(&store, &second, None).await.unwrap(), Created::Made);
    }

    async fn a_guests_room_goes_after_its_last_use_with_all_it_owns(db: Migrated) {
        let store = db.store().await;
        let (old, used, awake) = (room(&store, 1).await, room(&store, 2).await, room(&store, 3).await);
        let mut kept = new_room(4);
        kept.expiry = Expiry::Never;
        rooms::create(&store, &kept, None).await.unwrap();
        let hello = said(old, 1, "hello");
        let id = MessageId(Uuid::from_u128((1 << 32) + 1));
        commit_all(&store, &[hello, entry(old, 2, Change::Ended)]).await;
        write_seat(&store, old, taken_seat(1)).await;
        let later = NOON.plus(60_000);
        journal::write_behind(&store, &[Behind::Touched { room: used, at: later }]).await.unwrap();

        let unused = Unused { now: later, guests_ms: 0, awake: HashSet::from([awake]) };
        assert_eq!(rooms::expire(&store, &unused).await.unwrap(), 1);
        assert_eq!(rooms::expire(&store, &unused).await.unwrap(), 0);

        assert!(rooms::record(&store, old).await.unwrap().is_none());
        assert_eq!(rooms::find_by_key(&store, "abc-defg-001").await.unwrap(), None);
        assert_eq!(messages::find(&store, old, id).await.unwrap(), None);
        for room in [used, awake, kept.id] {
            assert!(rooms::record(&store, room).await.unwrap().is_some());
        }
        let again = room(&store, 1).await;
        assert_eq!(load(&store, again).await.last_no, No(0), "its messages and events are gone");
        write_seat(&store, again, taken_seat(1)).await;
        assert_eq!(load(&store, again).await.seats[0].seat, seat(1), "its old seat too");
    }

    async fn a_room_with_a_span_of_its_own_stays_for_that_after_its_last_use(db: Migrated) {
        let store = db.store().await;
        let (mut week, mut hour) = (new_room(1), new_room(2));
        (week.expiry, hour.expiry) = (Expiry::Unused(7 * 86_400_000), Expiry::Unused(3_600_000));
        for new in [&week, &hour] {
            rooms::create(&store, new, None).await.unwrap();
        }
        let guest = room(&store, 3).await;
        let at = |ms| Unused { now: NOON.plus(ms), guests_ms: 86_400_000, awake: HashSet::new() };
        assert_eq!(rooms::expire(&store, &at(3_600_000)).await.unwrap(), 0);
        assert_eq!(rooms::expire(&store, &at(3_600_001)).await.unwrap(), 1);
        assert!(rooms::record(&store, hour.id).await.unwrap().is_none());
        assert_eq!(rooms::expire(&store, &at(2 * 86_400_000)).await.unwrap(), 1);
        assert!(rooms::record(&store, guest).await.unwrap().is_none());
        assert_eq!(rooms::expire(&store, &at(7 * 86_400_000 + 1)).await.unwrap(), 1);
    }
}
