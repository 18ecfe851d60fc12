//! The database: connections, the one way to write, and a module per noun. Nothing outside knows which database it is.
pub mod audit;
pub mod calls;
pub mod cards;
pub mod cohosts;
mod connect;
pub mod control;
mod desk;
mod error;
pub mod flows;
mod footing;
pub mod health;
pub mod idempotency;
pub mod journal;
pub mod keys;
pub mod members;
pub mod messages;
pub mod numbers;
pub mod outbox;
pub mod resets;
pub mod rooms;
mod rows;
mod sealed;
pub mod sent;
pub mod servers;
pub mod sessions;
mod settle;
pub mod signups;
mod sql;
pub mod token_ends;
pub mod users;

pub use connect::{ConnectError, Settings};
pub use error::StoreError;
pub use settle::Mail;

use crate::room::ids::Millis;
use crate::seal::KeyRing;
use desk::Desk;
use sea_orm::{
    DatabaseConnection, DatabaseTransaction, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;

/// The longest one use of the database may take before it counts as away. Longer than SQLite's busy timeout and than
/// the servers' own statement deadlines (5 s), so that those speak first.
const DEADLINE: Duration = Duration::from_secs(8);

/// The longest the end of all connections may take.
const CLOSING: Duration = Duration::from_secs(5);

/// After an outage every idle connection of the pool may be dead; so many are tried before that is called an outage.
const CONNECTIONS_TRIED: u32 = 16;

/// Connections and keys. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    /// SQLite: the only one that writes. Else the same pool as `read`.
    write: DatabaseConnection,
    read: DatabaseConnection,
    keys: Arc<KeyRing>,
    desk: Desk,
    /// Rung when something was put into the outbox, for those who empty it.
    bells: Arc<outbox::Bells>,
}

impl Store {
    /// Opens the database; makes no table (the migrations do, over [`Store::connection`]).
    pub async fn connect(settings: Settings, keys: Arc<KeyRing>) -> Result<Self, ConnectError> {
        let (write, read) = connect::open(&settings).await?;
        let desk = Desk::of(write.get_database_backend()).map_err(ConnectError::Thread)?;
        Ok(Self { write, read, keys, desk, bells: Arc::default() })
    }

    /// Runs work that asks the database many things in a row, where it needn't stand in line behind the sockets.
    pub fn spawn<F>(&self, work: F) -> JoinHandle<F::Output>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        self.desk.spawn(work)
    }

    /// The connection that writes, for the migrations.
    pub fn connection(&self) -> &DatabaseConnection {
        &self.write
    }

    /// Ends all connections; on SQLite the log is folded into the file.
    ///
    /// # Errors
    /// [`StoreError::Away`] if a connection is still in use after 5 s.
    pub async fn close(self) -> Result<(), StoreError> {
        let closed = async {
            self.read.close_by_ref().await?;
            self.write.close_by_ref().await
        };
        match tokio::time::timeout(CLOSING, closed).await {
            Ok(done) => done.map_err(StoreError::from),
            Err(_) => Err(StoreError::Away(format!("still in use after {} s", CLOSING.as_secs()))),
        }
    }

    /// Every write goes through here. On SQLite a plain BEGIN would read first and then, when it comes to write, fail at
    /// once beside another writer, whatever the busy timeout; IMMEDIATE waits for its turn.
    async fn begin(&self) -> Result<DatabaseTransaction, StoreError> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let mut tried = 1;
        loop {
            match tokio::time::timeout(DEADLINE, self.write.begin_with_options(options)).await {
                Ok(Ok(transaction)) => return Ok(transaction),
                // the pool's connection had died unnoticed; nothing was asked of it yet, so ask the next
                Ok(Err(error)) if StoreError::is_broken(&error) && tried < CONNECTIONS_TRIED => tried += 1,
                Ok(Err(error)) => return Err(error.into()),
                Err(_) => return Err(StoreError::Away(format!("no answer within {} s", DEADLINE.as_secs()))),
            }
        }
    }
}

/// What takes longer than the deadline counts as an outage.
async fn within<T, E: Into<StoreError>>(work: impl Future<Output = Result<T, E>>) -> Result<T, StoreError> {
    match tokio::time::timeout(DEADLINE, work).await {
        Ok(done) => done.map_err(Into::into),
        Err(_) => Err(StoreError::Away(format!("no answer within {} s", DEADLINE.as_secs()))),
    }
}

/// The wall clock, for rows that remember when they were written.
fn now() -> Millis {
    Millis(jiff::Timestamp::now().as_millisecond())
}
