//! Requests with an idempotency key: the first one's answer is kept for a day, so that a retry acts once.
use super::sealed::hex;
use super::{Store, StoreError, within};
use crate::room::ids::Millis;
use crate::seal::{Purpose, sha256};
use convene_entity::idempotency::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
};

/// How long an answer is kept.
pub const KEPT_MS: i64 = 24 * 60 * 60 * 1000;

/// A request that may come twice. Key and request are kept as hashes only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Who asks for what: keys of one scope say nothing in another. At most 128 characters.
    scope: String,
    key_hash: String,
    request_hash: String,
    at: Millis,
}

impl Claim {
    pub fn new(scope: impl Into<String>, key: &str, request: &[u8], at: Millis) -> Self {
        Self {
            scope: scope.into(),
            key_hash: hex(&sha256(key.as_bytes())),
            request_hash: hex(&sha256(request)),
            at,
        }
    }
}

/// What is kept of an answer; its body is rendered anew from the resource.
#[derive(Clone, PartialEq, Eq)]
pub struct Kept {
    /// The HTTP status.
    pub status: u16,
    /// The id of what was made, at most 64 characters.
    pub resource: String,
    /// What can't be rendered anew, at most 512 bytes; sealed at rest.
    pub secret: Option<Vec<u8>>,
}

impl std::fmt::Debug for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Kept")
            .field("status", &self.status)
            .field("resource", &self.resource)
            .finish_non_exhaustive()
    }
}

/// Whether a claim is new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begun {
    /// Nobody was here before.
    Fresh,
    /// The same request was answered with this.
    Before(Kept),
    /// The same key came with another request.
    Conflict,
}

/// Looks without claiming: lets a retry be answered before any work is done.
pub async fn look(store: &Store, claim: &Claim) -> Result<Begun, StoreError> {
    match find(&store.read, claim).await? {
        Some(row) => judge(store, claim, row),
        None => Ok(Begun::Fresh),
    }
}

/// Claims the key and keeps the answer, in the transaction that does the work: both are there afterwards, or neither.
/// A second server with the same key waits in the database for the first one's end.
pub(super) async fn begin(
    store: &Store,
    transaction: &DatabaseTransaction,
    claim: &Claim,
    kept: &Kept,
) -> Result<Begun, StoreError> {
    if let Some(row) = find(transaction, claim).await? {
        return judge(store, claim, row);
    }
    let stale = Entity::delete_many()
        .filter(Column::Scope.eq(claim.scope.as_str()))
        .filter(Column::KeyHash.eq(claim.key_hash.as_str()))
        .filter(Column::CreatedAt.lte(claim.at.0 - KEPT_MS));
    within(stale.exec(transaction)).await?;
    let insert = Entity::insert(row_of(store, claim, kept)).exec_without_returning(transaction);
    match within(insert).await {
        Ok(_) => Ok(Begun::Fresh),
        // the other one committed between our look and our claim; it is seen from outside this transaction
        Err(StoreError::Row(_)) => match find(&store.read, claim).await? {
            Some(row) => judge(store, claim, row),
            None => Err(StoreError::Again("the claim went as it came".to_owned())),
        },
        Err(other) => Err(other),
    }
}

/// Keeps the answer to a request that made nothing in the database by itself; the first answer stands.
pub async fn keep(store: &Store, claim: &Claim, kept: &Kept) -> Result<Begun, StoreError> {
    let transaction = store.begin().await?;
    let begun = begin(store, &transaction, claim, kept).await?;
    if begun == Begun::Fresh {
        within(transaction.commit()).await?;
    }
    Ok(begun)
}

/// Forgets what is older than a day; gives how many.
pub async fn sweep(store: &Store, now: Millis) -> Result<u64, StoreError> {
    let old = Entity::delete_many().filter(Column::CreatedAt.lte(now.0 - KEPT_MS));
    Ok(within(old.exec(&store.write)).await?.rows_affected)
}

async fn find(connection: &impl ConnectionTrait, claim: &Claim) -> Result<Option<Model>, StoreError> {
    let find = Entity::find_by_id((claim.scope.clone(), claim.key_hash.clone()))
        .filter(Column::CreatedAt.gt(claim.at.0 - KEPT_MS));
    within(find.one(connection)).await
}

fn judge(store: &Store, claim: &Claim, row: Model) -> Result<Begun, StoreError> {
    if row.request_hash != claim.request_hash {
        return Ok(Begun::Conflict);
    }
    let open = |sealed: Vec<u8>| store.keys.open(Purpose::IdempotencyRow, &owner(claim), &sealed);
    let secret = row.secret.map(open).transpose().map_err(|_| StoreError::Unreadable {
        table: "idempotency",
        why: "its secret doesn't open: is the server key the one it was sealed with?".to_owned(),
    })?;
    let status = u16::try_from(row.status).unwrap_or(500);
    Ok(Begun::Before(Kept { status, resource: row.resource_id, secret }))
}

fn row_of(store: &Store, claim: &Claim, kept: &Kept) -> ActiveModel {
    let seal = |plain: &Vec<u8>| store.keys.seal(Purpose::IdempotencyRow, &owner(claim), plain);
    ActiveModel {
        scope: Set(claim.scope.clone()),
        key_hash: Set(claim.key_hash.clone()),
        request_hash: Set(claim.request_hash.clone()),
        status: Set(i32::from(kept.status)),
        resource_id: Set(kept.resource.clone()),
        secret: Set(kept.secret.as_ref().map(seal)),
        created_at: Set(claim.at.0),
    }
}

/// A sealed secret opens for its own row only.
fn owner(claim: &Claim) -> Vec<u8> {
    format!("{}\n{}", claim.scope, claim.key_hash).into_bytes()
}
