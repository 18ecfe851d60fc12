//! Who is in a group, and in which groups somebody is.
use super::{Groups, away};
use crate::fault::Fault;
use crate::room::ids::{Millis, RoomId, UserId};
use crate::room::permissions::Role;
use crate::room::record::RoomRecord;
use crate::service::caller::SignedIn;
use crate::store::members::{self as stored, Fellow};
use std::sync::Arc;

/// Groups that one list holds.
const MOST_GROUPS: u64 = 500;
/// Members of a group that its list names.
const MOST_MEMBERS: u64 = 1_000;

/// A group, as a member sees it in a list.
#[derive(Clone, PartialEq, Eq)]
pub struct Seen {
    pub gid: u32,
    pub name: Arc<str>,
    pub owner: Option<UserId>,
    /// Both for the owner; for others the one they have shown, if it still stands.
    pub pin: String,
    pub spin: String,
    /// When it was made, or somebody last showed a PIN to it.
    pub changed_at: Millis,
    /// Numbers (E.164) of those who confirmed one: whether the owner's is the first, then all.
    pub owner_is_first: OwnerIsFirst,
    pub phones: Vec<String>,
}

/// Whether the owner of a group has confirmed a number, which then stands first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnerIsFirst {
    Yes,
    No,
}

impl Groups {
    /// The groups to which somebody has shown a PIN, the last shown first; those that they are still let in to have one.
    ///
    /// # Errors
    /// [`Fault::StorageUnavailable`]
    pub async fn of(&self, who: SignedIn) -> Result<Vec<Seen>, Fault> {
        let store = &self.0.parts.store;
        let found = stored::of_user(store, who.user, MOST_GROUPS).await.map_err(|error| away(&error))?;
        Ok(found.iter().map(|(member, room)| self.seen(who, &member.proof, room)).collect())
    }

    /// The same with their members, of those that changed since then; who was let out by another PIN sees them no more.
    ///
    /// # Errors
    /// [`Fault::StorageUnavailable`]
    pub async fn changed_since(&self, who: SignedIn, since: Millis) -> Result<Vec<Seen>, Fault> {
        let store = &self.0.parts.store;
        let found = stored::of_user(store, who.user, MOST_GROUPS).await.map_err(|error| away(&error))?;
        let mut groups = Vec::new();
        for (member, room) in &found {
            let mut seen = self.seen(who, &member.proof, room);
            if seen.pin.is_empty() {
                continue;
            }
            self.add_members(&mut seen, room).await?;
            if seen.changed_at >= since {
                groups.push(seen);
            }
        }
        groups.sort_by_key(|seen| seen.changed_at);
        Ok(groups)
    }

    /// One of them, with its members.
    ///
    /// # Errors
    /// [`Fault::NoSuchRoom`] if there is none, or not for them; [`Fault::StorageUnavailable`].
    pub async fn one(&self, who: SignedIn, gid: &str) -> Result<Seen, Fault> {
        let store = &self.0.parts.store;
        let found = stored::of_user(store, who.user, MOST_GROUPS).await.map_err(|error| away(&error))?;
        let this = found.iter().find(|(_, room)| room.keys.mesibo.to_string() == gid);
        let (member, room) = this.ok_or(Fault::NoSuchRoom)?;
        let mut seen = self.seen(who, &member.proof, room);
        if seen.pin.is_empty() {
            return Err(Fault::NoSuchRoom);
        }
        self.add_members(&mut seen, room).await?;
        Ok(seen)
    }

    fn seen(&self, who: SignedIn, proof: &[u8; 32], room: &RoomRecord) -> Seen {
        let (pin, spin) = (room.pins.pin.reveal(), room.pins.spin.reveal());
        let (pin, spin) = if room.owner.account == Some(who.user) {
            (pin, spin)
        } else {
            match self.role(room, proof) {
                Some(Role::Viewer) => (spin, ""),
                Some(_) => (pin, ""),
                None => ("", ""),
            }
        };
        Seen {
            gid: room.keys.mesibo,
            name: room.settings.name.clone(),
            owner: room.owner.account,
            pin: pin.to_owned(),
            spin: spin.to_owned(),
            changed_at: room.created_at,
            owner_is_first: OwnerIsFirst::No,
            phones: Vec::new(),
        }
    }

    fn role(&self, room: &RoomRecord, proof: &[u8; 32]) -> Option<Role> {
        room.pins.role_of_proof(&self.0.parts.ring, room.id, proof)
    }

    /// The owner first, then those whose PIN still stands.
    async fn add_members(&self, seen: &mut Seen, room: &RoomRecord) -> Result<(), Fault> {
        let fellows = self.fellows(room.id).await?;
        let owns = |fellow: &Fellow| room.owner.account == Some(fellow.user);
        let (owners, others): (Vec<_>, Vec<_>) = fellows.into_iter().partition(owns);
        if owners.iter().any(|owner| owner.phone.is_some()) {
            seen.owner_is_first = OwnerIsFirst::Yes;
        }
        let others = others.into_iter().filter(|fellow| self.role(room, &fellow.proof).is_some());
        for fellow in owners.into_iter().chain(others) {
            seen.changed_at = seen.changed_at.max(fellow.joined_at);
            seen.phones.extend(fellow.phone);
        }
        Ok(())
    }

    async fn fellows(&self, room: RoomId) -> Result<Vec<Fellow>, Fault> {
        let store = &self.0.parts.store;
        stored::of_room(store, room, MOST_MEMBERS).await.map_err(|error| away(&error))
    }
}
