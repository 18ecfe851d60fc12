//! The whole server on Postgres and on MariaDB: the database goes away in the middle of a call, and comes back.
use serde_json::json;

use crate::common::Convene;
use crate::common::db::TestDb;
use crate::store::proxy::Proxy;

async fn the_call_outlives_its_database(db: TestDb) {
    let mut url = url::Url::parse(db.url()).unwrap();
    let proxy = Proxy::to(url.port().unwrap()).await;
    url.set_port(Some(proxy.port())).unwrap();
    let convene = Convene::start_with(&[("DATABASE__URL", url.as_str())]).await;
    let room = convene.plain_room().await;
    let (mut ana, mut bob) = (convene.joins("Ana", &room).await, convene.joins("Bob", &room).await);
    ana.says("before").await;
    bob.hears("chat_message").await;

    proxy.cut().await;
    let lost = json!({"type": "chat_send", "client_id": "lost", "text": "lost"});
    assert_eq!(ana.is_refused(lost).await["code"], "storage_unavailable");
    convene.until("it is not ready", |convene| !convene.is_ready()).await;
    bob.asks(json!({"type": "raise_hand"})).await;
    ana.hears("hand_raised").await;
    let mut carl = convene.joins("Carl", &room).await;
    ana.hears("participant_joined").await;
    assert!(bob.has_heard("chat_message").await.is_empty(), "nothing unkept is shown");

    proxy.mend();
    convene.until("it is ready", Convene::is_ready).await;
    ana.says("after").await;
    assert_eq!(carl.hears("chat_message").await["message"]["text"], "after");
    drop((ana, bob, carl));
    convene.stop().await;
}

#[tokio::test]
#[ignore = "needs Postgres: run scripts/test"]
async fn postgres() {
    the_call_outlives_its_database(TestDb::postgres().await).await;
}

#[tokio::test]
#[ignore = "needs MariaDB: run scripts/test"]
async fn mysql() {
    the_call_outlives_its_database(TestDb::mysql().await).await;
}
