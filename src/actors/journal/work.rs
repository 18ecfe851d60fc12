//! What the journal does in tasks: write a group, read a room, show that the server lives.
use std::collections::HashMap;
use std::slice;
use std::sync::Arc;
use std::time::Duration;

use ractor::ActorRef;
use tokio::time::{Instant, sleep_until, timeout};

use crate::fault::Fault;
use crate::room::ids::{Epoch, No, RoomId};
use crate::room::record::{Behind, Entry, Loaded, Outcome};
use crate::store;
use crate::store::StoreError;

use super::super::messages::{JournalMsg, RoomMsg};
use super::super::world::World;
use super::queue::{Group, room_of};

/// From the beginning of one group to that of the next at the least: a commit costs the same for one entry as for
/// fifty, so under load more come together. The first entry after a rest waits for nothing.
const PACE: Duration = Duration::from_millis(4);

/// What became of a group.
pub(in crate::actors) struct Done {
    /// The room of each row that was under way.
    pub(super) rooms: Vec<RoomId>,
    /// Rows behind to be written once more.
    pub(super) unwritten: Vec<Behind>,
    pub(super) storage: Result<(), Fault>,
}

/// Commits the entries, tells their rooms, then writes the rows behind.
pub(super) async fn write(world: Arc<World>, group: Group) {
    let Group { entries, behind } = group;
    let rooms = entries.iter().map(|(_, entry)| entry.room).chain(behind.iter().map(room_of)).collect();
    let began = Instant::now();
    let mut storage = Ok(());
    if !entries.is_empty() {
        storage = commit(&world, entries).await;
    }
    let unwritten = match storage {
        Ok(()) => write_behind(&world, behind).await,
        Err(_) => behind,
    };
    if !unwritten.is_empty() {
        storage = Err(Fault::StorageUnavailable);
    } else if storage.is_ok() {
        sleep_until(began + PACE).await;
    }
    world.journal.cast(JournalMsg::Done(Done { rooms, unwritten, storage }));
}

/// Writes rows behind; answers those that are still to be written. One that can't be kept holds nobody up.
async fn write_behind(world: &World, rows: Vec<Behind>) -> Vec<Behind> {
    let away = |error: &StoreError| error.fault() == Fault::StorageUnavailable;
    match store::journal::write_behind(&world.store, &rows).await {
        Ok(()) => return Vec::new(),
        Err(error) if away(&error) => return rows,
        Err(_) => {} // one of them: it is found by itself
    }
    let mut unwritten = Vec::new();
    for row in rows {
        match store::journal::write_behind(&world.store, slice::from_ref(&row)).await {
            Ok(()) => {}
            Err(error) if away(&error) => unwritten.push(row),
            Err(error) => tracing::error!(room.id = %room_of(&row), %error, "a row was not kept"),
        }
    }
    unwritten
}

/// Reads a room; `to` hears what the store knows of it.
pub(super) async fn load(world: Arc<World>, room: RoomId, to: ActorRef<RoomMsg>) {
    let permit = world.loads.acquire().await;
    let cutoff = world.life.cutoff(world.clock.now(), world.settings.grace_ms);
    let found = store::rooms::load(&world.store, room, cutoff).await;
    drop(permit);
    if let Err(error) = &found {
        tracing::warn!(room.id = %room, %error, "a room could not be loaded");
    }
    let found = found.map(|found| found.map(|found| Box::new(found.without_ghosts(world.life.started_at))));
    loaded(&to, found.map_err(Fault::from));
}

pub(super) fn loaded(to: &ActorRef<RoomMsg>, found: Result<Option<Box<Loaded>>, Fault>) {
    if to.send_message(RoomMsg::Loaded(found)).is_err() {
        tracing::debug!("loaded a room that is gone");
    }
}

/// Writes this server's sign of life, which also tells whether the database is there.
pub(super) async fn show_life(world: Arc<World>, within: Duration) {
    let beat = store::servers::beat(&world.store, &world.settings.server, world.clock.now());
    let result = match timeout(within, beat).await {
        Ok(result) => result.map_err(Fault::from),
        Err(_) => Err(Fault::StorageUnavailable),
    };
    world.journal.cast(JournalMsg::Pinged(result));
}

/// Tells a room what became of its entries.
pub(super) fn settle(room: &ActorRef<RoomMsg>, epoch: Epoch, outcomes: Vec<(No, Outcome)>) {
    if room.send_message(RoomMsg::Settled { epoch, outcomes }).is_err() {
        tracing::debug!("settled entries of a room that is gone");
    }
}

async fn commit(world: &World, entries: Vec<(ActorRef<RoomMsg>, Entry)>) -> Result<(), Fault> {
    let (rooms, entries): (Vec<_>, Vec<_>) = entries.into_iter().unzip();
    let began = Instant::now();
    let outcomes = store::journal::commit(&world.store, &entries).await;
    world.metrics.commit_seconds.observe(began.elapsed().as_secs_f64());
    let away = Outcome::Refused(Fault::StorageUnavailable);
    let is_away = outcomes.iter().all(|outcome| *outcome == away);
    tell(rooms, &entries, outcomes);
    if is_away { Err(Fault::StorageUnavailable) } else { Ok(()) }
}

/// One message per room and life of it.
fn tell(rooms: Vec<ActorRef<RoomMsg>>, entries: &[Entry], outcomes: Vec<Outcome>) {
    let mut told = HashMap::new();
    for ((room, entry), outcome) in rooms.into_iter().zip(entries).zip(outcomes) {
        let (_, settled) = told.entry((entry.room, entry.epoch)).or_insert_with(|| (room, Vec::new()));
        settled.push((entry.no, outcome));
    }
    for ((_, epoch), (room, settled)) in told {
        settle(&room, epoch, settled);
    }
}
