//! Rooms, for every REST face: find the room by its key, let the room itself judge, put answers together.
mod codes;
mod create;
mod history;
mod hosts;
mod mine;

pub use codes::keys as draw_keys;
pub use create::{Created, NewRoom, Retry};
pub use history::CallsPage;
pub use hosts::{Brought, Standing};
pub use mine::MyCalls;
pub(super) use mine::seen_by_owner;

pub use crate::store::calls::{MadeRoom, MyCall, Person};

use super::caller::Caller;
use super::limits::Limits;
use crate::actors::directory::Directory;
use crate::fault::Fault;
use crate::room::command::{Asker, Command, SettingsPatch};
use crate::room::event::{Answer, Participant, RoomView};
use crate::room::ids::{PeerId, RoomId, UserId};
use crate::room::join::is_guessable;
use crate::room::permissions::{Rights, Role};
use crate::room::pins::Pins;
use crate::room::record::{ChatKind, Keys};
use crate::seal::sha256;
use crate::store::Store;
use std::sync::Arc;

/// What the operator decides of new rooms.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Whether people without an account may make rooms.
    pub guests_create: GuestsCreate,
    pub capacity: u32,
    pub capacity_max: u32,
    pub max_video: u32,
    pub chat: ChatKind,
    /// Draws the keys of a room; it draws again where one is taken.
    pub draw: fn() -> Keys,
}

/// `auth.guests_create`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GuestsCreate {
    Yes,
    No,
}

/// The use cases. Cheap to clone.
#[derive(Clone)]
pub struct Rooms(Arc<Inner>);

struct Inner {
    directory: Directory,
    store: Store,
    limits: Arc<Limits>,
    settings: Settings,
}

/// Which PINs to replace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhichPins {
    Participants,
    Viewers,
    Both,
}

/// A change of someone's role and rights, made in this order: role, grant, revoke.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StandingChange {
    pub role: Option<Role>,
    pub grant: Rights,
    pub revoke: Rights,
}

impl Rooms {
    pub fn new(directory: Directory, store: Store, limits: Arc<Limits>, settings: Settings) -> Self {
        Self(Arc::new(Inner { directory, store, limits, settings }))
    }

    pub fn limits(&self) -> &Limits {
        &self.0.limits
    }

    /// The room, as far as the caller may see it, and how many seats are taken.
    ///
    /// # Errors
    /// [`Fault::NoSuchRoom`] also where there is one, but not for this caller by this key; [`Fault::Ended`].
    pub async fn describe(&self, key: &str, caller: Caller) -> Result<(RoomView, u32), Fault> {
        let room = self.find(key, caller).await?;
        match self.look_at(room, caller).await {
            // another room's owner or a seat that is gone: still someone with the link
            Err(Fault::NoSuchRoom) if !is_guessable(key) => self.look_at_as(room, Asker::Anyone).await,
            answer => answer,
        }
    }

    /// Changes settings; gives the room as it is then.
    ///
    /// # Errors
    /// As the room judges; [`Fault::StaleVersion`] if the caller saw another version than the current one.
    pub async fn update(
        &self,
        key: &str,
        caller: Caller,
        patch: SettingsPatch,
    ) -> Result<(RoomView, u32), Fault> {
        let room = self.find(key, caller).await?;
        self.ask(room, caller, Command::Update(patch)).await?;
        self.look_at(room, caller).await
    }

    /// Ends the meeting for good.
    ///
    /// # Errors
    /// As the room judges.
    pub async fn end(&self, key: &str, caller: Caller) -> Result<(), Fault> {
        let room = self.find(key, caller).await?;
        self.ask(room, caller, Command::End).await.map(drop)
    }

    /// Replaces PINs by new random ones; gives both.
    ///
    /// # Errors
    /// As the room judges: only owners may.
    pub async fn rotate_pins(&self, key: &str, caller: Caller, which: WhichPins) -> Result<Pins, Fault> {
        let room = self.find(key, caller).await?;
        let pin = matches!(which, WhichPins::Participants | WhichPins::Both).then(codes::pin);
        let spin = matches!(which, WhichPins::Viewers | WhichPins::Both).then(codes::pin);
        match self.ask(room, caller, Command::RotatePins { pin, spin }).await? {
            Answer::Pins(pins) => Ok(pins),
            other => Err(unexpected(&other)),
        }
    }

    /// Makes a guest's room this account's; the owner secret opens nothing from then on.
    ///
    /// # Errors
    /// [`Fault::NoSuchRoom`] also where this is not its secret; [`Fault::Ended`], [`Fault::StorageUnavailable`].
    pub async fn claim(&self, key: &str, user: UserId, owner_secret: &str) -> Result<(RoomView, u32), Fault> {
        let room = self.0.directory.resolve(key).await?.ok_or(Fault::NoSuchRoom)?;
        let by_secret = Asker::OwnerSecret(sha256(owner_secret.as_bytes()));
        match self.ask_as(room, by_secret, Command::Claim { user }).await {
            // it may be theirs already: then a second claim changes nothing
            Err(Fault::NoSuchRoom) => self.ask_as(room, Asker::User(user), Command::Claim { user }).await?,
            answer => answer?,
        };
        self.look_at_as(room, Asker::User(user)).await
    }

    /// Everyone with a seat, in join order.
    ///
    /// # Errors
    /// [`Fault::NoSuchRoom`] for everyone but the owner and who holds a seat.
    pub async fn participants(&self, key: &str, caller: Caller) -> Result<Vec<Participant>, Fault> {
        let (_, people) = self.inside(key, caller).await?;
        Ok(people)
    }

    /// Changes what someone is and may; gives the person as they are then.
    ///
    /// # Errors
    /// As the room judges. What was done before a refusal stays.
    pub async fn change_participant(
        &self,
        key: &str,
        caller: Caller,
        peer: PeerId,
        change: StandingChange,
    ) -> Result<Participant, Fault> {
        let room = self.find(key, caller).await?;
        let StandingChange { role, grant, revoke } = change;
        let role = role.map(|role| Command::SetRole { peer: peer.clone(), role });
        let grant = (!grant.is_empty()).then(|| Command::Grant { peer: peer.clone(), rights: grant });
        let revoke = (!revoke.is_empty()).then(|| Command::Revoke { peer: peer.clone(), rights: revoke });
        let commands: Vec<_> = [role, grant, revoke].into_iter().flatten().collect();
        if commands.is_empty() {
            return Err(Fault::field("role", "say what to change: role, grant or revoke"));
        }
        for command in commands {
            self.ask(room, caller, command).await?;
        }
        let people = self.people(room, caller).await?;
        people.into_iter().find(|person| person.peer == peer).ok_or(Fault::NoSuchTarget)
    }

    /// Removes someone.
    ///
    /// # Errors
    /// As the room judges.
    pub async fn remove_participant(&self, key: &str, caller: Caller, peer: PeerId) -> Result<(), Fault> {
        let room = self.find(key, caller).await?;
        self.ask(room, caller, Command::Kick { peer }).await.map(drop)
    }

    /// The room of a key, for its owner: whoever sees its PINs.
    pub(super) async fn owned(&self, key: &str, caller: Caller) -> Result<RoomId, Fault> {
        let room = self.find(key, caller).await?;
        let (view, _) = self.look_at(room, caller).await?;
        view.pins.map(|_| room).ok_or(Fault::NoSuchRoom)
    }

    /// The room of a key, if the key opens it for this caller. A gid can be guessed: by it only the owner and who
    /// holds a seat find the room.
    async fn find(&self, key: &str, caller: Caller) -> Result<RoomId, Fault> {
        let room = self.0.directory.resolve(key).await?.ok_or(Fault::NoSuchRoom)?;
        if is_guessable(key) {
            self.people(room, caller).await?;
        }
        Ok(room)
    }

    /// The room of a key and its people, for the owner and who holds a seat; for everyone else there is none.
    async fn inside(&self, key: &str, caller: Caller) -> Result<(RoomId, Vec<Participant>), Fault> {
        let room = self.0.directory.resolve(key).await?.ok_or(Fault::NoSuchRoom)?;
        Ok((room, self.people(room, caller).await?))
    }

    async fn people(&self, room: RoomId, caller: Caller) -> Result<Vec<Participant>, Fault> {
        match self.ask(room, caller, Command::Participants).await? {
            Answer::Participants(people) => Ok(people),
            other => Err(unexpected(&other)),
        }
    }

    async fn look_at(&self, room: RoomId, caller: Caller) -> Result<(RoomView, u32), Fault> {
        self.look_at_as(room, caller.asker(room)).await
    }

    async fn look_at_as(&self, room: RoomId, asker: Asker) -> Result<(RoomView, u32), Fault> {
        match self.ask_as(room, asker, Command::Describe).await? {
            Answer::Room { room, people } => Ok((*room, people)),
            other => Err(unexpected(&other)),
        }
    }

    /// Asks the room itself. What isn't there for the caller looks like a room that isn't there.
    async fn ask(&self, room: RoomId, caller: Caller, command: Command) -> Result<Answer, Fault> {
        self.ask_as(room, caller.asker(room), command).await
    }

    async fn ask_as(&self, room: RoomId, asker: Asker, command: Command) -> Result<Answer, Fault> {
        let answer = self.0.directory.ask(room, asker, command).await;
        answer.map_err(|fault| if fault == Fault::NotFound { Fault::NoSuchRoom } else { fault })
    }
}

impl std::fmt::Debug for Rooms {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Rooms")
    }
}

/// The room answered another question than was asked.
fn unexpected(answer: &Answer) -> Fault {
    tracing::error!(answer = std::any::type_name_of_val(answer), "a room gave an answer of another kind");
    Fault::Internal
}
