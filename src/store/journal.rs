//! The journal's writing: many durable changes of many rooms in one transaction, and an answer for each.
mod behind;
mod change;
mod group;
mod plain;
mod singly;

pub use behind::write_behind;
pub(super) use change::CHANGES_OF_MESSAGES;

use super::{Store, StoreError};
use crate::fault::Fault;
use crate::room::record::{Entry, Outcome};
use sea_orm::DatabaseTransaction;
use std::time::Duration;

/// How long to wait before asking again what became of a transaction whose end was not heard.
const ASK_AGAIN: [Duration; 4] = [
    Duration::from_millis(50),
    Duration::from_millis(200),
    Duration::from_millis(500),
    Duration::from_secs(1),
];

/// How often a group that was in another transaction's way is tried.
const TRIES: usize = 3;

/// Keeps the entries, all in one transaction; entries of one room must come in order of `no`.
///
/// If the database is away all are refused at once. If one of them can't be kept, each is tried by itself, so that only
/// that one is refused (or found to be a repetition). If the answer to COMMIT is lost, this does not return until the
/// database has said which of them are in: that may take as long as the outage.
pub async fn commit(store: &Store, entries: &[Entry]) -> Vec<Outcome> {
    if entries.is_empty() {
        return Vec::new();
    }
    for _ in 0..TRIES {
        match group::write(store, entries).await {
            Ok(()) => return vec![Outcome::Committed; entries.len()],
            Err(Failure::Before(StoreError::Again(_))) => {} // a deadlock's victim: the other one is through now
            Err(Failure::Before(error @ StoreError::Away(_))) => return refused(entries, &error),
            Err(Failure::Before(_)) => return one_by_one(store, entries, Knowledge::Sure).await,
            Err(Failure::AtCommit(error)) => {
                tracing::warn!(%error, entries = entries.len(), "the answer to a commit was lost; asking what became of it");
                return one_by_one(store, entries, Knowledge::Open).await;
            }
        }
    }
    one_by_one(store, entries, Knowledge::Sure).await
}

/// Whether entries may be in the database already.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Knowledge {
    Sure,
    Open,
}

/// How a transaction failed.
enum Failure {
    /// Nothing of it is kept.
    Before(StoreError),
    /// Its COMMIT was sent and no answer came: it may be kept.
    AtCommit(StoreError),
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Before(error)
    }
}

/// Each entry by itself, in one transaction of savepoints. What is in already counts as committed, and rows of a
/// transaction that is still ending make this one wait for it: so the same road reads back what became of a lost COMMIT.
async fn one_by_one(store: &Store, entries: &[Entry], mut knowledge: Knowledge) -> Vec<Outcome> {
    let mut waits = ASK_AGAIN.iter().copied().chain(std::iter::repeat(ASK_AGAIN[ASK_AGAIN.len() - 1]));
    loop {
        match singly::write(store, entries).await {
            Ok(outcomes) => return outcomes,
            Err(Failure::AtCommit(_)) => knowledge = Knowledge::Open,
            Err(Failure::Before(StoreError::Again(_))) => {}
            Err(Failure::Before(error)) if knowledge == Knowledge::Sure => return refused(entries, &error),
            Err(Failure::Before(_)) => {} // still not known: neither shown nor refused
        }
        let wait = waits.next().unwrap_or(Duration::from_secs(1));
        tokio::time::sleep(wait).await;
    }
}

fn refused(entries: &[Entry], error: &StoreError) -> Vec<Outcome> {
    tracing::warn!(%error, entries = entries.len(), "a group of changes was not kept");
    entries.iter().map(|_| Outcome::Refused(error.fault())).collect()
}

/// Ends a transaction, and tells a no from silence.
async fn end(transaction: DatabaseTransaction) -> Result<(), Failure> {
    match tokio::time::timeout(super::DEADLINE, transaction.commit()).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) if StoreError::leaves_open(&error) => Err(Failure::AtCommit(error.into())),
        Ok(Err(error)) => Err(Failure::Before(error.into())),
        Err(_) => Err(Failure::AtCommit(StoreError::Away("no answer to COMMIT".to_owned()))),
    }
}

/// What no text in the database may hold: Postgres can't keep it, and SQLite would end the text there.
fn kept_whole(entry: &Entry) -> Result<(), Fault> {
    use crate::room::record::Change;
    let texts: &[&str] = match &entry.change {
        Change::Said(message) => &[&message.text, &message.name, &message.client_id.0],
        Change::Edited { text, .. } => &[text],
        Change::Reacted { emoji, .. } | Change::Unreacted { emoji, .. } => &[emoji],
        Change::Settings(settings) => &[&settings.name],
        Change::Deleted { .. }
        | Change::Standing { .. }
        | Change::Muted { .. }
        | Change::Kicked { .. }
        | Change::Pins(_)
        | Change::Claimed { .. }
        | Change::Ended => &[],
    };
    match texts.iter().any(|text| text.contains('\0')) {
        true => Err(Fault::field("text", "a NUL character can't be kept")),
        false => Ok(()),
    }
}
