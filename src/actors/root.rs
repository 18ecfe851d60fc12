//! The supervisor of the engine's own actors: one that dies is started anew at its post, the others go on.
use std::sync::Arc;

use ractor::{Actor, ActorCell, ActorProcessingErr, ActorRef, Message, SupervisionEvent};
use tokio::task::JoinHandle;

use super::directory::RoomKeeper;
use super::journal::Journal;
use super::messages::{DirectoryMsg, JournalMsg, SwitchboardMsg};
use super::pulse::Beat;
use super::switchboard::Switchboard;
use super::world::{Post, World};

/// The root of the tree.
pub(super) struct Root;

pub(super) enum RootMsg {
    Tick,
}

pub(super) struct State {
    world: Arc<World>,
    ticks: u64,
    ticking: JoinHandle<()>,
}

impl Drop for State {
    fn drop(&mut self) {
        self.ticking.abort();
    }
}

impl Actor for Root {
    type Msg = RootMsg;
    type State = State;
    type Arguments = Arc<World>;

    async fn pre_start(
        &self,
        myself: ActorRef<RootMsg>,
        world: Arc<World>,
    ) -> Result<State, ActorProcessingErr> {
        let ticking = myself.send_interval(world.tick, || RootMsg::Tick);
        Ok(State { world, ticks: 0, ticking })
    }

    async fn post_start(
        &self,
        myself: ActorRef<RootMsg>,
        state: &mut State,
    ) -> Result<(), ActorProcessingErr> {
        state.fill_all(&myself.get_cell()).await
    }

    async fn handle(
        &self,
        _: ActorRef<RootMsg>,
        RootMsg::Tick: RootMsg,
        state: &mut State,
    ) -> Result<(), ActorProcessingErr> {
        state.ticks += 1;
        let beat = Beat(state.ticks);
        state.world.directory.cast(DirectoryMsg::Beat(beat));
        state.world.switchboard.cast(SwitchboardMsg::Beat(beat));
        state.world.journal.cast(JournalMsg::Beat(beat));
        Ok(())
    }

    async fn handle_supervisor_evt(
        &self,
        myself: ActorRef<RootMsg>,
        event: SupervisionEvent,
        state: &mut State,
    ) -> Result<(), ActorProcessingErr> {
        match event {
            SupervisionEvent::ActorFailed(_, error) => {
                tracing::error!(%error, "an actor of the engine failed; it is started anew");
                state.fill_all(&myself.get_cell()).await
            }
            SupervisionEvent::ActorTerminated(_, _, _) => state.fill_all(&myself.get_cell()).await,
            SupervisionEvent::ActorStarted(_) | SupervisionEvent::ProcessGroupChanged(_) => Ok(()),
        }
    }
}

impl State {
    /// Starts whoever is missing. None of them waits for anything when it starts.
    async fn fill_all(&self, root: &ActorCell) -> Result<(), ActorProcessingErr> {
        let world = &self.world;
        fill(&world.journal, root, || Journal, world).await?;
        fill(&world.directory, root, || RoomKeeper, world).await?;
        fill(&world.switchboard, root, || Switchboard, world).await
    }
}

async fn fill<A, M>(
    post: &Post<M>,
    root: &ActorCell,
    make: impl FnOnce() -> A,
    world: &Arc<World>,
) -> Result<(), ActorProcessingErr>
where
    A: Actor<Msg = M, Arguments = Arc<World>>,
    M: Message,
{
    let is_held = post.cell().is_some_and(|cell| ractor::ACTIVE_STATES.contains(&cell.get_status()));
    if !is_held {
        let (actor, _) = A::spawn_linked(None, make(), world.clone(), root.clone()).await?;
        post.hold(actor);
    }
    Ok(())
}
