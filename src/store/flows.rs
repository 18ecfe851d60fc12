//! One-time codes: begun for an address, tried five times in all however many try at once, spent once.
mod entry;
mod seen;
mod spend;

pub use entry::{Entered, begin_alone, enter};
pub use seen::{Seen, newest, see};
pub use spend::{Confirmed, SignedIn, confirm_address, sign_in};

pub(super) use seen::{open_ones, void_in};
pub(super) use spend::spend_in;

use super::settle::{Mail, commit, settle};
use super::users::{Address, Factor};
use super::{Store, StoreError, rows, within};
use crate::post::Channel;
use crate::room::ids::{FlowId, Millis, SignupId, UserId};
use convene_entity::flow::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

/// How often a flow's codes may be tried in all, over every resend.
pub const TRIES: i32 = 5;

/// A flow can be sent anew for so long after its code's end; then it is forgotten.
pub const KEPT_MS: i64 = 60 * 60 * 1000;

/// What a code opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    SignUp,
    /// As [`Self::SignUp`] by a short code, which only the page that asked for it may show.
    ShortSignUp,
    SignIn,
    /// A new address of an account.
    Address,
    /// Signs in whoever shows it with its address, and makes the account if there is none.
    Entry,
}

impl Kind {
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::SignUp => "signup",
            Self::ShortSignUp => "signup_short",
            Self::SignIn => "login",
            Self::Address => "address",
            Self::Entry => "entry",
        }
    }
}

/// Whose code it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// Nobody's: the address is unknown here (or known, where a new one was asked for). No code ever fits.
    Nobody,
    SignUp(SignupId),
    User(UserId),
}

/// A code to be sent. Its hash is bound to the flow's id and the address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFlow {
    pub id: FlowId,
    pub kind: Kind,
    pub whose: Whose,
    pub address: Address,
    /// A keyed hash, 64 hex digits.
    pub code_hash: String,
    pub at: Millis,
    pub expires_at: Millis,
}

/// A flow as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flow {
    pub id: FlowId,
    pub kind: Kind,
    pub whose: Whose,
    pub address: Address,
    pub code_hash: String,
    pub expires_at: Millis,
    pub created_at: Millis,
}

/// Begins a flow for what is there already, or for nobody; a sign-up's first flow comes with it
/// ([`super::signups::begin`]).
pub async fn begin(store: &Store, new: &NewFlow, mail: &[Mail]) -> Result<(), StoreError> {
    settle(|| async {
        let transaction = store.begin().await?;
        insert(&transaction, new).await?;
        commit(store, transaction, mail).await
    })
    .await
}

/// A flow that can still be sent anew: not spent, not tried too often.
pub async fn find(store: &Store, id: FlowId) -> Result<Option<Flow>, StoreError> {
    let find =
        Entity::find_by_id(id.to_string()).filter(Column::DoneAt.is_null()).filter(Column::Tries.lt(TRIES));
    within(find.one(&store.read)).await?.map(flow_of).transpose()
}

/// Puts another code in place of the flow's last one; its tries go on counting. False, and nothing is sent, if the flow is
/// spent or was tried too often.
pub async fn renew(
    store: &Store,
    id: FlowId,
    code_hash: &str,
    expires_at: Millis,
    mail: &[Mail],
) -> Result<bool, StoreError> {
    settle(|| async {
        let transaction = store.begin().await?;
        let update = Entity::update_many()
            .col_expr(Column::CodeHash, Expr::value(code_hash))
            .col_expr(Column::ExpiresAt, Expr::value(expires_at.0))
            .filter(Column::Id.eq(id.to_string()))
            .filter(Column::DoneAt.is_null())
            .filter(Column::Tries.lt(TRIES));
        if within(update.exec(&transaction)).await?.rows_affected != 1 {
            return Ok(false);
        }
        commit(store, transaction, mail).await?;
        Ok(true)
    })
    .await
}

/// Counts a try, then lets `fits` compare (in constant time). Gives the flow if its code fits and it is somebody's; wrong,
/// unknown, spent, over and tried too often are the same to the caller. The count stands before anything is compared.
pub async fn attempt(
    store: &Store,
    id: FlowId,
    kind: Kind,
    now: Millis,
    fits: impl FnOnce(&Flow) -> bool,
) -> Result<Option<Flow>, StoreError> {
    let tried = try_in(store, id, kind, now, fits).await?;
    Ok(tried.filter(|flow| flow.whose != Whose::Nobody))
}

/// As [`attempt`], for codes that open something for whoever has the address.
async fn try_in(
    store: &Store,
    id: FlowId,
    kind: Kind,
    now: Millis,
    fits: impl FnOnce(&Flow) -> bool,
) -> Result<Option<Flow>, StoreError> {
    let count = Entity::update_many()
        .col_expr(Column::Tries, Expr::col(Column::Tries).add(1))
        .filter(Column::Id.eq(id.to_string()))
        .filter(Column::Kind.eq(kind.word()))
        .filter(Column::Tries.lt(TRIES))
        .filter(Column::DoneAt.is_null())
        .filter(Column::ExpiresAt.gt(now.0));
    if within(count.exec(&store.write)).await?.rows_affected != 1 {
        return Ok(None);
    }
    let Some(row) = within(Entity::find_by_id(id.to_string()).one(&store.read)).await? else {
        return Ok(None);
    };
    let flow = flow_of(row)?;
    Ok(Some(flow).filter(fits))
}

/// Forgets flows an hour after their code's end; gives how many.
pub async fn sweep(store: &Store, now: Millis) -> Result<u64, StoreError> {
    let old = Entity::delete_many().filter(Column::ExpiresAt.lt(now.0 - KEPT_MS));
    Ok(within(old.exec(&store.write)).await?.rows_affected)
}

pub(super) async fn insert(transaction: &DatabaseTransaction, new: &NewFlow) -> Result<(), StoreError> {
    let (user, signup) = match new.whose {
        Whose::Nobody => (None, None),
        Whose::SignUp(id) => (None, Some(id.to_string())),
        Whose::User(id) => (Some(id.to_string()), None),
    };
    let row = ActiveModel {
        id: Set(new.id.to_string()),
        kind: Set(new.kind.word().to_owned()),
        user_id: Set(user),
        signup_id: Set(signup),
        target: Set(new.address.text().to_owned()),
        target_key: Set(new.address.key().to_owned()),
        channel: Set(channel(new.address.factor()).word().to_owned()),
        code_hash: Set(new.code_hash.clone()),
        tries: Set(0),
        expires_at: Set(new.expires_at.0),
        created_at: Set(new.at.0),
        done_at: Set(None),
    };
    within(Entity::insert(row).exec_without_returning(transaction)).await.map(drop)
}

fn channel(factor: Factor) -> Channel {
    match factor {
        Factor::Email => Channel::Mail,
        Factor::Phone => Channel::Sms,
    }
}

fn flow_of(row: Model) -> Result<Flow, StoreError> {
    let unreadable = |why: &str| StoreError::Unreadable { table: "flow", why: why.to_owned() };
    let kind = [Kind::SignUp, Kind::ShortSignUp, Kind::SignIn, Kind::Address, Kind::Entry]
        .into_iter()
        .find(|kind| kind.word() == row.kind)
        .ok_or_else(|| unreadable("no such kind"))?;
    let whose = match (row.user_id, row.signup_id) {
        (Some(user), None) => Whose::User(rows::id("flow", &user)?),
        (None, Some(signup)) => Whose::SignUp(rows::id("flow", &signup)?),
        (None, None) => Whose::Nobody,
        (Some(_), Some(_)) => return Err(unreadable("two owners")),
    };
    let address = if row.channel == Channel::Mail.word() {
        Address::Email { text: row.target, key: row.target_key }
    } else {
        Address::Phone(row.target_key)
    };
    Ok(Flow {
        id: rows::id("flow", &row.id)?,
        kind,
        whose,
        address,
        code_hash: row.code_hash,
        expires_at: Millis(row.expires_at),
        created_at: Millis(row.created_at),
    })
}
