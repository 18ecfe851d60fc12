//! Users looked up, and the count of wrong passwords that outlives a restart.
use super::super::audit::{self, Action, By};
use super::super::settle::{commit, settle};
use super::super::{Store, StoreError, within};
use super::{Address, User, Username, user_of};
use crate::room::ids::UserId;
use convene_entity::user::{Column, Entity};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use serde_json::json;

pub async fn find(store: &Store, id: UserId) -> Result<Option<User>, StoreError> {
    one(&store.read, Entity::find_by_id(id.to_string())).await
}

/// `key` is the address folded.
pub async fn by_email(store: &Store, key: &str) -> Result<Option<User>, StoreError> {
    one(&store.read, Entity::find().filter(Column::EmailKey.eq(key))).await
}

/// `number` is E.164.
pub async fn by_phone(store: &Store, number: &str) -> Result<Option<User>, StoreError> {
    one(&store.read, Entity::find().filter(Column::Phone.eq(number))).await
}

/// `key` is the username folded.
pub async fn by_username(store: &Store, key: &str) -> Result<Option<User>, StoreError> {
    one(&store.read, Entity::find().filter(Column::UsernameKey.eq(key))).await
}

/// Whether nobody has this username, as far as can be seen now: it is decided when the account is made.
pub async fn username_is_free(store: &Store, key: &str) -> Result<bool, StoreError> {
    Ok(by_username(store, key).await?.is_none())
}

/// Users, the newest first.
#[derive(Debug)]
pub struct List {
    pub users: Vec<User>,
    /// The last user of this page, if there are more behind it.
    pub next: Option<UserId>,
}

/// Users by their ids, the newest first (ids begin with the time); `limit` is kept between 1 and 1,000.
pub async fn list(store: &Store, after: Option<UserId>, limit: u32) -> Result<List, StoreError> {
    let limit = limit.clamp(1, 1_000) as usize;
    let mut find = Entity::find().order_by_desc(Column::Id).limit(limit as u64 + 1);
    if let Some(after) = after {
        find = find.filter(Column::Id.lt(after.to_string()));
    }
    let found = within(find.all(&store.read)).await?;
    let more = found.len() > limit;
    let users = found.into_iter().take(limit).map(user_of).collect::<Result<Vec<_>, StoreError>>()?;
    let next = users.last().filter(|_| more).map(|user| user.id);
    Ok(List { users, next })
}

/// Notes a failed sign-in in the trail, and counts it at the account it was meant for, if there is one: in one transaction,
/// so that it takes as long for a login that nobody has.
pub async fn note_failure(store: &Store, by: &By, id: Option<UserId>) -> Result<(), StoreError> {
    settle(|| async {
        let transaction = store.begin().await?;
        if let Some(id) = id {
            let count = Entity::update_many()
                .col_expr(Column::Failures, Expr::col(Column::Failures).add(1))
                .col_expr(Column::FailedAt, Expr::value(by.at.0))
                .filter(Column::Id.eq(id.to_string()))
                .filter(Column::Failures.lt(i32::MAX));
            within(count.exec(&transaction)).await?;
        }
        audit::put(&transaction, by, id, Action::SignInFailed, json!({})).await?;
        commit(store, transaction, &[]).await
    })
    .await
}

/// The user within a transaction.
pub(in crate::store) async fn find_in(
    connection: &impl ConnectionTrait,
    id: UserId,
) -> Result<Option<User>, StoreError> {
    one(connection, Entity::find_by_id(id.to_string())).await
}

/// Who has confirmed this address, within a transaction.
pub(in crate::store) async fn with_address_in(
    connection: &impl ConnectionTrait,
    address: &Address,
) -> Result<Option<User>, StoreError> {
    let column = match address {
        Address::Email { .. } => Column::EmailKey,
        Address::Phone(_) => Column::Phone,
    };
    one(connection, Entity::find().filter(column.eq(address.key()))).await
}

/// Whether somebody but `except` has this username.
pub(in crate::store) async fn username_is_taken(
    connection: &impl ConnectionTrait,
    username: &Username,
    except: Option<UserId>,
) -> Result<bool, StoreError> {
    is_taken(connection, Column::UsernameKey, &username.key, except).await
}

/// Whether somebody but `except` has confirmed this address.
pub(in crate::store) async fn address_is_taken(
    connection: &impl ConnectionTrait,
    address: &Address,
    except: Option<UserId>,
) -> Result<bool, StoreError> {
    let column = match address {
        Address::Email { .. } => Column::EmailKey,
        Address::Phone(_) => Column::Phone,
    };
    is_taken(connection, column, address.key(), except).await
}

async fn is_taken(
    connection: &impl ConnectionTrait,
    column: Column,
    key: &str,
    except: Option<UserId>,
) -> Result<bool, StoreError> {
    let mut find = Entity::find().filter(column.eq(key));
    if let Some(except) = except {
        find = find.filter(Column::Id.ne(except.to_string()));
    }
    Ok(within(find.one(connection)).await?.is_some())
}

async fn one(connection: &impl ConnectionTrait, find: Select<Entity>) -> Result<Option<User>, StoreError> {
    within(find.one(connection)).await?.map(user_of).transpose()
}
