//! Opens SQLite, Postgres, MySQL or MariaDB from a URL alone, each with what makes it keep its word.
use sea_orm::sqlx::{Connection, Executor, sqlite};
use sea_orm::{ConnectOptions, Database, DatabaseConnection, DbErr, RuntimeErr, SqlxError};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

/// Where the database is and how much of it to use.
#[derive(Clone)]
pub struct Settings {
    /// `sqlite://…`, `postgres://…`, `mysql://…` or `mariadb://…`.
    pub url: String,
    /// Most connections; on SQLite most readers, beside the one writer.
    pub max_connections: u32,
    /// How long to wait for a connection before the database counts as away.
    pub acquire_timeout: Duration,
}

impl Settings {
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), max_connections: 8, acquire_timeout: Duration::from_secs(3) }
    }
}

impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings").field("max_connections", &self.max_connections).finish_non_exhaustive()
    }
}

/// Why a database can't be opened. Never names the URL: it may hold a password.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    #[error("database.url is not one of sqlite://file, postgres://…, mysql://…, mariadb://…")]
    Unknown,
    #[error("database.url can't be read: {0}")]
    Malformed(String),
    #[error("database.url: SQLite in memory keeps nothing; name a file")]
    InMemory,
    #[error("the database's folder {} can't be made: {why}", folder.display())]
    Folder { folder: PathBuf, why: std::io::Error },
    #[error("the database can't be reached: {0}")]
    Unreachable(String),
    #[error("the database can't be reached: no answer in {} s from the host and port in database.url", waited.as_secs_f32())]
    Silent { waited: Duration },
    #[error("the database's thread can't be started: {0}")]
    Thread(std::io::Error),
}

/// How long SQLite waits for another writer.
const SQLITE_BUSY: Duration = Duration::from_secs(5);
/// How long a server lets one statement run.
const STATEMENT: Duration = Duration::from_secs(5);
/// How long a MySQL connection that is given back may take to answer.
const RELEASE: Duration = Duration::from_secs(1);
/// Run on each new connection. READ COMMITTED takes no gap locks, so that two inserts don't end in a deadlock; strict, so
/// that nothing is cut off in silence.
const MYSQL_SESSION: &str = "SET SESSION transaction_isolation = 'READ-COMMITTED', innodb_lock_wait_timeout = 5, \
     sql_mode = CONCAT(@@sql_mode, ',STRICT_TRANS_TABLES') /*M!, max_statement_time = 5 */ /*!80000, max_execution_time = 5000 */";
const MARIADB_SESSION: &str = "SET SESSION tx_isolation = 'READ-COMMITTED', innodb_lock_wait_timeout = 5, \
     sql_mode = CONCAT(@@sql_mode, ',STRICT_TRANS_TABLES'), max_statement_time = 5";

/// The connection that writes and the one that reads.
pub(super) async fn open(
    settings: &Settings,
) -> Result<(DatabaseConnection, DatabaseConnection), ConnectError> {
    let scheme = settings.url.split(':').next().unwrap_or_default();
    match scheme {
        "sqlite" => sqlite(settings).await,
        "postgres" | "postgresql" => {
            let mut options = pooled(settings, settings.url.clone());
            options.statement_timeout(STATEMENT).set_application_name("convene");
            both(options, settings.acquire_timeout).await
        }
        "mysql" | "mariadb" => {
            let url = settings.url.replacen("mariadb:", "mysql:", 1);
            let mut options = pooled(settings, url);
            options.map_sqlx_mysql_pool_opts(|pool| {
                pool.after_connect(|connection, _| {
                    Box::pin(async move {
                        // one variable has two names, and neither server knows the other's
                        if connection.execute(MYSQL_SESSION).await.is_ok() {
                            return Ok(());
                        }
                        connection.execute(MARIADB_SESSION).await.map(drop)
                    })
                })
                .after_release(|connection, _| {
                    Box::pin(async move {
                        // one whose asker went away mid-question may wait for ever for what was answered already: it is closed
                        let sound = tokio::time::timeout(RELEASE, connection.ping()).await;
                        Ok(sound.is_ok_and(|answer| answer.is_ok()))
                    })
                })
            });
            both(options, settings.acquire_timeout).await
        }
        _ => Err(ConnectError::Unknown),
    }
}

fn pooled(settings: &Settings, url: String) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(settings.max_connections.max(2))
        .acquire_timeout(settings.acquire_timeout)
        .sqlx_logging(false)
        .record_stmt_in_spans(false);
    options
}

async fn both(
    options: ConnectOptions,
    waited: Duration,
) -> Result<(DatabaseConnection, DatabaseConnection), ConnectError> {
    let connection = Database::connect(options).await.map_err(|error| match driver_of(&error) {
        Some(SqlxError::PoolTimedOut) => ConnectError::Silent { waited },
        _ => unreachable(error),
    })?;
    Ok((connection.clone(), connection))
}

async fn sqlite(settings: &Settings) -> Result<(DatabaseConnection, DatabaseConnection), ConnectError> {
    let file = sqlite::SqliteConnectOptions::from_str(&settings.url)
        .map_err(|error| ConnectError::Malformed(error.to_string()))?
        .get_filename()
        .to_owned();
    if settings.url.contains(":memory:")
        || settings.url.contains("mode=memory")
        || file.as_os_str().is_empty()
    {
        return Err(ConnectError::InMemory);
    }
    make_folder(&file)?;
    let mut writer = pooled(settings, settings.url.clone());
    // one writer for ever: it must neither be closed when idle nor be doubled
    writer.max_connections(1).min_connections(1).idle_timeout(None).max_lifetime(None);
    // a writer waits for its turn as long as the busy timeout lets it
    writer.acquire_timeout(SQLITE_BUSY).test_before_acquire(false).map_sqlx_sqlite_opts(durable);
    let writer = Database::connect(writer).await.map_err(unreachable)?;
    let mut readers = pooled(settings, settings.url.clone());
    readers
        .test_before_acquire(false)
        .map_sqlx_sqlite_opts(|options| durable(options).pragma("query_only", "ON"));
    let readers = Database::connect(readers).await.map_err(unreachable)?;
    Ok((writer, readers))
}

/// What is committed is on the disk: a power cut loses nothing.
fn durable(options: sqlite::SqliteConnectOptions) -> sqlite::SqliteConnectOptions {
    options
        .create_if_missing(true)
        .journal_mode(sqlite::SqliteJournalMode::Wal)
        .synchronous(sqlite::SqliteSynchronous::Full)
        .busy_timeout(SQLITE_BUSY)
        .foreign_keys(true)
}

fn make_folder(file: &Path) -> Result<(), ConnectError> {
    let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) else { return Ok(()) };
    // what people wrote is for the server's own user only
    let private = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
    private.map_err(|why| ConnectError::Folder { folder: folder.to_owned(), why })
}

fn driver_of(error: &DbErr) -> Option<&SqlxError> {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(error)) => Some(error),
        _ => None,
    }
}

fn unreachable(error: DbErr) -> ConnectError {
    match error {
        DbErr::Conn(RuntimeErr::Internal(text)) if text.contains("cannot be parsed") => {
            ConnectError::Malformed("it is no URL".to_owned()) // the original text repeats the URL
        }
        other => ConnectError::Unreachable(match driver_of(&other) {
            Some(SqlxError::Database(answer)) => answer.to_string(), // the database's own words
            Some(error) => error.to_string(),
            None => other.to_string(),
        }),
    }
}
