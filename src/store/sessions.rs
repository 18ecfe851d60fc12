//! Sessions of users: opened, found by their token's hash, listed, ended singly or all, forgotten.
mod end;
mod live;
mod open;

pub use end::{Except, end, end_all, sweep};
pub use live::{Lapsed, check};
pub use open::{NewSession, Opened, Proof, open};

pub(super) use end::{drop_all_in, end_all_in};
pub(super) use open::open_in;

use super::users::{self, Status, User};
use super::{Store, StoreError, rows, within};
use crate::room::ids::{LoginId, Millis, UserId};
use crate::room::record::System;
use convene_entity::session::{Column, Entity, Model};
use convene_entity::user;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};

/// How often a session's last use is written.
const TOUCH_MS: i64 = 60_000;

/// A signed-in device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub id: LoginId,
    pub user: UserId,
    /// What the device said it is, at most 200 characters.
    pub device: String,
    /// The dialect it signed in by.
    pub face: String,
    /// The address it signed in from.
    pub source: Option<String>,
    pub created_at: Millis,
    /// Exact to a minute.
    pub last_used_at: Millis,
    pub expires_at: Millis,
    /// When a password or code was last shown on it.
    pub proven_at: Millis,
}

/// Until when sessions are good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Good {
    pub now: Millis,
    /// A session unused for so long has ended.
    pub idle_ms: i64,
}

/// Sessions of this face last until they expire: its clients keep their token for as long, used or not.
const EVER_IDLE: System = System::Mesibo;

impl Good {
    /// Those that were used lately enough, or needn't be.
    fn is_fresh(self) -> Condition {
        Condition::any().add(Column::LastUsedAt.gt(self.used_since())).add(Column::Face.eq(EVER_IDLE.word()))
    }

    /// Last uses before this are too long ago. A last use is written at most once a minute, so a minute is added.
    fn used_since(self) -> i64 {
        self.now.0.saturating_sub(self.idle_ms).saturating_sub(TOUCH_MS)
    }
}

/// The session of this token and its user, if both are good.
pub async fn find(
    store: &Store,
    token_hash: &str,
    good: Good,
) -> Result<Option<(Session, User)>, StoreError> {
    let find = Entity::find()
        .filter(Column::TokenHash.eq(token_hash))
        .filter(Column::ExpiresAt.gt(good.now.0))
        .filter(good.is_fresh());
    let Some(row) = within(find.one(&store.read)).await? else { return Ok(None) };
    let of = user::Entity::find_by_id(row.user_id.as_str());
    let Some(user) = within(of.one(&store.read)).await? else { return Ok(None) };
    let (session, user) = (session_of(row)?, users::user_of(user)?);
    Ok((user.status == Status::Active).then_some((session, user)))
}

/// The session by its id, good or not.
pub async fn find_by_id(store: &Store, id: LoginId) -> Result<Option<Session>, StoreError> {
    within(Entity::find_by_id(id.to_string()).one(&store.read)).await?.map(session_of).transpose()
}

/// Writes that the session is used, unless that was written within the last minute.
pub async fn touch(store: &Store, session: &Session, now: Millis) -> Result<(), StoreError> {
    if now.since(session.last_used_at) < TOUCH_MS {
        return Ok(());
    }
    let update = Entity::update_many()
        .col_expr(Column::LastUsedAt, Expr::value(now.0))
        .filter(Column::Id.eq(session.id.to_string()))
        .filter(Column::LastUsedAt.lte(now.0 - TOUCH_MS));
    within(update.exec(&store.write)).await.map(drop)
}

/// Notes that a password or code was shown on it.
pub async fn prove(store: &Store, id: LoginId, now: Millis) -> Result<(), StoreError> {
    let update = Entity::update_many()
        .col_expr(Column::ProvenAt, Expr::value(now.0))
        .filter(Column::Id.eq(id.to_string()));
    within(update.exec(&store.write)).await.map(drop)
}

/// The user's good sessions, the last used first.
pub async fn list(store: &Store, user: UserId, good: Good) -> Result<Vec<Session>, StoreError> {
    let find = Entity::find()
        .filter(Column::UserId.eq(user.to_string()))
        .filter(Column::ExpiresAt.gt(good.now.0))
        .filter(good.is_fresh())
        .order_by_desc(Column::LastUsedAt)
        .order_by_desc(Column::Id);
    within(find.all(&store.read)).await?.into_iter().map(session_of).collect()
}

fn session_of(row: Model) -> Result<Session, StoreError> {
    Ok(Session {
        id: rows::id("session", &row.id)?,
        user: rows::id("session", &row.user_id)?,
        device: row.device,
        face: row.face,
        source: row.source,
        created_at: Millis(row.created_at),
        last_used_at: Millis(row.last_used_at),
        expires_at: Millis(row.expires_at),
        proven_at: Millis(row.proven_at),
    })
}
