//! What users change about themselves: profile, password, addresses.
use super::super::audit::{self, Action, By};
use super::super::sessions::{Except, end_all_in};
use super::super::settle::{Mail, commit, settle};
use super::super::{Store, StoreError, within};
use super::find::{find_in, username_is_taken};
use super::{Factor, User, Username};
use crate::room::ids::{Millis, UserId};
use convene_entity::reset;
use convene_entity::user::{Column, Entity};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QueryFilter, UpdateMany};
use serde_json::json;

/// What is to be changed; the rest stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Profile {
    pub name: Option<String>,
    pub username: Option<Username>,
    pub locale: Option<String>,
}

/// What became of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changed {
    /// The user as it is now.
    Changed(User),
    NameTaken,
    /// There is no such user, or not as it was when the change was decided.
    Gone,
}

/// What became of the wish to drop an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Dropped {
    Dropped(User),
    /// Without it nobody could sign in any more.
    LastWayIn,
    Gone,
}

pub async fn change_profile(
    store: &Store,
    by: &By,
    id: UserId,
    profile: &Profile,
) -> Result<Changed, StoreError> {
    settle(|| async {
        let transaction = store.begin().await?;
        if let Some(username) = &profile.username
            && username_is_taken(&transaction, username, Some(id)).await?
        {
            return Ok(Changed::NameTaken);
        }
        let mut changed = Vec::new();
        let mut update = of(id).col_expr(Column::Id, Expr::value(id.to_string()));
        if let Some(name) = &profile.name {
            update = update.col_expr(Column::Name, Expr::value(name.as_str()));
            changed.push("name");
        }
        if let Some(username) = &profile.username {
            update = update
                .col_expr(Column::Username, Expr::value(username.text.as_str()))
                .col_expr(Column::UsernameKey, Expr::value(username.key.as_str()));
            changed.push("username");
        }
        if let Some(locale) = &profile.locale {
            update = update.col_expr(Column::Locale, Expr::value(locale.as_str()));
            changed.push("locale");
        }
        within(update.exec(&transaction)).await?;
        let Some(user) = find_in(&transaction, id).await? else { return Ok(Changed::Gone) };
        let detail = json!({ "fields": changed });
        audit::put(&transaction, by, Some(id), Action::ProfileChanged, detail).await?;
        commit(store, transaction, &[]).await?;
        Ok(Changed::Changed(user))
    })
    .await
}

/// Sets a new password and ends all sessions but the named one. `seen` is when the password was last changed as the
/// caller knew it: of two changes at once one is [`Changed::Gone`].
pub async fn set_password(
    store: &Store,
    by: &By,
    (id, seen): (UserId, Option<Millis>),
    hash: &str,
    except: Except,
    mail: &[Mail],
) -> Result<Changed, StoreError> {
    settle(|| async {
        let transaction = store.begin().await?;
        let update = write_password(of(id), hash, by.at).filter(unchanged_since(seen));
        if within(update.exec(&transaction)).await?.rows_affected != 1 {
            return Ok(Changed::Gone);
        }
        after_password(&transaction, by, id, except).await?;
        audit::note(&transaction, by, id, Action::PasswordChanged).await?;
        let Some(user) = find_in(&transaction, id).await? else { return Ok(Changed::Gone) };
        commit(store, transaction, mail).await?;
        Ok(Changed::Changed(user))
    })
    .await
}

/// A hash of the same password with better parameters; nothing happens if the password was changed meanwhile.
pub async fn rehash(store: &Store, id: UserId, seen: &str, hash: &str) -> Result<(), StoreError> {
    let update =
        of(id).col_expr(Column::PasswordHash, Expr::value(hash)).filter(Column::PasswordHash.eq(seen));
    within(update.exec(&store.write)).await.map(drop)
}

/// Drops an address, unless it is the last way in.
pub async fn drop_address(
    store: &Store,
    by: &By,
    id: UserId,
    factor: Factor,
    mail: &[Mail],
) -> Result<Dropped, StoreError> {
    settle(|| async {
        let transaction = store.begin().await?;
        let by_name =
            Condition::all().add(Column::UsernameKey.is_not_null()).add(Column::PasswordHash.is_not_null());
        let update = match factor {
            Factor::Email => of(id)
                .col_expr(Column::Email, Expr::value(Option::<String>::None))
                .col_expr(Column::EmailKey, Expr::value(Option::<String>::None))
                .filter(Condition::any().add(Column::Phone.is_not_null()).add(by_name)),
            Factor::Phone => of(id)
                .col_expr(Column::Phone, Expr::value(Option::<String>::None))
                .filter(Condition::any().add(Column::EmailKey.is_not_null()).add(by_name)),
        };
        let dropped = within(update.exec(&transaction)).await?.rows_affected == 1;
        let Some(user) = find_in(&transaction, id).await? else { return Ok(Dropped::Gone) };
        if !dropped {
            return Ok(Dropped::LastWayIn);
        }
        let action = match factor {
            Factor::Email => {
                drop_resets(&transaction, id).await?; // links in the old mailbox open nothing any more
                Action::EmailRemoved
            }
            Factor::Phone => Action::PhoneRemoved,
        };
        audit::note(&transaction, by, id, action).await?;
        commit(store, transaction, mail).await?;
        Ok(Dropped::Dropped(user))
    })
    .await
}

fn of(id: UserId) -> UpdateMany<Entity> {
    Entity::update_many().filter(Column::Id.eq(id.to_string()))
}

/// The password was not changed since the caller looked.
pub(in crate::store) fn unchanged_since(seen: Option<Millis>) -> Condition {
    Condition::all().add(match seen {
        Some(at) => Column::PasswordChangedAt.eq(at.0),
        None => Column::PasswordChangedAt.is_null(),
    })
}

/// The columns of a new password. The instant of the change always rises, so that it tells one password from the next.
pub(in crate::store) fn write_password(
    update: UpdateMany<Entity>,
    hash: &str,
    at: Millis,
) -> UpdateMany<Entity> {
    let later = Expr::case(Column::PasswordChangedAt.gte(at.0), Expr::col(Column::PasswordChangedAt).add(1))
        .finally(Expr::value(at.0));
    update
        .col_expr(Column::PasswordChangedAt, later.into())
        .col_expr(Column::PasswordHash, Expr::value(hash))
        .col_expr(Column::Failures, Expr::value(0))
        .col_expr(Column::FailedAt, Expr::value(Option::<i64>::None))
}

/// What every new password brings: no session of before, and no link to set another one.
pub(in crate::store) async fn after_password(
    transaction: &DatabaseTransaction,
    by: &By,
    id: UserId,
    except: Except,
) -> Result<(), StoreError> {
    end_all_in(transaction, by.at, id, except).await?;
    drop_resets(transaction, id).await
}

pub(in crate::store) async fn drop_resets(
    transaction: &DatabaseTransaction,
    id: UserId,
) -> Result<(), StoreError> {
    let drop_all = reset::Entity::delete_many().filter(reset::Column::UserId.eq(id.to_string()));
    within(drop_all.exec(transaction)).await.map(drop)
}
