//! The small numbers of users.
use super::people::{CROWD, patient, race, user, user_id};
use crate::common::db::on_each_database;
use convene::store::numbers;
use std::collections::HashSet;

on_each_database! {
    async fn a_user_has_one_number_and_nobody_else_has_it(db: Migrated) {
        let store = patient(db).await;
        let (ana, bob) = (user(&store, 1).await, user(&store, 2).await);
        let asked = race((1..=CROWD).map(|n| {
            let store = store.clone();
            async move { numbers::of(&store, if n % 2 == 0 { ana } else { bob }).await.map(|number| (n % 2, number)) }
        }))
        .await;
        let given: HashSet<_> = asked.into_iter().collect();
        assert_eq!(given.len(), 2, "one each, however many asked at once: {given:?}");
        assert!(given.iter().all(|(_, number)| *number >= 1));
        assert_ne!(numbers::of(&store, ana).await.unwrap(), numbers::of(&store, bob).await.unwrap());
    }

    async fn who_is_gone_gets_none(db: Migrated) {
        let store = db.store().await;
        assert!(numbers::of(&store, user_id(7)).await.is_err());
    }
}
