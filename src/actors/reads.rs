//! Reads from the store for one asker: a few at once, in tasks, so that no room waits for a disk.
use std::sync::Arc;

use tokio::sync::OwnedSemaphorePermit;

use crate::fault::Fault;
use crate::room::command::{Ask, HistoryQuery};
use crate::room::effect::ReplyTo;
use crate::room::event::Answer;
use crate::room::ids::{MessageId, SeatId};
use crate::store;
use crate::store::messages::Reader;

use super::messages::RoomMsg;
use super::room_ref::RoomRef;
use super::world::World;

/// Reads under way in the whole process; beyond, `busy`.
pub(super) const AT_ONCE: usize = 8;

/// Reads a message that isn't in memory and brings it to the room with the command that needs it.
pub(super) fn recall(
    world: &Arc<World>,
    room: &RoomRef,
    message: MessageId,
    ask: Box<Ask>,
) -> Result<(), Fault> {
    let permit = permit(world)?;
    let (world, room) = (world.clone(), room.clone());
    tokio::spawn(async move {
        let found = store::messages::find(&world.store, room.id, message).await;
        drop(permit);
        tell(
            &room,
            match found {
                Ok(message) => RoomMsg::Recalled { message: message.map(Box::new), ask },
                Err(fault) => RoomMsg::Read { to: ask.reply, result: Err(fault.into()) },
            },
        );
    });
    Ok(())
}

/// Reads a page of history for one reader.
pub(super) fn history(
    world: &Arc<World>,
    room: &RoomRef,
    to: ReplyTo,
    reader: SeatId,
    query: HistoryQuery,
) -> Result<(), Fault> {
    let permit = permit(world)?;
    let (world, room) = (world.clone(), room.clone());
    tokio::spawn(async move {
        let read = store::messages::history(&world.store, room.id, Reader::Seat(reader), &query).await;
        drop(permit);
        let result = read.map_err(Fault::from).map(|page| Answer::History {
            messages: page.messages.into_iter().map(Arc::new).collect(),
            more: page.more,
        });
        tell(&room, RoomMsg::Read { to, result });
    });
    Ok(())
}

fn permit(world: &World) -> Result<OwnedSemaphorePermit, Fault> {
    world.reads.clone().try_acquire_owned().map_err(|_| Fault::Busy)
}

fn tell(room: &RoomRef, message: RoomMsg) {
    if room.actor.send_message(message).is_err() {
        tracing::debug!(room.id = %room.id, "read for a room that is gone");
    }
}
