//! What can go wrong with the database, told apart: it is away, the row is at fault, or something is wrong with us.
use crate::fault::Fault;
use sea_orm::{DbErr, RuntimeErr, SqlxError, SqlxMySqlError, SqlxPostgresError};

/// A use of the database that failed. The texts are for the log, never for a client.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Unreachable, too slow, locked, full, read-only or shutting down: the same may work later.
    #[error("the database is away: {0}")]
    Away(String),
    /// The row breaks a constraint or holds what the database can't keep.
    #[error("the row was refused: {0}")]
    Row(String),
    /// Two transactions were in each other's way, and this one was ended: the same may work at once.
    #[error("the transaction was in another's way: {0}")]
    Again(String),
    /// A stored row that doesn't read as what it should be.
    #[error("{table} holds a row that can't be read: {why}")]
    Unreadable { table: &'static str, why: String },
    /// Anything else.
    #[error("the database failed: {0}")]
    Other(String),
}

impl StoreError {
    /// What a client is told.
    pub fn fault(&self) -> Fault {
        match self {
            Self::Away(_) | Self::Again(_) => Fault::StorageUnavailable,
            Self::Row(_) | Self::Unreadable { .. } | Self::Other(_) => Fault::Internal,
        }
    }

    /// Whether the connection, not the statement, is at fault: another connection may do.
    pub(super) fn is_broken(error: &DbErr) -> bool {
        matches!(error, DbErr::Exec(_) | DbErr::Query(_)) && Self::leaves_open(error)
    }

    /// Whether an error in answer to COMMIT leaves open if it was done: only a database that said no, and lives on, is sure.
    pub(super) fn leaves_open(error: &DbErr) -> bool {
        match answer_of(error) {
            None => true,
            Some(Answer::Sqlite(_)) => false,
            Some(Answer::Postgres(state)) => state.starts_with("08") || state.starts_with("57P"),
            Some(Answer::MySql(number)) => matches!(number, 1053 | 1927 | 3169),
        }
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        error.fault()
    }
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        let text = error.to_string();
        match &error {
            DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => return Self::Away(text),
            DbErr::Type(_) | DbErr::TryIntoErr { .. } => {
                return Self::Unreadable { table: "a table", why: text };
            }
            _ => {} // told apart by the database's own answer below
        }
        match answer_of(&error) {
            Some(Answer::Sqlite(code)) => of_sqlite(code, text),
            Some(Answer::Postgres(state)) => of_postgres(&state, text),
            Some(Answer::MySql(number)) => of_mysql(number, text),
            None if matches!(
                error,
                DbErr::Exec(RuntimeErr::SqlxError(_)) | DbErr::Query(RuntimeErr::SqlxError(_))
            ) =>
            {
                of_driver(&error, text)
            }
            None => Self::Other(text),
        }
    }
}

/// What the database itself answered.
enum Answer {
    /// The primary result code (the low byte of the extended one).
    Sqlite(i32),
    /// The five characters of SQLSTATE.
    Postgres(String),
    MySql(u16),
}

fn sqlx_of(error: &DbErr) -> Option<&SqlxError> {
    match error {
        DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error))
        | DbErr::Conn(RuntimeErr::SqlxError(error)) => Some(error),
        _ => None, // raised by sea-orm itself, not by a driver
    }
}

fn answer_of(error: &DbErr) -> Option<Answer> {
    let SqlxError::Database(answer) = sqlx_of(error)? else { return None };
    if let Some(mysql) = answer.try_downcast_ref::<SqlxMySqlError>() {
        return Some(Answer::MySql(mysql.number()));
    }
    if let Some(postgres) = answer.try_downcast_ref::<SqlxPostgresError>() {
        return Some(Answer::Postgres(postgres.code().to_owned()));
    }
    let code: i32 = answer.code()?.parse().ok()?;
    Some(Answer::Sqlite(code & 0xff))
}

/// <https://www.sqlite.org/rescode.html>
fn of_sqlite(code: i32, text: String) -> StoreError {
    match code {
        // busy, locked, read-only, I/O, corrupt, full, can't open, not a database
        5 | 6 | 8 | 10 | 11 | 13 | 14 | 26 => StoreError::Away(text),
        // too big, constraint, mismatch, range
        18 | 19 | 20 | 25 => StoreError::Row(text),
        _ => StoreError::Other(text),
    }
}

/// <https://www.postgresql.org/docs/current/errcodes-appendix.html>
fn of_postgres(state: &str, text: String) -> StoreError {
    match (state.get(..2).unwrap_or_default(), state) {
        (_, "40001" | "40P01") => StoreError::Again(text),
        (_, "25006" | "55P03") | ("08" | "53" | "57" | "58" | "28" | "3D", _) => StoreError::Away(text),
        ("22" | "23", _) => StoreError::Row(text),
        _ => StoreError::Other(text),
    }
}

/// <https://mariadb.com/kb/en/mariadb-error-codes/>, the same numbers in MySQL
fn of_mysql(number: u16, text: String) -> StoreError {
    match number {
        1213 => StoreError::Again(text),
        // disk full, too many connections, access, shutdown, lock wait, table full, interrupted, read-only, killed, statement deadline
        1021 | 1040 | 1044 | 1045 | 1049 | 1053 | 1114 | 1203 | 1205 | 1290 | 1317 | 1792 | 1836 | 1927
        | 1969 | 3024 | 3169 => StoreError::Away(text),
        // duplicates, foreign keys, null, bad value, too long, range
        1022 | 1048 | 1062 | 1169 | 1216 | 1217 | 1264 | 1366 | 1406 | 1451 | 1452 | 1586 | 3854 => {
            StoreError::Row(text)
        }
        _ => StoreError::Other(text),
    }
}

/// Errors that came from no answer of the database: lost connections, and values that can't be read or sent.
fn of_driver(error: &DbErr, text: String) -> StoreError {
    match sqlx_of(error) {
        Some(SqlxError::ColumnDecode { .. } | SqlxError::Decode(_) | SqlxError::ColumnNotFound(_)) => {
            StoreError::Unreadable { table: "a table", why: text }
        }
        Some(SqlxError::Encode(_)) => StoreError::Row(text),
        _ => StoreError::Away(text), // I/O, protocol, TLS, a worker that is gone
    }
}
