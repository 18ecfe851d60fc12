//! Sign-ups by a short code: confirmed without a first session, for their pages ask to sign in afterwards.
use super::{Column, Confirmed, Entity, KEPT_MS, take, user_of};
use crate::room::ids::{FlowId, Millis};
use crate::store::audit::By;
use crate::store::flows::{Flow, Kind, Whose, attempt, open_ones, spend_in};
use crate::store::settle::{commit, settle};
use crate::store::users::{self, Made, find_in};
use crate::store::{Store, StoreError, within};
use convene_entity::flow;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait};

/// Whether somebody has asked for this username (folded) with this address (folded) and can still show the code.
pub async fn is_waiting(store: &Store, email: &str, username: &str, now: Millis) -> Result<bool, StoreError> {
    let open = flow::Entity::find()
        .select_only()
        .column(flow::Column::SignupId)
        .filter(open_ones(Kind::ShortSignUp, email, now))
        .into_query();
    let find = Entity::find()
        .filter(Column::UsernameKey.eq(username))
        .filter(Column::EmailKey.eq(email))
        .filter(Column::CreatedAt.gt(now.0 - KEPT_MS))
        .filter(Column::Id.in_subquery(open))
        .limit(1);
    Ok(within(find.one(&store.read)).await?.is_some())
}

/// Makes the account of a sign-up whose code fits. `fits` compares in constant time; it is asked once, after the try is
/// counted.
pub async fn confirm_short(
    store: &Store,
    by: &By,
    id: FlowId,
    fits: impl FnOnce(&Flow) -> bool,
) -> Result<Confirmed, StoreError> {
    let Some(flow) = attempt(store, id, Kind::ShortSignUp, by.at, fits).await? else {
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
        let Some(user) = find_in(&transaction, new.id).await? else { return Ok(Confirmed::NotRight) };
        commit(store, transaction, &[]).await?;
        Ok(Confirmed::Confirmed(user))
    })
    .await
}
