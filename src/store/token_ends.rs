//! Early ends of room tokens: of one by its id, of all of a subject, of all of a room.
use super::audit::{self, Action, By};
use super::settle::{commit, settle};
use super::sql::{self, Change, Target};
use super::{Store, StoreError, rows, within};
use crate::room::ids::{Millis, RoomId, UserId};
use convene_entity::room_token_end::{Column, Entity};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, Value};
use serde_json::json;
use uuid::Uuid;

/// A later end of the same counts; it is one row.
const ENDS: Target = Target {
    table: "room_token_end",
    columns: &["id", "room_id", "kind", "value", "revoked_at", "until"],
    upsert: &[Change::Greater("revoked_at"), Change::Greater("until")],
    key: &["room_id", "kind", "value"],
};

/// Which tokens of a room end. Ids and subjects have at most 191 characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which<'a> {
    /// The one with this `jti`.
    Token(&'a str),
    /// All of this `sub` issued until now.
    Subject(&'a str),
    /// All issued until now.
    All,
}

impl Which<'_> {
    fn words(&self) -> (&'static str, &str) {
        match self {
            Self::Token(id) => ("jti", id),
            Self::Subject(subject) => ("subject", subject),
            Self::All => ("room", ""),
        }
    }
}

/// Ends tokens, in the trail of `user` if an account did it. `until`: when none of them can be good any more by itself, so that the row may be forgotten.
pub async fn end(
    store: &Store,
    by: &By,
    user: Option<UserId>,
    room: RoomId,
    which: Which<'_>,
    until: Millis,
) -> Result<(), StoreError> {
    let (kind, value) = which.words();
    settle(|| async {
        let transaction = store.begin().await?;
        let row: [Value; 6] = [
            Uuid::now_v7().as_simple().to_string().into(),
            room.to_string().into(),
            kind.into(),
            value.into(),
            by.at.0.into(),
            until.0.into(),
        ];
        within(sql::insert(&transaction, &ENDS, row.into())).await?;
        let detail = json!({ "room": room.to_string(), "which": kind });
        audit::put(&transaction, by, user, Action::TokensRevoked, detail).await?;
        commit(store, transaction, &[]).await
    })
    .await
}

/// An end as it is stored: its room, which tokens, when, and until when it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub room: RoomId,
    /// `jti`, `subject` or `room`.
    pub kind: String,
    pub value: String,
    pub at: Millis,
    pub until: Millis,
}

/// All ends that still count, the oldest first.
pub async fn list(store: &Store, now: Millis) -> Result<Vec<Kept>, StoreError> {
    let find = Entity::find().filter(Column::Until.gt(now.0)).order_by_asc(Column::RevokedAt);
    let rows = within(find.all(&store.read)).await?;
    let kept = rows.into_iter().map(|row| {
        Ok(Kept {
            room: rows::id("room_token_end", &row.room_id)?,
            kind: row.kind,
            value: row.value,
            at: Millis(row.revoked_at),
            until: Millis(row.until),
        })
    });
    kept.collect()
}

/// A token as far as its end is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token<'a> {
    pub room: RoomId,
    pub id: &'a str,
    pub subject: &'a str,
    pub issued_at: Millis,
}

/// Whether the token was ended: by its id, or issued no later than an end of its subject or room.
pub async fn is_ended(store: &Store, token: Token<'_>) -> Result<bool, StoreError> {
    let named = |which: Which<'_>| {
        let (kind, value) = which.words();
        Condition::all().add(Column::Kind.eq(kind)).add(Column::Value.eq(value))
    };
    let since = || Column::RevokedAt.gte(token.issued_at.0);
    let ends = Condition::any()
        .add(named(Which::Token(token.id)))
        .add(named(Which::Subject(token.subject)).add(since()))
        .add(named(Which::All).add(since()));
    let find = Entity::find().filter(Column::RoomId.eq(token.room.to_string())).filter(ends);
    Ok(within(find.one(&store.read)).await?.is_some())
}

/// Forgets ends of tokens that have ended by themselves; gives how many.
pub async fn sweep(store: &Store, now: Millis) -> Result<u64, StoreError> {
    let old = Entity::delete_many().filter(Column::Until.lte(now.0));
    Ok(within(old.exec(&store.write)).await?.rows_affected)
}
