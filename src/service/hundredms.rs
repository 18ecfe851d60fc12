//! Rooms and tokens for apps that were made for a 100ms backend: made, signed for, listed with who is there.
mod list;
mod roles;
mod upstream;

pub use list::Overview;
pub use roles::Roles;
pub use upstream::{NotUsable, Upstream};

use super::caller::Caller;
use super::rooms::{NewRoom, Rooms};
use super::scopes::Scope;
use crate::actors::Clock;
use crate::actors::directory::Directory;
use crate::auth::app_token::{AppToken, AppTokens, app_id, is_role, is_user, new_id};
use crate::fault::Fault;
use crate::room::event::RoomView;
use crate::room::ids::{Millis, RoomId};
use crate::room::join::is_guessable;
use crate::room::record::System;
use crate::seal::{KeyRing, random_bytes};
use crate::store::{Store, rooms as stored};
use serde_json::{Map, Value};
use std::net::IpAddr;
use std::sync::Arc;
use uuid::Uuid;

/// The right that a caller without it lacks.
const WRITE: Fault = Fault::Forbidden { right: Scope::RoomsWrite.word() };

/// What the operator decides, `dialects.hundredms.*`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    pub mode: Mode,
    pub list: List,
    /// How long a token lets someone enter.
    pub token_ms: i64,
    /// How long guests' rooms stay unused.
    pub guests_ms: i64,
    /// Rooms that the list shows.
    pub listed: u64,
}

/// Who gets which token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Anyone any role, in rooms made here.
    Open,
    /// A stranger gets no role that runs a room: it is made a guest's.
    Role,
    /// Nothing without a credential.
    Strict,
}

/// What the list shows whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// Everyone all rooms made here; in strict mode as [`List::Own`].
    All,
    /// Accounts and API keys their own rooms, others nothing.
    Own,
}

/// Whose tokens are good here, and what their roles mean.
#[derive(Debug)]
pub struct App {
    pub tokens: AppTokens,
    pub roles: Roles,
    pub ids: Ids,
}

/// What a room object names beside the room: the same for all of this installation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ids {
    pub customer: String,
    pub app: String,
    pub template: String,
}

impl Ids {
    pub fn of(ring: &KeyRing) -> Self {
        let id = |what| app_id(ring, what);
        Self { customer: id("customer"), app: id("app"), template: id("template") }
    }
}

/// A room that was made.
#[derive(Debug, Clone)]
pub struct Made {
    /// 24 hex digits.
    pub id: String,
    pub name: String,
    pub capacity: u32,
    pub created_at: Millis,
    /// By it a stranger is the room's maker later on. None if an account owns the room, or it was there before.
    pub creator_secret: Option<String>,
    /// The room object of the API where it was made too.
    pub upstream: Option<Map<String, Value>>,
}

/// What a token is to say.
#[derive(Debug, Clone, Default)]
pub struct TokenWish {
    pub role: Option<String>,
    pub user: Option<String>,
}

/// What the use cases work with.
pub struct Parts {
    pub rooms: Rooms,
    pub directory: Directory,
    pub store: Store,
    pub clock: Clock,
    pub app: Arc<App>,
    pub settings: Settings,
    pub upstream: Option<Upstream>,
}

/// The use cases. Cheap to clone.
#[derive(Clone)]
pub struct HundredMs(Arc<Parts>);

impl HundredMs {
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    pub fn rooms(&self) -> &Rooms {
        &self.0.rooms
    }

    pub fn mode(&self) -> Mode {
        self.0.settings.mode
    }

    pub fn ids(&self) -> &Ids {
        &self.0.app.ids
    }

    /// Makes a room, a new one with each call.
    ///
    /// # Errors
    /// [`Fault::InvalidField`], [`Fault::Unauthenticated`] in strict mode, [`Fault::Unavailable`] if the other API gives
    /// none; as [`Rooms::create`].
    pub async fn create(&self, caller: Caller, name: Option<String>, from: IpAddr) -> Result<Made, Fault> {
        if self.mode() == Mode::Strict {
            shown(caller, Scope::RoomsWrite)?;
            if name.is_none() {
                return Err(Fault::field("roomName", "is required"));
            }
        }
        let name = name.unwrap_or_else(invented);
        let upstream = match &self.0.upstream {
            Some(upstream) => {
                let token = self.0.app.tokens.sign_management(self.0.clock.now())?;
                Some(upstream.create(&token, &name).await?)
            }
            None => None,
        };
        let given = upstream.as_ref().map(|room| room.id.clone());
        let wish = NewRoom {
            name: Some(name.clone()),
            system: System::HundredMs,
            hundredms: given.clone(),
            ..NewRoom::default()
        };
        let upstream = upstream.map(|room| room.object);
        let made = match self.0.rooms.create(caller, wish, from, None).await {
            Ok(made) => made,
            // the other API gave a room that it had, and so we have it too
            Err(Fault::NameTaken) if given.is_some() => {
                let (id, at) = (given.unwrap_or_default(), self.0.clock.now());
                return Ok(Made { id, name, capacity: 0, created_at: at, creator_secret: None, upstream });
            }
            Err(fault) => return Err(fault),
        };
        let id = made.room.keys.as_ref().map(|keys| keys.hundredms.to_string()).ok_or(Fault::Internal)?;
        Ok(Made {
            id,
            name: made.room.settings.name.to_string(),
            capacity: made.room.settings.capacity,
            created_at: made.room.created_at,
            creator_secret: made.owner_secret,
            upstream,
        })
    }

    /// Signs a token for the room of that key.
    ///
    /// # Errors
    /// [`Fault::NoSuchRoom`], [`Fault::Ended`], [`Fault::InvalidField`]; [`Fault::Unauthenticated`] and
    /// [`Fault::Forbidden`] in strict mode, and where the room asks for a PIN.
    pub async fn token(&self, caller: Caller, key: &str, wish: TokenWish) -> Result<String, Fault> {
        if self.mode() == Mode::Strict {
            shown(caller, Scope::RoomsWrite)?;
        }
        let roles = &self.0.app.roles;
        let role = wish.role.unwrap_or_else(|| roles.guest.clone());
        if !is_role(&role) {
            return Err(Fault::field("role", "must be 1 to 64 letters, digits, '-' or '_'"));
        }
        let user = wish.user.unwrap_or_else(|| Uuid::new_v4().to_string());
        if !is_user(&user) {
            return Err(Fault::field(
                "userId",
                "must be 1 to 128 printable ASCII characters, none of > ~ ?, and not begin with p_",
            ));
        }
        let room = self.look_at(caller, key).await?;
        let is_owner = room.as_ref().is_some_and(|room| room.pins.is_some()) && caller.has(Scope::RoomsWrite);
        if !is_owner && self.mode() == Mode::Strict {
            return Err(WRITE);
        }
        if !is_owner && room.as_ref().is_some_and(|room| room.needs_pin) {
            return Err(Fault::Forbidden { right: "join" });
        }
        let may =
            is_owner || !roles.run_rooms(&role) || self.is_open(room.as_ref().map(|room| room.id)).await?;
        let role = if may {
            role
        } else {
            tracing::info!(asked = role, given = roles.guest, "a stranger asked for a role that runs a room");
            roles.guest.clone()
        };
        let now = self.0.clock.now();
        let issued = Millis(now.0.div_euclid(1_000) * 1_000);
        self.0.app.tokens.sign(&AppToken {
            room: key.to_owned(),
            user,
            role: Some(role),
            jti: new_id(now),
            key: caller.key(),
            issued,
            until: issued.plus(self.0.settings.token_ms),
        })
    }

    /// What a token says that came along with a `join`, whether it opens the room or not.
    ///
    /// # Errors
    /// [`Fault::TokenInvalid`]
    pub fn read(&self, token: &str) -> Result<AppToken, Fault> {
        self.0.app.tokens.verify(token, self.0.clock.now())
    }

    /// The room; in open mode there may be none.
    async fn look_at(&self, caller: Caller, key: &str) -> Result<Option<RoomView>, Fault> {
        let found = if is_guessable(key) {
            Err(Fault::NoSuchRoom) // a number opens nothing by itself
        } else {
            self.0.rooms.describe(key, caller).await.map(|(room, _)| room)
        };
        match found {
            Ok(room) => Ok(Some(room)),
            Err(Fault::NoSuchRoom | Fault::Ended) if self.mode() == Mode::Open => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    /// Whether anyone gets any role there: what was made elsewhere is nobody's to open.
    async fn is_open(&self, room: Option<RoomId>) -> Result<bool, Fault> {
        match (self.mode(), room) {
            (Mode::Role | Mode::Strict, _) => Ok(false),
            (Mode::Open, None) => Ok(true), // it opens nothing
            (Mode::Open, Some(room)) => {
                let face = stored::made_on(&self.0.store, room).await?;
                Ok(face.as_deref() == Some(System::HundredMs.word()))
            }
        }
    }
}

impl std::fmt::Debug for HundredMs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HundredMs")
    }
}

/// A credential that may do this.
fn shown(caller: Caller, scope: Scope) -> Result<(), Fault> {
    match caller {
        Caller::Nobody => Err(Fault::Unauthenticated),
        _ if !caller.has(scope) => Err(Fault::Forbidden { right: scope.word() }),
        _ => Ok(()),
    }
}

/// A name for a room that was given none.
fn invented() -> String {
    let digits: String = random_bytes::<4>().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("room-{digits}")
}
