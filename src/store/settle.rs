//! How a use case becomes one transaction: tried again when another was in its way, ended with its mail put beside it.
use super::outbox::{self, NewMessage};
use super::{Store, StoreError, within};
use sea_orm::DatabaseTransaction;
use std::future::Future;

/// How often a use case is tried when others are in its way.
const TRIES: usize = 6;

/// A message that leaves with a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mail {
    Sent(NewMessage),
    /// Costs the same work and is never sent: the address is nobody's.
    Blank(NewMessage),
}

/// Runs a use case until no other transaction is in its way. A row that is refused may be the fault of one that took a
/// name or address meanwhile: the next look sees that, and says what it means.
pub(super) async fn settle<T, F>(work: impl Fn() -> F) -> Result<T, StoreError>
where
    F: Future<Output = Result<T, StoreError>>,
{
    let mut tried = 1;
    loop {
        match work().await {
            Err(StoreError::Again(_) | StoreError::Row(_)) if tried < TRIES => tried += 1,
            settled => return settled,
        }
    }
}

/// Puts the messages beside the change, commits, and wakes whoever sends.
pub(super) async fn commit(
    store: &Store,
    transaction: DatabaseTransaction,
    mail: &[Mail],
) -> Result<(), StoreError> {
    for one in mail {
        match one {
            Mail::Sent(message) => outbox::put(store, &transaction, message).await?,
            Mail::Blank(message) => outbox::put_blank(store, &transaction, message).await?,
        }
    }
    within(transaction.commit()).await?;
    if !mail.is_empty() {
        outbox::ring(store);
    }
    Ok(())
}
