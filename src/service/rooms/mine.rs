//! What belongs to an account: its rooms and its calls; for the operator's key all there are.
use super::Rooms;
use super::history::{read_cursor, write_cursor};
use crate::fault::Fault;
use crate::room::event::RoomView;
use crate::room::ids::{Millis, UserId};
use crate::room::record::RoomRecord;
use crate::service::caller::{Caller, KeyHolder, SignedIn};
use crate::store::calls::{self, MadeRoom, MyCall};
use crate::store::rooms::{self as stored, Cursor, Whose};

/// A page of calls with their places and people, and where the next one goes on.
pub type MyCalls = (Vec<MyCall>, Option<String>);

impl Rooms {
    /// A page of the rooms that the caller owns or a key reaches, as their owner sees them, the newest first.
    ///
    /// # Errors
    /// [`Fault::Unauthenticated`] for others, [`Fault::InvalidField`] for a cursor that no page gave,
    /// [`Fault::StorageUnavailable`].
    pub async fn mine(
        &self,
        caller: Caller,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<(Vec<RoomView>, Option<String>), Fault> {
        let after = cursor.map(read_place).transpose()?;
        let page = stored::list(&self.0.store, whose(caller)?, after, limit).await?;
        let next = page.next.map(|next| format!("{}.{}", next.created_at.0, next.room));
        Ok((page.rooms.into_iter().map(seen_by_owner).collect(), next))
    }

    /// A page of the calls in those rooms, and of those the account took part in, the newest first.
    ///
    /// # Errors
    /// As [`Self::mine`].
    pub async fn my_calls(&self, caller: Caller, cursor: Option<&str>, limit: u32) -> Result<MyCalls, Fault> {
        let after = cursor.map(read_cursor).transpose()?;
        let page = calls::mine(&self.0.store, whose(caller)?, after, limit).await?;
        Ok((page.calls, page.next.map(write_cursor)))
    }
}

impl Rooms {
    /// The last rooms that this account made, and how long people met in each.
    ///
    /// # Errors
    /// [`Fault::StorageUnavailable`]
    pub async fn made_by(&self, user: UserId, limit: u64) -> Result<Vec<MadeRoom>, Fault> {
        Ok(calls::made_by(&self.0.store, user, limit).await?)
    }
}

fn whose(caller: Caller) -> Result<Whose, Fault> {
    match caller {
        Caller::User(SignedIn { user, .. }) | Caller::Key(KeyHolder { owner: Some(user), .. }) => {
            Ok(Whose::User(user))
        }
        Caller::Key(KeyHolder { owner: None, .. }) => Ok(Whose::Everybody),
        Caller::Nobody | Caller::Owner(_) | Caller::Seat(_) => Err(Fault::Unauthenticated),
    }
}

/// As it is kept: a change that is under way in its actor is not in it yet.
pub(in crate::service) fn seen_by_owner(room: RoomRecord) -> RoomView {
    RoomView {
        id: room.id,
        code: room.keys.native.clone(),
        settings: room.settings,
        chat: room.chat,
        version: room.version,
        created_at: room.created_at,
        needs_pin: room.needs_pin,
        keys: Some(room.keys),
        pins: Some(room.pins),
    }
}

fn read_place(text: &str) -> Result<Cursor, Fault> {
    let parts = text.split_once('.').and_then(|(created, room)| {
        Some(Cursor { created_at: Millis(created.parse().ok()?), room: room.parse().ok()? })
    });
    parts.ok_or_else(|| Fault::field("cursor", "not the next of an earlier page"))
}
