//! News for the running server: changes made in the database, by any process, that concern live sockets.
use super::{Store, StoreError, rows, within};
use crate::room::ids::{KeyId, LoginId, Millis, UserId};
use convene_entity::control::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use std::collections::BTreeMap;

/// How long news is kept.
pub const KEPT_MS: i64 = 60 * 60 * 1000;

/// A number below the highest seen may still appear for so long: its transaction was slower. Longer than any may last.
const LATE_MS: i64 = 60_000;

/// Most news taken at once; the rest comes with the next look.
const BATCH: u64 = 500;

/// What was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    UserDisabled(UserId),
    UserDeleted(UserId),
    SessionEnded(LoginId),
    /// All sessions the user had.
    SessionsEnded(UserId),
    KeyRevoked(KeyId),
}

impl News {
    fn words(self) -> (&'static str, String) {
        match self {
            Self::UserDisabled(id) => ("user_disabled", id.to_string()),
            Self::UserDeleted(id) => ("user_deleted", id.to_string()),
            Self::SessionEnded(id) => ("session_revoked", id.to_string()),
            Self::SessionsEnded(id) => ("sessions_revoked", id.to_string()),
            Self::KeyRevoked(id) => ("key_revoked", id.to_string()),
        }
    }

    fn read(row: &Model) -> Result<Self, StoreError> {
        Ok(match row.kind.as_str() {
            "user_disabled" => Self::UserDisabled(rows::id("control", &row.value)?),
            "user_deleted" => Self::UserDeleted(rows::id("control", &row.value)?),
            "session_revoked" => Self::SessionEnded(rows::id("control", &row.value)?),
            "sessions_revoked" => Self::SessionsEnded(rows::id("control", &row.value)?),
            "key_revoked" => Self::KeyRevoked(rows::id("control", &row.value)?),
            _ => return Err(StoreError::Unreadable { table: "control", why: "no such news".to_owned() }),
        })
    }
}

/// Leaves news in the transaction of what it tells of.
pub(super) async fn put(connection: &impl ConnectionTrait, at: Millis, news: News) -> Result<(), StoreError> {
    let (kind, value) = news.words();
    let row = ActiveModel { id: NotSet, at: Set(at.0), kind: Set(kind.to_owned()), value: Set(value) };
    within(Entity::insert(row).exec_without_returning(connection)).await.map(drop)
}

/// Takes each piece of news once, in the order of their numbers, and misses none that is committed late.
#[derive(Debug)]
pub struct Reader {
    /// All up to here is seen or long past.
    floor: i64,
    /// Numbers above it that are seen, and when.
    seen: BTreeMap<i64, Millis>,
}

impl Reader {
    /// Begins behind what is there: a server that only starts has no socket that older news could concern.
    pub async fn start(store: &Store, now: Millis) -> Result<Self, StoreError> {
        let find = Entity::find().select_only().column(Column::Id).order_by_desc(Column::Id).limit(BATCH);
        let ids: Vec<i64> = within(find.into_tuple().all(&store.read)).await?;
        let floor = ids.last().map_or(0, |last| last - 1);
        Ok(Self { floor, seen: ids.into_iter().map(|id| (id, now)).collect() })
    }

    /// What is new since the last look. A row that can't be read is skipped, and said in the log.
    pub async fn next(&mut self, store: &Store, now: Millis) -> Result<Vec<News>, StoreError> {
        let find = Entity::find()
            .filter(Column::Id.gt(self.floor))
            .filter(Column::Id.is_not_in(self.seen.keys().copied()))
            .order_by_asc(Column::Id)
            .limit(BATCH);
        let found = within(find.all(&store.read)).await?;
        let mut news = Vec::with_capacity(found.len());
        for row in found {
            self.seen.insert(row.id, now);
            match News::read(&row) {
                Ok(one) => news.push(one),
                Err(error) => tracing::warn!(%error, control.id = row.id, "news was skipped"),
            }
        }
        self.forget(now);
        Ok(news)
    }

    /// Raises the floor over what was seen so long ago that nothing below can still be on its way.
    fn forget(&mut self, now: Millis) {
        while let Some(oldest) = self.seen.first_entry() {
            if now.since(*oldest.get()) < LATE_MS {
                return;
            }
            self.floor = oldest.remove_entry().0;
        }
    }
}

/// Forgets news older than an hour; gives how many.
pub async fn sweep(store: &Store, now: Millis) -> Result<u64, StoreError> {
    let old = Entity::delete_many().filter(Column::At.lt(now.0 - KEPT_MS));
    Ok(within(old.exec(&store.write)).await?.rows_affected)
}
