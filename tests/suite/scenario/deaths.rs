//! A room that panics: nobody elsewhere notices, its own people hear of its new life, and one that dies on and on is left alone.
use std::net::IpAddr;
use std::sync::Arc;

use convene::actors::gate::{Gate, Guess, Held, Principal};
use convene::fault::Fault;
use convene::room::ids::{RoomId, TokenId, UserId};
use convene::room::join::Trusted;
use futures_util::future::BoxFuture;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::common::{Client, Convene, Made};

/// Lets a room panic whenever someone enters it by a right PIN: its guess is given back inside the room's actor.
struct Trap(Arc<dyn Gate>);

impl Gate for Trap {
    fn trusts(&self, _: IpAddr) -> Trusted {
        Trusted::Yes
    }

    fn enter(&self, source: IpAddr) -> Result<(), Fault> {
        self.0.enter(source)
    }

    fn hold(&self, source: IpAddr, user: UserId) -> Result<Held, Fault> {
        self.0.hold(source, user)
    }

    fn guess(&self, _: IpAddr, _: RoomId) -> Result<Guess, Fault> {
        Ok(Guess::new(|| panic!("this panic belongs to the test")))
    }

    fn identify(&self, token: Arc<str>) -> BoxFuture<'static, Result<Principal, Fault>> {
        self.0.identify(token)
    }

    fn membership(&self, room: RoomId, user: UserId) -> BoxFuture<'static, Option<[u8; 32]>> {
        self.0.membership(room, user)
    }

    fn still(&self, principal: &Principal) -> Result<(), Fault> {
        self.0.still(principal)
    }

    fn spent(&self, room: RoomId, token: TokenId) {
        self.0.spent(room, token);
    }
}

async fn trapped() -> Convene {
    Convene::start_guarded(|gate| Arc::new(Trap(gate))).await
}

/// Someone whose join kills the room after it was answered.
async fn kills(convene: &Convene, room: &Made) -> Client {
    let mut eve = convene.client("Eve").await;
    let profile = json!({"name": "Eve"});
    eve.sends(json!({"type": "join", "room": room.code, "profile": profile, "pin": room.pin})).await;
    eve
}

fn epoch(restarted: &Value) -> &str {
    restarted["snapshot"]["epoch"].as_str().expect("an epoch")
}

#[tokio::test]
async fn a_dead_room_comes_back_with_its_people_and_others_notice_nothing() {
    let convene = trapped().await;
    let (room, elsewhere) = (convene.plain_room().await, convene.plain_room().await);
    let mut ana = convene.joins("Ana", &room).await;
    let mut bob = convene.joins("Bob", &room).await;
    let mut carl = convene.joins("Carl", &elsewhere).await;
    let mut dora = convene.joins("Dora", &elsewhere).await;
    let kept = ana.says("kept").await;
    let before = ana.epoch();
    let eve = kills(&convene, &room).await;

    let (at_ana, at_bob) = (ana.hears("room_restarted").await, bob.hears("room_restarted").await);
    assert_eq!(epoch(&at_ana), epoch(&at_bob));
    assert_ne!(epoch(&at_ana), before, "a new life");
    assert_eq!(at_ana["snapshot"]["self"]["peer"], ana.peer(), "the same seat");
    assert_eq!(at_ana["snapshot"]["chat"]["messages"][0]["message"], kept["message"]);
    ana.says("on we go").await;
    bob.hears("chat_message").await;

    carl.says("what a quiet day").await;
    assert_eq!(dora.hears("chat_message").await["message"]["text"], "what a quiet day");
    assert!(dora.has_heard("room_restarted").await.is_empty());
    drop((ana, bob, carl, dora, eve));
    convene.stop().await;
}

#[tokio::test]
async fn whose_seat_a_rebuilt_room_does_not_know_is_told_to_join_anew() {
    let convene = trapped().await;
    let room = convene.plain_room().await;
    let mut ana = convene.joins("Ana", &room).await;
    let mut bob = convene.joins("Bob", &room).await;
    ana.says("the seats before this are written").await;
    let database = sea_orm::Database::connect(convene.database_url()).await.expect("the database opens");
    database.execute_unprepared("DELETE FROM seat WHERE name = 'Bob'").await.expect("it is changed");
    database.close().await.expect("it closes");
    let eve = kills(&convene, &room).await;
    let restarted = ana.hears("room_restarted").await;
    assert_eq!(bob.is_closed().await, 4100);
    let peers = restarted["snapshot"]["participants"].as_array().expect("a list");
    assert!(peers.iter().all(|one| one["peer"] != bob.peer()), "{peers:?}");
    let mut again = convene.joins("Bob", &room).await;
    again.says("and here I am").await;
    ana.hears("chat_message").await;
    drop((ana, bob, again, eve));
    convene.stop().await;
}

#[tokio::test]
async fn a_room_that_dies_on_and_on_is_unavailable_and_the_server_is_not() {
    let convene = trapped().await;
    let (room, elsewhere) = (convene.plain_room().await, convene.plain_room().await);
    for death in 1..=5 {
        let eve = kills(&convene, &room).await;
        convene.until("the death is counted", |convene| convene.metrics.room_restarts.get() >= death).await;
        drop(eve);
    }
    let mut ana = convene.client("Ana").await;
    let join = json!({"type": "join", "room": room.code, "profile": {"name": "Ana"}});
    assert_eq!(ana.is_refused(join).await["code"], "unavailable");
    ana.joins(&elsewhere.code).await;
    ana.says("here all is well").await;
    drop(ana);
    convene.stop().await;
}
