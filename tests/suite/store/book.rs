//! Memberships by PIN, address books and what people show; and codes that open the account of an address.
use super::fixture::{NOON, room};
use super::people::{
    CROWD, DAY, at, email, flow_id, hash, new_flow, new_user, now, patient, race, user, user_id,
};
use crate::common::db::on_each_database;
use convene::room::ids::UserId;
use convene::room::ids::{LoginId, Millis, RoomId};
use convene::store::Store;
use convene::store::cards::{self, CardChange, Photo};
use convene::store::flows::{self, Entered, Kind, Whose};
use convene::store::members::{self, Member};
use convene::store::rooms;
use convene::store::sessions::NewSession;
use convene::store::users::{self, Address, Made, NewUser};
use uuid::Uuid;

async fn with_phone(store: &Store, n: u128) -> (UserId, String) {
    let phone = format!("+4915123{n:06}");
    let new = NewUser { addresses: vec![Address::Phone(phone.clone())], ..new_user(n) };
    assert_eq!(users::make(store, &at(0), &new, &[]).await.unwrap(), Made::Made);
    (new.id, phone)
}

async fn found(store: &Store, owner: UserId, numbers: &[String], per_day: u64, at: Millis) -> Vec<UserId> {
    let found = cards::look_up(store, owner, numbers, per_day, at).await.unwrap();
    found.into_iter().map(|found| found.user).collect()
}

fn session(n: u128) -> NewSession {
    NewSession {
        id: LoginId(Uuid::from_u128(n)),
        token_hash: hash(1_000 + n),
        device: "a test".to_owned(),
        face: "mesibo".into(),
        expires_at: now(DAY),
    }
}

on_each_database! {
    async fn a_member_is_one_with_the_last_pin_and_goes_with_the_room(db: Migrated) {
        let store = db.store().await;
        let (room_id, user) = (room(&store, 1).await, user(&store, 1).await);
        for (n, joined_at) in [(1, NOON), (2, now(5))] {
            let member = Member { room: room_id, user, proof: [n; 32], joined_at };
            members::keep(&store, &member).await.unwrap();
            assert_eq!(members::find(&store, room_id, user).await.unwrap(), Some(member));
        }
        let mine = members::of_user(&store, user, 10).await.unwrap();
        assert_eq!(mine.len(), 1);
        assert_eq!((mine[0].0.proof, mine[0].1.id), ([2; 32], room_id));
        let fellows = members::of_room(&store, room_id, 10).await.unwrap();
        assert!(fellows.len() == 1 && fellows[0].phone.is_none());
        let nobody = members::find(&store, RoomId(Uuid::from_u128(9)), user).await.unwrap();
        assert_eq!(nobody, None);
        assert!(rooms::record(&store, room_id).await.unwrap().is_some());
    }

    async fn a_book_finds_users_within_a_days_quota(db: Migrated) {
        let store = db.store().await;
        let ((ana, _), (ben, number)) = (with_phone(&store, 1).await, with_phone(&store, 2).await);
        let strange: Vec<String> = (0..3).map(|n| format!("+120255501{n:02}")).collect();
        assert_eq!(found(&store, ana, &strange, 4, NOON).await, []);
        let both = [number.clone(), "+12025550199".to_owned(), number.clone()];
        assert_eq!(found(&store, ana, &both, 4, NOON).await, [ben], "the fourth, and no fifth");
        assert_eq!(found(&store, ana, &both, 4, NOON).await, [ben], "old ones are free");
        cards::forget_all(&store, ana).await.unwrap();
        assert_eq!(found(&store, ana, &both, 4, NOON).await, [], "and stay counted");
        assert_eq!(found(&store, ana, &both, 4, now(DAY)).await, [ben], "until a day later");
        cards::forget(&store, ana, &both).await.unwrap();
        assert!(cards::since(&store, ana, Millis(0), 10).await.unwrap().is_empty());
    }

    async fn of_many_look_ups_at_once_no_more_come_through_than_the_quota(db: Migrated) {
        let store = patient(db).await;
        let (ana, _) = with_phone(&store, 1).await;
        let (ben, number) = with_phone(&store, 2).await;
        race((0..8).map(|n| {
            let (store, numbers) = (store.clone(), vec![format!("+1202555{n:04}"), format!("+1303555{n:04}")]);
            async move { cards::look_up(&store, ana, &numbers, 10, NOON).await.map(|found| found.len()) }
        }))
        .await;
        assert_eq!(found(&store, ana, &[number], 10, NOON).await, [], "ten were looked up");
        assert_ne!(ana, ben);
    }

    async fn a_card_is_changed_part_by_part_and_those_who_changed_are_told(db: Migrated) {
        let store = db.store().await;
        let ((ana, _), (ben, number)) = (with_phone(&store, 1).await, with_phone(&store, 2).await);
        found(&store, ana, &[number], 10, NOON).await;
        let photo = Photo { file: "a.jpg".to_owned(), thumbnail: "AA==".to_owned() };
        let change = CardChange { status: None, photo: Some(Some(photo.clone())) };
        assert_eq!(cards::change(&store, ben, &change, now(DAY)).await.unwrap().photo, None);
        let change = CardChange { status: Some("away ☕".to_owned()), photo: None };
        cards::change(&store, ben, &change, now(2 * DAY)).await.unwrap();
        let told = cards::since(&store, ana, now(2 * DAY), 10).await.unwrap();
        assert_eq!((told.len(), told[0].card.status.as_str()), (1, "away ☕"));
        assert_eq!(told[0].card.photo, Some(photo));
        assert!(cards::since(&store, ana, now(2 * DAY + 1), 10).await.unwrap().is_empty());
    }

    async fn of_many_who_show_one_code_one_gets_the_account(db: Migrated) {
        let store = patient(db).await;
        let address = Address::Email { text: "New@Example.org".to_owned(), key: "new@example.org".to_owned() };
        let flow = new_flow(1, Kind::Entry, Whose::Nobody, address);
        flows::begin_alone(&store, &flow, &[]).await.unwrap();
        let shown = race((1..=CROWD).map(|n| {
            let store = store.clone();
            async move { flows::enter(&store, &at(1), flow_id(1), |_| true, &new_user(n), &session(n)).await }
        }))
        .await;
        let entered = shown.iter().filter(|shown| matches!(shown, Entered::Entered(_))).count();
        assert_eq!(entered, 1);
        assert!(users::by_email(&store, "new@example.org").await.unwrap().is_some());
    }

    async fn a_code_enters_the_account_that_has_the_address_and_voids_the_one_before(db: Migrated) {
        let store = db.store().await;
        let ana = user(&store, 1).await;
        for n in [1, 2] {
            flows::begin_alone(&store, &new_flow(n, Kind::Entry, Whose::Nobody, email(1)), &[]).await.unwrap();
        }
        let enter = async |n: u128, fits: bool| {
            flows::enter(&store, &at(1), flow_id(n), |_| fits, &new_user(7), &session(n)).await.unwrap()
        };
        assert_eq!(enter(1, true).await, Entered::NotRight, "voided");
        assert_eq!(enter(2, false).await, Entered::NotRight);
        let Entered::Entered(user) = enter(2, true).await else { panic!("it fits") };
        assert_eq!(user.id, ana);
        assert_eq!(enter(2, true).await, Entered::NotRight, "once");
        assert!(users::find(&store, user_id(7)).await.unwrap().is_none());
        flows::begin_alone(&store, &new_flow(3, Kind::Entry, Whose::Nobody, email(1)), &[]).await.unwrap();
        assert!(users::disable(&store, &at(2), ana).await.unwrap());
        assert_eq!(enter(3, true).await, Entered::Shut);
    }
}
