//! `convene user …` and `convene key …`: what the operator does to accounts and keys, over the server's own database.
//!
//! What concerns live sockets reaches a running server as news in the database, within a second.
mod keys;
mod passwords;
mod users;

use serde_json::Value;

use crate::config::Config;
use crate::fault::Fault;
use crate::room::ids::Millis;
use crate::store::audit::{Actor, By};
use crate::store::{Store, StoreError};

use super::arguments::{Deed, Order};
use super::{DONE, FAILED, Unusable, complain, database, print};

/// What came of an order.
enum Done {
    /// To be printed: as a JSON document, or as its lines of `name: value`.
    Shown(Value),
    /// To be printed: as a JSON document, or as these lines.
    Listed { json: Value, lines: Vec<String> },
}

/// Why an order was not carried out.
enum Refused {
    /// One line for the operator.
    Because(String),
    Store(StoreError),
}

impl Refused {
    fn because(reason: impl Into<String>) -> Self {
        Self::Because(reason.into())
    }
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Self {
        Self::Because(fault.message().into_owned())
    }
}

/// Carries the order out and prints what came of it. Returns the exit code.
///
/// # Errors
/// The database can't be used, or its schema is not current.
pub async fn operate(config: &Config, order: &Order) -> Result<u8, Unusable> {
    if let Some(file) = database::missing_file(config) {
        return Err(Unusable::new(format!("{} is not there yet: convene migrate makes it", file.display())));
    }
    let store = database::open(config).await?;
    let done = match database::pending(&store).await {
        Ok(0) => carry_out(&store, config, order).await,
        Ok(steps) => {
            database::close(store).await?;
            let reason = format!("the schema lacks {steps} steps: convene migrate takes them");
            return Err(Unusable::new(reason));
        }
        Err(error) => return Err(error),
    };
    database::close(store).await?;
    match done {
        Ok(done) => Ok(if print(&rendered(done, order)) { DONE } else { FAILED }),
        Err(Refused::Because(reason)) => {
            complain(&reason);
            Ok(FAILED)
        }
        Err(Refused::Store(error)) => Err(Unusable::new(error)),
    }
}

async fn carry_out(store: &Store, config: &Config, order: &Order) -> Result<Done, Refused> {
    match order.deed {
        Deed::CreateUser => users::create(store, config, order).await,
        Deed::ListUsers => users::list(store).await,
        Deed::ShowUser => users::show(store, &order.about).await,
        Deed::DisableUser => users::disable(store, &order.about).await,
        Deed::EnableUser => users::enable(store, &order.about).await,
        Deed::ResetPassword => users::reset_password(store, config, order).await,
        Deed::DeleteUser => users::delete(store, config, order).await,
        Deed::MakeAdmin => users::make_admin(store, &order.about).await,
        Deed::CreateKey => keys::create(store, order).await,
        Deed::ListKeys => keys::list(store, order).await,
        Deed::RevokeKey => keys::revoke(store, &order.about).await,
    }
}

fn rendered(done: Done, order: &Order) -> String {
    match done {
        Done::Shown(json) | Done::Listed { json, .. } if order.has("json") => format!("{json:#}\n"),
        Done::Shown(Value::Object(fields)) => {
            let line = |(name, value): (String, Value)| match value {
                Value::Null => String::new(),
                Value::String(text) => format!("{name}: {text}\n"),
                other => format!("{name}: {other}\n"),
            };
            fields.into_iter().map(line).collect()
        }
        Done::Shown(other) => format!("{other}\n"),
        Done::Listed { lines, .. } => lines.into_iter().map(|line| line + "\n").collect(),
    }
}

/// The operator, now.
fn by() -> By {
    By { actor: Actor::Operator, source: None, at: now() }
}

fn now() -> Millis {
    Millis(jiff::Timestamp::now().as_millisecond())
}

/// A time as people read it.
fn time(at: Millis) -> Value {
    jiff::Timestamp::from_millisecond(at.0).map_or(Value::Null, |at| at.to_string().into())
}
