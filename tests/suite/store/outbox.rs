//! The outbox: messages are sealed, taken once, tried again, wiped when they are done, and outlive whoever took them.
use super::fixture::NOON;
use crate::common::db::{on_each_database, open};
use convene::post::{Channel, CodeFor, Hidden, Locale, Notice, Post, PostId, To};
use convene::room::ids::Millis;
use convene::store::Store;
use convene::store::outbox::{
    NewMessage, Taken, depth, give_up, put, put_blank, retry, ring, rung, sent, sweep, take_due,
};
use convene_entity::outbox::{Entity, Model};
use sea_orm::{EntityTrait, TransactionTrait};

const LEASE: i64 = 90_000;

fn code_to(to: To) -> NewMessage {
    let notice = Notice::Code { opens: CodeFor::SignUp, code: Hidden::new("135790"), minutes: 5 };
    NewMessage::new(Post { to, locale: Locale::De, notice }, NOON)
}

fn mail(user: u32) -> NewMessage {
    code_to(To::Mail(Hidden::new(format!("user{user}@example.org"))))
}

async fn write(store: &Store, message: &NewMessage) {
    let transaction = store.connection().begin().await.unwrap();
    put(store, &transaction, message).await.unwrap();
    transaction.commit().await.unwrap();
}

async fn take(store: &Store, now: Millis) -> Vec<Taken> {
    take_due(store, Channel::Mail, now, LEASE, 100).await.unwrap()
}

async fn row(store: &Store, id: PostId) -> Model {
    Entity::find_by_id(id.to_string()).one(store.connection()).await.unwrap().expect("the row is there")
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|part| part == text.as_bytes())
}

on_each_database! {
    async fn a_message_is_sealed_taken_once_and_wiped_when_it_is_sent(db: Migrated) {
        let store = db.store().await;
        let message = mail(1);
        write(&store, &message).await;
        let secret = row(&store, message.id).await.secret.expect("it is kept");
        assert!(!contains(&secret, "135790") && !contains(&secret, "user1"), "sealed");

        let taken = take(&store, NOON).await;
        assert_eq!((taken.len(), taken[0].tries, &*taken[0].kind), (1, 1, "signup_code"));
        assert_eq!(taken[0].post.as_ref(), Some(&message.post));
        assert!(take(&store, NOON).await.is_empty(), "it is somebody's");
        assert_eq!(depth(&store, Channel::Mail).await.unwrap(), 1);

        sent(&store, &taken[0], NOON.plus(7)).await.unwrap();
        let done = row(&store, message.id).await;
        assert_eq!((done.secret, done.next_at, done.sent_at), (None, None, Some(NOON.plus(7).0)));
        assert!(take(&store, NOON.plus(LEASE * 2)).await.is_empty());
        assert_eq!(depth(&store, Channel::Mail).await.unwrap(), 0);
    }

    async fn what_is_not_committed_is_not_there(db: Migrated) {
        let store = db.store().await;
        let transaction = store.connection().begin().await.unwrap();
        put(&store, &transaction, &mail(1)).await.unwrap();
        transaction.rollback().await.unwrap();
        assert!(take(&store, NOON).await.is_empty());
    }

    async fn a_message_whose_taker_died_is_taken_again_when_the_lease_is_over(db: Migrated) {
        let store = db.store().await;
        write(&store, &mail(1)).await;
        let first = take(&store, NOON).await.remove(0);
        assert!(take(&store, NOON.plus(LEASE - 1)).await.is_empty());
        let second = take(&store, NOON.plus(LEASE)).await.remove(0);
        assert_eq!((second.id, second.tries), (first.id, 2));

        retry(&store, &first, NOON, "late").await.unwrap();
        give_up(&store, &first, NOON, "late").await.unwrap();
        assert!(take(&store, NOON.plus(LEASE)).await.is_empty(), "the first taker has no say any more");
        sent(&store, &first, NOON).await.unwrap();
        assert!(row(&store, first.id).await.sent_at.is_some(), "but what it delivered is delivered");
    }

    async fn a_message_waits_for_its_next_try_or_is_given_up_with_the_reason(db: Migrated) {
        let store = db.store().await;
        let message = mail(1);
        write(&store, &message).await;
        let taken = take(&store, NOON).await.remove(0);
        retry(&store, &taken, NOON.plus(5_000), &"é".repeat(300)).await.unwrap();
        assert!(take(&store, NOON.plus(4_999)).await.is_empty());
        let taken = take(&store, NOON.plus(5_000)).await.remove(0);
        assert_eq!((taken.tries, taken.post.as_ref()), (2, Some(&message.post)));

        give_up(&store, &taken, NOON.plus(6_000), "smtp: 550").await.unwrap();
        let given_up = row(&store, message.id).await;
        assert_eq!((given_up.secret, given_up.next_at, given_up.sent_at), (None, None, None));
        assert_eq!(given_up.failed_at, Some(NOON.plus(6_000).0));
        assert_eq!(given_up.error.as_deref(), Some("smtp: 550"));
    }

    async fn of_two_servers_each_message_has_one(db: Migrated) {
        let (one, two) = (open(db.url()).await, open(db.url()).await);
        for user in 0..20 {
            write(&one, &mail(user)).await;
        }
        let (first, second) = tokio::join!(take(&one, NOON), take(&two, NOON));
        let mut ids: Vec<_> = first.iter().chain(&second).map(|taken| taken.id.to_string()).collect();
        assert_eq!(ids.len(), 20);
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 20);
    }

    async fn channels_are_taken_apart_and_as_many_as_asked_for(db: Migrated) {
        let store = db.store().await;
        for user in 0..3 {
            write(&store, &mail(user)).await;
        }
        write(&store, &code_to(To::Sms(Hidden::new("+4915112345678")))).await;
        assert_eq!(take_due(&store, Channel::Mail, NOON, LEASE, 2).await.unwrap().len(), 2);
        assert_eq!(take_due(&store, Channel::Mail, NOON, LEASE, 0).await.unwrap().len(), 0);
        assert_eq!(take_due(&store, Channel::Sms, NOON, LEASE, 2).await.unwrap().len(), 1);
        assert_eq!(depth(&store, Channel::Sms).await.unwrap(), 1);
        assert_eq!(take(&store, NOON).await.len(), 1);
    }

    async fn a_blank_is_never_sent_and_what_is_done_is_forgotten_in_time(db: Migrated) {
        let store = db.store().await;
        let (blank, waits) = (mail(1), mail(2));
        let transaction = store.connection().begin().await.unwrap();
        put_blank(&store, &transaction, &blank).await.unwrap();
        transaction.commit().await.unwrap();
        write(&store, &waits).await;
        let kept = row(&store, blank.id).await;
        assert_eq!((kept.kind.as_str(), kept.secret), ("blank", None));
        assert_eq!(take(&store, NOON).await.len(), 1);

        assert_eq!(sweep(&store, NOON).await.unwrap(), 0, "not old enough");
        assert_eq!(sweep(&store, NOON.plus(1)).await.unwrap(), 1);
        row(&store, waits.id).await;
    }

    async fn a_ring_is_heard_by_both_channels_even_if_it_came_first(db: Migrated) {
        let store = db.store().await;
        ring(&store);
        tokio::join!(rung(&store, Channel::Mail), rung(&store, Channel::Sms));
    }
}
