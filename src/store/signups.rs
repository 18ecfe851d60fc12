//! Sign-ups that await their code: they block nobody, become a user once, and are forgotten after a day.
mod short;

pub use short::{confirm_short, is_waiting};

use super::audit::By;
use super::flows::{self, Flow, Kind, NewFlow, Whose, attempt, spend_in};
use super::sessions::{NewSession, Opened, Proof, open_in};
use super::settle::{Mail, commit, settle};
use super::users::{self, Address, Made, NewUser, Rank, User, Username};
use super::{Store, StoreError, rows, within};
use crate::room::ids::{FlowId, Millis, SignupId, UserId};
use convene_entity::signup::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

/// How long a sign-up waits for its code.
pub const KEPT_MS: i64 = 24 * 60 * 60 * 1000;

/// Somebody who asks for an account.
#[derive(Clone, PartialEq, Eq)]
pub struct NewSignup {
    /// The account will have the same id.
    pub id: SignupId,
    pub name: String,
    pub username: Option<Username>,
    pub address: Address,
    pub password_hash: Option<String>,
    pub locale: String,
    pub at: Millis,
}

/// A sign-up as it is stored. Never printed whole.
#[derive(Clone, PartialEq, Eq)]
pub struct Signup {
    pub id: SignupId,
    pub name: String,
    pub username: Option<Username>,
    pub address: Address,
    pub password_hash: Option<String>,
    pub locale: String,
    pub created_at: Millis,
}

impl std::fmt::Debug for Signup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signup").field("id", &self.id).finish_non_exhaustive()
    }
}

/// What became of a code that should make an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Confirmed {
    /// The account is there, and its first session.
    Confirmed(User),
    /// Wrong, over, spent, unknown, tried too often, or of an address that is taken meanwhile.
    NotRight,
    /// The code was right, but somebody was faster with the username. The flow is not spent.
    NameTaken,
}

/// Keeps a sign-up with its first flow and the mail that holds the code. A short code voids the earlier ones of its address.
pub async fn begin(store: &Store, new: &NewSignup, flow: &NewFlow, mail: &[Mail]) -> Result<(), StoreError> {
    settle(|| async {
        let transaction = store.begin().await?;
        if flow.kind == Kind::ShortSignUp {
            flows::void_in(&transaction, flow.kind, flow.address.key(), flow.at).await?;
        }
        within(Entity::insert(row_of(new)).exec_without_returning(&transaction)).await?;
        flows::insert(&transaction, flow).await?;
        commit(store, transaction, mail).await
    })
    .await
}

/// The newest sign-ups of an address or username that are still good, at most 10: their passwords may be tried, so that
/// somebody who never saw the first code gets another one.
pub async fn find_by(store: &Store, by: Find<'_>, now: Millis) -> Result<Vec<Signup>, StoreError> {
    let which = match by {
        Find::Email(key) => Column::EmailKey.eq(key),
        Find::Phone(number) => Column::Phone.eq(number),
        Find::Username(key) => Column::UsernameKey.eq(key),
    };
    let find = Entity::find()
        .filter(which)
        .filter(Column::CreatedAt.gt(now.0 - KEPT_MS))
        .order_by_desc(Column::CreatedAt)
        .limit(10);
    within(find.all(&store.read)).await?.into_iter().map(signup_of).collect()
}

/// By what a sign-up is sought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Find<'a> {
    /// The address folded.
    Email(&'a str),
    /// E.164.
    Phone(&'a str),
    /// The username folded.
    Username(&'a str),
}

/// Makes the account of a sign-up whose code fits, and opens its first session, in one transaction. `fits` compares in
/// constant time; it is asked once, after the try is counted.
pub async fn confirm(
    store: &Store,
    by: &By,
    id: FlowId,
    fits: impl FnOnce(&Flow) -> bool,
    session: &NewSession,
) -> Result<Confirmed, StoreError> {
    let Some(flow) = attempt(store, id, Kind::SignUp, by.at, fits).await? else {
        return Ok(Confirmed::NotRight);
    };
    let Whose::SignUp(signup) = flow.whose else { return Ok(Confirmed::NotRight) };
    settle(|| async {
        let transaction = store.begin().await?;
        if !spend_in(&transaction, by, &flow).await? {
            return Ok(Confirmed::NotRight);
        }
        let Some(signup) = take(&transaction, signup).await? else { return Ok(Confirmed::NotRight) };
        let new = user_of(signup);
        match users::insert(&transaction, by, &new).await? {
            Made::Made => {}
            Made::NameTaken => return Ok(Confirmed::NameTaken),
            Made::AddressTaken | Made::NoWayIn => return Ok(Confirmed::NotRight),
        }
        match open_in(&transaction, by, new.id, Proof::Code(&flow.address), session).await? {
            Opened::Refused => Ok(Confirmed::NotRight),
            Opened::Opened(user) => {
                commit(store, transaction, &[]).await?;
                Ok(Confirmed::Confirmed(user))
            }
        }
    })
    .await
}

/// Forgets sign-ups after a day, with their flows; gives how many.
pub async fn sweep(store: &Store, now: Millis) -> Result<u64, StoreError> {
    let old = Entity::delete_many().filter(Column::CreatedAt.lte(now.0 - KEPT_MS));
    Ok(within(old.exec(&store.write)).await?.rows_affected)
}

/// Reads the sign-up and deletes it, its flows with it.
async fn take(transaction: &DatabaseTransaction, id: SignupId) -> Result<Option<Signup>, StoreError> {
    let row = within(Entity::find_by_id(id.to_string()).one(transaction)).await?;
    within(Entity::delete_by_id(id.to_string()).exec(transaction)).await?;
    row.map(signup_of).transpose()
}

fn user_of(signup: Signup) -> NewUser {
    NewUser {
        id: UserId(signup.id.0),
        name: signup.name,
        username: signup.username,
        addresses: vec![signup.address],
        password_hash: signup.password_hash,
        rank: Rank::Member,
        locale: signup.locale,
    }
}

fn row_of(new: &NewSignup) -> ActiveModel {
    let (email, email_key, phone) = match &new.address {
        Address::Email { text, key } => (Some(text.clone()), Some(key.clone()), None),
        Address::Phone(number) => (None, None, Some(number.clone())),
    };
    ActiveModel {
        id: Set(new.id.to_string()),
        name: Set(new.name.clone()),
        username: Set(new.username.as_ref().map(|name| name.text.clone())),
        username_key: Set(new.username.as_ref().map(|name| name.key.clone())),
        email: Set(email),
        email_key: Set(email_key),
        phone: Set(phone),
        password_hash: Set(new.password_hash.clone()),
        locale: Set(new.locale.clone()),
        created_at: Set(new.at.0),
    }
}

fn signup_of(row: Model) -> Result<Signup, StoreError> {
    let address = match (row.email, row.email_key, row.phone) {
        (Some(text), Some(key), None) => Address::Email { text, key },
        (None, None, Some(number)) => Address::Phone(number),
        _ => return Err(StoreError::Unreadable { table: "signup", why: "not one address".to_owned() }),
    };
    let username = row.username.zip(row.username_key).map(|(text, key)| Username { text, key });
    Ok(Signup {
        id: rows::id("signup", &row.id)?,
        name: row.name,
        username,
        address,
        password_hash: row.password_hash,
        locale: row.locale,
        created_at: Millis(row.created_at),
    })
}
