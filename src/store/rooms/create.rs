//! Makes a room with all its keys, and remembers the answer for a retry, in one transaction.
use super::super::idempotency::{self, Begun, Claim, Kept};
use super::super::sealed::{hex, seal_pins};
use super::super::{Store, StoreError, rows, within};
use super::kinds;
use crate::room::ids::{Millis, RoomId};
use crate::room::pins::Pins;
use crate::room::record::{ChatKind, Keys, Owner, Settings, System};
use convene_entity::{room, room_key};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait};

/// Everything a room begins with; ids, keys, secrets and PINs are drawn by whoever asks.
#[derive(Debug, Clone)]
pub struct NewRoom {
    pub id: RoomId,
    pub keys: Keys,
    pub owner: Owner,
    pub settings: Settings,
    pub chat: ChatKind,
    pub pins: Pins,
    pub needs_pin: bool,
    /// On whose face it is made.
    pub system: System,
    pub expiry: Expiry,
    pub created_at: Millis,
}

/// Whether a room goes by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expiry {
    /// Made by a guest: goes a while after its last use, as the operator decided for all of them.
    AfterLastUse,
    /// Goes so many ms after its last use.
    Unused(i64),
    Never,
}

/// What became of the wish for a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Created {
    Made,
    /// The same request was answered before; this is what it got.
    Replayed(Kept),
}

/// Why no room was made.
#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    /// One of the keys belongs to another room: draw new ones and ask again.
    #[error("one of the room's keys is taken")]
    KeyTaken,
    /// The idempotency key was used with another request.
    #[error("the idempotency key was used with another request")]
    Conflict,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes the room. With a claim, the same request is answered with what the first one got, `kept`.
pub async fn create(
    store: &Store,
    new: &NewRoom,
    once: Option<(&Claim, &Kept)>,
) -> Result<Created, CreateError> {
    let transaction = store.begin().await?;
    if let Some((claim, kept)) = once {
        match idempotency::begin(store, &transaction, claim, kept).await? {
            Begun::Fresh => {}
            Begun::Before(kept) => return Ok(Created::Replayed(kept)),
            Begun::Conflict => return Err(CreateError::Conflict),
        }
    }
    within(room::Entity::insert(row_of(store, new)).exec_without_returning(&transaction)).await?;
    insert_keys(&transaction, new).await?;
    within(transaction.commit()).await?;
    Ok(Created::Made)
}

async fn insert_keys(transaction: &DatabaseTransaction, new: &NewRoom) -> Result<(), CreateError> {
    let keys = kinds(&new.keys).map(|(kind, key)| room_key::ActiveModel {
        key: Set(key),
        kind: Set(kind.to_owned()),
        room_id: Set(new.id.to_string()),
    });
    match within(room_key::Entity::insert_many(keys).exec_without_returning(transaction)).await {
        Ok(_) => Ok(()),
        Err(StoreError::Row(_)) => Err(CreateError::KeyTaken),
        Err(other) => Err(other.into()),
    }
}

fn row_of(store: &Store, new: &NewRoom) -> room::ActiveModel {
    let settings = &new.settings;
    room::ActiveModel {
        id: Set(new.id.to_string()),
        name: Set(settings.name.to_string()),
        capacity: Set(rows::count(settings.capacity)),
        max_video: Set(rows::count(settings.max_video)),
        locked: Set(settings.locked),
        audio: Set(settings.audio),
        video: Set(settings.video),
        screen: Set(settings.screen),
        chat_on: Set(settings.chat),
        spotlight: Set(settings.spotlight.as_ref().map(|peer| peer.to_string())),
        version: Set(0),
        chat_kind: Set(rows::chat_word(new.chat).to_owned()),
        needs_pin: Set(new.needs_pin),
        pins: Set(seal_pins(&store.keys, new.id, &new.pins)),
        owner_hash: Set(new.owner.secret.map(|secret| hex(&secret)).unwrap_or_default()),
        expires: Set(new.expiry != Expiry::Never),
        expire_ms: Set(match new.expiry {
            Expiry::Unused(ms) => Some(ms),
            Expiry::AfterLastUse | Expiry::Never => None,
        }),
        face: Set(Some(new.system.word().to_owned())),
        created_at: Set(new.created_at.0),
        last_used_at: Set(new.created_at.0),
        ended_at: Set(None),
        owner_user: Set(new.owner.account.map(|user| user.to_string())),
    }
}
