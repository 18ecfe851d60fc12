//! The database goes away: at once, in the middle, and at the one moment when nobody knows what was kept.
use super::fixture::{commit_all, entry, load, room, said, settings, texts};
use super::proxy::Proxy;
use crate::common::db::{TestDb, keys, open};
use convene::fault::Fault;
use convene::room::record::{Change, Entry, Outcome};
use convene::store::{Settings, Store, health, journal};
use sea_orm::{ConnectionTrait, DbBackend, Statement, TransactionTrait};
use std::time::Duration;

const AWAY: Outcome = Outcome::Refused(Fault::StorageUnavailable);

/// A store that reaches its database through the proxy.
async fn through(proxy: &Proxy, db: &TestDb) -> Store {
    let mut url = url::Url::parse(db.url()).unwrap();
    url.set_port(Some(proxy.port())).unwrap();
    let settings = Settings { acquire_timeout: Duration::from_secs(1), ..Settings::new(url) };
    Store::connect(settings, keys()).await.unwrap()
}

async fn proxied(db: &TestDb) -> (Proxy, Store) {
    let proxy = Proxy::to(url::Url::parse(db.url()).unwrap().port().unwrap()).await;
    let store = through(&proxy, db).await;
    (proxy, store)
}

async fn a_group_is_refused_while_the_database_is_away_and_kept_when_it_is_back(db: TestDb) {
    let (proxy, store) = proxied(&db).await;
    let room = room(&store, 1).await;
    commit_all(&store, &[said(room, 1, "before")]).await;
    proxy.cut().await;
    let group = [said(room, 2, "lost"), entry(room, 3, Change::Settings(settings("lost")))];
    assert_eq!(journal::commit(&store, &group).await, [AWAY, AWAY]);
    assert!(health::ping(&store).await.is_err_and(|error| error.fault() == Fault::StorageUnavailable));
    proxy.mend();
    commit_all(&store, &[said(room, 4, "after")]).await;
    health::ping(&store).await.unwrap();
    assert_eq!(texts(&load(&store, room).await.messages), ["before", "after"]);
}

/// The proxy hands COMMIT over, swallows the answer and hangs up; then the database is away for a while.
async fn a_commit_whose_answer_was_lost_is_read_back(db: TestDb) {
    let (proxy, store) = proxied(&db).await;
    let room = room(&store, 1).await;
    let group: Vec<Entry> =
        [said(room, 1, "kept"), entry(room, 2, Change::Settings(settings("kept")))].into();
    proxy.swallow_answer_to("COMMIT");
    let asked = group.clone();
    let mut waiting = tokio::spawn({
        let store = store.clone();
        async move { journal::commit(&store, &asked).await }
    });
    proxy.swallowed().await;
    let early = tokio::time::timeout(Duration::from_millis(300), &mut waiting).await;
    assert!(early.is_err(), "neither kept nor refused while nobody knows: {early:?}");
    proxy.mend();
    assert_eq!(waiting.await.unwrap(), [Outcome::Committed, Outcome::Committed]);
    let loaded = load(&store, room).await;
    assert_eq!((texts(&loaded.messages), &*loaded.room.settings.name), (vec!["kept"], "kept"));
}

/// The proxy hangs up instead of handing COMMIT over: nothing was kept, so it is kept now.
async fn a_commit_that_never_arrived_is_made_up_for(db: TestDb) {
    let (proxy, store) = proxied(&db).await;
    let room = room(&store, 1).await;
    proxy.hang_up_at("COMMIT");
    let asked = [said(room, 1, "late")];
    let waiting = tokio::spawn({
        let store = store.clone();
        async move { journal::commit(&store, &asked).await }
    });
    proxy.swallowed().await;
    proxy.mend();
    assert_eq!(waiting.await.unwrap(), [Outcome::Committed]);
    assert_eq!(texts(&load(&store, room).await.messages), ["late"]);
}

/// A page that is closed, a deadline that is over: the question is dropped wherever it is, also between two packets.
async fn who_goes_away_mid_question_takes_no_connection_along(db: TestDb) {
    let store = open(db.url()).await;
    let room = room(&store, 1).await;
    let connection = store.connection();
    let backend = connection.get_database_backend();
    let mark = if backend == DbBackend::Postgres { "$1" } else { "?" };
    for number in 0..600 {
        // a text that is new to the connection is prepared first; each moment of it is met by one of these, and nothing
        // tells when a packet has come
        let sql = format!("SELECT {number} FROM room WHERE capacity = {mark}");
        let asked = async {
            let transaction = connection.begin().await.unwrap();
            let statement = Statement::from_sql_and_values(backend, sql, [1.into()]);
            transaction.query_one_raw(statement).await.unwrap();
            transaction.commit().await.unwrap();
        };
        drop(tokio::time::timeout(Duration::from_micros(number * 3), asked).await);
    }
    // eight at once is all that there are
    let mut held = Vec::new();
    for _ in 0..8 {
        held.push(store.connection().begin().await.unwrap());
    }
    drop(held);
    commit_all(&store, &[said(room, 1, "as before")]).await;
    assert_eq!(texts(&load(&store, room).await.messages), ["as before"]);
    store.close().await.unwrap();
}

macro_rules! on_each_server {
    ($($name:ident)+) => {$(
        mod $name {
            use crate::common::db::TestDb;

            #[tokio::test]
            #[ignore = "needs Postgres: run scripts/test"]
            async fn postgres() {
                super::$name(TestDb::postgres().await).await;
            }

            #[tokio::test]
            #[ignore = "needs MariaDB: run scripts/test"]
            async fn mysql() {
                super::$name(TestDb::mysql().await).await;
            }
        }
    )+};
}

on_each_server! {
    a_group_is_refused_while_the_database_is_away_and_kept_when_it_is_back
    a_commit_whose_answer_was_lost_is_read_back
    a_commit_that_never_arrived_is_made_up_for
    who_goes_away_mid_question_takes_no_connection_along
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named_as_such_at_the_start() {
    for scheme in ["postgres", "mysql"] {
        let url = format!("{scheme}://convene:hunter2@127.0.0.1:1/convene");
        let settings = Settings { acquire_timeout: Duration::from_millis(300), ..Settings::new(url) };
        let refused = Store::connect(settings, keys()).await.err().unwrap().to_string();
        assert!(
            refused.contains("can't be reached: no answer in 0.3 s") && !refused.contains("hunter2"),
            "{refused}"
        );
    }
}

#[tokio::test]
async fn sqlite_waits_for_another_writer() {
    let db = TestDb::sqlite().await;
    let store = open(db.url()).await;
    let room = room(&store, 1).await;
    let other = db.connection().await;
    let held = other.begin().await.unwrap();
    held.execute_unprepared("UPDATE room SET capacity = 7").await.unwrap();
    let asked = [said(room, 1, "patient")];
    let mut waiting = tokio::spawn({
        let store = store.clone();
        async move { journal::commit(&store, &asked).await }
    });
    let early = tokio::time::timeout(Duration::from_millis(300), &mut waiting).await;
    assert!(early.is_err(), "it waits: {early:?}");
    assert_eq!(load(&store, room).await.last_no.0, 0, "readers don't wait");
    held.commit().await.unwrap();
    assert_eq!(waiting.await.unwrap(), [Outcome::Committed]);
    let loaded = load(&store, room).await;
    assert_eq!((texts(&loaded.messages), loaded.room.settings.capacity), (vec!["patient"], 7));
}

#[tokio::test]
async fn sqlite_gives_up_on_a_writer_that_does_not_end_and_heals_after() {
    let db = TestDb::sqlite().await;
    let store = open(db.url()).await;
    let room = room(&store, 1).await;
    let other = db.connection().await;
    let held = other.begin().await.unwrap();
    held.execute_unprepared("UPDATE room SET capacity = 7").await.unwrap();
    assert_eq!(journal::commit(&store, &[said(room, 1, "refused")]).await, [AWAY]);
    held.rollback().await.unwrap();
    commit_all(&store, &[said(room, 2, "kept")]).await;
    assert_eq!(texts(&load(&store, room).await.messages), ["kept"]);
}
