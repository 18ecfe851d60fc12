//! Rooms as mesibo's clients know them: by a number that opens nothing, and two PINs of which one only lets watch.
mod members;

pub use members::{OwnerIsFirst, Seen};

use super::accounts::{Accounts, Visit};
use super::caller::{Caller, SignedIn};
use super::rooms::{NewRoom, Rooms, Standing, WhichPins};
use crate::actors::gate::Gate;
use crate::auth::guesses::{Budget, Failures};
use crate::fault::Fault;
use crate::room::command::SettingsPatch;
use crate::room::event::RoomView;
use crate::room::ids::{Millis, RoomId, UserId};
use crate::room::join::checked_name;
use crate::room::permissions::Role;
use crate::room::pins::{Pin, Pins, proof};
use crate::room::record::System;
use crate::seal::KeyRing;
use crate::store::members::{self as stored, Member};
use crate::store::{Store, StoreError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Wrong PINs and numbers of one account, at all rooms and from everywhere together, in 10 minutes.
const WRONG_PER_ACCOUNT: Budget = Budget { count: 30, within: Duration::from_secs(600) };
/// Accounts whose wrong ones are remembered.
const REMEMBERED: usize = 100_000;

/// The use cases. Cheap to clone.
#[derive(Clone)]
pub struct Groups(Arc<Inner>);

/// What they work with.
pub struct Parts {
    pub rooms: Rooms,
    pub accounts: Accounts,
    pub store: Store,
    pub ring: Arc<KeyRing>,
    pub gate: Arc<dyn Gate>,
}

struct Inner {
    parts: Parts,
    wrong: Mutex<Failures<UserId>>,
}

/// A room, as whoever entered or owns it sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    pub gid: u32,
    pub name: Arc<str>,
    /// Participant or viewer, by the PIN that was shown.
    pub role: Role,
    /// For the owner.
    pub pins: Option<Pins>,
}

impl Groups {
    pub fn new(parts: Parts) -> Self {
        let wrong = Mutex::new(Failures::new(WRONG_PER_ACCOUNT, REMEMBERED));
        Self(Arc::new(Inner { parts, wrong }))
    }

    /// Makes a room of one's own that needs a PIN; an empty name is as for all rooms.
    ///
    /// # Errors
    /// As [`Rooms::create`].
    pub async fn create(&self, who: SignedIn, name: &str, visit: &Visit) -> Result<Group, Fault> {
        let name = (!name.is_empty()).then(|| name.to_owned());
        let wish = NewRoom { name, needs_pin: true, system: System::Mesibo, ..NewRoom::default() };
        let made = self.0.parts.rooms.create(Caller::User(who), wish, visit.from, None).await?.room;
        let pins = made.pins.clone().ok_or(Fault::Internal)?;
        self.keep(made.id, who.user, &pins.pin).await?;
        own_group(&made)
    }

    /// Gives one's own room another name, or other PINs.
    ///
    /// # Errors
    /// [`Fault::NoSuchRoom`] also for everyone but its owner; as the room judges.
    pub async fn update(
        &self,
        who: SignedIn,
        gid: &str,
        name: &str,
        renewed: Option<WhichPins>,
    ) -> Result<Group, Fault> {
        let (rooms, caller) = (&self.0.parts.rooms, Caller::User(who));
        let (room, _) = rooms.describe(gid, caller).await?;
        room.pins.ok_or(Fault::NoSuchRoom)?;
        if !name.is_empty() {
            let patch = SettingsPatch { name: Some(checked_name(name)?), ..SettingsPatch::default() };
            rooms.update(gid, caller, patch).await?;
        }
        if let Some(which) = renewed {
            let pins = rooms.rotate_pins(gid, caller, which).await?;
            self.keep(room.id, who.user, &pins.pin).await?;
        }
        let (room, _) = rooms.describe(gid, caller).await?;
        own_group(&room)
    }

    /// Shows a PIN to a room. From then on the account is its member: its sockets enter without showing it again.
    ///
    /// # Errors
    /// [`Fault::NoSuchRoom`] for a wrong PIN as for a room that isn't there; [`Fault::RateLimited`] when no guess is left;
    /// [`Fault::StorageUnavailable`].
    pub async fn join(&self, who: SignedIn, gid: &str, pin: &str, visit: &Visit) -> Result<Group, Fault> {
        let Parts { rooms, accounts, gate, .. } = &self.0.parts;
        accounts.may_guess(visit)?;
        self.may_guess(who.user)?;
        let (view, standing) = match rooms.look_inside(gid, who.user).await {
            Err(Fault::NoSuchRoom | Fault::Ended) if pin.is_empty() => return Err(Fault::NoSuchRoom),
            Err(Fault::NoSuchRoom | Fault::Ended) => return Err(self.guessed_wrong(who, visit)),
            found => found?,
        };
        let pins = view.pins.clone().ok_or(Fault::Internal)?;
        let shown = Pin::parse(pin);
        let role = shown.as_ref().and_then(|pin| pins.role_of(pin));
        let is_owner = standing == Standing::Host;
        let (role, shown) = if is_owner {
            // the owner may enter by anything; the viewers' PIN makes it a viewer
            (role.unwrap_or(Role::Participant), shown.filter(|_| role.is_some()).unwrap_or(pins.pin.clone()))
        } else {
            if pin.is_empty() {
                return Err(Fault::NoSuchRoom); // is no guess
            }
            let guess = gate.guess(visit.from, view.id)?;
            let (Some(role), Some(shown)) = (role, shown) else {
                return Err(self.guessed_wrong(who, visit));
            };
            guess.right();
            (role, shown)
        };
        self.keep(view.id, who.user, &shown).await?;
        let gid = view.keys.as_ref().map(|keys| keys.mesibo).ok_or(Fault::Internal)?;
        Ok(Group { gid, name: view.settings.name, role, pins: is_owner.then_some(pins) })
    }

    /// Ends one's own room for good.
    ///
    /// # Errors
    /// [`Fault::NoSuchRoom`] also for everyone but its owner.
    pub async fn delete(&self, who: SignedIn, gid: &str) -> Result<(), Fault> {
        let (rooms, caller) = (&self.0.parts.rooms, Caller::User(who));
        let (room, _) = rooms.describe(gid, caller).await?;
        room.pins.ok_or(Fault::NoSuchRoom)?;
        rooms.end(gid, caller).await
    }

    fn may_guess(&self, user: UserId) -> Result<(), Fault> {
        let mut wrong = self.0.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        wrong.check(&user, Instant::now()).map_err(|out| super::limits::too_fast(out.retry_after))
    }

    fn guessed_wrong(&self, who: SignedIn, visit: &Visit) -> Fault {
        self.0.parts.accounts.guessed_wrong(visit);
        self.0.wrong.lock().unwrap_or_else(PoisonError::into_inner).count(who.user, Instant::now());
        Fault::NoSuchRoom
    }

    async fn keep(&self, room: RoomId, user: UserId, pin: &Pin) -> Result<(), Fault> {
        let proof = proof(&self.0.parts.ring, room, pin);
        let member = Member { room, user, proof, joined_at: now() };
        stored::keep(&self.0.parts.store, &member).await.map_err(|error| away(&error))
    }
}

impl std::fmt::Debug for Groups {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Groups")
    }
}

fn own_group(room: &RoomView) -> Result<Group, Fault> {
    let gid = room.keys.as_ref().map(|keys| keys.mesibo).ok_or(Fault::Internal)?;
    let name = room.settings.name.clone();
    Ok(Group { gid, name, role: Role::Participant, pins: room.pins.clone() })
}

fn away(error: &StoreError) -> Fault {
    tracing::warn!(%error, "a membership could not be looked up or kept");
    error.fault()
}

/// The wall clock, for rows.
fn now() -> Millis {
    Millis(jiff::Timestamp::now().as_millisecond())
}
