//! When each server was last alive, and what that says about the seats its last life left behind.
use super::{Store, StoreError, within};
use crate::room::ids::Millis;
use convene_entity::server::{ActiveModel, Column, Entity};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, EntityTrait};

/// Seats written before this instant belong to a life of the server that is over, and aren't loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AliveCutoff(pub Millis);

impl AliveCutoff {
    /// Loads every unreleased seat.
    pub const NONE: Self = Self(Millis(i64::MIN));
}

/// What the row of a server says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Beat {
    pub started_at: Millis,
    pub alive_at: Millis,
}

/// This life of the server, and the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Life {
    pub started_at: Millis,
    pub before: Option<Beat>,
}

impl Life {
    /// Which seats a room loaded at `now` may wake up with. Those of this life always; those of the life before while
    /// their grace, which begins anew at the start, lasts, and only if the server wasn't away for longer than it.
    pub fn cutoff(&self, now: Millis, grace_ms: i64) -> AliveCutoff {
        match self.before {
            Some(before)
                if self.started_at.since(before.alive_at) <= grace_ms
                    && now.since(self.started_at) <= grace_ms =>
            {
                AliveCutoff(before.started_at)
            }
            _ => AliveCutoff(self.started_at), // a first start, too long away, or the window is over
        }
    }
}

/// Reads when the server was last alive and writes its first beat. Call it once, before any room is loaded.
pub async fn begin_life(store: &Store, server: &str, now: Millis) -> Result<Life, StoreError> {
    let before = last_beat(store, server).await?;
    write(store, server, now, now, &[Column::StartedAt, Column::AliveAt]).await?;
    Ok(Life { started_at: now, before })
}

/// Says that the server is alive; every 10 s.
pub async fn beat(store: &Store, server: &str, now: Millis) -> Result<(), StoreError> {
    write(store, server, now, now, &[Column::AliveAt]).await
}

/// What a server wrote last, if it ever did.
pub async fn last_beat(store: &Store, server: &str) -> Result<Option<Beat>, StoreError> {
    let row = within(Entity::find_by_id(server).one(&store.read)).await?;
    Ok(row.map(|row| Beat { started_at: Millis(row.started_at), alive_at: Millis(row.alive_at) }))
}

async fn write(
    store: &Store,
    server: &str,
    started_at: Millis,
    alive_at: Millis,
    changed: &[Column],
) -> Result<(), StoreError> {
    let row =
        ActiveModel { id: Set(server.to_owned()), started_at: Set(started_at.0), alive_at: Set(alive_at.0) };
    let upsert = Entity::insert(row)
        .on_conflict(OnConflict::column(Column::Id).update_columns(changed.iter().copied()).to_owned());
    within(upsert.exec_without_returning(&store.write)).await.map(drop)
}
