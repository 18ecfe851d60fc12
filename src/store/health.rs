//! Whether the database answers and would take a write.
use super::{Store, StoreError, within};
use sea_orm::ConnectionTrait;

/// One round trip on the connection that writes.
pub async fn ping(store: &Store) -> Result<(), StoreError> {
    within(store.write.execute_unprepared("SELECT 1")).await.map(drop)
}
