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
    /// What was written before this had its window, and none of it was left, when the life began.
    pub seats_since: Millis,
}

/// This life of the server, and the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Life {
    pub started_at: Millis,
    pub before: Option<Beat>,
    /// Seats written since then may still be waited for at the start. It reaches back over lives that were shorter than the
    /// grace: a seat of before them has not had its window yet.
    pub seats_since: Millis,
}

impl Life {
    /// Which seats a room loaded at `now` may wake up with. Those of this life always; those of the life before while
    /// their grace, which begins anew at the start, lasts, and only if the server wasn't away for longer than it.
    pub fn cutoff(&self, now: Millis, grace_ms: i64) -> AliveCutoff {
        if now.since(self.started_at) <= grace_ms {
            AliveCutoff(self.seats_since)
        } else {
            AliveCutoff(self.started_at)
        }
    }

    /// A life that begins at `now` behind the one that left this beat.
    pub fn begin(now: Millis, before: Option<Beat>, grace_ms: i64) -> Self {
        let seats_since = match before {
            Some(before) if now.since(before.alive_at) > grace_ms => now, // away for too long
            Some(before) if before.alive_at.since(before.started_at) > grace_ms => before.started_at,
            Some(before) => before.seats_since,
            None => now,
        };
        Self { started_at: now, before, seats_since }
    }
}

/// Reads when the server was last alive and writes its first beat. Call it once, before any room is loaded.
pub async fn begin_life(store: &Store, server: &str, now: Millis, grace_ms: i64) -> Result<Life, StoreError> {
    let life = Life::begin(now, last_beat(store, server).await?, grace_ms);
    let beat = Beat { started_at: now, alive_at: now, seats_since: life.seats_since };
    write(store, server, beat, &[Column::StartedAt, Column::AliveAt, Column::SeatsSince]).await?;
    Ok(life)
}

/// Says that the server is alive; every 10 s.
pub async fn beat(store: &Store, server: &str, now: Millis) -> Result<(), StoreError> {
    // a row that is gone is written as a first start
    let beat = Beat { started_at: now, alive_at: now, seats_since: now };
    write(store, server, beat, &[Column::AliveAt]).await
}

/// What a server wrote last, if it ever did.
pub async fn last_beat(store: &Store, server: &str) -> Result<Option<Beat>, StoreError> {
    let row = within(Entity::find_by_id(server).one(&store.read)).await?;
    Ok(row.map(|row| Beat {
        started_at: Millis(row.started_at),
        alive_at: Millis(row.alive_at),
        seats_since: Millis(row.seats_since),
    }))
}

async fn write(store: &Store, server: &str, beat: Beat, changed: &[Column]) -> Result<(), StoreError> {
    let row = ActiveModel {
        id: Set(server.to_owned()),
        started_at: Set(beat.started_at.0),
        alive_at: Set(beat.alive_at.0),
        seats_since: Set(beat.seats_since.0),
    };
    let upsert = Entity::insert(row)
        .on_conflict(OnConflict::column(Column::Id).update_columns(changed.iter().copied()).to_owned());
    within(upsert.exec_without_returning(&store.write)).await.map(drop)
}
