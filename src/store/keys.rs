//! API keys: made, found by their secret's hash, listed, revoked.
use super::audit::{self, Action, By};
use super::control::{self, News};
use super::settle::{commit, settle};
use super::users::Status;
use super::{Store, StoreError, rows, within};
use crate::room::ids::{KeyId, Millis, UserId};
use convene_entity::api_key::{ActiveModel, Column, Entity, Model};
use convene_entity::user;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde_json::json;

/// How often a key's last use is written.
const TOUCH_MS: i64 = 60_000;

/// Whose keys are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    User(UserId),
    /// All there are, the operator's too.
    Everybody,
}

/// A key to be made; its secret is drawn by whoever asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewKey {
    pub id: KeyId,
    pub name: String,
    /// Whose rooms it reaches; `None`: the operator's key, which reaches all.
    pub owner: Option<UserId>,
    /// Words, separated by spaces.
    pub scopes: String,
    /// SHA-256 of the secret, in hex.
    pub secret_hash: String,
    /// What of the secret is shown again, at most 16 characters.
    pub prefix: String,
    pub expires_at: Option<Millis>,
}

/// A key as it is stored, without what proves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    pub id: KeyId,
    pub name: String,
    pub owner: Option<UserId>,
    pub scopes: String,
    pub prefix: String,
    pub created_at: Millis,
    /// Exact to a minute.
    pub last_used_at: Option<Millis>,
    pub revoked_at: Option<Millis>,
    pub expires_at: Option<Millis>,
}

/// What became of the wish for a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Made {
    Made(Key),
    /// The owner has as many good keys as anybody may have.
    TooMany,
}

/// Makes a key. `most`: how many good keys its owner may have with it.
pub async fn make(store: &Store, by: &By, new: &NewKey, most: u64) -> Result<Made, StoreError> {
    settle(|| async {
        let transaction = store.begin().await?;
        if let Some(owner) = new.owner {
            // its row is held until the end, so that keys made at once are counted one by one
            let hold = user::Entity::update_many()
                .col_expr(user::Column::Id, Expr::value(owner.to_string()))
                .filter(user::Column::Id.eq(owner.to_string()));
            within(hold.exec(&transaction)).await?;
            let have = Entity::find().filter(Column::OwnerUser.eq(owner.to_string())).filter(good(by.at));
            if within(have.count(&transaction)).await? >= most {
                return Ok(Made::TooMany);
            }
        }
        within(Entity::insert(row_of(by, new)).exec_without_returning(&transaction)).await?;
        let detail = json!({ "key": new.id.to_string(), "scopes": new.scopes });
        audit::put(&transaction, by, new.owner, Action::KeyMade, detail).await?;
        commit(store, transaction, &[]).await?;
        Ok(Made::Made(key_of_new(by, new)))
    })
    .await
}

/// The key of this secret, if it is good and its owner is: neither shut nor about to go.
pub async fn find(store: &Store, secret_hash: &str, now: Millis) -> Result<Option<Key>, StoreError> {
    let find = Entity::find().filter(Column::SecretHash.eq(secret_hash)).filter(good(now));
    let Some(row) = within(find.one(&store.read)).await? else { return Ok(None) };
    if let Some(owner) = &row.owner_user {
        let active = user::Entity::find_by_id(owner.as_str())
            .filter(user::Column::Status.eq(Status::Active.word()))
            .filter(user::Column::DeleteAfter.is_null());
        if within(active.one(&store.read)).await?.is_none() {
            return Ok(None);
        }
    }
    key_of(row).map(Some)
}

/// Writes that the key is used, unless that was written within the last minute.
pub async fn touch(store: &Store, key: &Key, now: Millis) -> Result<(), StoreError> {
    if key.last_used_at.is_some_and(|last| now.since(last) < TOUCH_MS) {
        return Ok(());
    }
    let long_ago =
        Condition::any().add(Column::LastUsedAt.is_null()).add(Column::LastUsedAt.lte(now.0 - TOUCH_MS));
    let update = Entity::update_many()
        .col_expr(Column::LastUsedAt, Expr::value(now.0))
        .filter(Column::Id.eq(key.id.to_string()))
        .filter(long_ago);
    within(update.exec(&store.write)).await.map(drop)
}

/// Keys, revoked and ended ones too, the newest first; at most 1,000.
pub async fn list(store: &Store, whose: Whose) -> Result<Vec<Key>, StoreError> {
    let mut find = Entity::find().order_by_desc(Column::CreatedAt).order_by_desc(Column::Id).limit(1_000);
    if let Whose::User(user) = whose {
        find = find.filter(Column::OwnerUser.eq(user.to_string()));
    }
    within(find.all(&store.read)).await?.into_iter().map(key_of).collect()
}

/// Revokes a key at once, its live sockets too. False if there is no such key, or it is revoked already.
pub async fn revoke(store: &Store, by: &By, id: KeyId, whose: Whose) -> Result<bool, StoreError> {
    settle(|| async {
        let transaction = store.begin().await?;
        let mut update = Entity::update_many()
            .col_expr(Column::RevokedAt, Expr::value(by.at.0))
            .filter(Column::Id.eq(id.to_string()))
            .filter(Column::RevokedAt.is_null());
        if let Whose::User(user) = whose {
            update = update.filter(Column::OwnerUser.eq(user.to_string()));
        }
        if within(update.exec(&transaction)).await?.rows_affected != 1 {
            return Ok(false);
        }
        let row = within(Entity::find_by_id(id.to_string()).one(&transaction)).await?;
        let owner =
            row.and_then(|row| row.owner_user).map(|owner| rows::id("api_key", &owner)).transpose()?;
        control::put(&transaction, by.at, News::KeyRevoked(id)).await?;
        let detail = json!({ "key": id.to_string() });
        audit::put(&transaction, by, owner, Action::KeyRevoked, detail).await?;
        commit(store, transaction, &[]).await?;
        Ok(true)
    })
    .await
}

/// The keys revoked since, and when.
pub async fn revoked_since(store: &Store, since: Millis) -> Result<Vec<(KeyId, Millis)>, StoreError> {
    let find = Entity::find().filter(Column::RevokedAt.gt(since.0));
    let revoked = within(find.all(&store.read))
        .await?
        .into_iter()
        .map(|row| Ok((rows::id("api_key", &row.id)?, Millis(row.revoked_at.unwrap_or(since.0)))));
    revoked.collect()
}

fn good(now: Millis) -> Condition {
    let lasts = Condition::any().add(Column::ExpiresAt.is_null()).add(Column::ExpiresAt.gt(now.0));
    Condition::all().add(Column::RevokedAt.is_null()).add(lasts)
}

fn row_of(by: &By, new: &NewKey) -> ActiveModel {
    ActiveModel {
        id: Set(new.id.to_string()),
        name: Set(new.name.clone()),
        owner_user: Set(new.owner.map(|owner| owner.to_string())),
        scopes: Set(new.scopes.clone()),
        secret_hash: Set(new.secret_hash.clone()),
        prefix: Set(new.prefix.clone()),
        created_at: Set(by.at.0),
        last_used_at: Set(None),
        revoked_at: Set(None),
        expires_at: Set(new.expires_at.map(|at| at.0)),
    }
}

fn key_of_new(by: &By, new: &NewKey) -> Key {
    Key {
        id: new.id,
        name: new.name.clone(),
        owner: new.owner,
        scopes: new.scopes.clone(),
        prefix: new.prefix.clone(),
        created_at: by.at,
        last_used_at: None,
        revoked_at: None,
        expires_at: new.expires_at,
    }
}

fn key_of(row: Model) -> Result<Key, StoreError> {
    Ok(Key {
        id: rows::id("api_key", &row.id)?,
        name: row.name,
        owner: row.owner_user.map(|owner| rows::id("api_key", &owner)).transpose()?,
        scopes: row.scopes,
        prefix: row.prefix,
        created_at: Millis(row.created_at),
        last_used_at: row.last_used_at.map(Millis),
        revoked_at: row.revoked_at.map(Millis),
        expires_at: row.expires_at.map(Millis),
    })
}
