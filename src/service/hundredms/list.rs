//! The rooms made here, and how many are in each right now.
use super::{HundredMs, List, Mode, shown};
use crate::fault::Fault;
use crate::room::command::{Asker, Command};
use crate::room::event::Answer;
use crate::room::ids::{Millis, RoomId};
use crate::room::join::user_of_app;
use crate::room::record::System;
use crate::service::caller::{Caller, KeyHolder, SignedIn};
use crate::service::scopes::Scope;
use crate::store::rooms::{Goes, Listed, Whose, of_face};
use futures_util::{StreamExt, stream};
use std::collections::HashSet;

/// Rooms that are asked at once who is there.
const AT_ONCE: usize = 16;

/// A room of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    pub id: String,
    pub name: String,
    /// Different people, on however many connections.
    pub present: usize,
    pub created_at: Millis,
}

impl HundredMs {
    /// Rooms made on this face that are still there, the newest last; in strict mode, or where the operator wants that, those of the caller.
    ///
    /// # Errors
    /// [`Fault::Unauthenticated`] and [`Fault::Forbidden`] in strict mode; [`Fault::StorageUnavailable`].
    pub async fn list(&self, caller: Caller) -> Result<Vec<Overview>, Fault> {
        let whose = match (self.mode(), self.0.settings.list, caller) {
            (Mode::Open | Mode::Role, List::All, _) => Whose::Everybody,
            (Mode::Open | Mode::Role, List::Own, Caller::Nobody | Caller::Owner(_)) => return Ok(Vec::new()),
            (Mode::Open | Mode::Role, List::Own, _) | (Mode::Strict, ..) => whose(caller)?,
        };
        let parts = &self.0;
        let listed = of_face(&parts.store, System::HundredMs, whose, parts.settings.listed).await?;
        let awake = parts.directory.awake().await.unwrap_or_default();
        let now = parts.clock.now();
        let there = listed.into_iter().filter(|room| awake.contains(&room.room) || self.stays(room, now));
        let counted = stream::iter(there).map(|room| {
            let is_awake = awake.contains(&room.room);
            async move {
                let present = if is_awake { self.present(room.room).await } else { 0 };
                Overview { id: room.key, name: room.name, present, created_at: room.created_at }
            }
        });
        Ok(counted.buffered(AT_ONCE).collect().await)
    }

    fn stays(&self, room: &Listed, now: Millis) -> bool {
        let span = match room.goes {
            Goes::Never => return true,
            Goes::After(ms) => ms,
            Goes::LikeGuests => self.0.settings.guests_ms,
        };
        room.last_used_at.plus(span).0 >= now.0
    }

    /// A room that can't tell now counts as empty: the list is a picture of the moment.
    async fn present(&self, room: RoomId) -> usize {
        match self.0.directory.ask(room, Asker::Host, Command::Participants).await {
            Ok(Answer::Participants(people)) => {
                let users = people.iter().map(|person| user_of_app(person.handle.as_deref(), &person.peer));
                users.collect::<HashSet<_>>().len()
            }
            Ok(_) => 0, // no other answer is given
            Err(fault) => {
                tracing::debug!(room.id = %room, fault = fault.code(), "a room did not say who is there");
                0
            }
        }
    }
}

fn whose(caller: Caller) -> Result<Whose, Fault> {
    shown(caller, Scope::RoomsRead)?;
    match caller {
        Caller::User(SignedIn { user, .. }) | Caller::Key(KeyHolder { owner: Some(user), .. }) => {
            Ok(Whose::User(user))
        }
        Caller::Key(KeyHolder { owner: None, .. }) => Ok(Whose::Everybody),
        Caller::Nobody | Caller::Owner(_) | Caller::Seat(_) => Err(Fault::Unauthenticated),
    }
}
