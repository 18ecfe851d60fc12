//! Codes that open the account of an address, or make it: whoever shows the code with the address is signed in.
use super::{Flow, Kind, NewFlow, insert, spend_in, try_in, void_in};
use crate::room::ids::FlowId;
use crate::store::audit::By;
use crate::store::sessions::{NewSession, Opened, Proof, open_in};
use crate::store::settle::{Mail, commit, settle};
use crate::store::users::{self, Made, NewUser, User, with_address_in};
use crate::store::{Store, StoreError};

/// What became of such a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entered {
    /// Signed in, to an account that may be new.
    Entered(User),
    /// Wrong, over, spent, unknown or tried too often.
    NotRight,
    /// The code was right, but the account is shut.
    Shut,
}

/// Begins a flow in place of all of this kind that the address has.
pub async fn begin_alone(store: &Store, new: &NewFlow, mail: &[Mail]) -> Result<(), StoreError> {
    settle(|| async {
        let transaction = store.begin().await?;
        void_in(&transaction, new.kind, new.address.key(), new.at).await?;
        insert(&transaction, new).await?;
        commit(store, transaction, mail).await
    })
    .await
}

/// Signs in to the account that has confirmed the flow's address; if none has, makes `new` with it. `fits` compares in
/// constant time; it is asked once, after the try is counted.
pub async fn enter(
    store: &Store,
    by: &By,
    id: FlowId,
    fits: impl FnOnce(&Flow) -> bool,
    new: &NewUser,
    session: &NewSession,
) -> Result<Entered, StoreError> {
    let Some(flow) = try_in(store, id, Kind::Entry, by.at, fits).await? else {
        return Ok(Entered::NotRight);
    };
    settle(|| async {
        let transaction = store.begin().await?;
        if !spend_in(&transaction, by, &flow).await? {
            return Ok(Entered::NotRight);
        }
        let user = match with_address_in(&transaction, &flow.address).await? {
            Some(user) => user.id,
            None => {
                let new = NewUser { addresses: vec![flow.address.clone()], ..new.clone() };
                match users::insert(&transaction, by, &new).await? {
                    Made::Made => new.id,
                    Made::NameTaken | Made::AddressTaken | Made::NoWayIn => return Ok(Entered::NotRight),
                }
            }
        };
        match open_in(&transaction, by, user, Proof::Code(&flow.address), session).await? {
            Opened::Opened(user) => {
                commit(store, transaction, &[]).await?;
                Ok(Entered::Entered(user))
            }
            Opened::Refused => {
                commit(store, transaction, &[]).await?; // the code is spent nevertheless
                Ok(Entered::Shut)
            }
        }
    })
    .await
}
