//! Whom people have in their address books, and what everybody shows to those who have their number.
use super::accounts::Visit;
use super::albums::Albums;
use super::caller::SignedIn;
use super::limits::too_fast;
use super::pictures::Pictures;
use crate::fault::Fault;
use crate::room::ids::{Millis, UserId};
use crate::seal::{KeyRing, Purpose};
use crate::store::cards::{self, CardChange, Photo};
use crate::store::sent::{self, Budget, Taken, Window};
use crate::store::{Store, StoreError};
use std::sync::Arc;
use std::time::Duration;

pub use crate::store::cards::{Card, Found};

/// Numbers that one call may bring; the rest of it is passed over.
pub const MOST_NUMBERS: usize = 1_000;
/// Users that one answer to a synchronisation holds.
const MOST_FOUND: usize = 1_000;
/// Bytes of a status that are kept.
const STATUS_CHARS: usize = 256;
/// Pictures that one account may give in a day.
const PICTURES_A_DAY: u64 = 50;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// The use cases. Cheap to clone.
#[derive(Clone)]
pub struct Contacts {
    store: Store,
    ring: Arc<KeyRing>,
    albums: Albums,
    /// New numbers that one account may look up in a day.
    per_day: u64,
}

/// What to do with one's picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// It is shown to those who have one's number.
    Shown,
    /// It lies there for whoever is told its name.
    Kept,
}

impl Contacts {
    pub fn new(store: Store, ring: Arc<KeyRing>, albums: Albums, per_day: u64) -> Self {
        Self { store, ring, albums, per_day }
    }

    pub fn pictures(&self) -> &Pictures {
        self.albums.pictures()
    }

    /// What somebody shows.
    ///
    /// # Errors
    /// [`Fault::StorageUnavailable`]
    pub async fn card(&self, user: UserId) -> Result<Card, Fault> {
        cards::find(&self.store, user).await.map_err(away)
    }

    /// Puts numbers into one's book; gives those that are somebody's here, in the order they came.
    ///
    /// # Errors
    /// [`Fault::StorageUnavailable`]
    pub async fn look_up(&self, who: SignedIn, numbers: &[String]) -> Result<Vec<Found>, Fault> {
        let numbers = &numbers[..numbers.len().min(MOST_NUMBERS)];
        cards::look_up(&self.store, who.user, numbers, self.per_day, now()).await.map_err(away)
    }

    /// Those in one's book who came or changed since then.
    ///
    /// # Errors
    /// [`Fault::StorageUnavailable`]
    pub async fn since(&self, who: SignedIn, since: Millis) -> Result<Vec<Found>, Fault> {
        cards::since(&self.store, who.user, since, MOST_FOUND).await.map_err(away)
    }

    /// Takes numbers out of one's book.
    ///
    /// # Errors
    /// [`Fault::StorageUnavailable`]
    pub async fn forget(&self, who: SignedIn, numbers: &[String]) -> Result<(), Fault> {
        let numbers = &numbers[..numbers.len().min(MOST_NUMBERS)];
        cards::forget(&self.store, who.user, numbers).await.map_err(away)
    }

    /// Empties one's book.
    ///
    /// # Errors
    /// [`Fault::StorageUnavailable`]
    pub async fn forget_all(&self, who: SignedIn) -> Result<(), Fault> {
        cards::forget_all(&self.store, who.user).await.map_err(away)
    }

    /// Says something of oneself; control characters and what is too long are left out.
    ///
    /// # Errors
    /// [`Fault::StorageUnavailable`]
    pub async fn say(&self, who: SignedIn, status: &str) -> Result<(), Fault> {
        let status = status.chars().filter(|c| !c.is_control()).take(STATUS_CHARS).collect();
        let change = CardChange { status: Some(status), photo: None };
        cards::change(&self.store, who.user, &change, now()).await.map(drop).map_err(away)
    }

    /// Notes that something about somebody changed, so that others hear of it at their next synchronisation.
    ///
    /// # Errors
    /// [`Fault::StorageUnavailable`]
    pub async fn note(&self, who: SignedIn) -> Result<(), Fault> {
        cards::change(&self.store, who.user, &CardChange::default(), now()).await.map(drop).map_err(away)
    }

    /// Takes a picture; gives the name of its file. One that was shown before is gone then.
    ///
    /// # Errors
    /// [`Fault::UnsupportedMedia`] if it is no picture of a kind that is read, [`Fault::RateLimited`], [`Fault::Busy`],
    /// [`Fault::StorageUnavailable`].
    pub async fn take_picture(
        &self,
        who: SignedIn,
        bytes: Vec<u8>,
        used: Use,
        visit: &Visit,
    ) -> Result<String, Fault> {
        self.may_give(who.user).await?;
        let tag = self.albums.tag(who.user);
        let (file, thumbnail) = self.pictures().keep(&tag, bytes).await.inspect_err(|fault| {
            tracing::debug!(code = fault.code(), face = visit.system.word(), "a picture was not taken");
        })?;
        if used == Use::Shown {
            let photo = Some(Some(Photo { file: file.clone(), thumbnail }));
            let change = CardChange { status: None, photo };
            let before = cards::change(&self.store, who.user, &change, now()).await.map_err(away)?;
            self.drop_file(before).await;
        }
        Ok(file)
    }

    /// Takes away what is shown of oneself.
    ///
    /// # Errors
    /// [`Fault::StorageUnavailable`]
    pub async fn drop_picture(&self, who: SignedIn) -> Result<(), Fault> {
        let change = CardChange { status: None, photo: Some(None) };
        let before = cards::change(&self.store, who.user, &change, now()).await.map_err(away)?;
        self.drop_file(before).await;
        Ok(())
    }

    async fn drop_file(&self, before: Card) {
        if let Some(photo) = before.photo {
            self.pictures().remove(photo.file).await;
        }
    }

    async fn may_give(&self, user: UserId) -> Result<(), Fault> {
        let hash = self.ring.derive(Purpose::Target, &[b"picture", user.0.as_bytes()]);
        let budget = Budget {
            target_hash: hash.iter().map(|byte| format!("{byte:02x}")).collect(),
            kind: "picture",
            windows: vec![Window { ms: DAY_MS, most: PICTURES_A_DAY }],
        };
        match sent::take(&self.store, now(), &[budget]).await.map_err(away)? {
            Taken::Yes => Ok(()),
            Taken::UsedUp { retry_after_ms } => {
                Err(too_fast(Duration::from_millis(retry_after_ms.unsigned_abs())))
            }
        }
    }
}

impl std::fmt::Debug for Contacts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Contacts")
    }
}

fn away(error: StoreError) -> Fault {
    tracing::warn!(%error, "an address book could not be looked up or changed");
    error.fault()
}

/// The wall clock, for rows.
fn now() -> Millis {
    Millis(jiff::Timestamp::now().as_millisecond())
}
