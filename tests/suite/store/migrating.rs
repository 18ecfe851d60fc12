//! The schema's way into an empty, a half-made and a shared database.
use super::fixture::{commit_all, load, room, said, texts};
use crate::common::db::{TestDb, keys, on_each_database, open};
use convene::store::{ConnectError, Settings, Store};
use convene_migration::{migrate, pending};
use sea_orm::ConnectionTrait;

/// Tables in an order in which they can be dropped.
const TABLES: [&str; 26] = [
    "card",
    "contact",
    "member",
    "cohost",
    "user_number",
    "control",
    "audit",
    "sent_turn",
    "sent",
    "room_token_end",
    "api_key",
    "outbox",
    "reset",
    "session",
    "flow",
    "signup",
    "user",
    "idempotency",
    "server",
    "call",
    "event",
    "reaction",
    "message",
    "seat",
    "room_key",
    "room",
];

on_each_database! {
    async fn two_servers_that_start_at_once_migrate_once(db: Empty) {
        let (one, two) = (db.store().await, db.store().await);
        assert!(pending(one.connection()).await.unwrap() > 0);
        let (first, second) = tokio::join!(migrate(one.connection()), migrate(two.connection()));
        first.unwrap();
        second.unwrap();
        assert_eq!(pending(one.connection()).await.unwrap(), 0);
        let room = room(&one, 1).await;
        commit_all(&two, &[said(room, 1, "hello")]).await;
        assert_eq!(texts(&load(&one, room).await.messages), ["hello"]);
    }

    async fn a_start_that_was_cut_anywhere_is_finished_by_the_next(db: Migrated) {
        let quote = if db.url().starts_with("mysql") { '`' } else { '"' };
        let connection = db.connection().await;
        for made in 0..=TABLES.len() {
            // as if the process had died when only some tables were there, and nothing was noted as done
            connection.execute_unprepared("DELETE FROM seaql_migrations").await.unwrap();
            for table in &TABLES[..made] {
                connection.execute_unprepared(&format!("DROP TABLE {quote}{table}{quote}")).await.unwrap();
            }
            let store = db.store().await;
            migrate(store.connection()).await.unwrap();
            assert_eq!(pending(store.connection()).await.unwrap(), 0);
            let n = u128::try_from(made).unwrap() + 1;
            let room = room(&store, n).await;
            commit_all(&store, &[said(room, 1, "hello")]).await;
            store.close().await.unwrap();
        }
    }

    async fn an_index_that_was_not_reached_is_made_later(db: Migrated) {
        let connection = db.connection().await;
        let drop_index = if db.url().starts_with("mysql") {
            "DROP INDEX message_said_once ON message"
        } else {
            "DROP INDEX message_said_once"
        };
        connection.execute_unprepared(drop_index).await.unwrap();
        connection.execute_unprepared("DELETE FROM seaql_migrations").await.unwrap();
        let store = db.store().await;
        migrate(store.connection()).await.unwrap();
        let again = connection.execute_unprepared(drop_index).await;
        assert!(again.is_ok(), "it is there again: {again:?}");
    }
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_made() {
    let db = TestDb::empty_sqlite().await;
    let store = open(db.url()).await;
    migrate(store.connection()).await.unwrap();
    room(&store, 1).await;
}

#[tokio::test]
async fn a_url_that_is_none_is_refused_without_being_repeated() {
    for url in
        ["", "oracle://u:hunter2@h/d", "sqlite::memory:", "sqlite://:memory:", "postgres://u:hunter2@[/d"]
    {
        let Err(refused) = Store::connect(Settings::new(url), keys()).await else { panic!("{url} opened") };
        assert!(!refused.to_string().contains("hunter2"), "{refused}");
        assert!(!matches!(refused, ConnectError::Folder { .. }), "{refused}");
    }
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_named() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("file"), "").unwrap();
    let url = format!("sqlite://{}/file/new/convene.db", folder.path().display());
    let refused = Store::connect(Settings::new(url), keys()).await.err().unwrap();
    assert!(refused.to_string().contains("file/new"), "{refused}");
}
