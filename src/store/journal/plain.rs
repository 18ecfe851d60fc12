//! A few new messages on SQLite: one statement that is its own transaction.
//!
//! Each step of a transaction is a turn of SQLite's thread, and on a busy machine each turn is waited for: BEGIN, the
//! question whether the rooms are there, INSERT and COMMIT are four, this is one.
use super::super::sql::values_sql;
use super::super::{DEADLINE, Store, StoreError};
use super::Failure;
use super::group::{MESSAGES, push_message};
use crate::room::record::{Change, Entry};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement, Value};
use std::collections::BTreeSet;
use tokio::time::timeout;

/// Most messages; each number of them has a statement of its own, which stays prepared.
const MOST: usize = 16;

/// Whether this may keep the group: SQLite, and nothing but a few new messages.
pub(super) fn takes(store: &Store, entries: &[Entry]) -> bool {
    store.write.get_database_backend() == DbBackend::Sqlite
        && entries.len() <= MOST
        && entries.iter().all(|entry| matches!(entry.change, Change::Said(_)))
}

/// Keeps all of the group or nothing.
pub(super) async fn write(store: &Store, entries: &[Entry]) -> Result<(), Failure> {
    let mut values = Vec::with_capacity(entries.len() * MESSAGES.columns.len() + 2);
    for entry in entries {
        if let Change::Said(message) = &entry.change {
            push_message(&mut values, entry, message);
        }
    }
    let rooms: BTreeSet<String> = entries.iter().map(|entry| entry.room.to_string()).collect();
    values.push(serde_json::json!(rooms).to_string().into());
    values.push(Value::BigInt(i64::try_from(rooms.len()).ok()));
    let statement = Statement::from_sql_and_values(DbBackend::Sqlite, sql(entries.len()), values);
    match timeout(DEADLINE, store.write.execute_raw(statement)).await {
        Ok(Ok(done)) if done.rows_affected() == 0 => Err(StoreError::Row("a room is gone".to_owned()).into()),
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error @ DbErr::ConnectionAcquire(_))) => Err(Failure::Before(error.into())),
        Ok(Err(error)) if StoreError::leaves_open(&error) => Err(Failure::AtCommit(error.into())),
        Ok(Err(error)) => Err(Failure::Before(error.into())),
        Err(_) => Err(Failure::AtCommit(StoreError::Away("no answer to an INSERT".to_owned()))),
    }
}

/// Inserts so many rows if all of the rooms, a JSON array and their number, are there; else none.
fn sql(rows: usize) -> String {
    let columns: Vec<_> = MESSAGES.columns.iter().map(|column| format!("\"{column}\"")).collect();
    format!(
        "INSERT INTO \"{}\" ({}) SELECT * FROM (VALUES {}) \
         WHERE (SELECT COUNT(*) FROM \"room\" WHERE \"id\" IN (SELECT \"value\" FROM json_each(?))) = ?",
        MESSAGES.table,
        columns.join(", "),
        values_sql(DbBackend::Sqlite, rows, columns.len()),
    )
}
