//! Whose a room is, as far as the one who asks may know: for faces that show it on their pages.
use super::{NewRoom, Rooms};
use crate::fault::Fault;
use crate::room::command::Asker;
use crate::room::event::RoomView;
use crate::room::ids::UserId;
use crate::room::join::is_guessable;
use crate::room::record::{ChatKind, System};
use crate::service::caller::{Caller, SignedIn};
use crate::store::{StoreError, cohosts, rooms as stored, users};
use std::net::IpAddr;

/// How somebody stands to a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Host,
    Cohost,
    Nobody,
}

/// A room whose code its maker brings.
#[derive(Debug, Clone, Copy)]
pub struct Brought<'a> {
    pub system: System,
    pub code: &'a str,
    /// After how long without use it goes.
    pub unused_ms: i64,
}

impl Rooms {
    /// Makes such a room; what is said in it is kept in memory only.
    ///
    /// # Errors
    /// [`Fault::NameTaken`] for a code that a room has; as [`Rooms::create`].
    pub async fn make_brought(&self, who: SignedIn, wish: Brought<'_>, from: IpAddr) -> Result<(), Fault> {
        let Brought { system, code, unused_ms } = wish;
        let wish = NewRoom {
            chat: Some(ChatKind::Ephemeral),
            system,
            code: Some(code.to_owned()),
            unused_ms: Some(unused_ms),
            ..NewRoom::default()
        };
        self.create(Caller::User(who), wish, from, None).await.map(drop)
    }

    /// How somebody, or nobody in particular, stands to the room of that key.
    ///
    /// # Errors
    /// [`Fault::NoSuchRoom`] also for a key that is no link; [`Fault::Ended`], [`Fault::StorageUnavailable`].
    pub async fn standing_in(&self, key: &str, who: Option<SignedIn>) -> Result<Standing, Fault> {
        if is_guessable(key) {
            return Err(Fault::NoSuchRoom);
        }
        let caller = who.map_or(Caller::Nobody, Caller::User);
        let (view, _) = self.describe(key, caller).await?;
        let Some(who) = who else { return Ok(Standing::Nobody) };
        if view.pins.is_some() {
            return Ok(Standing::Host);
        }
        let is_cohost = cohosts::has(&self.0.store, view.id, who.user).await.map_err(|error| away(&error))?;
        Ok(if is_cohost { Standing::Cohost } else { Standing::Nobody })
    }

    /// The room of a key with its PINs, for a use case that compares them itself, and whether the account owns it.
    ///
    /// # Errors
    /// [`Fault::NoSuchRoom`], [`Fault::Ended`], [`Fault::StorageUnavailable`].
    pub(in crate::service) async fn look_inside(
        &self,
        key: &str,
        user: UserId,
    ) -> Result<(RoomView, Standing), Fault> {
        let room = self.0.directory.resolve(key).await?.ok_or(Fault::NoSuchRoom)?;
        match self.look_at_as(room, Asker::User(user)).await {
            Ok((view, _)) => Ok((view, Standing::Host)),
            Err(Fault::NoSuchRoom) => {
                let (view, _) = self.look_at_as(room, Asker::Operator).await?;
                Ok((view, Standing::Nobody))
            }
            Err(fault) => Err(fault),
        }
    }

    /// Whether the account of that username owns the room. It tells whose a room is: only where the operator wants that.
    ///
    /// # Errors
    /// As [`Self::standing_in`].
    pub async fn is_hosted_by(&self, key: &str, username: &str) -> Result<bool, Fault> {
        self.standing_in(key, None).await?;
        let store = &self.0.store;
        let Some(name) = crate::auth::username::Username::key_of(username) else { return Ok(false) };
        let user = users::by_username(store, &name).await.map_err(|error| away(&error))?;
        let room = self.0.directory.resolve(key).await?.ok_or(Fault::NoSuchRoom)?;
        let record = stored::record(store, room).await.map_err(|error| away(&error))?;
        let owner = record.and_then(|record| record.owner.account);
        Ok(owner.is_some() && owner == user.map(|user| user.id))
    }

    /// The codes of all rooms that the account owns and that have not ended, in the order they were made.
    ///
    /// # Errors
    /// [`Fault::StorageUnavailable`]
    pub async fn codes_of(&self, who: SignedIn) -> Result<Vec<String>, Fault> {
        stored::codes_of(&self.0.store, who.user).await.map_err(|error| away(&error))
    }
}

fn away(error: &StoreError) -> Fault {
    tracing::warn!(%error, "whose a room is could not be looked up");
    error.fault()
}
