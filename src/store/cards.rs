//! What people show to those who have their number, and the numbers they have of others.
mod book;

pub use book::{Found, forget, forget_all, look_up, numbers_of, since};

use super::settle::{commit, settle};
use super::{Store, StoreError, rows, within};
use crate::room::ids::{Millis, UserId};
use convene_entity::card::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

/// What somebody shows beside their name and number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Card {
    pub status: String,
    pub photo: Option<Photo>,
    /// When it was last changed; `None` if it never was.
    pub changed_at: Option<Millis>,
}

/// A picture of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photo {
    /// The name of its file, at most 64 characters.
    pub file: String,
    /// A small JPEG in base64.
    pub thumbnail: String,
}

/// What is to be changed; the rest stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CardChange {
    pub status: Option<String>,
    /// `Some(None)` takes it away.
    pub photo: Option<Option<Photo>>,
}

/// The card; an empty one if nothing was ever put on it.
pub async fn find(store: &Store, user: UserId) -> Result<Card, StoreError> {
    let row = within(Entity::find_by_id(user.to_string()).one(&store.read)).await?;
    Ok(row.map(card_of).unwrap_or_default())
}

/// Changes the card, and gives it as it was before.
pub async fn change(
    store: &Store,
    user: UserId,
    change: &CardChange,
    at: Millis,
) -> Result<Card, StoreError> {
    settle(|| async {
        let transaction = store.begin().await?;
        let before = card_of(row_in(&transaction, user, at).await?);
        let mut update =
            Entity::update_many().col_expr(Column::ChangedAt, Expr::value(at.0)).filter(of(user));
        if let Some(status) = &change.status {
            update = update.col_expr(Column::Status, Expr::value(status.as_str()));
        }
        if let Some(photo) = &change.photo {
            let (file, thumbnail) =
                photo.as_ref().map_or(("", ""), |photo| (photo.file.as_str(), photo.thumbnail.as_str()));
            update = update
                .col_expr(Column::Photo, Expr::value(file))
                .col_expr(Column::Thumbnail, Expr::value(thumbnail));
        }
        within(update.exec(&transaction)).await?;
        commit(store, transaction, &[]).await?;
        Ok(before)
    })
    .await
}

fn of(user: UserId) -> sea_orm::sea_query::SimpleExpr {
    Column::UserId.eq(user.to_string())
}

/// The row, made if there is none.
async fn row_in(transaction: &DatabaseTransaction, user: UserId, at: Millis) -> Result<Model, StoreError> {
    let find = Entity::find_by_id(user.to_string());
    match within(find.one(transaction)).await? {
        Some(row) => Ok(row),
        None => make(transaction, user, at).await,
    }
}

/// An empty one. When another was faster that is an error, after which the next look finds it.
async fn make(transaction: &DatabaseTransaction, user: UserId, at: Millis) -> Result<Model, StoreError> {
    let row = Model {
        user_id: user.to_string(),
        status: String::new(),
        photo: String::new(),
        thumbnail: String::new(),
        changed_at: at.0,
        looked_since: at.0,
        looked_up: 0,
    };
    let new = ActiveModel {
        user_id: Set(row.user_id.clone()),
        status: Set(String::new()),
        photo: Set(String::new()),
        thumbnail: Set(String::new()),
        changed_at: Set(at.0),
        looked_since: Set(at.0),
        looked_up: Set(0),
    };
    within(Entity::insert(new).exec_without_returning(transaction)).await?;
    Ok(row)
}

fn card_of(row: Model) -> Card {
    let photo = (!row.photo.is_empty()).then_some(Photo { file: row.photo, thumbnail: row.thumbnail });
    Card { status: row.status, photo, changed_at: Some(Millis(row.changed_at)) }
}

fn user_of(text: &str) -> Result<UserId, StoreError> {
    rows::id("card", text)
}
