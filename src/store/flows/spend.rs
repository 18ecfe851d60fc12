//! What a fitting code does: signs its user in, or makes an address theirs. Each flow does it once.
use super::super::audit::{self, Action, By};
use super::super::sessions::{NewSession, Opened, Proof, open_in};
use super::super::settle::{Mail, commit, settle};
use super::super::users::{Address, User, address_is_taken, drop_resets, find_in};
use super::super::{Store, StoreError, within};
use super::{Column, Entity, Flow, Kind, Whose, attempt};
use crate::room::ids::{FlowId, UserId};
use convene_entity::user;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

/// What became of a code that should sign somebody in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignedIn {
    SignedIn(User),
    /// Wrong, over, spent, unknown, tried too often, or of an account that is shut or has that address no more.
    NotRight,
}

/// What became of a code that should make an address somebody's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Confirmed {
    Confirmed(User),
    /// Wrong, over, spent, unknown, tried too often, somebody else's, or of an address that is taken meanwhile.
    NotRight,
}

/// Signs in by a code. `fits` compares in constant time; it is asked once, after the try is counted.
pub async fn sign_in(
    store: &Store,
    by: &By,
    id: FlowId,
    fits: impl FnOnce(&Flow) -> bool,
    session: &NewSession,
) -> Result<SignedIn, StoreError> {
    let Some(flow) = attempt(store, id, Kind::SignIn, by.at, fits).await? else {
        return Ok(SignedIn::NotRight);
    };
    let Whose::User(user) = flow.whose else { return Ok(SignedIn::NotRight) };
    settle(|| async {
        let transaction = store.begin().await?;
        if !spend_in(&transaction, by, &flow).await? {
            return Ok(SignedIn::NotRight);
        }
        match open_in(&transaction, by, user, Proof::Code(&flow.address), session).await? {
            Opened::Refused => Ok(SignedIn::NotRight),
            Opened::Opened(user) => {
                commit(store, transaction, &[]).await?;
                Ok(SignedIn::SignedIn(user))
            }
        }
    })
    .await
}

/// Makes the flow's address the user's, in place of the one of that kind they had. `mail` tells the old one, say.
pub async fn confirm_address(
    store: &Store,
    by: &By,
    (user, id): (UserId, FlowId),
    fits: impl FnOnce(&Flow) -> bool,
    mail: &[Mail],
) -> Result<Confirmed, StoreError> {
    let ours = |flow: &Flow| flow.whose == Whose::User(user) && fits(flow);
    let Some(flow) = attempt(store, id, Kind::Address, by.at, ours).await? else {
        return Ok(Confirmed::NotRight);
    };
    settle(|| async {
        let transaction = store.begin().await?;
        if !spend_in(&transaction, by, &flow).await?
            || address_is_taken(&transaction, &flow.address, Some(user)).await?
        {
            return Ok(Confirmed::NotRight);
        }
        write_address(&transaction, by, user, &flow.address).await?;
        let Some(user) = find_in(&transaction, user).await? else { return Ok(Confirmed::NotRight) };
        commit(store, transaction, mail).await?;
        Ok(Confirmed::Confirmed(user))
    })
    .await
}

async fn write_address(
    transaction: &DatabaseTransaction,
    by: &By,
    id: UserId,
    address: &Address,
) -> Result<(), StoreError> {
    let of = user::Entity::update_many().filter(user::Column::Id.eq(id.to_string()));
    let (update, action) = match address {
        Address::Email { text, key } => (
            of.col_expr(user::Column::Email, Expr::value(text.as_str()))
                .col_expr(user::Column::EmailKey, Expr::value(key.as_str())),
            Action::EmailChanged,
        ),
        Address::Phone(number) => {
            (of.col_expr(user::Column::Phone, Expr::value(number.as_str())), Action::PhoneChanged)
        }
    };
    within(update.exec(transaction)).await?;
    if action == Action::EmailChanged {
        drop_resets(transaction, id).await?; // links in the old mailbox open nothing any more
    }
    audit::note(transaction, by, id, action).await
}

/// Spends the flow, if it still is as it was compared: of many who hold the right code one does.
pub(in crate::store) async fn spend_in(
    transaction: &DatabaseTransaction,
    by: &By,
    flow: &Flow,
) -> Result<bool, StoreError> {
    let spend = Entity::update_many()
        .col_expr(Column::DoneAt, Expr::value(by.at.0))
        .filter(Column::Id.eq(flow.id.to_string()))
        .filter(Column::DoneAt.is_null())
        .filter(Column::ExpiresAt.gt(by.at.0))
        .filter(Column::CodeHash.eq(flow.code_hash.as_str()));
    Ok(within(spend.exec(transaction)).await?.rows_affected == 1)
}
