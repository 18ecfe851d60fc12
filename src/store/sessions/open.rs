//! A sign-in: the account is looked at once more, and the session is there, in one transaction.
use super::super::audit::{self, Action, By};
use super::super::settle::{Mail, commit, settle};
use super::super::users::{Address, Status, find_in, unchanged_since};
use super::super::{Store, StoreError, within};
use super::User;
use crate::room::ids::{LoginId, Millis, UserId};
use convene_entity::session::{ActiveModel, Entity};
use convene_entity::user;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QueryFilter};
use serde_json::json;
use std::sync::Arc;

/// A session to be opened; its token is drawn by whoever asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSession {
    pub id: LoginId,
    /// SHA-256 of the token, in hex.
    pub token_hash: String,
    /// What the device says it is, at most 200 characters.
    pub device: String,
    /// The dialect, at most 16 characters.
    pub face: Arc<str>,
    /// When it ends, however much it is used.
    pub expires_at: Millis,
}

/// What was shown, and what must still hold of the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof<'a> {
    /// The password that was last changed then.
    Password { changed_at: Option<Millis> },
    /// A code sent to this address.
    Code(&'a Address),
}

/// What became of a sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opened {
    /// The user as it is now: no failures, no deletion ahead.
    Opened(User),
    /// The account is gone, shut, or not as it was when it was looked at.
    Refused,
}

/// Opens a session after a password was shown. Failures are forgotten, and an asked deletion is undone.
pub async fn open(
    store: &Store,
    by: &By,
    user: UserId,
    proof: Proof<'_>,
    session: &NewSession,
    mail: &[Mail],
) -> Result<Opened, StoreError> {
    settle(|| async {
        let transaction = store.begin().await?;
        let opened = open_in(&transaction, by, user, proof, session).await?;
        if opened != Opened::Refused {
            commit(store, transaction, mail).await?;
        }
        Ok(opened)
    })
    .await
}

/// The same within a transaction. It holds the user's row: whoever shuts the account or changes its password meanwhile
/// comes before it, and is seen, or after it, and ends this session too.
pub(in crate::store) async fn open_in(
    transaction: &DatabaseTransaction,
    by: &By,
    id: UserId,
    proof: Proof<'_>,
    session: &NewSession,
) -> Result<Opened, StoreError> {
    let welcome = user::Entity::update_many()
        .col_expr(user::Column::Failures, Expr::value(0))
        .col_expr(user::Column::FailedAt, Expr::value(Option::<i64>::None))
        .col_expr(user::Column::DeleteAfter, Expr::value(Option::<i64>::None))
        .filter(user::Column::Id.eq(id.to_string()))
        .filter(user::Column::Status.eq(Status::Active.word()))
        .filter(still_holds(proof));
    if within(welcome.exec(transaction)).await?.rows_affected != 1 {
        return Ok(Opened::Refused);
    }
    within(Entity::insert(row_of(by, id, session)).exec_without_returning(transaction)).await?;
    let way = match proof {
        Proof::Password { .. } => "password",
        Proof::Code(_) => "code",
    };
    let detail = json!({ "way": way, "session": session.id.to_string() });
    audit::put(transaction, by, Some(id), Action::SignedIn, detail).await?;
    let user = find_in(transaction, id).await?;
    Ok(user.map_or(Opened::Refused, Opened::Opened))
}

fn still_holds(proof: Proof<'_>) -> Condition {
    match proof {
        Proof::Password { changed_at } => unchanged_since(changed_at),
        Proof::Code(Address::Email { key, .. }) => {
            Condition::all().add(user::Column::EmailKey.eq(key.as_str()))
        }
        Proof::Code(Address::Phone(number)) => Condition::all().add(user::Column::Phone.eq(number.as_str())),
    }
}

fn row_of(by: &By, user: UserId, new: &NewSession) -> ActiveModel {
    ActiveModel {
        id: Set(new.id.to_string()),
        user_id: Set(user.to_string()),
        token_hash: Set(new.token_hash.clone()),
        device: Set(new.device.clone()),
        face: Set(new.face.to_string()),
        source: Set(by.source.as_deref().map(str::to_owned)),
        created_at: Set(by.at.0),
        last_used_at: Set(by.at.0),
        expires_at: Set(new.expires_at.0),
        proven_at: Set(by.at.0),
    }
}
