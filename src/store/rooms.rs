//! Rooms: made with all their keys, found by any of them, loaded whole.
mod create;
mod expire;
mod face;
mod list;
mod load;

pub use create::{CreateError, Created, Expiry, NewRoom, create};
pub use expire::{Unused, expire};
pub use face::{Goes, Listed, made_on, of_face};
pub use list::{Cursor, Page, Whose, codes_of, list, owned_by};
pub use load::{load, record};

pub(super) use load::{keys_of, record_of};

use super::rows;
use super::{Store, StoreError, within};
use crate::room::ids::RoomId;
use crate::room::record::Keys;
use convene_entity::room_key;
use sea_orm::EntityTrait;

/// Longer texts are no key of any system.
const LONGEST_KEY: usize = 64;

/// The room that has this key, of whatever system; compared byte by byte.
pub async fn find_by_key(store: &Store, key: &str) -> Result<Option<RoomId>, StoreError> {
    if key.is_empty() || key.len() > LONGEST_KEY || key.contains('\0') {
        return Ok(None);
    }
    let row = within(room_key::Entity::find_by_id(key).one(&store.read)).await?;
    row.map(|row| rows::id("room_key", &row.room_id)).transpose()
}

/// The keys with the words that name their kinds.
fn kinds(keys: &Keys) -> [(&'static str, String); 4] {
    [
        ("native", keys.native.to_string()),
        ("meet", keys.meet.to_string()),
        ("mesibo", keys.mesibo.to_string()),
        ("hundredms", keys.hundredms.to_string()),
    ]
}
