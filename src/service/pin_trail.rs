//! Wrong PINs of the life before: they count on for as long as they would have, so that no restart gives guesses back.
use super::gate::{PinGuesses, WITHIN};
use super::limits::Source;
use crate::room::ids::{Millis, RoomId};
use crate::seal::{KeyRing, Purpose};
use crate::store::sent;
use crate::store::{Store, StoreError};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Handle;

/// What is counted, in the table of budgets.
const KIND: &str = "pin";

/// What is known of before, and where wrong PINs of this life are kept for the next one.
pub struct PinTrail {
    store: Store,
    ring: Arc<KeyRing>,
    /// By keyed hash of room, and of source and room; the oldest first.
    before: HashMap<String, Vec<Millis>>,
}

impl PinTrail {
    /// Reads what may still count.
    ///
    /// # Errors
    /// When the database doesn't answer.
    pub async fn load(store: Store, ring: Arc<KeyRing>, now: Millis) -> Result<Self, StoreError> {
        let mut before: HashMap<String, Vec<Millis>> = HashMap::new();
        for (target, at) in sent::since(&store, KIND, now.plus(-within_ms())).await? {
            before.entry(target).or_default().push(at);
        }
        Ok(Self { store, ring, before })
    }

    /// How many guesses of before still count, of this source at this room and of all at it; and how long until the first
    /// of those goes.
    pub(super) fn before(&self, source: Source, room: RoomId, now: Millis) -> Before {
        if self.before.is_empty() {
            return Before::default();
        }
        let [room, pair] = self.targets(source, room);
        let count = |target: &str| {
            let moments = self.before.get(target).map_or(&[][..], Vec::as_slice);
            let first = moments.partition_point(|at| at.plus(within_ms()) <= now);
            (moments.len() - first, moments.get(first).map(|at| at.plus(within_ms()).since(now)))
        };
        let ((pair, pair_wait), (room, room_wait)) = (count(&pair), count(&room));
        Before { pair, room, wait_ms: pair_wait.max(room_wait).unwrap_or_default() }
    }

    /// Keeps a wrong guess, behind the back of whoever made it.
    fn keep(&self, source: Source, room: RoomId, now: Millis) {
        let Ok(runtime) = Handle::try_current() else { return };
        let (store, targets) = (self.store.clone(), self.targets(source, room));
        runtime.spawn(async move {
            if let Err(error) = sent::note(&store, now, KIND, &targets).await {
                tracing::debug!(%error, "a wrong PIN is not kept over a restart");
            }
        });
    }

    fn targets(&self, source: Source, room: RoomId) -> [String; 2] {
        let hash = |parts: &[&[u8]]| -> String {
            self.ring.derive(Purpose::Target, parts).iter().map(|byte| format!("{byte:02x}")).collect()
        };
        let from = source.to_string();
        [hash(&[b"pin", room.0.as_bytes()]), hash(&[b"pin", room.0.as_bytes(), from.as_bytes()])]
    }
}

/// Guesses of the life before that still count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Before {
    pair: usize,
    room: usize,
    wait_ms: i64,
}

impl Before {
    /// How long to wait, if together with those of this life a budget is used up.
    pub(super) fn wait(self, now: (usize, usize), pins: PinGuesses) -> Option<Duration> {
        let is_used_up = (self.pair > 0 && self.pair + now.0 >= pins.per_source)
            || (self.room > 0 && self.room + now.1 >= pins.per_room);
        is_used_up.then(|| Duration::from_millis(self.wait_ms.max(1).unsigned_abs()))
    }
}

/// Dropped without having been right, a guess is kept.
pub(super) struct Keeping {
    kept: Option<(Arc<PinTrail>, Source, RoomId, Millis)>,
}

impl Keeping {
    pub(super) fn new(trail: Arc<PinTrail>, source: Source, room: RoomId, now: Millis) -> Self {
        Self { kept: Some((trail, source, room, now)) }
    }

    pub(super) fn right(mut self) {
        self.kept = None;
    }
}

impl Drop for Keeping {
    fn drop(&mut self) {
        if let Some((trail, source, room, now)) = self.kept.take() {
            trail.keep(source, room, now);
        }
    }
}

impl std::fmt::Debug for PinTrail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PinTrail")
    }
}

fn within_ms() -> i64 {
    i64::try_from(WITHIN.as_millis()).unwrap_or(i64::MAX)
}
