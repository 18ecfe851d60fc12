//! Links that set a new password: good for a while, used once, and no session of before outlives their use.
use super::audit::{self, Action, By};
use super::sessions::Except;
use super::settle::{Mail, commit, settle};
use super::users::{Status, User, after_password, drop_resets, find_in, write_password};
use super::{Store, StoreError, rows, within};
use crate::room::ids::{Millis, UserId};
use convene_entity::reset::{ActiveModel, Column, Entity};
use convene_entity::user;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

/// A link to be sent; its token is drawn by whoever asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewReset {
    /// SHA-256 of the token, in hex.
    pub token_hash: String,
    pub user: UserId,
    pub expires_at: Millis,
}

/// What becomes of the links that were sent before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Earlier {
    /// They stay good until one of them is used: nobody can void another's by asking.
    Kept,
    /// Only the last one is good.
    Voided,
}

/// What a link is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    Good(UserId),
    /// It was, until a while ago.
    Over,
    /// Unknown, used or voided.
    Unknown,
}

/// What became of the use of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Spent {
    Spent(User),
    /// Unknown, over, used before, or of an account that is shut.
    NotRight,
}

/// Keeps a link with the mail that holds it.
pub async fn begin(
    store: &Store,
    by: &By,
    new: &NewReset,
    earlier: Earlier,
    mail: &[Mail],
) -> Result<(), StoreError> {
    settle(|| async {
        let transaction = store.begin().await?;
        if earlier == Earlier::Voided {
            drop_resets(&transaction, new.user).await?;
        }
        let row = ActiveModel {
            token_hash: Set(new.token_hash.clone()),
            user_id: Set(new.user.to_string()),
            expires_at: Set(new.expires_at.0),
            used_at: Set(None),
        };
        within(Entity::insert(row).exec_without_returning(&transaction)).await?;
        audit::note(&transaction, by, new.user, Action::ResetAsked).await?;
        commit(store, transaction, mail).await
    })
    .await
}

/// As [`begin`] for an address that is nobody's: the same work, nothing is sent.
pub async fn begin_for_nobody(store: &Store, mail: &[Mail]) -> Result<(), StoreError> {
    settle(|| async {
        let transaction = store.begin().await?;
        commit(store, transaction, mail).await
    })
    .await
}

/// Whose link it is, while it is good: to be asked before the dear hash of a new password is made.
pub async fn find(store: &Store, token_hash: &str, now: Millis) -> Result<Option<UserId>, StoreError> {
    Ok(match look(store, token_hash, now).await? {
        Link::Good(user) => Some(user),
        Link::Over | Link::Unknown => None,
    })
}

/// The same, telling a link that is over from one that never was.
pub async fn look(store: &Store, token_hash: &str, now: Millis) -> Result<Link, StoreError> {
    let find = Entity::find_by_id(token_hash).filter(Column::UsedAt.is_null());
    Ok(match within(find.one(&store.read)).await? {
        None => Link::Unknown,
        Some(row) if row.expires_at <= now.0 => Link::Over,
        Some(row) => Link::Good(rows::id("reset", &row.user_id)?),
    })
}

/// Sets the new password, ends all sessions, and voids every other link of the user. Of many uses at once one does it.
pub async fn spend(
    store: &Store,
    by: &By,
    token_hash: &str,
    password_hash: &str,
    mail: &[Mail],
) -> Result<Spent, StoreError> {
    let Some(id) = find(store, token_hash, by.at).await? else { return Ok(Spent::NotRight) };
    settle(|| async {
        let transaction = store.begin().await?;
        // the user's row first, as everybody takes it first: two links used at once wait here, not for each other
        let active = user::Entity::update_many()
            .filter(user::Column::Id.eq(id.to_string()))
            .filter(user::Column::Status.eq(Status::Active.word()));
        let update = write_password(active, password_hash, by.at);
        if within(update.exec(&transaction)).await?.rows_affected != 1 {
            return Ok(Spent::NotRight);
        }
        let spend = Entity::update_many()
            .col_expr(Column::UsedAt, Expr::value(by.at.0))
            .filter(Column::TokenHash.eq(token_hash))
            .filter(Column::UsedAt.is_null())
            .filter(Column::ExpiresAt.gt(by.at.0));
        if within(spend.exec(&transaction)).await?.rows_affected != 1 {
            return Ok(Spent::NotRight);
        }
        after_password(&transaction, by, id, Except::None).await?;
        audit::note(&transaction, by, id, Action::PasswordReset).await?;
        let Some(user) = find_in(&transaction, id).await? else { return Ok(Spent::NotRight) };
        commit(store, transaction, mail).await?;
        Ok(Spent::Spent(user))
    })
    .await
}

/// Forgets links that are over; gives how many.
pub async fn sweep(store: &Store, now: Millis) -> Result<u64, StoreError> {
    let old = Entity::delete_many().filter(Column::ExpiresAt.lte(now.0));
    Ok(within(old.exec(&store.write)).await?.rows_affected)
}
