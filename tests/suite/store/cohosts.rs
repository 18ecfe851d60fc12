//! Who runs a room beside its owner; and a room's code that its maker brings.
use super::fixture::{NOON, load, room as new_room};
use super::people::{user, user_id};
use crate::common::db::on_each_database;
use convene::store::{cohosts, rooms};

on_each_database! {
    async fn a_cohost_is_one_once_and_until_it_is_taken_back(db: Migrated) {
        let store = db.store().await;
        let (room, other) = (new_room(&store, 1).await, new_room(&store, 2).await);
        let (ana, bob) = (user(&store, 1).await, user(&store, 2).await);
        for who in [ana, ana, bob] {
            cohosts::add(&store, room, who, NOON).await.unwrap();
        }
        let mut found = load(&store, room).await.room.cohosts;
        found.sort_unstable();
        let mut expected = vec![ana, bob];
        expected.sort_unstable();
        assert_eq!(found, expected);
        assert!(cohosts::has(&store, room, ana).await.unwrap());
        assert!(!cohosts::has(&store, other, ana).await.unwrap());
        cohosts::remove(&store, room, ana).await.unwrap();
        cohosts::remove(&store, room, ana).await.unwrap();
        assert_eq!(cohosts::of(&store, room).await.unwrap(), [bob]);
        assert!(cohosts::add(&store, room, user_id(77), NOON).await.is_err(), "nobody");
    }

    async fn an_account_without_rooms_has_no_codes(db: Migrated) {
        let store = db.store().await;
        let ana = user(&store, 1).await;
        new_room(&store, 1).await;
        assert!(rooms::codes_of(&store, ana).await.unwrap().is_empty());
    }
}
