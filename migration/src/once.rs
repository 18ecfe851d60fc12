//! Runs the steps under a lock of the database, so that of two servers starting at once one migrates and one waits.
use crate::Migrator;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait,
};

/// The advisory lock's number on Postgres: "convene" in ASCII.
const POSTGRES_LOCK: i64 = 0x0063_6f6e_7665_6e65;

/// How long MySQL waits for the other server's migration.
const MYSQL_WAIT_SECONDS: u32 = 120;

/// Brings the schema up to date. `connection` must be the one that writes.
///
/// The lock, the steps and the note that they are done share one connection. On SQLite and Postgres they are one
/// transaction too; MySQL commits each table by itself, which is why steps can be repeated.
pub async fn migrate(connection: &DatabaseConnection) -> Result<(), DbErr> {
    let transaction = connection
        .begin_with_options(TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        })
        .await?;
    lock(&transaction).await?;
    let done = Migrator::up(&transaction, None).await;
    unlock(&transaction).await?;
    done?;
    transaction.commit().await
}

/// How many steps are still to be done. Changes nothing.
pub async fn pending(connection: &DatabaseConnection) -> Result<usize, DbErr> {
    Ok(Migrator::get_pending_migrations_read_only(connection).await?.len())
}

async fn lock(transaction: &DatabaseTransaction) -> Result<(), DbErr> {
    match transaction.get_database_backend() {
        DbBackend::Postgres => {
            // the store's short statement deadline is for serving, not for building an index
            transaction.execute_unprepared("SET LOCAL statement_timeout = 0").await?;
            let sql = format!("SELECT pg_advisory_xact_lock({POSTGRES_LOCK})");
            transaction.execute_unprepared(&sql).await.map(drop)
        }
        DbBackend::MySql => {
            let sql =
                format!("SELECT GET_LOCK(CONCAT('convene.', LEFT(DATABASE(), 50)), {MYSQL_WAIT_SECONDS})");
            let row = transaction.query_one_raw(Statement::from_string(DbBackend::MySql, sql)).await?;
            let got = row.map(|row| row.try_get_by_index::<Option<i64>>(0)).transpose()?.flatten();
            if got == Some(1) {
                return Ok(());
            }
            Err(DbErr::Migration(format!("another server is migrating for over {MYSQL_WAIT_SECONDS} s")))
        }
        _ => Ok(()), // SQLite: BEGIN IMMEDIATE is the lock
    }
}

async fn unlock(transaction: &DatabaseTransaction) -> Result<(), DbErr> {
    match transaction.get_database_backend() {
        DbBackend::MySql => {
            let sql = "SELECT RELEASE_LOCK(CONCAT('convene.', LEFT(DATABASE(), 50)))";
            transaction.execute_unprepared(sql).await.map(drop)
        }
        _ => Ok(()), // ends with the transaction
    }
}
