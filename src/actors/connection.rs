//! A socket's actor: control only. When it ends, in whatever way, its seat is detached; when its room dies, it looks for the successor.
mod enter;
mod foreign;
mod hello;
mod reader;

use std::sync::Arc;

use ractor::{Actor, ActorProcessingErr, ActorRef};

use crate::dialect::close::Close;

use super::line::{Line, Place};
use super::messages::{ConnectionMsg, DirectoryMsg, SwitchboardMsg};
use super::world::World;

pub use foreign::Shown;
pub use reader::{FRAME_BYTES, Reader};

/// A connection's actor.
pub(super) struct Connection;

/// Leaves for good when it is dropped.
pub(super) struct State {
    world: Arc<World>,
    line: Arc<Line>,
}

impl Actor for Connection {
    type Msg = ConnectionMsg;
    type State = State;
    type Arguments = (Arc<World>, Arc<Line>);

    async fn pre_start(
        &self,
        _: ActorRef<ConnectionMsg>,
        (world, line): Self::Arguments,
    ) -> Result<State, ActorProcessingErr> {
        Ok(State { world, line })
    }

    async fn handle(
        &self,
        _: ActorRef<ConnectionMsg>,
        message: ConnectionMsg,
        state: &mut State,
    ) -> Result<(), ActorProcessingErr> {
        let ConnectionMsg::RoomLost { room, seat } = message;
        let line = state.line.clone();
        state.world.directory.cast(DirectoryMsg::Reattach { line, room, seat });
        Ok(())
    }
}

impl Drop for State {
    fn drop(&mut self) {
        if let Place::Seated { room } = self.line.leave_for_good() {
            room.detach(self.line.conn);
        }
        self.line.outbox.close(Close::ServerError); // does nothing to one that is closed already
    }
}

/// Puts a new socket under supervision.
pub(super) async fn open(world: &Arc<World>, line: Arc<Line>) -> Reader {
    let reader = Reader::new(world.clone(), line.clone());
    let Some(switchboard) = world.switchboard.cell() else {
        line.outbox.close(Close::Drain);
        return reader;
    };
    match Connection::spawn_linked(None, Connection, (world.clone(), line.clone()), switchboard).await {
        Ok((actor, _)) => {
            let id = actor.get_id();
            let held = line.actor.set(actor);
            debug_assert!(held.is_ok(), "a line is opened once");
            world.switchboard.cast(SwitchboardMsg::Opened { actor: id, line });
        }
        Err(error) => {
            tracing::warn!(%error, "a connection could not be started");
            line.outbox.close(Close::Drain);
        }
    }
    reader
}
