//! Makes a user with what is already known to be theirs: from a confirmed sign-up, by the operator, by an import.
use super::super::audit::{self, Action, By};
use super::super::settle::{Mail, commit, settle};
use super::super::{Store, StoreError, within};
use super::find::{address_is_taken, username_is_taken};
use super::{Address, Rank, Status, Username};
use crate::room::ids::{Millis, UserId};
use convene_entity::user::{ActiveModel, Entity};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait};

/// An account to be made. It needs a way in: an address, or a username with a password.
#[derive(Clone, PartialEq, Eq)]
pub struct NewUser {
    pub id: UserId,
    pub name: String,
    pub username: Option<Username>,
    /// Addresses known to be theirs.
    pub addresses: Vec<Address>,
    pub password_hash: Option<String>,
    pub rank: Rank,
    pub locale: String,
}

/// What became of the wish for an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Made {
    Made,
    NameTaken,
    AddressTaken,
    /// Nobody could ever sign in to it.
    NoWayIn,
}

/// Makes the account.
pub async fn make(store: &Store, by: &By, new: &NewUser, mail: &[Mail]) -> Result<Made, StoreError> {
    settle(|| async {
        let transaction = store.begin().await?;
        let made = insert(&transaction, by, new).await?;
        if made == Made::Made {
            commit(store, transaction, mail).await?;
        }
        Ok(made)
    })
    .await
}

/// The same within a transaction. A name or address that is taken at the very same time refuses the row.
pub(in crate::store) async fn insert(
    transaction: &DatabaseTransaction,
    by: &By,
    new: &NewUser,
) -> Result<Made, StoreError> {
    if new.addresses.is_empty() && (new.username.is_none() || new.password_hash.is_none()) {
        return Ok(Made::NoWayIn);
    }
    for address in &new.addresses {
        if address_is_taken(transaction, address, None).await? {
            return Ok(Made::AddressTaken);
        }
    }
    if let Some(username) = &new.username
        && username_is_taken(transaction, username, None).await?
    {
        return Ok(Made::NameTaken);
    }
    within(Entity::insert(row_of(new, by.at)).exec_without_returning(transaction)).await?;
    audit::note(transaction, by, new.id, Action::AccountMade).await?;
    Ok(Made::Made)
}

fn row_of(new: &NewUser, at: Millis) -> ActiveModel {
    let email = new.addresses.iter().find_map(|address| match address {
        Address::Email { text, key } => Some((text.clone(), key.clone())),
        Address::Phone(_) => None,
    });
    let phone = new.addresses.iter().find_map(|address| match address {
        Address::Phone(number) => Some(number.clone()),
        Address::Email { .. } => None,
    });
    let (email, email_key) = email.unzip();
    ActiveModel {
        id: Set(new.id.to_string()),
        name: Set(new.name.clone()),
        username: Set(new.username.as_ref().map(|name| name.text.clone())),
        username_key: Set(new.username.as_ref().map(|name| name.key.clone())),
        email: Set(email),
        email_key: Set(email_key),
        phone: Set(phone),
        password_hash: Set(new.password_hash.clone()),
        status: Set(Status::Active.word().to_owned()),
        is_admin: Set(new.rank == Rank::Admin),
        locale: Set(new.locale.clone()),
        failures: Set(0),
        failed_at: Set(None),
        created_at: Set(at.0),
        password_changed_at: Set(new.password_hash.as_ref().map(|_| at.0)),
        delete_after: Set(None),
    }
}
