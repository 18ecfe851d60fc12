//! Making a room: keys, PINs and the owner secret are drawn, all is kept in one transaction, a retry makes no second one.
use super::{GuestsCreate, Rooms, codes};
use crate::fault::Fault;
use crate::room::command::{Asker, SettingsPatch};
use crate::room::event::RoomView;
use crate::room::ids::{Millis, No, RoomId, UserId};
use crate::room::record::{ChatKind, Keys, Owner, Settings, System};
use crate::room::settings;
use crate::seal::sha256;
use crate::service::caller::{Caller, KeyHolder, SignedIn};
use crate::service::scopes::Scope;
use crate::store::idempotency::{self, Begun, Claim, Kept};
use crate::store::rooms::{self as stored, CreateError, Expiry};
use std::net::IpAddr;
use std::sync::Arc;
use uuid::Uuid;

/// Idempotency keys of other requests than this say nothing here.
const SCOPE: &str = "POST /v1/rooms";
/// The right that a key without the scope lacks.
const WRITE: Fault = Fault::Forbidden { right: Scope::RoomsWrite.word() };
/// Draws of keys before giving up; of 47 random bits one is enough.
const DRAWS: usize = 5;
/// Characters of a room's name in the 100ms system.
const TITLE_CHARS: usize = 200;
/// What a room is called if nobody says.
const DEFAULT_NAME: &str = "Meeting";

/// A wish for a room; what is `None` is as the operator decided.
#[derive(Debug, Clone, Default)]
pub struct NewRoom {
    pub name: Option<String>,
    pub capacity: Option<u32>,
    pub max_video: Option<u32>,
    pub chat: Option<ChatKind>,
    pub needs_pin: bool,
    pub audio: Option<bool>,
    pub video: Option<bool>,
    pub screen: Option<bool>,
    pub chat_on: Option<bool>,
    /// On whose face it is made.
    pub system: System,
    /// The native code, if the client brings its own.
    pub code: Option<String>,
    /// The 100ms id, if one was given elsewhere.
    pub hundredms: Option<String>,
    /// After how many ms without use it goes; `None` is as for all rooms of its maker.
    pub unused_ms: Option<i64>,
}

/// A room that was made.
#[derive(Debug, Clone)]
pub struct Created {
    /// As its owner sees it.
    pub room: RoomView,
    /// `cvo_…`; only its hash is kept. A room that belongs to an account has none.
    pub owner_secret: Option<String>,
}

/// A request that may come again.
#[derive(Debug, Clone)]
pub struct Retry(Claim);

impl Retry {
    /// The client's key, and the request's body, which must be the same in a retry. Another asker's key says nothing here.
    pub fn new(caller: Caller, key: &str, body: &[u8]) -> Self {
        let scope = match caller {
            Caller::User(SignedIn { user, .. }) => format!("{SCOPE} {user}"),
            Caller::Key(KeyHolder { key, .. }) => format!("{SCOPE} {key}"),
            Caller::Nobody | Caller::Owner(_) | Caller::Seat(_) => SCOPE.to_owned(),
        };
        Self(Claim::new(scope, key, body, now()))
    }
}

/// Who a new room will belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Maker {
    /// Whoever has the secret; the room goes a while after its last use.
    Guest,
    Account(UserId),
    /// Whoever has the secret; the room stays.
    Operator,
}

impl Rooms {
    /// Makes a room for whoever asks from this address.
    ///
    /// # Errors
    /// [`Fault::Unauthenticated`] if guests may not, [`Fault::Forbidden`] for a key without the scope,
    /// [`Fault::RateLimited`], [`Fault::InvalidField`], [`Fault::NameTaken`] for a code that another room has,
    /// [`Fault::IdempotencyConflict`] if the key came with another
    /// request, [`Fault::StorageUnavailable`].
    pub async fn create(
        &self,
        caller: Caller,
        wish: NewRoom,
        from: IpAddr,
        retry: Option<Retry>,
    ) -> Result<Created, Fault> {
        let maker = self.maker(caller)?;
        let settings = self.settings_of(&wish)?;
        let brought = wish.code.as_deref().map(codes::brought).transpose()?;
        let given = wish.hundredms.as_deref().map(codes::given).transpose()?;
        let chat = wish.chat.unwrap_or(self.0.settings.chat);
        if let Some(kept) = self.answered_before(retry.as_ref()).await? {
            return self.again(&kept, maker).await;
        }
        self.0.limits.new_room(from)?;
        if let Maker::Account(user) = maker {
            self.0.limits.new_room_of(user, from)?;
        }
        for _ in 0..DRAWS {
            let owner_secret = match maker {
                Maker::Guest | Maker::Operator => Some(codes::owner_secret()),
                Maker::Account(_) => None,
            };
            let new = stored::NewRoom {
                id: RoomId(Uuid::new_v4()),
                keys: {
                    let Keys { native, meet, mesibo, hundredms } = (self.0.settings.draw)();
                    let (native, hundredms) =
                        (brought.clone().unwrap_or(native), given.clone().unwrap_or(hundredms));
                    Keys { native, meet, mesibo, hundredms }
                },
                owner: owner(maker, owner_secret.as_deref()),
                settings: settings.clone(),
                chat,
                pins: codes::pins(),
                needs_pin: wish.needs_pin,
                system: wish.system,
                expiry: match (wish.unused_ms, maker) {
                    (Some(ms), _) => Expiry::Unused(ms),
                    (None, Maker::Guest) => Expiry::AfterLastUse,
                    (None, Maker::Account(_) | Maker::Operator) => Expiry::Never,
                },
                created_at: now(),
            };
            let kept = Kept {
                status: 201,
                resource: new.id.to_string(),
                secret: owner_secret.clone().map(String::into_bytes),
            };
            let once = retry.as_ref().map(|retry| (&retry.0, &kept));
            match stored::create(&self.0.store, &new, once).await {
                Ok(stored::Created::Made) => return Ok(Created { room: view(new), owner_secret }),
                Ok(stored::Created::Replayed(kept)) => return self.again(&kept, maker).await,
                Err(CreateError::KeyTaken) => {
                    // the others are drawn anew
                    self.is_free(brought.as_deref()).await?;
                    self.is_free(given.as_deref()).await?;
                }
                Err(CreateError::Conflict) => return Err(Fault::IdempotencyConflict),
                Err(CreateError::Store(error)) => return Err(away(&error)),
            }
        }
        tracing::error!(draws = DRAWS, "no free keys were found for a room");
        Err(Fault::Unavailable)
    }

    async fn is_free(&self, code: Option<&str>) -> Result<(), Fault> {
        let Some(code) = code else { return Ok(()) };
        match stored::find_by_key(&self.0.store, code).await.map_err(|error| away(&error))? {
            Some(_) => Err(Fault::NameTaken),
            None => Ok(()),
        }
    }

    fn maker(&self, caller: Caller) -> Result<Maker, Fault> {
        match caller {
            Caller::User(SignedIn { user, .. }) => Ok(Maker::Account(user)),
            Caller::Key(key) if !key.scopes.has(Scope::RoomsWrite) => Err(WRITE),
            Caller::Key(KeyHolder { owner, .. }) => Ok(owner.map_or(Maker::Operator, Maker::Account)),
            Caller::Nobody | Caller::Owner(_) | Caller::Seat(_) => match self.0.settings.guests_create {
                GuestsCreate::Yes => Ok(Maker::Guest),
                GuestsCreate::No => Err(Fault::Unauthenticated),
            },
        }
    }

    /// By the room's own rules.
    fn settings_of(&self, wish: &NewRoom) -> Result<Settings, Fault> {
        let given = &self.0.settings;
        let capacity = wish.capacity.unwrap_or(given.capacity);
        let max_video = wish.max_video.unwrap_or(given.max_video);
        let name: Arc<str> = wish.name.as_deref().unwrap_or(DEFAULT_NAME).into();
        let has_long_title = wish.system == System::HundredMs;
        if has_long_title {
            settings::check_title(&name, TITLE_CHARS)?;
        }
        let mut asked = SettingsPatch {
            name: (!has_long_title).then(|| name.clone()),
            capacity: Some(capacity),
            max_video: Some(max_video),
            ..SettingsPatch::default()
        };
        settings::check(&mut asked, given.capacity_max)?;
        Ok(Settings {
            name: asked.name.unwrap_or(name),
            capacity,
            max_video,
            locked: false,
            audio: wish.audio.unwrap_or(true),
            video: wish.video.unwrap_or(true),
            screen: wish.screen.unwrap_or(true),
            chat: wish.chat_on.unwrap_or(true),
            spotlight: None,
        })
    }

    /// A retry is answered before it costs anything.
    async fn answered_before(&self, retry: Option<&Retry>) -> Result<Option<Kept>, Fault> {
        let Some(Retry(claim)) = retry else { return Ok(None) };
        match idempotency::look(&self.0.store, claim).await.map_err(|error| away(&error))? {
            Begun::Fresh => Ok(None),
            Begun::Before(kept) => Ok(Some(kept)),
            Begun::Conflict => Err(Fault::IdempotencyConflict),
        }
    }

    /// The first answer, rendered anew from the room as it is.
    async fn again(&self, kept: &Kept, maker: Maker) -> Result<Created, Fault> {
        let owner_secret = kept.secret.clone().and_then(|secret| String::from_utf8(secret).ok());
        let asker = match (maker, &owner_secret) {
            (Maker::Account(user), _) => Some(Asker::User(user)),
            (Maker::Guest | Maker::Operator, Some(secret)) => {
                Some(Asker::OwnerSecret(sha256(secret.as_bytes())))
            }
            (Maker::Guest | Maker::Operator, None) => None,
        };
        let (Some(asker), Ok(room)) = (asker, kept.resource.parse()) else {
            tracing::error!("a kept answer can't be read");
            return Err(Fault::Internal);
        };
        let (room, _) = self.look_at_as(room, asker).await?;
        Ok(Created { room, owner_secret })
    }
}

fn owner(maker: Maker, secret: Option<&str>) -> Owner {
    match maker {
        Maker::Account(user) => Owner::from(user),
        Maker::Guest | Maker::Operator => {
            Owner { secret: secret.map(|secret| sha256(secret.as_bytes())), account: None }
        }
    }
}

/// As the owner sees it.
fn view(new: stored::NewRoom) -> RoomView {
    RoomView {
        id: new.id,
        code: new.keys.native.clone(),
        settings: new.settings,
        chat: new.chat,
        version: No(0),
        created_at: new.created_at,
        needs_pin: new.needs_pin,
        keys: Some(new.keys),
        pins: Some(new.pins),
    }
}

fn away(error: &crate::store::StoreError) -> Fault {
    tracing::warn!(%error, "no room could be made");
    error.fault()
}

/// The wall clock, for rows.
fn now() -> Millis {
    Millis(jiff::Timestamp::now().as_millisecond())
}
