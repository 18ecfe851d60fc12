//! The audit trail: security events with actor, source and time, for their user and for the operator.
use super::{Store, StoreError, rows, within};
use crate::room::ids::{KeyId, Millis, UserId};
use convene_entity::audit::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde_json::{Value, json};
use std::sync::Arc;
use uuid::Uuid;

/// Who did it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    User(UserId),
    Key(KeyId),
    Operator,
    /// Somebody who has not shown who they are.
    Nobody,
}

/// Who did it, from where (an address, at most 45 characters) and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct By {
    pub actor: Actor,
    pub source: Option<Arc<str>>,
    pub at: Millis,
}

/// What happened. The words are kept in the table, and never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    AccountMade,
    SignedIn,
    SignInFailed,
    SignedOut,
    SessionEnded,
    SessionsEnded,
    PasswordChanged,
    PasswordReset,
    ResetAsked,
    EmailChanged,
    EmailRemoved,
    PhoneChanged,
    PhoneRemoved,
    ProfileChanged,
    Disabled,
    Enabled,
    MadeAdmin,
    AdminEnded,
    DeletionAsked,
    AccountDeleted,
    KeyMade,
    KeyRevoked,
    RoomClaimed,
    TokenMade,
    TokensRevoked,
    DataExported,
}

impl Action {
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::AccountMade => "account_made",
            Self::SignedIn => "signed_in",
            Self::SignInFailed => "sign_in_failed",
            Self::SignedOut => "signed_out",
            Self::SessionEnded => "session_ended",
            Self::SessionsEnded => "sessions_ended",
            Self::PasswordChanged => "password_changed",
            Self::PasswordReset => "password_reset",
            Self::ResetAsked => "reset_asked",
            Self::EmailChanged => "email_changed",
            Self::EmailRemoved => "email_removed",
            Self::PhoneChanged => "phone_changed",
            Self::PhoneRemoved => "phone_removed",
            Self::ProfileChanged => "profile_changed",
            Self::Disabled => "disabled",
            Self::Enabled => "enabled",
            Self::MadeAdmin => "made_admin",
            Self::AdminEnded => "admin_ended",
            Self::DeletionAsked => "deletion_asked",
            Self::AccountDeleted => "account_deleted",
            Self::KeyMade => "key_made",
            Self::KeyRevoked => "key_revoked",
            Self::RoomClaimed => "room_claimed",
            Self::TokenMade => "token_made",
            Self::TokensRevoked => "tokens_revoked",
            Self::DataExported => "data_exported",
        }
    }
}

/// An event as it is read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    pub id: String,
    pub at: Millis,
    /// Whose account it concerns.
    pub user: Option<UserId>,
    /// A user's or key's id, `operator` or `nobody`.
    pub actor: String,
    /// One of the words of [`Action`].
    pub action: String,
    pub source: Option<String>,
    pub detail: Value,
}

/// The last event of the page before: the next one begins behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    pub at: Millis,
    pub id: String,
}

/// A page of events, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    pub events: Vec<Event>,
    /// Where the next page begins, if there is one.
    pub next: Option<Cursor>,
}

/// Whose events are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    User(UserId),
    Everybody,
}

/// Keeps an event that comes with no other change. `detail` is a JSON object without secrets and addresses.
pub async fn record(
    store: &Store,
    by: &By,
    user: Option<UserId>,
    action: Action,
    detail: Value,
) -> Result<(), StoreError> {
    put(&store.write, by, user, action, detail).await
}

/// Keeps an event in the transaction of what it tells of.
pub(super) async fn put(
    connection: &impl ConnectionTrait,
    by: &By,
    user: Option<UserId>,
    action: Action,
    detail: Value,
) -> Result<(), StoreError> {
    let row = ActiveModel {
        id: Set(Uuid::now_v7().as_simple().to_string()),
        at: Set(by.at.0),
        user_id: Set(user.map(|user| user.to_string())),
        actor: Set(actor_word(by.actor)),
        action: Set(action.word().to_owned()),
        source: Set(by.source.as_deref().map(str::to_owned)),
        detail: Set(detail.to_string()),
    };
    within(Entity::insert(row).exec_without_returning(connection)).await.map(drop)
}

/// As [`put`], with nothing to say beside what happened to whom.
pub(super) async fn note(
    connection: &impl ConnectionTrait,
    by: &By,
    user: UserId,
    action: Action,
) -> Result<(), StoreError> {
    put(connection, by, Some(user), action, json!({})).await
}

/// Events, newest first; `limit` is kept between 1 and 100.
pub async fn list(
    store: &Store,
    whose: Whose,
    after: Option<&Cursor>,
    limit: u32,
) -> Result<Page, StoreError> {
    let limit = limit.clamp(1, 100) as usize;
    let mut find = Entity::find().order_by_desc(Column::At).order_by_desc(Column::Id).limit(limit as u64 + 1);
    if let Whose::User(user) = whose {
        find = find.filter(Column::UserId.eq(user.to_string()));
    }
    if let Some(after) = after {
        let same_time = Condition::all().add(Column::At.eq(after.at.0)).add(Column::Id.lt(after.id.as_str()));
        find = find.filter(Condition::any().add(Column::At.lt(after.at.0)).add(same_time));
    }
    let found = within(find.all(&store.read)).await?;
    let more = found.len() > limit;
    let events = found.into_iter().take(limit).map(event_of).collect::<Result<Vec<_>, StoreError>>()?;
    let next = events.last().filter(|_| more).map(|last| Cursor { at: last.at, id: last.id.clone() });
    Ok(Page { events, next })
}

/// Where from and when, newest first: what somebody did since then, at most `limit` times.
pub async fn visits(
    store: &Store,
    user: UserId,
    action: Action,
    since: Millis,
    limit: u64,
) -> Result<Vec<(String, Millis)>, StoreError> {
    let find = Entity::find()
        .select_only()
        .columns([Column::Source, Column::At])
        .filter(Column::UserId.eq(user.to_string()))
        .filter(Column::Action.eq(action.word()))
        .filter(Column::Source.is_not_null())
        .filter(Column::At.gt(since.0))
        .order_by_desc(Column::At)
        .limit(limit);
    let found: Vec<(String, i64)> = within(find.into_tuple().all(&store.read)).await?;
    Ok(found.into_iter().map(|(source, at)| (source, Millis(at))).collect())
}

/// Forgets what is older; gives how many.
pub async fn sweep(store: &Store, before: Millis) -> Result<u64, StoreError> {
    let old = Entity::delete_many().filter(Column::At.lt(before.0));
    Ok(within(old.exec(&store.write)).await?.rows_affected)
}

fn actor_word(actor: Actor) -> String {
    match actor {
        Actor::User(id) => id.to_string(),
        Actor::Key(id) => id.to_string(),
        Actor::Operator => "operator".to_owned(),
        Actor::Nobody => "nobody".to_owned(),
    }
}

fn event_of(row: Model) -> Result<Event, StoreError> {
    let detail = serde_json::from_str(&row.detail)
        .map_err(|_| StoreError::Unreadable { table: "audit", why: "a detail is no JSON".to_owned() })?;
    Ok(Event {
        at: Millis(row.at),
        user: row.user_id.map(|id| rows::id("audit", &id)).transpose()?,
        actor: row.actor,
        action: row.action,
        source: row.source,
        detail,
        id: row.id,
    })
}
