//! Whose pictures are which: an account's lie side by side, under a keyed hash that is told to nobody who doesn't see them.
use super::pictures::Pictures;
use crate::room::ids::UserId;
use crate::seal::{KeyRing, Purpose};
use std::io;
use std::sync::Arc;

/// The pictures of all accounts. Cheap to clone.
#[derive(Clone)]
pub struct Albums {
    pictures: Pictures,
    ring: Arc<KeyRing>,
}

impl Albums {
    pub fn new(pictures: Pictures, ring: Arc<KeyRing>) -> Self {
        Self { pictures, ring }
    }

    pub fn pictures(&self) -> &Pictures {
        &self.pictures
    }

    /// What the names of this account's files begin with.
    pub(super) fn tag(&self, user: UserId) -> String {
        let hash = self.ring.derive(Purpose::Pictures, &[user.0.as_bytes()]);
        hash[..8].iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Deletes all of an account that goes.
    ///
    /// # Errors
    /// Of the file system; what is left goes with the next try.
    pub async fn forget(&self, user: UserId) -> io::Result<()> {
        self.pictures.remove_all(&self.tag(user)).await
    }
}

impl std::fmt::Debug for Albums {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Albums")
    }
}
