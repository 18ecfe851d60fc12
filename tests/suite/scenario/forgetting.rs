//! What the server forgets by itself: accounts whose grace is over, with their rooms.
use convene::room::ids::{Epoch, Millis, No, UserId};
use convene::room::record::{Change, Entry, Outcome};
use convene::store::{Store, journal, rooms, users};

use crate::common::Convene;
use crate::common::db::open;
use crate::store::people::{at, user};

/// Makes the room the account's, as a claim does.
async fn owns(store: &Store, user: UserId, code: &str) {
    let room = rooms::find_by_key(store, code).await.unwrap().unwrap();
    let change = Change::Claimed { user };
    let entry = Entry { room, epoch: Epoch(1), no: No(1), at: Millis(1), by: None, change };
    assert_eq!(journal::commit(store, &[entry]).await, [Outcome::Committed]);
}

#[tokio::test]
async fn an_account_whose_grace_is_over_goes_and_its_rooms_end() {
    let convene = Convene::start().await;
    let (hers, other) = (convene.plain_room().await, convene.plain_room().await);
    let database = format!("sqlite://{}", convene.database().display());
    let (folder, changes) = convene.stop().await;

    let store = open(&database).await;
    let (ana, bob) = (user(&store, 1).await, user(&store, 2).await);
    owns(&store, ana, &hers.code).await;
    users::ask_deletion(&store, &at(0), ana, Millis(1), &[]).await.unwrap();

    let convene = Convene::again(folder, changes).await;
    let is_gone = async || users::find(&store, ana).await.unwrap().is_none();
    convene.until_so("the account is gone", is_gone).await;
    assert!(users::find(&store, bob).await.unwrap().is_some());
    for (room, status) in [(&hers, 410), (&other, 200)] {
        let answer = reqwest::get(convene.url("http", &format!("/v1/rooms/{}", room.code))).await.unwrap();
        assert_eq!(answer.status(), status);
    }
    let done = "convene_job_rounds_total{job=\"accounts\",outcome=\"done\"} 1";
    convene.until("the round is counted", |it| it.metrics.render().contains(done)).await;
    store.close().await.unwrap();
    convene.stop().await;
}
