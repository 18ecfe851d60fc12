//! The outbox: mails and text messages are put beside the change they tell of, and taken, one try at a time, by whoever sends.
use super::rows::{count, counted, id};
use super::{Store, StoreError, within};
use crate::post::{Channel, Post, PostId};
use crate::room::ids::Millis;
use crate::seal::Purpose;
use convene_entity::outbox::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, UpdateMany,
};
use tokio::sync::Notify;

/// A message to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMessage {
    pub id: PostId,
    pub post: Post,
    pub at: Millis,
}

impl NewMessage {
    #[must_use]
    pub fn new(post: Post, at: Millis) -> Self {
        Self { id: PostId::fresh(), post, at }
    }
}

/// A message that this server may try to send until its lease ends.
#[derive(Debug)]
pub struct Taken {
    pub id: PostId,
    /// The word for what it is about.
    pub kind: String,
    /// Which try this is, 1 and up.
    pub tries: u32,
    pub created_at: Millis,
    /// What it says; `None` when it can't be opened (the key it was sealed with is gone).
    pub post: Option<Post>,
}

/// Puts a message in the transaction of the change that it tells of. Call [`ring`] once that is committed.
pub async fn put(
    store: &Store,
    transaction: &DatabaseTransaction,
    message: &NewMessage,
) -> Result<(), StoreError> {
    let row = row_of(store, message)?;
    within(Entity::insert(row).exec_without_returning(transaction)).await.map(drop)
}

/// As [`put`], but never sent: what is said to an address that nobody here has costs the same work as to any other.
pub async fn put_blank(
    store: &Store,
    transaction: &DatabaseTransaction,
    message: &NewMessage,
) -> Result<(), StoreError> {
    let row = row_of(store, message)?;
    let blank = ActiveModel { kind: Set("blank".to_owned()), secret: Set(None), next_at: Set(None), ..row };
    within(Entity::insert(blank).exec_without_returning(transaction)).await.map(drop)
}

/// One for each channel.
#[derive(Default)]
pub(super) struct Bells {
    mail: Notify,
    sms: Notify,
}

impl Bells {
    fn of(&self, channel: Channel) -> &Notify {
        match channel {
            Channel::Mail => &self.mail,
            Channel::Sms => &self.sms,
        }
    }
}

/// Wakes whoever sends: something was put, and its transaction is committed.
pub fn ring(store: &Store) {
    for channel in Channel::ALL {
        store.bells.of(channel).notify_one();
    }
}

/// Waits for the next [`ring`].
pub async fn rung(store: &Store, channel: Channel) {
    store.bells.of(channel).notified().await;
}

/// Takes up to `limit` messages of a channel that are due, the longest due first. Each is nobody else's until `lease_ms` have passed;
/// a server that dies with it leaves it to be tried again then.
pub async fn take_due(
    store: &Store,
    channel: Channel,
    now: Millis,
    lease_ms: i64,
    limit: u64,
) -> Result<Vec<Taken>, StoreError> {
    let due = Entity::find()
        .filter(Column::Channel.eq(channel.word()))
        .filter(Column::NextAt.lte(now.0))
        .order_by_asc(Column::NextAt)
        .order_by_asc(Column::Id)
        .limit(limit);
    let mut taken = Vec::new();
    for row in within(due.all(&store.read)).await? {
        let id: PostId = id("outbox", &row.id)?;
        let tries = counted(row.tries);
        let claim = of_try(id, tries)
            .col_expr(Column::Tries, Expr::value(row.tries.saturating_add(1)))
            .col_expr(Column::NextAt, Expr::value(now.plus(lease_ms).0))
            .filter(Column::NextAt.lte(now.0));
        if within(claim.exec(&store.write)).await?.rows_affected == 1 {
            let (created_at, post) = (Millis(row.created_at), open(store, id, &row));
            taken.push(Taken { id, kind: row.kind, tries: tries + 1, created_at, post });
        }
    }
    Ok(taken)
}

/// How many messages of a channel wait or are under way.
pub async fn depth(store: &Store, channel: Channel) -> Result<u64, StoreError> {
    let waiting =
        Entity::find().filter(Column::Channel.eq(channel.word())).filter(Column::NextAt.is_not_null());
    within(waiting.count(&store.read)).await
}

/// It was handed over: what it said is wiped in the same update.
pub async fn sent(store: &Store, taken: &Taken, now: Millis) -> Result<(), StoreError> {
    // whoever took it meanwhile, this delivery is a fact
    let update = Entity::update_many()
        .filter(Column::Id.eq(taken.id.to_string()))
        .filter(Column::SentAt.is_null())
        .col_expr(Column::SentAt, Expr::value(now.0))
        .col_expr(Column::FailedAt, Expr::value(Option::<i64>::None));
    within(wiped(update).exec(&store.write)).await.map(drop)
}

/// It was not handed over and is due again at `next`. `error` is a short word, without address or content.
pub async fn retry(store: &Store, taken: &Taken, next: Millis, error: &str) -> Result<(), StoreError> {
    let update = of_try(taken.id, taken.tries)
        .filter(Column::NextAt.is_not_null())
        .col_expr(Column::NextAt, Expr::value(next.0))
        .col_expr(Column::Error, Expr::value(shortened(error)));
    within(update.exec(&store.write)).await.map(drop)
}

/// It will not be handed over: what it said is wiped, the row stays for the operator.
pub async fn give_up(store: &Store, taken: &Taken, now: Millis, error: &str) -> Result<(), StoreError> {
    let update = of_try(taken.id, taken.tries)
        .filter(Column::NextAt.is_not_null())
        .col_expr(Column::FailedAt, Expr::value(now.0))
        .col_expr(Column::Error, Expr::value(shortened(error)));
    within(wiped(update).exec(&store.write)).await.map(drop)
}

/// Forgets what was sent or given up and is older than `before`; gives how many.
pub async fn sweep(store: &Store, before: Millis) -> Result<u64, StoreError> {
    let old = Entity::delete_many().filter(Column::NextAt.is_null()).filter(Column::CreatedAt.lt(before.0));
    Ok(within(old.exec(&store.write)).await?.rows_affected)
}

/// The row as long as nobody has taken it since that try.
fn of_try(id: PostId, tries: u32) -> UpdateMany<Entity> {
    Entity::update_many().filter(Column::Id.eq(id.to_string())).filter(Column::Tries.eq(count(tries)))
}

fn wiped(update: UpdateMany<Entity>) -> UpdateMany<Entity> {
    update
        .col_expr(Column::Secret, Expr::value(Option::<Vec<u8>>::None))
        .col_expr(Column::NextAt, Expr::value(Option::<i64>::None))
}

fn row_of(store: &Store, message: &NewMessage) -> Result<ActiveModel, StoreError> {
    let plain = serde_json::to_vec(&message.post)
        .map_err(|error| StoreError::Other(format!("a message has no form: {error}")))?;
    let secret = store.keys.seal(Purpose::OutboxRow, message.id.0.as_bytes(), &plain);
    Ok(ActiveModel {
        id: Set(message.id.to_string()),
        channel: Set(message.post.to.channel().word().to_owned()),
        kind: Set(message.post.notice.word().to_owned()),
        secret: Set(Some(secret)),
        tries: Set(0),
        next_at: Set(Some(message.at.0)),
        created_at: Set(message.at.0),
        sent_at: Set(None),
        failed_at: Set(None),
        error: Set(None),
    })
}

fn open(store: &Store, id: PostId, row: &Model) -> Option<Post> {
    let plain = store.keys.open(Purpose::OutboxRow, id.0.as_bytes(), row.secret.as_deref()?).ok()?;
    serde_json::from_slice(&plain).ok()
}

/// What the column takes.
fn shortened(error: &str) -> String {
    error.chars().take(191).collect()
}
